#include "fake_slack.hpp"

#include "acts.hpp"
#include "control.hpp"
#include "http_server.hpp"
#include "seen.hpp"

#include <boost/asio/post.hpp>

#include <future>
#include <stdexcept>
#include <thread>

namespace cox::fake_slack {

struct FakeSlack::Impl {
    explicit Impl(unsigned short port) : slack{context}, server{slack, port}, thread{[this] { context.run(); }} {}
    ~Impl() {
        context.stop();
        thread.join();
    }

    boost::asio::io_context context{1};
    Slack slack;
    HttpServer server;
    std::thread thread;
};

FakeSlack::FakeSlack(unsigned short port) : impl_{std::make_unique<Impl>(port)} {}
FakeSlack::~FakeSlack() = default;

std::string const& FakeSlack::address() const {
    return impl_->slack.address;
}

json FakeSlack::act(std::string_view name, json args) {
    args["do"] = name;
    std::promise<json> promise;
    boost::asio::post(impl_->context, [&] {
        control(impl_->slack, args, [&promise](json answer) { promise.set_value(std::move(answer)); });
    });
    auto answer = promise.get_future().get();
    if (!answer.value("ok", true))
        throw std::runtime_error{"fake Slack: " + std::string{name} + ": " + answer.value("error", "")};
    return answer;
}

void FakeSlack::inside(std::function<void(Slack&)> does) {
    std::promise<void> done;
    boost::asio::post(impl_->context, [&] {
        try {
            does(impl_->slack);
            done.set_value();
        } catch (...) {
            done.set_exception(std::current_exception());
        }
    });
    done.get_future().get();
}

bool FakeSlack::wait_until(Condition condition, std::chrono::milliseconds within) {
    std::promise<bool> promise;
    boost::asio::post(impl_->context, [&] {
        impl_->slack.wait(condition, within, [&promise](bool came) { promise.set_value(came); });
    });
    return promise.get_future().get();
}

bool FakeSlack::wait_for(json const& words, std::chrono::milliseconds within) {
    return wait_until(condition_of(words), within);
}

std::vector<json> FakeSlack::calls(std::string_view method) {
    std::vector<json> found;
    inside([&](Slack& slack) {
        for (auto const& call : slack.log.calls)
            if (method.empty() || call.method == method) found.push_back(call);
    });
    return found;
}

std::vector<json> FakeSlack::messages(std::string_view name) {
    std::vector<json> found;
    inside([&](Slack& slack) {
        for (auto const& [ts, message] : channel_in(slack, {{"channel", name}}).messages)
            found.push_back(seen_message(message));
    });
    return found;
}

std::vector<json> FakeSlack::ephemerals(std::string_view user) {
    std::vector<json> found;
    inside([&](Slack& slack) {
        auto const id = user.empty() ? "" : user_in(slack, {{"user", user}});
        for (auto const& one : slack.world.ephemerals)
            if (id.empty() || one.user == id) found.push_back(seen_ephemeral(one));
    });
    return found;
}

json FakeSlack::channel(std::string_view name) {
    json found;
    inside([&](Slack& slack) { found = seen_channel(channel_in(slack, {{"channel", name}})); });
    return found;
}

json FakeSlack::envelope(std::string_view id) {
    json found;
    inside([&](Slack& slack) {
        auto const* const envelope = slack.sockets.envelope(std::string{id});
        if (envelope) found = *envelope;
    });
    return found;
}

json FakeSlack::see(std::string_view part) {
    json found;
    inside([&](Slack& slack) { found = seen(slack, part); });
    return found.at(std::string{part});
}

} // namespace cox::fake_slack
