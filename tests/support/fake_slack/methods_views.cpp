#include "blocks.hpp"
#include "methods.hpp"
#include "views.hpp"

namespace cox::fake_slack {
namespace {

constexpr std::size_t largest_view = 250'000; // bytes
constexpr int highest_stack = 3;

json checked(json shown) {
    if (shown.dump(-1, ' ', false, json::error_handler_t::replace).size() > largest_view)
        throw Refused{"view_too_large"};
    if (auto const wrong = wrong_with_view(shown); !wrong.empty())
        throw Refused{"invalid_arguments", {{"response_metadata", {{"messages", wrong}}}}};
    shown["blocks"] = with_ids(shown["blocks"]);
    return shown;
}

// A trigger opens one view, within three seconds.
Trigger use_trigger(Slack& slack, Args const& args) {
    auto* const trigger = slack.permits.trigger(args.text("trigger_id"));
    if (!trigger) throw Refused{"invalid_trigger_id"};
    if (slack.clock.now_ms() - trigger->made_ms > slack.settings.trigger_lives_ms) throw Refused{"expired_trigger_id"};
    if (std::exchange(trigger->used, true)) throw Refused{"exchanged_trigger_id"};
    return *trigger;
}

View& view_of(Slack& slack, Args const& args) {
    for (auto& [id, view] : slack.world.views) {
        bool const by_external_id =
            args.has("external_id") && view.shown.value("external_id", "") == args.text("external_id");
        if (view.open && (id == args.text("view_id") || by_external_id)) return view;
    }
    throw Refused{"not_found"};
}

void need_hash(Args const& args, View const& view) {
    if (args.has("hash") && args.text("hash") != view.hash) throw Refused{"hash_conflict"};
}

json answered(Slack const& slack, View const& view) {
    return {{"view", described(slack, view)}};
}

json open(Slack& slack, Args const& args) {
    auto const shown = args.nested("view", "invalid_arguments");
    auto const trigger = use_trigger(slack, args);
    return answered(slack, open_view(slack, trigger.user, "", shown));
}

json push(Slack& slack, Args const& args) {
    auto const shown = args.nested("view", "invalid_arguments");
    auto const trigger = use_trigger(slack, args);
    if (trigger.view.empty()) throw Refused{"not_found"};
    int height = 1;
    for (auto id = trigger.view; !id.empty(); id = slack.world.views.at(id).previous)
        ++height;
    if (height > highest_stack) throw Refused{"push_limit_reached"};
    return answered(slack, open_view(slack, trigger.user, trigger.view, shown));
}

json update(Slack& slack, Args const& args) {
    auto& view = view_of(slack, args);
    need_hash(args, view);
    change_view(slack, view, args.nested("view", "invalid_arguments"));
    return answered(slack, view);
}

json publish(Slack& slack, Args const& args) {
    auto const shown = args.nested("view", "invalid_arguments");
    auto const user = args.text("user_id");
    if (!slack.world.users.contains(user)) throw Refused{"user_not_found"};
    if (shown.value("type", "") != "home") throw Refused{"invalid_arguments"};
    for (auto& [id, view] : slack.world.views) {
        if (view.user != user || view.shown.value("type", "") != "home") continue;
        need_hash(args, view);
        change_view(slack, view, shown);
        return answered(slack, view);
    }
    return answered(slack, open_view(slack, user, "", shown));
}

} // namespace

View& open_view(Slack& slack, std::string const& user, std::string const& beneath, json shown) {
    auto const external_id = shown.value("external_id", "");
    for (auto const& [id, view] : slack.world.views)
        if (view.open && !external_id.empty() && view.shown.value("external_id", "") == external_id)
            throw Refused{"duplicate_external_id"};
    shown = checked(std::move(shown));
    auto const id = slack.world.new_id("V");
    auto& view = slack.world.views[id];
    view = {.id = id, .user = user, .root = id, .previous = beneath, .hash = slack.clock.ts() + ".fake"};
    if (!beneath.empty()) view.root = slack.world.views.at(beneath).root;
    view.shown = std::move(shown);
    view.versions.push_back(view.shown);
    return view;
}

void change_view(Slack& slack, View& view, json shown) {
    view.shown = checked(std::move(shown));
    view.hash = slack.clock.ts() + ".fake";
    view.errors = {};
    view.versions.push_back(view.shown);
}

json described(Slack const& slack, View const& view) {
    return view.described(slack.world.team, slack.world.app, slack.world.bot);
}

std::span<Method const> view_methods() {
    static Method const table[] = {
        {"views.open", "", true, {"trigger_id", "view"}, open},
        {"views.push", "", true, {"trigger_id", "view"}, push},
        {"views.update", "", true, {"view"}, update},
        {"views.publish", "", true, {"user_id", "view"}, publish},
    };
    return table;
}

} // namespace cox::fake_slack
