#include "core/phrases.hpp"

#include "core/assert.hpp"
#include "core/characters.hpp"
#include "core/text.hpp"
#include "core/world.hpp"

#include <algorithm>

namespace cox {

Args about(Incident const& incident, Policy const&) {
    return {{"incident", text(incident.id)},
            {"title", incident.title},
            {"severity", incident.severity_label},
            {"status", std::string{status_word(incident.status)}},
            {"commander", incident.commander().name},
            {"commander_id", short_id(incident.commander())},
            {"acting", incident.seats.front().acting ? "acting" : ""},
            {"channel", incident.channel ? incident.channel->name : incident.wanted_name},
            {"channel_link", marks::place(incident.channel.value_or(Channel{{}, incident.wanted_name}))}};
}

std::vector<std::string> open_roles(Incident const& incident, Severity const& severity) {
    std::vector<std::string> open;
    for (auto const& role : severity.roles) {
        auto const* seat = incident.seat(role);
        if (!seat || !seat->holder || seat->acting) open.push_back(role);
    }
    return open;
}

std::string role_tags(std::vector<std::string> const& keys, Policy const& policy) {
    std::vector<std::string> tags;
    for (auto const& key : keys)
        tags.push_back(role_or_key(key, policy).tag);
    return join(tags);
}

Role role_or_key(std::string_view key, Policy const& policy) {
    if (auto const* role = policy.role(key)) return *role;
    return Role{std::string{key}, std::string{key}, std::string{key}, {}, {}};
}

std::string const& role_verb(Role const& role) {
    auto const* verb = &role.key;
    for (auto const& alias : role.aliases) {
        if (alias.size() < verb->size()) verb = &alias;
    }
    return *verb;
}

Severity const& severity_of(Incident const& incident, Policy const& policy) {
    auto const* severity = policy.severity(incident.severity);
    COX_ASSERT(severity != nullptr);
    return *severity;
}

std::vector<Person> free_people(Incident const& incident, Time now, Person const* but) {
    auto const busy = [&](Person const& person) {
        if (but && person == *but) return true;
        auto const holds = [&](Seat const& seat) {
            return (seat.holder && *seat.holder == person) || (seat.offer && seat.offer->person == person);
        };
        auto const works = [&](Item const& item) { return !item.closed() && item.owner && *item.owner == person; };
        return std::ranges::any_of(incident.seats, holds) || std::ranges::any_of(incident.items, works);
    };
    std::vector<Presence> there;
    for (auto const& one : incident.present)
        if (now - one.last < std::chrono::hours{1} && !busy(one.person)) there.push_back(one);
    std::ranges::stable_sort(there, std::greater{}, &Presence::last);
    std::vector<Person> people;
    for (auto const& one : there)
        if (people.size() < 3) people.push_back(one.person);
    return people;
}

std::vector<std::string> names_of(std::vector<Person> const& people) {
    std::vector<std::string> names;
    for (auto const& person : people)
        names.push_back(person.name);
    return names;
}

std::string clipped_change(std::string_view text) {
    return one_line(text, 120);
}

std::string where_open(World const& world) {
    std::vector<std::string> places;
    for (auto const& [id, incident] : world.incidents()) {
        if (!incident.open() || !incident.channel) continue;
        if (places.size() == 5) {
            places.emplace_back("more");
            break;
        }
        places.push_back(text(id) + " in " + marks::place(*incident.channel));
    }
    return join(places);
}

std::string verb_of(std::string_view typed) {
    while (!typed.empty() && std::string_view{"/! "}.contains(typed.front()))
        typed.remove_prefix(1);
    for (std::string_view const prefix : {"@coxswain ", "incident ", "inc "}) {
        if (typed.starts_with(prefix)) typed.remove_prefix(prefix.size());
    }
    auto text = one_line(typed, 120);
    if (auto const because = text.find(" because"); because != std::string::npos) text.resize(because);
    if (auto const space = text.find(' '), mark = text.find('!'); mark != std::string::npos && mark < space) {
        text.erase(mark, 1);
    }
    return text;
}

std::string short_id(Person const& person) {
    auto const& id = person.id.value;
    auto const colon = id.rfind(':');
    return colon == std::string::npos ? id : id.substr(colon + 1);
}

std::string clock_moment(Time at, Zone const& zone) {
    return marks::moment(at, clock_text(at, zone));
}

std::string digits_moment(Time at, Zone const& zone) {
    return marks::moment(at, clock_digits(at, zone));
}

std::string need_or_none(std::string_view text) {
    auto const same = [&](std::string_view word) { return same_ignoring_case(text, word); };
    return same("none") || same("nothing") || same("-") ? std::string{} : std::string{text};
}

std::string join(std::vector<std::string> const& parts, std::string_view last) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += i + 1 == parts.size() ? last : std::string_view{", "};
        text += parts[i];
    }
    return text;
}

std::string one_line(std::string_view text, std::size_t characters) {
    std::string line;
    line.reserve(text.size());
    for (char const c : text) {
        bool const blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!blank) {
            line.push_back(c);
        } else if (!line.empty() && line.back() != ' ') {
            line.push_back(' ');
        }
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return clipped(line, characters);
}

} // namespace cox
