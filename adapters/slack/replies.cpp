#include "adapters/slack/replies.hpp"

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

// Slack takes five answers within 30 minutes; a minute of that is left for the way.
constexpr int most_uses = 5;
constexpr auto good_for = 29min;
constexpr std::size_t places_kept = 10'000;
// Who types faster than is answered still has an address for each answer.
constexpr std::size_t addresses_kept = 32;

} // namespace

void Replies::heard(ChannelId const& channel, UserId const& user, std::string response_url, std::string thread_ts,
                    Moment now) {
    if (places_.size() >= places_kept) drop_old(now);
    auto& place = places_[{channel.value, user.value}];
    place.thread_ts = std::move(thread_ts);
    place.at = now;
    if (response_url.empty()) return place.addresses.clear(); // typed where answers have no such address
    if (place.addresses.size() == addresses_kept) place.addresses.pop_front();
    place.addresses.push_back({std::move(response_url), 0, now});
}

std::string Replies::take_url(ChannelId const& channel, UserId const& user, Moment now) {
    auto const found = places_.find({channel.value, user.value});
    if (found == places_.end()) return {};
    auto& addresses = found->second.addresses;
    while (!addresses.empty() && (addresses.back().uses == most_uses || now - addresses.back().at > good_for))
        addresses.pop_back();
    if (addresses.empty()) return {};
    ++addresses.back().uses;
    return addresses.back().url;
}

std::string Replies::thread(ChannelId const& channel, UserId const& user, Moment now) const {
    auto const found = places_.find({channel.value, user.value});
    return found == places_.end() || now - found->second.at > good_for ? std::string{} : found->second.thread_ts;
}

void Replies::drop_url(ChannelId const& channel, UserId const& user, std::string_view url) {
    auto const found = places_.find({channel.value, user.value});
    if (found == places_.end()) return;
    std::erase_if(found->second.addresses, [&](auto const& address) { return address.url == url; });
}

void Replies::drop_old(Moment now) {
    std::erase_if(places_, [&](auto const& entry) { return now - entry.second.at > good_for; });
    // All of them new: those who wait for an answer get it where everybody else does.
    if (places_.size() >= places_kept) places_.clear();
}

} // namespace cox::slack
