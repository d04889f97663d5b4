#include "adapters/slack/replies.hpp"

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

// Slack takes five answers within 30 minutes; a minute of that is left for the way.
constexpr int most_uses = 5;
constexpr auto good_for = 29min;
constexpr std::size_t places_kept = 10'000;

} // namespace

void Replies::heard(ChannelId const& channel, UserId const& user, std::string response_url, std::string thread_ts,
                    Moment now) {
    if (places_.size() >= places_kept) drop_old(now);
    places_[{channel.value, user.value}] = {std::move(response_url), 0, std::move(thread_ts), now};
}

std::string Replies::take_url(ChannelId const& channel, UserId const& user, Moment now) {
    auto const found = places_.find({channel.value, user.value});
    if (found == places_.end()) return {};
    auto& place = found->second;
    if (place.url.empty() || place.uses == most_uses || now - place.at > good_for) return {};
    ++place.uses;
    return place.url;
}

std::string Replies::thread(ChannelId const& channel, UserId const& user, Moment now) const {
    auto const found = places_.find({channel.value, user.value});
    return found == places_.end() || now - found->second.at > good_for ? std::string{} : found->second.thread_ts;
}

void Replies::drop_url(ChannelId const& channel, UserId const& user) {
    if (auto const found = places_.find({channel.value, user.value}); found != places_.end()) found->second.url.clear();
}

void Replies::drop_old(Moment now) {
    std::erase_if(places_, [&](auto const& entry) { return now - entry.second.at > good_for; });
    // All of them new: those who wait for an answer get it where everybody else does.
    if (places_.size() >= places_kept) places_.clear();
}

} // namespace cox::slack
