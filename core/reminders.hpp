#pragma once
// What the clock says to people: whom, and what they can press. Those that fall due together are told as one.
#include "core/effect.hpp"
#include "core/event.hpp"
#include "core/incident.hpp"
#include "core/policy.hpp"
#include "core/words.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cox {

struct Reminder {
    std::optional<Person> only_for; // for this person's eyes; none: it stands in the channel
    std::string text;               // marked
    std::vector<Button> buttons;
    effect::PostKind kind = effect::PostKind::word;
    std::vector<Person> paged = {};
};

// None where the event reminds nobody.
std::optional<Reminder> reminder_of(Event const&, Incident const& after, Policy const&, Words const&);

// One for the channel and one for each person who hears something alone.
std::vector<Reminder> as_one(std::vector<Reminder>);

} // namespace cox
