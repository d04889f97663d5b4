// What goes into rooms.
#include "endpoints.hpp"

namespace cox::fake_homeserver {
namespace {

Draft draft_of(Call const& call) {
    return {.type = call.path("type"), .content = call.body, .device = call.session->device, .txn = call.path("txn")};
}

bool holds_float(json const& value) {
    if (value.is_number_float()) return true;
    if (!value.is_structured()) return false;
    for (auto const& each : value)
        if (holds_float(each)) return true;
    return false;
}

void check_numbers(Call const& call) {
    if (holds_float(call.body)) throw Refused{400, "M_BAD_JSON", "Bad JSON value: float"};
}

json send_event(Call& call) {
    auto& room = call.room();
    auto const what = "send " + call.path("type") + " " + call.body.dump();
    auto const id = once(call, room, what, [&] {
        check_numbers(call);
        return send(call.server, room, call.user(), draft_of(call));
    });
    return {{"event_id", id}};
}

json redact_event(Call& call) {
    auto& room = call.room();
    auto const target = call.path("event");
    auto const id = once(call, room, "redact " + target,
                         [&] { return redact(call.server, room, call.user(), target, call.body, draft_of(call)); });
    return {{"event_id", id}};
}

json put_state(Call& call) {
    check_numbers(call);
    auto draft = draft_of(call);
    draft.state_key = call.path("key");
    return {{"event_id", set_state(call.server, call.room(), call.user(), std::move(draft))}};
}

json nothing(Call& call) {
    call.room();
    return json::object();
}

json upload(Call& call) {
    return {{"content_uri", "mxc://" + call.server.world.server_name + "/" + call.server.world.new_token("media")}};
}

using Needs = Endpoint::Needs;
using Body = Endpoint::Body;

constexpr Endpoint all[] = {
    {"send", "PUT", "/_matrix/client/v3/rooms/{room}/send/{type}/{txn}", send_event},
    {"redact", "PUT", "/_matrix/client/v3/rooms/{room}/redact/{event}/{txn}", redact_event},
    {"state", "PUT", "/_matrix/client/v3/rooms/{room}/state/{type}/{key}", put_state},
    {"typing", "PUT", "/_matrix/client/v3/rooms/{room}/typing/{user}", nothing},
    {"receipt", "POST", "/_matrix/client/v3/rooms/{room}/receipt/{kind}/{event}", nothing},
    {"read_markers", "POST", "/_matrix/client/v3/rooms/{room}/read_markers", nothing},
    {"upload", "POST", "/_matrix/media/v3/upload", upload, Needs::token, Body::any},
};

} // namespace

std::span<Endpoint const> sending_endpoints() {
    return all;
}

} // namespace cox::fake_homeserver
