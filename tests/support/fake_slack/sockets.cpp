#include "sockets.hpp"

#include "slack.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace cox::fake_slack {

using std::chrono::milliseconds;

void to_json(json& out, Envelope const& envelope) {
    out = {{"id", envelope.id},           {"type", envelope.type},         {"payload", json::parse(envelope.payload)},
           {"settled", envelope.settled}, {"given_up", envelope.given_up}, {"deliveries", json::array()},
           {"acks", json::array()}};
    for (auto const& [connection, attempt, at_us] : envelope.deliveries)
        out["deliveries"].push_back({{"connection", connection}, {"attempt", attempt}, {"at_us", at_us}});
    for (auto const& ack : envelope.acks)
        out["acks"].push_back({{"connection", ack.connection},
                               {"at_us", ack.at_us},
                               {"frame_bytes", ack.frame_bytes},
                               {"payload", ack.payload},
                               {"lost", ack.lost}});
}

std::string Sockets::new_url() {
    auto const ticket = "fake-" + std::to_string(++last_ticket_);
    tickets_.insert(ticket);
    return "ws" + slack_.address.substr(4) + "/link/?ticket=" + ticket + "&app_id=" + slack_.world.app;
}

bool Sockets::use_ticket(std::string const& ticket) {
    return tickets_.erase(ticket) == 1;
}

void Sockets::adopt(Connection::Tcp socket, std::string greeting, std::string already_read, bool recycle) {
    auto const connection = std::make_shared<Connection>(std::move(socket), ++last_connection_, *this);
    connections_.push_back(connection);
    Connection::send(connection, std::move(greeting));
    connection->silent = slack_.settings.silent;
    connection->deaf = slack_.settings.deaf;
    boost::asio::co_spawn(slack_.context, Connection::serve(connection, std::move(already_read)),
                          boost::asio::detached);
    if (connections_.size() > static_cast<std::size_t>(slack_.settings.most_connections)) {
        send_disconnect(connection->id, "too_many_websockets", 0);
    } else if (slack_.settings.hello) {
        send_hello(connection);
    }
    std::weak_ptr<Connection> const weak = connection;
    slack_.schedule.after(milliseconds{slack_.settings.ping_every_ms}, [this, weak] { ping(weak); });
    if (recycle)
        slack_.schedule.after(milliseconds{slack_.settings.recycle_after_ms},
                              [this, id = connection->id] { send_disconnect(id, "refresh_requested", {}); });
    slack_.changed();
}

void Sockets::send_hello(std::shared_ptr<Connection> const& connection) {
    json const hello = {{"type", "hello"},
                        {"num_connections", connections_.size()},
                        {"connection_info", {{"app_id", slack_.world.app}}},
                        {"debug_info",
                         {{"host", "applink-fake"},
                          {"started", "2026-11-20 10:00:00.000"},
                          {"build_number", 54},
                          {"approximate_connection_time", slack_.settings.lifetime_s}}}};
    Connection::send(connection, frame_bytes(Opcode::text, hello.dump()));
    connection->served = true;
}

void Sockets::ping(std::weak_ptr<Connection> weak) {
    auto const connection = weak.lock();
    if (!connection || connection->gone || connection->closing) return;
    Connection::send(connection, frame_bytes(Opcode::ping, "Ping from applink-fake"));
    slack_.schedule.after(milliseconds{slack_.settings.ping_every_ms}, [this, weak] { ping(weak); });
}

std::string Sockets::deliver(std::string type, json const& payload, bool takes_payload,
                             std::function<void(Envelope::Ack const&)> on_ack) {
    auto& envelope = envelopes_.emplace_back();
    char id[40];
    std::snprintf(id, sizeof id, "6d1f6c1e-0b7a-4b0e-9c51-%012llx", static_cast<unsigned long long>(++last_envelope_));
    envelope.id = id;
    envelope.type = std::move(type);
    envelope.takes_payload = takes_payload;
    envelope.payload = payload.dump(-1, ' ', false, json::error_handler_t::replace);
    envelope.on_ack = std::move(on_ack);
    by_id_[envelope.id] = &envelope;
    if (holding_)
        held_.push_back(envelope.id);
    else
        attempt(envelope, 0);
    return envelope.id;
}

void Sockets::release(bool backwards) {
    holding_ = false;
    auto waiting = std::exchange(held_, {});
    if (backwards) std::ranges::reverse(waiting);
    for (auto const& id : waiting)
        attempt(*by_id_.at(id), 0);
}

void Sockets::attempt(Envelope& envelope, int number) {
    auto id = envelope.id;
    if (number > 0 && slack_.settings.redeliver_with_new_id) {
        id += "-" + std::to_string(number);
        by_id_[id] = &envelope;
    }
    send(envelope, number, id);
    slack_.schedule.after(milliseconds{slack_.settings.ack_within_ms},
                          [this, first = envelope.id, number] { check(first, number); });
    if (auto const twice = slack_.faults.take(Fault::Kind::duplicate)) {
        auto const again = twice->how.value("new_id", false) ? id + "-again" : id;
        by_id_[again] = &envelope;
        send(envelope, number, again);
    }
    slack_.changed();
}

void Sockets::send(Envelope& envelope, int number, std::string const& id) {
    auto const connection = next_connection();
    envelope.deliveries.push_back({connection ? connection->id : 0, number, steady_us()});
    if (!connection || connection->deaf) return;
    // Written by hand, so that the payload is made once however often it is sent.
    auto text = R"({"envelope_id":")" + id + R"(","payload":)" + envelope.payload + R"(,"type":")" + envelope.type +
                R"(","accepts_response_payload":)" + (envelope.takes_payload ? "true" : "false");
    if (envelope.type == "events_api" || number > 0)
        text +=
            R"(,"retry_attempt":)" + std::to_string(number) + R"(,"retry_reason":")" + (number ? "timeout" : "") + '"';
    auto bytes = frame_bytes(Opcode::text, text + '}');
    if (!slack_.faults.take(Fault::Kind::mid_frame)) return Connection::send(connection, std::move(bytes));
    bytes.resize(bytes.size() / 2);
    Connection::send(connection, std::move(bytes));
    // Not at once: RST throws away what has not left yet.
    slack_.schedule.after(milliseconds{20}, [connection] { connection->reset(); });
}

