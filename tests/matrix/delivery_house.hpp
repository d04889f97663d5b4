#pragma once
// The way out to Matrix alone, against a homeserver of our own on loopback: "alice", "bob" and the bot, in #ops.
#include "adapters/matrix/delivery.hpp"
#include "adapters/matrix/names.hpp"
#include "fake_chat_desk.hpp"
#include "fake_homeserver/fake_homeserver.hpp"
#include "fake_store.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

using nlohmann::json;

class DeliveryHouse {
public:
    DeliveryHouse();
    ~DeliveryHouse();

    // A new life on the same store, as after kill -9.
    void restart();

    // Runs until `done`; false when that takes more than ten seconds.
    template <class Done>
    [[nodiscard]] bool run_until(Done done) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!done()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            io_.run_one_for(std::chrono::milliseconds{20});
        }
        return true;
    }

    Delivered deliver(std::int64_t op, Effect);
    Delivered reconcile(std::int64_t op, Effect);
    // A room with an incident of ours in it; `op` made it.
    ChannelId open_incident_room(std::int64_t op = 900);

    static Person person(std::string_view name, std::string shown);
    ChannelId ops() const { return channel_id(ops_); }
    Room& room(ChannelId const& channel) { return parts->shared.rooms.at(raw(channel)); }
    // As clients show them, of a room's id.
    std::vector<json> messages(ChannelId const& channel) { return matrix.messages(std::string{raw(channel)}); }
    json room_as_it_is(ChannelId const& channel) { return matrix.room(std::string{raw(channel)}); }
    std::size_t said(ChannelId const&, std::string_view part);
    std::vector<json> calls_to(std::string_view endpoint, std::string_view type = {});

    fake_homeserver::FakeHomeserver matrix;
    test::FakeChatDesk desk;

    // One life of the network.
    struct Parts {
        Parts(DeliveryHouse&, std::string const& token);

        std::unique_ptr<net::Outside> outside;
        Api api;
        Rooms rooms;
        People people;
        Heard heard;
        OwnMessages own;
        Shared shared;
        Deliverer deliverer;
    };
    std::unique_ptr<Parts> parts;

private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    std::string token_;
    std::string ops_;

public:
    test::FakeStore store{[this](std::function<void()> call) { boost::asio::post(io_, std::move(call)); }};
};

} // namespace cox::matrix
