#include "adapters/matrix/heard.hpp"

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;

// An answer that comes later than this is no answer to it any more.
constexpr auto kept_for = 30min;
constexpr std::size_t most = 4096;

} // namespace

void Heard::heard(ChannelId const& channel, UserId const& user, Place place, Moment now) {
    if (places_.size() >= most)
        std::erase_if(places_, [&](auto const& each) { return now - each.second.at > kept_for; });
    if (places_.size() >= most) places_.clear();
    places_[{channel.value, user.value}] = {std::move(place), now};
}

std::optional<Heard::Place> Heard::last(ChannelId const& channel, UserId const& user, Moment now) const {
    auto const found = places_.find({channel.value, user.value});
    if (found == places_.end() || now - found->second.at > kept_for) return std::nullopt;
    return found->second.place;
}

} // namespace cox::matrix
