#include "homeserver.hpp"

#include "api.hpp"
#include "control.hpp"
#include "deeds.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace cox::fake_homeserver {
namespace {

void populate(Homeserver& server) {
    for (auto const* const name : {"alice", "bob", "coxswain"}) {
        auto const id = "@" + std::string{name} + ":" + server.world.server_name;
        server.world.accounts[id] = {.id = id, .password = "aye", .displayname = name};
    }
    auto const alice = server.world.account("alice")->id;
    auto const bob = server.world.account("bob")->id;
    auto const bot = server.world.account("coxswain")->id;
    auto& ops = create_room(server, alice,
                            {{"room_alias_name", "ops"},
                             {"name", "ops"},
                             {"invite", {bob, bot}},
                             {"power_level_content_override", {{"users", {{alice, 100}, {bot, 50}}}}}});
    join(server, ops, bob);
    join(server, ops, bot);
    auto& general =
        create_room(server, alice, {{"room_alias_name", "general"}, {"name", "general"}, {"invite", {bob}}});
    join(server, general, bob);
}

} // namespace

struct Homeserver::Waiter {
    Ticket ticket;
    Condition condition;
    std::function<void(bool)> done;
    boost::asio::steady_timer timer;
};

Homeserver::Homeserver(boost::asio::io_context& its_context, unsigned short port)
    : context{its_context},
      http{its_context, port,
           [this](std::shared_ptr<Request const> const& request, std::shared_ptr<Waiting> const& waiting) {
               if (request->path().starts_with("/_control") || request->path().starts_with("/_state"))
                   answer_control(*this, *request, waiting->answer);
               else
                   answer_client(*this, request, waiting);
           }} {
    populate(*this);
}

std::int64_t Homeserver::now_ms() const {
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count() + ahead_ms_;
}

void Homeserver::violated(std::string what) {
    log.violations.push_back(std::move(what));
}

// Not at once: whoever says so may be in the middle of it.
void Homeserver::changed() {
    if (waiters_.empty() || std::exchange(looking_, true)) return;
    boost::asio::post(context, [this] { look(); });
}

void Homeserver::look() {
    looking_ = false;
    for (auto const& one : std::list{waiters_}) {
        if (std::ranges::find(waiters_, one) == waiters_.end() || !one->condition()) continue;
        waiters_.remove(one);
        one->done(true);
    }
}

Homeserver::Ticket Homeserver::wait(Condition condition, std::chrono::milliseconds within,
                                    std::function<void(bool)> done) {
    auto const ticket = ++last_ticket_;
    if (condition()) {
        done(true);
        return ticket;
    }
    auto const one = std::make_shared<Waiter>(
        Waiter{ticket, std::move(condition), std::move(done), boost::asio::steady_timer{context, within}});
    waiters_.push_back(one);
    one->timer.async_wait([this, weak = std::weak_ptr{one}](boost::system::error_code) {
        auto const still = weak.lock();
        if (!still || waiters_.remove(still) == 0) return;
        still->done(false);
    });
    return ticket;
}

void Homeserver::forget(Ticket ticket) {
    waiters_.remove_if([&](auto const& each) { return each->ticket == ticket; });
}

} // namespace cox::fake_homeserver
