#include "adapters/matrix/heard.hpp"

#include <utility>
#include <variant>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;

// An answer that comes later than this is no answer to it any more.
constexpr auto kept_for = 30min;
constexpr std::size_t most = 4096;

template <class Entries>
void make_room(Entries& entries, Heard::Moment now) {
    if (entries.size() < most) return;
    std::erase_if(entries, [now](auto const& each) { return now - each.second.at > kept_for; });
    if (entries.size() >= most) entries.clear();
}

} // namespace

void Heard::heard(UserId const& user, std::string const& key, Place place, Moment now) {
    make_room(commands_, now);
    commands_[key] = {user, std::move(place), now};
}

void Heard::led_to(std::string const& key, std::vector<Effect> const& effects, Moment now) {
    auto const found = commands_.extract(key);
    if (found.empty()) return;
    auto const& command = found.mapped();
    for (auto const& effect : effects) {
        auto const* const tell = std::get_if<effect::Tell>(&effect);
        if (!tell || tell->to.id != command.user) continue;
        make_room(answers_, now);
        answers_[{tell->channel.value, tell->to.id.value, tell->text}] = {command.user, command.place, now};
    }
}

std::optional<Heard::Place> Heard::place_of(effect::Tell const& tell, Moment now) const {
    auto const found = answers_.find({tell.channel.value, tell.to.id.value, tell.text});
    if (found == answers_.end() || now - found->second.at > kept_for) return std::nullopt;
    return found->second.place;
}

} // namespace cox::matrix
