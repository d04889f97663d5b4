#include "adapters/matrix/proxy_frame.hpp"

#include "adapters/json/untrusted.hpp"

namespace cox::matrix {
namespace {

using nlohmann::json;
using untrusted::at;
using untrusted::text_at;

std::map<std::string, std::vector<Event>> by_room(json const& list) {
    std::map<std::string, std::vector<Event>> rooms;
    if (!list.is_array()) return rooms;
    for (auto const& each : list) {
        auto const room = text_at(each, "room_id");
        if (auto event = read_event(each); event && !room.empty()) rooms[room].push_back(std::move(*event));
    }
    return rooms;
}

std::string dump(json const& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

ProxyFrame read_proxy_frame(std::string_view text) {
    auto const whole = read_with_events(text);
    if (!whole) return frame::Junk{whole.error()};
    auto const command = text_at(*whole, "command");
    auto const id = untrusted::count_at(*whole, "id").value_or(0);
    auto const txn = text_at(*whole, "txn_id");
    // A plain proxy sends transactions without a command and wants no answer.
    if ((command.empty() || command == "transaction") && !txn.empty())
        return frame::Transaction{id, txn, by_room(at(*whole, "events"))};
    if (command == "response" || command == "error") return frame::Answered{id, command == "response"};
    if (command == "connect" || text_at(*whole, "status") == "connected") return frame::Connected{};
    if (!command.empty()) return frame::Asked{id, untrusted::plain_word(command)};
    return frame::Junk{"neither a transaction nor a command"};
}

std::string ping_frame(std::int64_t id, Time now) {
    return dump({{"id", id}, {"command", "ping"}, {"data", {{"timestamp", now.time_since_epoch().count()}}}});
}

std::string arrived_frame(std::int64_t id, std::string const& txn) {
    return dump({{"id", id}, {"command", "response"}, {"data", {{"txn_id", txn}}}});
}

std::string refused_frame(std::int64_t id) {
    return dump(
        {{"id", id}, {"command", "error"}, {"data", {{"code", "M_UNRECOGNIZED"}, {"message", "unknown request"}}}});
}

} // namespace cox::matrix
