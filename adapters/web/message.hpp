#pragma once
// A message of a web channel: as it is kept, and as it is shown.
#include "adapters/store/store.hpp"
#include "adapters/web/people.hpp"
#include "core/effect.hpp"
#include "core/ids.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::web {

struct Message {
    std::int64_t id = 0;
    ChannelId channel;
    Time at;
    UserId author;     // "" is the bot
    std::string kind;  // "say" when a person said it, else "word", "alert", "card", …
    std::string text;  // marked text from the bot, plain text from a person
    UserId private_to; // "" is everybody
    std::vector<Button> buttons;
    std::vector<CardLine> more; // of a card: what else holds now
    std::string key;            // the client's, when a person said it
    std::int64_t op = 0;        // the outbox's id, when the bot said it
    std::optional<Time> edited_at;
};

store::Said to_said(Message const&);
// A row that this release cannot read shows as an empty message rather than not at all.
Message from_said(store::Said const&);
// As GET /api/channels/{id} and the WebSocket show it.
nlohmann::json shown(Message const&, People const&);

// "m12"
std::string message_id(std::int64_t);
// Takes "m12" and "12".
std::optional<std::int64_t> message_id(std::string_view);

} // namespace cox::web
