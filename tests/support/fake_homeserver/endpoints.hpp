#pragma once
// The endpoints as tables: each a path, and what it answers.
#include "deeds.hpp"
#include "shown.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cox::fake_homeserver {

struct Call {
    Homeserver& server;
    std::string_view endpoint;
    std::map<std::string, std::string> in_path; // decoded: "room", "type"
    std::map<std::string, std::string> query;
    json body;
    std::string token = {}; // as it was given, whether anybody knows it or not
    Session* session = nullptr;

    std::string const& user() const { return session->user; }
    Viewer viewer() const { return {session->user, session->device}; }
    std::string path(char const* name) const; // "" where there is none
    std::string asked(char const* name, std::string otherwise = {}) const;
    Room& room();                            // that the path names; throws Refused unless the caller is, or was, there
    std::string text(char const* key) const; // of the body; throws Refused
};

struct Endpoint {
    std::string_view name; // "send"
    std::string_view verb;
    std::string_view path; // "/_matrix/client/v3/rooms/{room}/send/{type}/{txn}"
    json (*handle)(Call&); // throws Refused; null for /sync, which waits
    enum class Needs { token, nothing } needs = Needs::token;
    enum class Body { object, none, any } body = Body::object; // of POST and PUT
};

std::span<Endpoint const> session_endpoints();
std::span<Endpoint const> sending_endpoints();
std::span<Endpoint const> room_endpoints();
std::span<Endpoint const> reading_endpoints();

// What one repetition of a transaction id gives: the old event's id, else what `deed` gives, which is remembered.
template <class Deed>
std::string once(Call& call, Room const& room, std::string const& what, Deed deed);
std::optional<std::string> already_sent(Call&, Room const&, std::string const& what);
void remember_sent(Call&, Room const&, std::string const& what, std::string const& event);

template <class Deed>
std::string once(Call& call, Room const& room, std::string const& what, Deed deed) {
    if (auto const old = already_sent(call, room, what)) return *old;
    auto const event = deed();
    remember_sent(call, room, what, event);
    return event;
}

} // namespace cox::fake_homeserver
