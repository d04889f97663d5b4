// What people do with what the app offers: commands, buttons, forms.
#include "acts.hpp"
#include "blocks.hpp"
#include "deeds.hpp"
#include "events.hpp"
#include "interaction.hpp"
#include "views.hpp"

#include <algorithm>

namespace cox::fake_slack {
namespace {

json command(Slack& slack, json const& args) {
    return {{"envelope_id", type_command(slack, user_in(slack, args), channel_in(slack, args),
                                         args.value("command", "/inc"), args.value("text", ""))}};
}

json user_shown(Slack const& slack, std::string const& id) {
    auto const& user = slack.world.users.at(id);
    return {{"id", id}, {"username", user.name}, {"name", user.name}, {"team_id", user.team}};
}

// What every interaction begins with.
json interaction(Slack& slack, char const* type, std::string const& user, std::string const& view = {}) {
    auto const& world = slack.world;
    return {{"type", type},
            {"team", {{"id", world.team}, {"domain", world.domain}}},
            {"enterprise", world.enterprise.empty() ? json{} : json{{"id", world.enterprise}}},
            {"is_enterprise_install", false},
            {"user", user_shown(slack, user)},
            {"api_app_id", world.app},
            {"token", "deprecated"},
            {"trigger_id", slack.permits.new_trigger({slack.clock.now_ms(), user, view})}};
}

json action_of(Slack& slack, Element const& found, json const& args) {
    auto const& element = found.element;
    json action = {{"type", element.value("type", "button")},
                   {"action_id", element.value("action_id", "")},
                   {"block_id", found.block.value("block_id", "")},
                   {"action_ts", slack.clock.ts()}};
    for (auto const* field : {"value", "text", "style"})
        if (element.contains(field)) action[field] = element[field];
    if (!args.contains("choose")) return action;
    for (auto const& option : element.value("options", json::array()))
        if (option.value("value", "") == args["choose"]) action["selected_option"] = option;
    if (!action.contains("selected_option")) throw Refused{"no such option"};
    return action;
}

std::string send(Slack& slack, json payload, ResponseUrl const& from) {
    auto const path = slack.permits.new_response_path("actions", slack.world.team, from);
    payload["response_url"] = slack.address + path;
    return slack.sockets.deliver("interactive", payload, true, [&slack, from](Envelope::Ack const& ack) {
        if (ack.payload.is_object() && ack.payload.contains("text"))
            answer_interaction(slack, from, "ack", ack.payload);
    });
}

// The newest message or ephemeral of a channel that has such a button.
struct Pressable {
    Element found;
    json message;
    bool ephemeral = false;
};

Pressable find_pressable(Slack& slack, Channel& channel, std::string const& user, json const& args) {
    auto const wanted = args.at("button").get<std::string>();
    auto const ts = args.value("ts", "");
    Pressable newest;
    auto look_at = [&](json const& body, bool ephemeral) {
        auto const its_ts = body.value("ts", "");
        if (!ts.empty() && its_ts != ts) return;
        auto const found = find_element(body.value("blocks", json::array()), wanted);
        if (found.element.is_null() || its_ts < newest.message.value("ts", "")) return;
        newest = {found, body, ephemeral};
    };
    newest.message = json::object();
    for (auto const& [its_ts, message] : channel.messages) {
        look_at(message.body, false);
        // A message stays on somebody's screen for a moment after it was edited.
        if (args.value("stale", false))
            for (auto const& body : message.earlier)
                look_at(body, false);
    }
    for (auto const& one : slack.world.ephemerals)
        if (one.channel == channel.id && one.user == user && !one.gone) look_at(one.body, true);
    if (newest.found.element.is_null()) throw Refused{"nothing to press: " + wanted};
    return newest;
}

json press(Slack& slack, json const& args) {
    auto& channel = channel_in(slack, args);
    auto const user = user_in(slack, args);
    auto const [found, message, ephemeral] = find_pressable(slack, channel, user, args);
    auto const ts = message.value("ts", "");
    auto payload = interaction(slack, "block_actions", user);
    payload["container"] = {
        {"type", "message"}, {"message_ts", ts}, {"channel_id", channel.id}, {"is_ephemeral", ephemeral}};
    if (message.contains("thread_ts")) payload["container"]["thread_ts"] = message["thread_ts"];
    payload["channel"] = {{"id", channel.id}, {"name", channel.is_private ? "privategroup" : channel.name}};
    if (!ephemeral) payload["message"] = message;
    payload["state"] = {{"values", json::object()}};
    payload["actions"] = json::array({action_of(slack, found, args)});
    if (args.contains("value")) payload["actions"][0]["value"] = args["value"];
    return {
        {"envelope_id", send(slack, std::move(payload), {slack.clock.now_ms(), 0, user, channel.id, ts, ephemeral})},
        {"message_ts", ts}};
}

// The newest open view of a person: by id, by callback_id, or of a type ("home", "modal").
View& view_in(Slack& slack, std::string const& user, json const& args) {
    View* newest = nullptr;
    for (auto& [id, view] : slack.world.views) {
        bool const fits =
            (!args.contains("view") || args["view"] == id) &&
            (!args.contains("callback_id") || view.shown.value("callback_id", "") == args["callback_id"]) &&
            (!args.contains("type") || view.shown.value("type", "") == args["type"]);
        if (view.user == user && view.open && fits) newest = &view;
    }
    if (!newest) throw Refused{"no such view is open for " + user};
    return *newest;
}

json press_in_view(Slack& slack, json const& args) {
    auto const user = user_in(slack, args);
    auto const& view = view_in(slack, user, args);
    auto const found = find_element(view.shown.value("blocks", json::array()), args.at("button").get<std::string>());
    if (found.element.is_null()) throw Refused{"nothing to press in that view"};
    auto payload = interaction(slack, "block_actions", user, view.id);
    payload["container"] = {{"type", "view"}, {"view_id", view.id}};
    payload["view"] = described(slack, view);
    payload["actions"] = json::array({action_of(slack, found, args)});
    return {{"envelope_id", slack.sockets.deliver("interactive", payload, true)}, {"view_id", view.id}};
}

// What was typed, as Slack gives it: by block and action, each with its type.
json state_of(View const& view, json const& values) {
    json state = json::object();
    for (auto const& block : view.shown.value("blocks", json::array())) {
        if (block.value("type", "") != "input") continue;
        auto const id = block.value("block_id", "");
        auto const& element = block.at("element");
        auto const type = element.value("type", "");
        auto& field = state[id][element.value("action_id", "")];
        field = {{"type", type}};
        auto const typed = values.contains(id) ? values[id] : json{};
        if (type == "plain_text_input") {
            field["value"] = typed.is_null() ? element.value("initial_value", json{}) : typed;
            continue;
        }
        field["selected_option"] = element.value("initial_option", json{});
        for (auto const& option : element.value("options", json::array()))
            if (option.value("value", "") == typed) field["selected_option"] = option;
    }
    return state;
}

void close_stack(Slack& slack, std::string const& root) {
    for (auto& [id, view] : slack.world.views)
        if (view.root == root && view.shown.value("type", "") == "modal") view.open = false;
}

// The acknowledgement of a submission says what becomes of the view.
void obey(Slack& slack, std::string const& id, json const& answer) {
    auto& view = slack.world.views.at(id);
    auto const word = answer.is_object() ? answer.value("response_action", "") : "";
    try {
        if (word == "errors") {
            view.errors = answer.at("errors");
        } else if (word == "update") {
            change_view(slack, view, answer.at("view"));
        } else if (word == "push") {
            open_view(slack, view.user, id, answer.at("view"));
        } else if (word == "clear") {
            close_stack(slack, view.root);
        } else {
            view.open = false;
        }
    } catch (Refused const& refused) {
        // What a person sees then: "We had some trouble connecting."
        view.errors = {{"", refused.error}, {"answer", answer}};
    }
}

json submit(Slack& slack, json const& args) {
    auto const user = user_in(slack, args);
    auto const& view = view_in(slack, user, args);
    auto payload = interaction(slack, "view_submission", user, view.id);
    payload["view"] = described(slack, view);
    payload["view"]["state"]["values"] = state_of(view, args.value("values", json::object()));
    payload["response_urls"] = json::array();
    auto const obeyed = [&slack, id = view.id](Envelope::Ack const& ack) { obey(slack, id, ack.payload); };
    return {{"envelope_id", slack.sockets.deliver("interactive", payload, true, obeyed)}, {"view_id", view.id}};
}

json close_view(Slack& slack, json const& args) {
    auto const user = user_in(slack, args);
    auto& view = view_in(slack, user, args);
    view.open = false;
    if (!view.shown.value("notify_on_close", false)) return {{"view_id", view.id}};
    auto payload = interaction(slack, "view_closed", user);
    payload["view"] = described(slack, view);
    payload["is_cleared"] = false;
    return {{"envelope_id", slack.sockets.deliver("interactive", payload, true)}, {"view_id", view.id}};
}

json message_shortcut(Slack& slack, json const& args) {
    auto& channel = channel_in(slack, args);
    auto const user = user_in(slack, args);
    auto const ts = message_in(channel, args);
    auto payload = interaction(slack, "message_action", user);
    payload["callback_id"] = args.at("callback_id");
    payload["action_ts"] = slack.clock.ts();
    payload["message_ts"] = ts;
    payload["message"] = channel.messages.at(ts).body;
    payload["channel"] = {{"id", channel.id}, {"name", channel.name}};
    return {{"envelope_id", send(slack, std::move(payload), {slack.clock.now_ms(), 0, user, channel.id, ts, false})}};
}

json global_shortcut(Slack& slack, json const& args) {
    auto payload = interaction(slack, "shortcut", user_in(slack, args));
    payload["callback_id"] = args.at("callback_id");
    payload["action_ts"] = slack.clock.ts();
    return {{"envelope_id", slack.sockets.deliver("interactive", payload, true)}};
}

json open_home(Slack& slack, json const& args) {
    auto const user = user_in(slack, args);
    json event = {{"type", "app_home_opened"},
                  {"user", user},
                  {"channel", slack.world.im_with(user).id},
                  {"tab", args.value("tab", "home")}};
    for (auto const& [id, view] : slack.world.views)
        if (view.user == user && view.shown.value("type", "") == "home") event["view"] = described(slack, view);
    tell(slack, std::move(event));
    return json::object();
}

} // namespace

std::string type_command(Slack& slack, std::string const& user, Channel const& channel, std::string const& command,
                         std::string const& text) {
    auto const& world = slack.world;
    ResponseUrl const from{slack.clock.now_ms(), 0, user, channel.id, "", false};
    auto const url = slack.address + slack.permits.new_response_path("commands", world.team, from);
    json payload = {{"token", "deprecated"},
                    {"team_id", world.team},
                    {"team_domain", world.domain},
                    {"channel_id", channel.id},
                    {"channel_name", channel.is_private ? "privategroup" : channel.name},
                    {"user_id", user},
                    {"user_name", world.users.at(user).name},
                    {"command", command},
                    {"text", text},
                    {"api_app_id", world.app},
                    {"is_enterprise_install", "false"},
                    {"response_url", url},
                    {"trigger_id", slack.permits.new_trigger({slack.clock.now_ms(), user, ""})}};
    if (!world.enterprise.empty()) payload["enterprise_id"] = world.enterprise;
    return slack.sockets.deliver("slash_commands", payload, true, [&slack, from](Envelope::Ack const& ack) {
        auto const& answer = ack.payload;
        if (answer.is_object() && (answer.contains("text") || answer.contains("blocks")))
            answer_interaction(slack, from, "ack", answer);
    });
}

std::span<Act const> interaction_acts() {
    static Act const table[] = {
        {"command", command},
        {"press", press},
        {"press_in_view", press_in_view},
        {"submit", submit},
        {"close_view", close_view},
        {"message_shortcut", message_shortcut},
        {"global_shortcut", global_shortcut},
        {"open_home", open_home},
    };
    return table;
}

} // namespace cox::fake_slack