void Sockets::check(std::string const& id, int number) {
    auto const found = by_id_.find(id);
    if (found == by_id_.end() || found->second->settled) return;
    auto& envelope = *found->second;
    auto const& waits = slack_.settings.redeliver_after_ms;
    bool const again = envelope.type == "events_api" || slack_.settings.redeliver_commands;
    if (!again || number >= static_cast<int>(waits.size())) {
        envelope.given_up = true;
        return slack_.changed();
    }
    slack_.schedule.after(milliseconds{waits[static_cast<std::size_t>(number)]}, [this, id, number] {
        auto const still = by_id_.find(id);
        if (still != by_id_.end() && !still->second->settled) attempt(*still->second, number + 1);
    });
}

std::shared_ptr<Connection> Sockets::next_connection() {
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        auto const& connection = connections_[turn_++ % connections_.size()];
        if (connection->served && !connection->closing) return connection;
    }
    return nullptr;
}

void Sockets::said(Connection& connection, std::string const& text) {
    auto const words = json::parse(text, nullptr, false);
    auto const id = words.is_object() ? words.value("envelope_id", "") : "";
    auto const found = by_id_.find(id);
    if (found == by_id_.end()) {
        strange_.push_back({{"connection", connection.id}, {"text", text}});
        return slack_.changed();
    }
    auto& envelope = *found->second;
    bool const lost = slack_.faults.take(Fault::Kind::ack_lost).has_value();
    auto const& ack = envelope.acks.emplace_back(Envelope::Ack{
        connection.id, steady_us(), text.size(), words.contains("payload") ? words["payload"] : json{}, lost});
    if (!lost && !envelope.settled) {
        envelope.settled = true;
        if (envelope.on_ack) envelope.on_ack(ack);
    }
    slack_.changed();
}

void Sockets::closed(Connection& connection) {
    if (slack_.settings.closes_tcp)
        slack_.schedule.after(milliseconds{20},
                              [this, id = connection.id] { each(id, [](auto const& one) { one->hang_up(); }); });
    slack_.changed();
}

void Sockets::gone(Connection& connection) {
    past_.push_back(text_of(connection));
    std::erase_if(connections_, [&](auto const& one) { return one.get() == &connection; });
    slack_.changed();
}

void Sockets::refused(int connection, std::size_t bytes) {
    strange_.push_back({{"connection", connection}, {"refused_frame_bytes", bytes}});
    slack_.changed();
}

bool Sockets::too_long(std::size_t bytes) const {
    return bytes >= static_cast<std::size_t>(slack_.settings.largest_frame);
}

template <class Does>
int Sockets::each(int connection, Does does) {
    int count = 0;
    for (auto const& one : std::vector{connections_}) {
        if (one->gone || (connection != 0 && one->id != connection)) continue;
        does(one);
        ++count;
    }
    return count;
}

int Sockets::send_text(int connection, std::string const& text) {
    return each(connection, [&](auto const& one) { Connection::send(one, frame_bytes(Opcode::text, text)); });
}

int Sockets::send_binary(int connection, std::string const& bytes) {
    return each(connection, [&](auto const& one) { Connection::send(one, frame_bytes(Opcode::binary, bytes)); });
}

int Sockets::send_disconnect(int connection, std::string const& reason, std::optional<int> close_after_ms) {
    json const words = {{"type", "disconnect"}, {"reason", reason}, {"debug_info", {{"host", "applink-fake"}}}};
    return each(connection, [&](auto const& one) {
        Connection::send(one, frame_bytes(Opcode::text, words.dump()));
        if (!close_after_ms) return;
        auto const close_it = [one] { Connection::send_close(one, 1000, ""); };
        if (*close_after_ms == 0) return close_it();
        slack_.schedule.after(milliseconds{*close_after_ms}, close_it);
    });
}

int Sockets::close(int connection, std::uint16_t code, std::string const& reason) {
    return each(connection, [&](auto const& one) { Connection::send_close(one, code, reason); });
}

int Sockets::reset(int connection) {
    return each(connection, [](auto const& one) { one->reset(); });
}

int Sockets::set_silent(int connection, bool silent) {
    return each(connection, [silent](auto const& one) { one->silent = silent; });
}

int Sockets::set_deaf(int connection, bool deaf) {
    return each(connection, [deaf](auto const& one) { one->deaf = deaf; });
}

std::size_t Sockets::serving() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(connections_, [](auto const& one) { return one->served && !one->closing; }));
}

Envelope const* Sockets::envelope(std::string const& id) const {
    auto const at = by_id_.find(id);
    return at == by_id_.end() ? nullptr : at->second;
}

json Sockets::text_of(Connection const& one) const {
    return {{"id", one.id},       {"served", one.served}, {"closing", one.closing},      {"gone", one.gone},
            {"pings", one.pings}, {"pongs", one.pongs},   {"close_code", one.close_code}};
}

json Sockets::shown() const {
    json all = past_;
    for (auto const& one : connections_)
        all.push_back(text_of(*one));
    return all;
}

void Sockets::forget_envelopes() {
    by_id_.clear();
    held_.clear();
    envelopes_.clear();
}

} // namespace cox::fake_slack
