#include "adapters/slack/homes.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

constexpr auto shown_after = 5s;
constexpr auto looks_for = 1h;
// Slack takes about a hundred of these a minute.
constexpr std::size_t most_lookers = 20;
constexpr int urgency = 9; // nobody waits for it at 3 AM

} // namespace

Homes::Homes(boost::asio::io_context& io, Shared& shared) : shared_{shared}, alarm_{io} {}

void Homes::opened(std::string const& user) {
    looked_[user] = std::chrono::steady_clock::now();
    if (looked_.size() > most_lookers) {
        looked_.erase(std::ranges::min_element(looked_, {}, [](auto const& each) { return each.second; }));
    }
    publish(user);
}

void Homes::changed() {
    if (looked_.empty() || std::exchange(armed_, true)) return;
    alarm_.expires_after(shown_after);
    alarm_.async_wait([this, alive = std::weak_ptr<bool>{alive_}](boost::system::error_code const& error) {
        if (!error && alive.lock()) publish_all();
    });
}

void Homes::publish_all() {
    armed_ = false;
    auto const now = std::chrono::steady_clock::now();
    std::erase_if(looked_, [&](auto const& each) { return now - each.second > looks_for; });
    for (auto const& [user, at] : looked_)
        publish(user);
}

void Homes::publish(std::string const& user) {
    if (!shared_.trouble.empty()) return;
    auto const& desk = shared_.desk;
    shared_.api.call(
        {"views.publish", {{"user_id", user}, {"view", home_view(desk.open_incidents(), desk.policy())}}, "", urgency},
        [](Answer const&) {});
}

void Homes::stop() {
    alarm_.cancel();
    looked_.clear();
}

} // namespace cox::slack
