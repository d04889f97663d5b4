#pragma once
// Socket Mode: who is connected, what was sent to whom, what was acknowledged, and what is therefore sent again.
#include "connection.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace cox::fake_slack {

struct Slack;
using nlohmann::json;

struct Envelope {
    struct Delivery {
        int connection = 0; // 0: nobody was connected
        int attempt = 0;
        std::int64_t at_us = 0;
    };
    struct Ack {
        int connection = 0;
        std::int64_t at_us = 0;
        std::size_t frame_bytes = 0;
        json payload;      // null: none
        bool lost = false; // Slack never saw it
    };

    std::string id;
    std::string type; // "events_api"
    bool takes_payload = false;
    std::string payload; // JSON
    std::vector<Delivery> deliveries;
    std::vector<Ack> acks;
    bool settled = false;  // acknowledged, as Slack sees it
    bool given_up = false; // the last attempt was not acknowledged: the user sees an error
    std::function<void(Ack const&)> on_ack;
};
void to_json(json&, Envelope const&);

class Sockets {
public:
    explicit Sockets(Slack& slack) : slack_{slack} {}

    // The way in: a URL for one connection.
    std::string new_url();
    bool use_ticket(std::string const& ticket);
    // `greeting`: the bytes that accept the upgrade. They go out once the connection is among the others.
    void adopt(Connection::Tcp, std::string greeting, std::string already_read, bool recycle);

    // Sends it to one of the connections; again while it is not acknowledged. The envelope's id.
    std::string deliver(std::string type, json const& payload, bool takes_payload,
                        std::function<void(Envelope::Ack const&)> on_ack = {});
    // Envelopes wait from hold() to release(); released backwards they arrive out of order.
    void hold() { holding_ = true; }
    void release(bool backwards);

    // Frames that are not envelopes, to one connection or (0) to all. How many got it.
    int send_text(int connection, std::string const& text);
    int send_binary(int connection, std::string const& bytes);
    int send_disconnect(int connection, std::string const& reason, std::optional<int> close_after_ms);
    int close(int connection, std::uint16_t code, std::string const& reason);
    int reset(int connection);
    int set_silent(int connection, bool);
    int set_deaf(int connection, bool);

    // From the connections.
    void said(Connection&, std::string const& text);
    void closed(Connection&);
    void gone(Connection&);
    void refused(int connection, std::size_t bytes);
    bool too_long(std::size_t bytes) const;

    std::size_t open() const { return connections_.size(); } // half-closed ones count
    std::size_t serving() const;
    int ever() const { return last_connection_; }
    std::deque<Envelope> const& envelopes() const { return envelopes_; }
    Envelope const* envelope(std::string const& id) const;
    json shown() const;                       // the connections, those that were among them
    json strange() const { return strange_; } // what clients sent that is no acknowledgement
    void forget_envelopes();

private:
    void send_hello(std::shared_ptr<Connection> const&);
    void ping(std::weak_ptr<Connection>);
    void attempt(Envelope&, int number);
    void send(Envelope&, int number, std::string const& id);
    void check(std::string const& id, int number);
    std::shared_ptr<Connection> next_connection();
    template <class Does>
    int each(int connection, Does does);
    json text_of(Connection const&) const;

    Slack& slack_;
    std::set<std::string> tickets_;
    std::vector<std::shared_ptr<Connection>> connections_;
    std::vector<json> past_;
    json strange_ = json::array();
    std::deque<Envelope> envelopes_;
    std::unordered_map<std::string, Envelope*> by_id_;
    std::vector<std::string> held_;
    bool holding_ = false;
    int last_connection_ = 0;
    int last_ticket_ = 0;
    std::uint64_t last_envelope_ = 0;
    std::size_t turn_ = 0;
};

} // namespace cox::fake_slack
