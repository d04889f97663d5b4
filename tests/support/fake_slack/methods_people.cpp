#include "methods.hpp"

namespace cox::fake_slack {
namespace {

json auth_test(Slack& slack, Args const&) {
    auto const& world = slack.world;
    json answer = {{"url", "https://" + world.domain + ".slack.com/"},
                   {"team", world.domain},
                   {"user", world.users.at(world.bot_user).name},
                   {"team_id", world.team},
                   {"user_id", world.bot_user},
                   {"bot_id", world.bot},
                   {"app_id", world.app},
                   {"is_enterprise_install", false}};
    if (!world.enterprise.empty()) answer["enterprise_id"] = world.enterprise;
    return answer;
}

json info(Slack& slack, Args const& args) {
    auto const at = slack.world.users.find(args.text("user"));
    if (at == slack.world.users.end()) throw Refused{"user_not_found"};
    return {{"user", slack.world.shown(at->second)}};
}

json list(Slack& slack, Args const& args) {
    std::vector<json> rows;
    for (auto const& [id, user] : slack.world.users)
        rows.push_back(slack.world.shown(user));
    auto page = page_of(slack, "members", rows, args, args.number("limit", 1000));
    page["cache_ts"] = slack.clock.now_ms() / 1000;
    return page;
}

json by_email(Slack& slack, Args const& args) {
    for (auto const& [id, user] : slack.world.users)
        if (user.email == args.text("email")) return {{"user", slack.world.shown(user)}};
    throw Refused{"users_not_found"};
}

} // namespace

std::span<Method const> people_methods() {
    static Method const table[] = {
        {"auth.test", "", true, {}, auth_test},
        {"users.info", "users:read", false, {"user"}, info},
        {"users.list", "users:read", false, {}, list},
        {"users.lookupByEmail", "users:read.email", false, {"email"}, by_email},
    };
    return table;
}

} // namespace cox::fake_slack
