#pragma once
// The engine's effects in Slack's own form: mrkdwn and Block Kit, every limit kept by construction, and user text that
// can mention nobody. Pure functions; JSON is handed out as text. Limits: docs.slack.dev "Block Kit", "Formatting".
#include "core/effect.hpp"
#include "core/incident.hpp"
#include "core/policy.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cox::slack {

// `&`, `<` and `>`, and nothing else. Enough for text that Slack does not format; mrkdwn() does more.
std::string escaped(std::string_view);
// Marked text as mrkdwn: mentions of Slack people notify, code is code, moments show in the reader's zone.
std::string mrkdwn(std::string_view marked);
// The same for people of whom nobody shall be notified (reports, previews).
std::string mrkdwn_silent(std::string_view marked);

// A message as chat.postMessage, chat.update and response_url take it. `text` stands beside `blocks` always.
struct Drawn {
    std::string text;   // what notifications and screen readers take
    std::string blocks; // a JSON array
};
Drawn draw(effect::Post const&);
// How a command is typed where the words stand: "/inc act …", or "!act …" in threads, where Slack takes no slash
// command.
enum class Typing { slash, message };
// `acts_in`: the channel that its buttons act in, where they will stand in another.
Drawn draw(effect::Tell const&, std::string_view acts_in = {}, Typing = Typing::slash);
Drawn draw(Card const&);
Drawn draw(effect::PagePerson const&);
// Words of our own, for answers that are no effect.
Drawn draw_words(std::string_view marked);

constexpr std::size_t longest_topic = 250; // characters
// As much of it as a topic may hold, never cut inside a character.
std::string topic_text(std::string_view topic);
// A channel name as Slack takes it: lower case letters, digits, - and _, at most 80. `attempt` 2 ends it with "-2".
std::string channel_name(std::string_view wanted, int attempt = 1);

// A button's action_id is this, its number and its verb ("cox.0:accept"), and the channel that it acts in where it
// stands in another ("cox.0:accept@C1"); `value` is the command. Blocks of messages have no block_id: Slack makes one.
constexpr std::string_view action_prefix = "cox.";
constexpr std::string_view action_open_update = "cox.open.update";   // opens the update form
constexpr std::string_view action_open_declare = "cox.open.declare"; // opens the declare form
// "" for a button that acts where it stands.
std::string_view channel_in(std::string_view action_id);

// Forms (modals). block_ids are the names of fields.
namespace form {
constexpr std::string_view declare = "cox.declare"; // callback_id
constexpr std::string_view update = "cox.update";
constexpr std::string_view from_message = "cox.declare_from_message"; // the message shortcut
} // namespace form
// Fields: title, severity (the policy's key), impact, place ("own" or "here"). `origin` is the channel to come back to,
// "" from App Home, where no "here" is offered.
std::string declare_form(Policy const&, std::string_view origin, std::string_view title, std::string_view impact);
// Fields: headline, impact, hypothesis, confidence ("suspected", …), need. Prefilled with what is known; what is too
// long for its field is not, and the form says that an empty field leaves it as it is. Its private_metadata is a
// FormMemory: what it was filled with tells, when it is sent, what its author changed.
std::string update_form(Incident const&, Policy const&, std::string_view channel);
// The answer to a form that cannot be taken as it is: by field, what is wrong.
std::string form_errors(std::vector<std::pair<std::string, std::string>> const&);

// App Home: open incidents, as they are given, and a button to declare one. Guests see that it is not for them.
std::string home_for_guests();
std::string home_view(std::vector<Incident const*> const& open, Policy const&);

} // namespace cox::slack
