#pragma once
// Block Kit as JSON values, each within Slack's limits whatever it is given. Blocks of messages carry no block_id:
// Slack then makes one that is new with every edit, as it asks for.
#include "adapters/slack/mrkdwn.hpp"
#include "core/effect.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cox::slack {

using Json = nlohmann::ordered_json;

namespace limit {
constexpr std::size_t message_text = 3900; // beside blocks; Slack divides from 4,000 on
constexpr std::size_t body = 9000;         // of all text in a message's sections: together with the rest under 12,000
constexpr std::size_t section = 3000;
constexpr std::size_t fields = 10; // of a section
constexpr std::size_t field = 2000;
constexpr std::size_t header = 150;
constexpr std::size_t buttons = 25; // of a message
constexpr std::size_t label = 75;   // of a button
constexpr std::size_t command = 2000;
constexpr std::size_t option = 75; // text and value
constexpr std::size_t options = 100;
constexpr std::size_t placeholder = 150;
constexpr std::size_t modal_title = 24;
constexpr std::size_t metadata = 3000;
} // namespace limit

// Words that nothing is read into. A blank text shows as "—": Slack takes no empty one.
Json plain_text(std::string_view marked, std::size_t limit);
// `mrkdwn` is drawn already and within the limit of its place.
Json section(std::string_view mrkdwn);
Json section_of_fields(std::span<std::string const> mrkdwn);
Json context(std::string_view mrkdwn);
Json header(std::string_view words);
Json button(std::string_view action_id, std::string_view label, std::string_view value);
Json option(std::string_view label, std::string_view value);

// One block with a button each. The one that people are waiting for stands out, so do those that end something.
// A command that does not fit in a button is left out: half a command would be another one.
void put_buttons(Json& blocks, std::vector<Button> const&, std::vector<Json> more = {}, std::string_view acts_in = {});
// Text in sections and nothing else, as most messages are: written without making a tree of it first. None when it is
// too long to stand there whole.
std::optional<std::string> written_sections(std::span<Piece const> text);
// The text in as many sections as it takes. True when it was too long and is cut now.
bool put_text(Json& blocks, std::vector<Piece>& text);

std::string written(Json const&);

} // namespace cox::slack
