// interactive: block_actions, view_submission, shortcut, message_action. `team` is null for an org-wide installation.
#include "adapters/slack/drawing.hpp"
#include "adapters/slack/reading.hpp"

namespace cox::slack {
namespace {

using nlohmann::json;

Author author_of(json const& payload) {
    auto const& user = at(payload, "user");
    auto team = id_at(at(payload, "team"), "id");
    if (team.empty()) team = id_at(at(payload, "enterprise"), "id");
    if (team.empty()) team = id_at(user, "team_id");
    return {std::move(team), id_at(user, "id"), id_at(user, "team_id")};
}

bool is_known(Author const& author) {
    return !author.team.empty() && !author.user.empty();
}

std::string first_of(std::string const& preferred, std::string const& otherwise) {
    return preferred.empty() ? otherwise : preferred;
}

// What was typed or chosen in an element; "" where it was left empty.
std::string value_of(json const& element) {
    auto value = text_at(element, "value");
    return value.empty() ? text_at(at(element, "selected_option"), "value") : value;
}

// The first action of ours; null when there is none.
json const& own_action(json const& actions) {
    static json const nothing;
    if (!actions.is_array()) return nothing;
    for (auto const& action : actions)
        if (text_at(action, "action_id").starts_with(action_prefix)) return action;
    return nothing;
}

Reading read_press(json const& payload, Ourselves const& us) {
    auto const& action = own_action(at(payload, "actions"));
    if (action.is_null()) return passed("not our button");
    // The click has opened the address already; that is all.
    if (!at(action, "url").is_null()) return passed("a link");
    auto const& container = at(payload, "container");
    auto const& message = at(payload, "message");
    happening::Pressed pressed;
    pressed.author = author_of(payload);
    pressed.channel = first_of(id_at(at(payload, "channel"), "id"), id_at(container, "channel_id"));
    pressed.message_ts = first_of(id_at(container, "message_ts"), id_at(message, "ts"));
    pressed.action_id = text_at(action, "action_id"); // ours, so it may hold what we like
    pressed.value = value_of(action);
    pressed.action_ts = id_at(action, "action_ts");
    pressed.response_url = response_url_at(payload, us);
    pressed.trigger_id = id_at(payload, "trigger_id");
    pressed.thread_ts = first_of(id_at(container, "thread_ts"), id_at(message, "thread_ts"));
    if (!is_known(pressed.author) || pressed.action_ts.empty()) return malformed("button");
    auto key =
        key_of("act", {pressed.channel, pressed.message_ts, pressed.action_id, pressed.action_ts, pressed.author.user});
    auto const happened_s = seconds_of(pressed.action_ts);
    return {std::move(pressed), std::move(key), happened_s};
}

// state.values[block_id][action_id]; our forms have one element in a block.
std::map<std::string, std::string> fields_of(json const& view) {
    std::map<std::string, std::string> fields;
    auto const& values = at(at(view, "state"), "values");
    if (!values.is_object()) return fields;
    for (auto const& [block_id, elements] : values.items())
        if (elements.is_object() && !elements.empty()) fields[block_id] = value_of(*elements.begin());
    return fields;
}

Reading read_submission(json const& payload, Ourselves const&) {
    auto const& view = at(payload, "view");
    happening::Submitted submitted;
    submitted.author = author_of(payload);
    submitted.view_id = id_at(view, "id");
    submitted.hash = id_at(view, "hash");
    submitted.callback_id = text_at(view, "callback_id");
    submitted.private_metadata = text_at(view, "private_metadata");
    submitted.fields = fields_of(view);
    if (!is_known(submitted.author) || submitted.view_id.empty() || submitted.hash.empty()) return malformed("form");
    auto key = key_of("view", {submitted.view_id, submitted.hash, submitted.author.user});
    return {std::move(submitted), std::move(key), {}};
}

Reading read_shortcut(json const& payload, Ourselves const& us) {
    auto const& message = at(payload, "message");
    happening::Shortcut shortcut;
    shortcut.author = author_of(payload);
    shortcut.callback_id = text_at(payload, "callback_id");
    shortcut.channel = id_at(at(payload, "channel"), "id");
    shortcut.message_text = text_at(message, "text");
    shortcut.message_ts = first_of(id_at(payload, "message_ts"), id_at(message, "ts"));
    shortcut.trigger_id = id_at(payload, "trigger_id");
    shortcut.response_url = response_url_at(payload, us);
    if (!is_known(shortcut.author) || shortcut.trigger_id.empty()) return malformed("shortcut");
    auto key = key_of("short", {shortcut.trigger_id});
    return {std::move(shortcut), std::move(key), seconds_of(text_at(payload, "action_ts"))};
}

} // namespace

Reading read_interaction(json const& payload, Ourselves const& us) {
    auto const type = text_at(payload, "type");
    if (type == "block_actions") return read_press(payload, us);
    if (type == "view_submission") return read_submission(payload, us);
    if (type == "shortcut" || type == "message_action") return read_shortcut(payload, us);
    if (type == "view_closed") return passed("form closed");
    return passed("unknown type " + plain_word(type));
}

} // namespace cox::slack
