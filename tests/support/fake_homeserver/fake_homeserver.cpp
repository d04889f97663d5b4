#include "fake_homeserver.hpp"

#include "acts.hpp"
#include "control.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <stdexcept>
#include <thread>

namespace cox::fake_homeserver {

struct FakeHomeserver::Impl {
    explicit Impl(unsigned short port) : server{context, port}, address{server.http.address()} {}
    ~Impl() {
        context.stop();
        thread.join();
    }

    boost::asio::io_context context{1};
    // It goes on while the server is down.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
    Homeserver server;
    std::string address;
    std::thread thread{[this] { context.run(); }};
};

FakeHomeserver::FakeHomeserver(unsigned short port) : impl_{std::make_unique<Impl>(port)} {}
FakeHomeserver::~FakeHomeserver() = default;

std::string const& FakeHomeserver::address() const {
    return impl_->address;
}

json FakeHomeserver::act(std::string_view name, json args) {
    args["do"] = name;
    std::promise<json> promise;
    boost::asio::post(impl_->context, [&] {
        control(impl_->server, args, [&promise](json answer) { promise.set_value(std::move(answer)); });
    });
    auto answer = promise.get_future().get();
    if (!answer.value("ok", true))
        throw std::runtime_error{"fake homeserver: " + std::string{name} + ": " + answer.value("error", "")};
    return answer;
}

void FakeHomeserver::inside(std::function<void(Homeserver&)> does) {
    std::promise<void> done;
    boost::asio::post(impl_->context, [&] {
        try {
            does(impl_->server);
            done.set_value();
        } catch (...) {
            done.set_exception(std::current_exception());
        }
    });
    done.get_future().get();
}

bool FakeHomeserver::wait_for(json const& words, std::chrono::milliseconds within) {
    std::promise<bool> promise;
    boost::asio::post(impl_->context, [&] {
        impl_->server.wait(condition_of(impl_->server, words), within,
                           [&promise](bool came) { promise.set_value(came); });
    });
    return promise.get_future().get();
}

std::vector<json> FakeHomeserver::calls(std::string_view endpoint) {
    std::vector<json> found;
    inside([&](Homeserver& server) {
        for (auto const& call : server.log.calls)
            if (endpoint.empty() || call.endpoint == endpoint) found.push_back(call);
    });
    return found;
}

json FakeHomeserver::room(std::string_view name) {
    json found;
    inside([&](Homeserver& server) { found = seen_room(room_in(server, {{"room", name}})); });
    return found;
}

std::vector<json> FakeHomeserver::messages(std::string_view name) {
    return room(name).at("messages");
}

std::vector<json> FakeHomeserver::events(std::string_view name) {
    return room(name).at("events");
}

std::size_t FakeHomeserver::room_count() {
    std::size_t count = 0;
    inside([&](Homeserver& server) { count = server.world.rooms.size(); });
    return count;
}

std::vector<std::string> FakeHomeserver::violations() {
    std::vector<std::string> found;
    inside([&](Homeserver& server) { found = server.log.violations; });
    return found;
}

json FakeHomeserver::see(std::string_view part) {
    json found;
    inside([&](Homeserver& server) { found = seen(server, part); });
    return found.at(std::string{part});
}

} // namespace cox::fake_homeserver
