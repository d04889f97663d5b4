#include "adapters/slack/homes.hpp"

#include "adapters/slack/names.hpp"

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

Homes::Homes(boost::asio::io_context& io, Shared& shared, People& people)
    : shared_{shared}, people_{people}, alarm_{io} {}

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
    auto show = [this, user, alive = std::weak_ptr<bool>{alive_}] {
        if (!alive.lock()) return;
        shared_.api.call({"views.publish", {{"user_id", user}, {"view", view_for(user)}}, "", urgency},
                         [](Answer const&) {});
    };
    people_.know({user}, std::move(show), urgency);
}

std::string Homes::view_for(std::string const& user) {
    if (people_.standing(user, "") != Standing::member) return home_for_guests();
    auto incidents = shared_.desk.open_incidents();
    std::erase_if(incidents, [&](Incident const* incident) { return !may_see(user, *incident); });
    return home_view(incidents, shared_.desk.policy());
}

bool Homes::may_see(std::string const& user, Incident const& incident) {
    if (!incident.channel) return !shared_.private_channels;
    if (!is_ours(incident.channel->id.value)) return true; // of another network, which has no privacy that we know of
    bool const has_a_role = std::ranges::any_of(
        incident.seats, [&](auto const& seat) { return seat.holder && raw(seat.holder->id) == user; });
    auto const& room = shared_.rooms.at(raw(incident.channel->id));
    return has_a_role || room.is_open_to_all() || people_.is_member(room.address(), user);
}

void Homes::stop() {
    alarm_.cancel();
    looked_.clear();
}

} // namespace cox::slack
