#include "adapters/matrix/heard.hpp"

#include <algorithm>
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

// A question is answered, and nothing else happens. Of what is carried out everybody sees something, and what the
// person is to know besides is said last: "you are in line". What belongs to the success itself, such as the brief of a
// role, stands before what is shown of it.
auto besides_success(std::vector<Effect> const& effects) {
    auto const last_shown = std::find_if_not(effects.rbegin(), effects.rend(), [](Effect const& each) {
        return std::holds_alternative<effect::Tell>(each);
    });
    return last_shown == effects.rend() ? effects.end() : last_shown.base();
}

} // namespace

void Heard::heard(UserId const& user, std::string const& key, Place place, Moment now) {
    make_room(commands_, now);
    commands_[key] = {user, {std::move(place)}, now};
}

void Heard::led_to(std::string const& key, Outcome const& outcome, Moment now) {
    auto const found = commands_.extract(key);
    if (found.empty()) return;
    auto const& command = found.mapped();
    auto const besides = besides_success(outcome.effects);
    for (auto each = outcome.effects.begin(); each != outcome.effects.end(); ++each) {
        bool const objects = outcome.what == Outcome::What::refused || each >= besides;
        auto const* const tell = std::get_if<effect::Tell>(&*each);
        if (!tell || tell->to.id != command.user) continue;
        make_room(answers_, now);
        answers_[{tell->channel.value, tell->to.id.value, tell->text}] = {
            command.user, {command.answers.place, objects}, now};
    }
}

std::optional<Heard::Answers> Heard::answered_by(effect::Tell const& tell, Moment now) const {
    auto const found = answers_.find({tell.channel.value, tell.to.id.value, tell.text});
    if (found == answers_.end() || now - found->second.at > kept_for) return std::nullopt;
    return found->second.answers;
}

} // namespace cox::matrix
