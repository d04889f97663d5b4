// Who one is: versions, login, tokens, the profile, filters.
#include "endpoints.hpp"

#include <algorithm>

namespace cox::fake_homeserver {
namespace {

constexpr int usual_life_ms = 300'000;
using Needs = Endpoint::Needs;
using Body = Endpoint::Body;

json versions(Call& call) {
    return {{"versions", call.server.settings.versions},
            {"unstable_features", {{"org.matrix.simplified_msc3575", true}}}};
}

json well_known(Call& call) {
    auto const& base = call.server.settings.well_known;
    if (base.empty()) throw Refused{404, "M_NOT_FOUND", "No .well-known"};
    return {{"m.homeserver", {{"base_url", base}}}};
}

json capabilities(Call& call) {
    return {{"capabilities",
             {{"m.room_versions",
               {{"default", call.server.settings.default_room_version},
                {"available", {{"10", "stable"}, {"11", "stable"}, {"12", "stable"}}}}},
              {"m.change_password", {{"enabled", true}}}}}};
}

json flows(Call& call) {
    json all = json::array();
    for (auto const& each : call.server.settings.login_flows)
        all.push_back({{"type", each}});
    if (all.empty()) throw Refused{404, "M_UNRECOGNIZED", "Unrecognized request"};
    return {{"flows", all}};
}

json described(Homeserver& server, Session const& session) {
    json answer{{"user_id", session.user},
                {"access_token", session.token},
                {"device_id", session.device},
                {"home_server", server.world.server_name}};
    if (!session.refresh_token.empty()) {
        answer["refresh_token"] = session.refresh_token;
        answer["expires_in_ms"] = session.expires_at_ms - server.now_ms();
    }
    return answer;
}

Session& new_session(Homeserver& server, std::string const& user, std::string const& device, bool refreshes) {
    auto const token = server.world.new_token("syt");
    auto& session = server.world.sessions[token];
    session = {.token = token, .user = user, .device = device};
    if (refreshes) {
        auto const life = server.settings.token_lives_ms > 0 ? server.settings.token_lives_ms : usual_life_ms;
        session.refresh_token = server.world.new_token("syr");
        session.expires_at_ms = server.now_ms() + life;
    }
    return session;
}

constexpr std::string_view as_service = "m.login.application_service";

void require_service(Call const& call) {
    if (call.token.empty()) throw Refused{401, "M_MISSING_TOKEN", "Missing access token"};
    if (call.token != call.server.settings.as_token)
        throw Refused{401, "M_UNKNOWN_TOKEN", "Unrecognised access token", {{"soft_logout", false}}};
}

// Only an application service makes users here, and it is not logged in by that.
json register_user(Call& call) {
    if (call.text("type") != as_service || !call.body.value("inhibit_login", false))
        throw Refused{403, "M_FORBIDDEN", "Registration has been disabled"};
    require_service(call);
    auto& world = call.server.world;
    auto const id = "@" + call.text("username") + ":" + world.server_name;
    if (world.account(id)) throw Refused{400, "M_USER_IN_USE", "User ID already taken."};
    world.accounts[id].id = id;
    return {{"user_id", id}, {"home_server", world.server_name}};
}

json login(Call& call) {
    bool const service = call.text("type") == as_service;
    if (service) require_service(call);
    if (!service && call.text("type") != "m.login.password") throw Refused{400, "M_UNKNOWN", "Unknown login type"};
    auto const identifier = call.body.value("identifier", json::object());
    auto const* const account = call.server.world.account(identifier.value("user", ""));
    if (!account || (!service && account->password != call.body.value("password", "")))
        throw Refused{403, "M_FORBIDDEN", "Invalid username or password"};
    auto const device = call.body.value("device_id", call.server.world.new_device_id());
    return described(call.server,
                     new_session(call.server, account->id, device, call.body.value("refresh_token", false)));
}

json refresh(Call& call) {
    auto& sessions = call.server.world.sessions;
    auto const wanted = call.text("refresh_token");
    auto const at = std::ranges::find(sessions, wanted, [](auto const& each) { return each.second.refresh_token; });
    if (at == sessions.end() || at->second.fate == Session::Fate::hard)
        throw Refused{403, "M_FORBIDDEN", "Invalid refresh token"};
    auto const old = at->second;
    auto& fresh = new_session(call.server, old.user, old.device, true);
    fresh.replaces = old.token;
    auto answer = described(call.server, fresh);
    for (auto const* const key : {"user_id", "device_id", "home_server"})
        answer.erase(key);
    return answer;
}

json whoami(Call& call) {
    json answer{{"user_id", call.user()}, {"is_guest", false}};
    // An application service's token belongs to no device.
    if (!call.session->device.empty()) answer["device_id"] = call.session->device;
    return answer;
}

json logout(Call& call) {
    call.server.world.forget_transactions(call.user(), call.session->device);
    call.session->fate = Session::Fate::hard;
    call.server.changed();
    return json::object();
}

Account& own_account(Call& call) {
    if (call.path("user") != call.user()) throw Refused{403, "M_FORBIDDEN", "Cannot do that for other users"};
    return call.server.world.accounts.at(call.user());
}

json put_filter(Call& call) {
    auto& filters = own_account(call).filters;
    auto const at = std::ranges::find(filters, call.body);
    auto const id = at - filters.begin();
    if (at == filters.end()) filters.push_back(call.body);
    return {{"filter_id", std::to_string(id)}};
}

json get_filter(Call& call) {
    auto const& filters = own_account(call).filters;
    for (std::size_t i = 0; i < filters.size(); ++i)
        if (std::to_string(i) == call.path("filter")) return filters[i];
    throw Refused{404, "M_NOT_FOUND", "No such filter"};
}

json put_account_data(Call& call) {
    own_account(call).account_data[call.path("type")] = call.body;
    return json::object();
}

json get_account_data(Call& call) {
    auto const& all = own_account(call).account_data;
    auto const at = all.find(call.path("type"));
    if (at == all.end()) throw Refused{404, "M_NOT_FOUND", "Account data not found"};
    return at->second;
}

json get_profile(Call& call) {
    auto const* const account = call.server.world.account(call.path("user"));
    if (!account) throw Refused{404, "M_NOT_FOUND", "Profile was not found"};
    return account->displayname.empty() ? json::object() : json{{"displayname", account->displayname}};
}

json put_displayname(Call& call) {
    set_displayname(call.server, own_account(call), call.text("displayname"));
    return json::object();
}

// There is no WebSocket behind it: who asks is seen, and that is all.
json proxy(Call&) {
    throw Refused{502, "M_UNKNOWN", "No WebSocket"};
}

json nothing(Call&) {
    return json::object();
}

constexpr Endpoint all[] = {
    {"versions", "GET", "/_matrix/client/versions", versions, Needs::nothing},
    {"well_known", "GET", "/.well-known/matrix/client", well_known, Needs::nothing},
    {"capabilities", "GET", "/_matrix/client/v3/capabilities", capabilities},
    {"flows", "GET", "/_matrix/client/v3/login", flows, Needs::nothing},
    {"login", "POST", "/_matrix/client/v3/login", login, Needs::nothing},
    {"register", "POST", "/_matrix/client/v3/register", register_user, Needs::nothing},
    {"refresh", "POST", "/_matrix/client/v3/refresh", refresh, Needs::nothing},
    {"whoami", "GET", "/_matrix/client/v3/account/whoami", whoami},
    {"as_sync", "GET", "/_matrix/client/unstable/fi.mau.as_sync", proxy},
    {"logout", "POST", "/_matrix/client/v3/logout", logout, Needs::token, Body::none},
    {"filter", "POST", "/_matrix/client/v3/user/{user}/filter", put_filter},
    {"filter", "GET", "/_matrix/client/v3/user/{user}/filter/{filter}", get_filter},
    {"account_data", "PUT", "/_matrix/client/v3/user/{user}/account_data/{type}", put_account_data},
    {"account_data", "GET", "/_matrix/client/v3/user/{user}/account_data/{type}", get_account_data},
    {"profile", "GET", "/_matrix/client/v3/profile/{user}", get_profile},
    {"profile", "GET", "/_matrix/client/v3/profile/{user}/displayname", get_profile},
    {"displayname", "PUT", "/_matrix/client/v3/profile/{user}/displayname", put_displayname},
    {"presence", "PUT", "/_matrix/client/v3/presence/{user}/status", nothing},
};

} // namespace

std::span<Endpoint const> session_endpoints() {
    return all;
}

} // namespace cox::fake_homeserver
