#include "endpoints.hpp"

#include "strict.hpp"

namespace cox::fake_homeserver {
namespace {

Transaction transaction_of(Call const& call, Room const& room) {
    return {room.id, call.session->user, call.session->device, call.path("txn")};
}

} // namespace

std::string Call::path(char const* name) const {
    auto const at = in_path.find(name);
    return at == in_path.end() ? "" : at->second;
}

std::string Call::asked(char const* name, std::string otherwise) const {
    auto const at = query.find(name);
    return at == query.end() ? std::move(otherwise) : at->second;
}

Room& Call::room() {
    auto const id = path("room");
    auto const at = server.world.rooms.find(id);
    if (at == server.world.rooms.end() || !at->second.state_of("m.room.member", user()))
        throw Refused{403, "M_FORBIDDEN", "User " + user() + " not in room " + id};
    return at->second;
}

std::string Call::text(char const* key) const {
    if (!body.contains(key)) throw Refused{400, "M_MISSING_PARAM", "Missing param: " + std::string{key}};
    if (!body[key].is_string()) throw Refused{400, "M_BAD_JSON", std::string{key} + " must be a string"};
    return body[key];
}

std::optional<std::string> already_sent(Call& call, Room const& room, std::string const& what) {
    auto& known = call.server.world.transactions;
    auto const at = known.find(transaction_of(call, room));
    if (at == known.end()) return std::nullopt;
    if (at->second.at_ms + call.server.settings.transactions_live_ms <= call.server.now_ms()) {
        known.erase(at);
        return std::nullopt;
    }
    check_repetition(call, at->second.what, what);
    return at->second.event;
}

void remember_sent(Call& call, Room const& room, std::string const& what, std::string const& event) {
    call.server.world.transactions[transaction_of(call, room)] = {event, call.server.now_ms(), what};
}

} // namespace cox::fake_homeserver
