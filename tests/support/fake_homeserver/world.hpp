#pragma once
// What there is on the fake homeserver: accounts with their devices, rooms with their events, aliases.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::fake_homeserver {

using nlohmann::json;

// The place of an event among all events of the server; 0 is before the first.
using Position = std::int64_t;
using Level = std::int64_t;
constexpr Level creators_level = Level{1} << 53; // of a room of version 12: above all that can be given

struct Event {
    Position position = 0;
    std::string id;
    std::string room;
    std::string type;
    std::string sender;
    std::int64_t ts = 0;
    json content;
    std::optional<std::string> state_key = std::nullopt;
    json prev_content = nullptr;  // of the state that it replaced
    std::string redacts = {};     // of a redaction: the event that it is about
    std::string redacted_by = {}; // the redaction
    std::string device = {};      // that sent it, with the transaction id that it gave
    std::string txn = {};
};

struct Room {
    using StateKey = std::pair<std::string, std::string>;

    std::string id;
    std::string version = "11";
    std::deque<Event> events = {};                      // oldest first; what points to one stays valid
    std::map<StateKey, std::string> state = {};         // the event's id
    std::multimap<std::string, std::string> edits = {}; // by what they edit
    std::vector<std::pair<Position, std::string>> resets =
        {}; // state that came back without an event of its own, and when

    Event const* event(std::string_view id) const;
    Event* event(std::string_view id);
    Event const* state_of(std::string_view type, std::string_view key = "") const;
    json content_of(std::string_view type, std::string_view key = "") const; // {} where there is none
    // As it was once `position` had happened.
    Event const* state_at(Position position, std::string_view type, std::string_view key = "") const;
    std::string membership(std::string_view user) const; // "leave" of one who never was here
    std::string membership_at(Position position, std::string_view user) const;
    std::vector<std::string> members(std::string_view membership = "join") const;

    bool is_12() const { return version == "12"; }
    bool is_creator(std::string_view user) const;
    Level level_of(std::string_view user) const;
    Level level_for_state(std::string_view type) const;
    Level level_for_message(std::string_view type) const;
    Level level_named(std::string_view name, Level otherwise) const; // "invite", "kick", "redact"
};

// One login.
struct Session {
    std::string token;
    std::string user;
    std::string device;
    std::string refresh_token = {};
    std::string replaces = {};      // the token that this one came for: dead once this one is used
    std::int64_t expires_at_ms = 0; // 0: never
    enum class Fate { alive, soft, hard } fate = Fate::alive;
};

// An application service, which speaks for whom its registration names.
struct Service {
    std::string sender;                           // its own account
    std::vector<std::string> users;               // beside that one
    std::map<std::string, Session> sessions = {}; // by user, of its one token
};

struct Account {
    std::string id;
    std::string password;
    std::string displayname = {};
    std::map<std::string, json> account_data = {};
    std::vector<json> filters = {};
};

struct Transaction {
    std::string room;
    std::string user;
    std::string device;
    std::string txn;
    auto operator<=>(Transaction const&) const = default;
};

struct Answered {
    std::string event;
    std::int64_t at_ms = 0;
    std::string what; // endpoint, type and content, to see whether it is the same again
};

struct World {
    std::string server_name = "lab.test";
    std::map<std::string, Account> accounts;
    std::map<std::string, Room> rooms;
    std::map<std::string, std::string> aliases; // to the room's id
    std::map<std::string, Session> sessions;    // by token
    std::map<std::string, Service> services;    // by token
    std::map<Transaction, Answered> transactions;
    Position last = 0;

    // By "@alice:lab.test" or "alice"; by id, by "#ops:lab.test", "#ops" or "ops".
    Account* account(std::string_view id_or_name);
    Room* room(std::string_view id_or_alias);
    std::string alias_of(std::string_view name) const;
    Event const* event(std::string_view id) const;

    std::string new_event_id();
    std::string new_room_id(std::string_view version);
    std::string new_token(std::string_view kind); // "syt", "syr"
    std::string new_device_id();
    // What a device sent is not remembered any more.
    void forget_transactions(std::string_view user, std::string_view device);

private:
    std::string digest(); // 43 characters of base64 for URLs, another each time
    std::uint64_t made_ = 0;
};

} // namespace cox::fake_homeserver
