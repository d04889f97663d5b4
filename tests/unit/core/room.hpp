#pragma once
// A policy and a room full of people, for tests of what is typed.
#include "core/parse.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cox::test {

inline Time at(char const* rfc3339) {
    return from_rfc3339(rfc3339).value();
}

inline Policy small_policy() {
    Policy policy;
    auto const severity = [](std::string key, std::vector<std::string> aliases) {
        Severity one;
        one.label.append("SEV-").append(key);
        one.key = std::move(key);
        one.aliases = std::move(aliases);
        return one;
    };
    policy.severities = {severity("1", {"p1", "sev1", "sev-1"}), severity("2", {"p2"}), severity("3", {"p3"})};
    policy.triage = std::string{"2"};
    policy.roles = {{"commander", "Incident Commander", "IC", {"ic"}, ""},
                    {"comms", "Communications Lead", "Comms", {}, ""},
                    {"ops", "Operations Lead", "Ops", {}, ""},
                    {"scribe", "Scribe", "Scribe", {}, ""},
                    {"tech", "Technical Lead", "Tech", {}, ""},
                    {"oncall", "On-call", "On-call", {"on-call"}, ""}};
    return policy;
}

inline Person person(std::string id, std::string name) {
    return {UserId{std::move(id)}, std::move(name)};
}

// Ana speaks; there are two people called Chris.
class Room {
public:
    Reading read(std::string_view typed, Form form = Form::message) const {
        return parse(typed, form, {policy, now, person("ana", "Ana"), [this](std::string_view word, bool mention) {
                                       return find(word, mention);
                                   }});
    }

    Policy policy = small_policy();
    Time now = at("2026-11-23T14:09:30.000Z");
    std::vector<Person> people = {person("ana", "Ana"),     person("bo", "Bo"),      person("sara", "Sara"),
                                  person("ameer", "Ameer"), person("c1", "Chris"),   person("c2", "Chris"),
                                  person("li", "Li Na"),    person("b0", "coxswain")};

private:
    std::vector<Person> find(std::string_view word, bool mention) const {
        std::string lowered;
        for (char const c : word)
            lowered += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        std::vector<Person> found;
        for (auto const& one : people) {
            std::string name;
            for (char const c : one.name)
                name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            // Slack's ids in mark-up are upper case: "U-BO".
            bool const by_id = one.id.value == lowered || (mention && "u-" + one.id.value == lowered);
            if (by_id || name == lowered) found.push_back(one);
        }
        return found;
    }
};

} // namespace cox::test
