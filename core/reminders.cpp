#include "core/reminders.hpp"

#include "core/event_words.hpp"
#include "core/marks.hpp"
#include "core/phrases.hpp"
#include "core/rules/rule.hpp"
#include "core/views.hpp"

#include <algorithm>

namespace cox {
namespace {

using effect::PostKind;

constexpr std::size_t most_buttons = 10;

struct Writer {
    Event const& event;
    Incident const& incident;
    Policy const& policy;
    Words const& words;

    Args args() const {
        auto all = words_of(event, incident, policy);
        all.emplace_back("commander_mention", marks::mention(incident.commander()));
        return all;
    }
    std::string waited(Time since) const { return span_text(event.at - since); }

    std::optional<Reminder> stale(Args all) const {
        all.emplace_back("ago", waited(incident.last_update));
        return Reminder{{}, words.say("reminded.stale", all), {{"update", "Post update"}}};
    }

    std::optional<Reminder> roles(event::Reminded const& e, Args all) const {
        auto const& severity = severity_of(incident, policy);
        auto const open = open_roles(incident, severity);
        all.emplace_back("open", role_tags(open, policy));
        all.emplace_back("first",
                         open.empty() ? "" : marks::code(role_verb(role_or_key(open.front(), policy)) + " me"));
        all.emplace_back("waited", waited(incident.roles_wanted_at));
        all.emplace_back("backup_mention", e.person ? marks::mention(*e.person) : "");
        Reminder reminder{{}, words.say("reminded.roles", all), {}, PostKind::escalation, {}};
        if (e.person && level_of("roles-filled", policy, severity) == Level::enforce)
            reminder.paged.push_back(*e.person);
        return reminder;
    }

    std::optional<Reminder> role(event::Reminded const& e, Args all) const {
        auto const* seat = incident.seat(e.about.substr(5));
        if (!seat || !seat->offer) return std::nullopt;
        auto const role = role_or_key(seat->role, policy);
        auto const word = role_verb(role);
        all.emplace_back("role", role.title);
        all.emplace_back("verb", word);
        add_offer(all, *seat->offer);
        if (e.step > 1) return Reminder{{}, words.say("reminded.role.commander", all), {}};
        return Reminder{
            {}, words.say("reminded.role", all), {{"accept " + word, "Accept"}, {"decline " + word, "Decline"}}};
    }

    std::optional<Reminder> item(event::Reminded const& e, Args all) const {
        auto const* item = incident.item(e.about);
        if (!item || !item->offer) return std::nullopt;
        all.emplace_back("item", item->id);
        all.emplace_back("what", item->what);
        add_offer(all, *item->offer);
        if (e.step > 1) return Reminder{{}, words.say("reminded.item.commander", all), {}};
        return Reminder{{},
                        words.say("reminded.item", all),
                        {{"accept " + item->id, "Accept"}, {"decline " + item->id, "Decline"}}};
    }
    void add_offer(Args& all, Offer const& offer) const {
        all.emplace_back("offered", marks::mention(offer.person));
        all.emplace_back("offered_name", offer.person.name);
        all.emplace_back("waited", waited(offer.at));
    }

    std::optional<Reminder> eta(event::Reminded const& e, Args all) const {
        auto const* item = incident.item(e.about.substr(4));
        if (!item || !item->owner || !item->eta) return std::nullopt;
        all.emplace_back("item", item->id);
        all.emplace_back("what", item->what);
        all.emplace_back("owner", item->owner->name);
        all.emplace_back("owner_mention", marks::mention(*item->owner));
        all.emplace_back("eta", digits_moment(*item->eta, policy.zone));
        all.emplace_back("late", waited(*item->eta));
        return Reminder{
            {},
            words.say(e.step > 1 ? "reminded.eta.commander" : "reminded.eta", all),
            {{"done " + item->id, "Done"}, {"eta " + item->id + " +10m", "+10 min"}, {"fail " + item->id, "Failed"}}};
    }

    std::optional<Reminder> hypothesis(Args all) const {
        if (!incident.hypothesis) return std::nullopt;
        auto const& text = incident.hypothesis->text;
        std::string const confidence{confidence_word(incident.confidence)};
        auto const* failed = incident.item(incident.doubted_by);
        all.emplace_back("hypothesis", text);
        all.emplace_back("confidence", confidence);
        all.emplace_back("age", waited(incident.hypothesis->at));
        all.emplace_back("failed", failed ? failed->id + " " + failed->what : "");
        auto const why = failed ? failed->id + " did not help" : std::string{"nothing has come to support it"};
        return Reminder{incident.commander(),
                        words.say("reminded.hypothesis", all),
                        {{"hyp " + text + " " + confidence, "Keep"}, {"hyp out because " + why, "Rule out"}}};
    }

    std::optional<Reminder> idle(Args all) const {
        auto const free = free_people(incident, event.at, &incident.commander());
        std::vector<std::string> waiting;
        for (auto const& item : incident.items) {
            if (item.closed()) continue;
            waiting.push_back(item.id + " " + item.what);
        }
        all.emplace_back("idle", incident.idle_since ? waited(*incident.idle_since) : "");
        all.emplace_back("need", incident.need ? incident.need->text : "");
        all.emplace_back("hypothesis", incident.hypothesis ? incident.hypothesis->text : "");
        all.emplace_back("waiting", join(waiting));
        all.emplace_back("free", join(names_of(free)));
        all.emplace_back("instead",
                         marks::code("act … @" + (free.empty() ? "someone" : short_id(free.front())) + " eta 10m"));
        return Reminder{incident.commander(), words.say("reminded.idle", all), {}};
    }

    std::optional<Reminder> shift(Args all) const {
        auto const free = free_people(incident, event.at, &incident.commander());
        auto const calmer = std::ranges::find_if(policy.severities, [&](Severity const& one) {
            return policy.rank(one.key) > policy.rank(incident.severity) && !one.loop_every;
        });
        all.emplace_back("hours", waited(incident.seats.front().since));
        all.emplace_back("free", join(names_of(free)));
        bool const lower = calmer != policy.severities.end();
        all.emplace_back("calmer", lower ? calmer->label : "");
        all.emplace_back("lower", lower ? marks::code("sev " + calmer->key + " because …") : "");
        all.emplace_back("brief", handover_text(incident, policy, words));
        std::vector<Button> buttons;
        for (auto const& person : free)
            buttons.push_back({"ic @" + short_id(person), "Hand over to " + person.name});
        return Reminder{incident.commander(), words.say("reminded.shift", all), std::move(buttons)};
    }

    std::optional<Reminder> of(event::Reminded const& e) const {
        auto all = args();
        if (e.about == "stale") return stale(std::move(all));
        if (e.about == "roles") return roles(e, std::move(all));
        if (e.about == "hypothesis") return hypothesis(std::move(all));
        if (e.about == "idle") return idle(std::move(all));
        if (e.about == "shift") return shift(std::move(all));
        if (e.about.starts_with("role:")) return role(e, std::move(all));
        if (e.about.starts_with("eta:")) return eta(e, std::move(all));
        return item(e, std::move(all));
    }

    std::optional<Reminder> of(event::Escalated const& e) const {
        return escalation(e.paged ? "said.escalated.page" : "said.escalated", e.backup, e.paged);
    }
    std::optional<Reminder> of(event::Unattended const& e) const {
        return escalation(e.paged ? "said.unattended.page" : "said.unattended", e.backup, e.paged);
    }
    Reminder escalation(std::string_view key, std::optional<Person> const& backup, bool paged) const {
        auto all = args();
        all.emplace_back("backup_mention", backup ? marks::mention(*backup) : "");
        Reminder reminder{{}, words.say(key, all), {{"update", "Post update"}}, PostKind::escalation, {}};
        if (!paged) return reminder;
        reminder.paged.push_back(incident.commander());
        if (backup) reminder.paged.push_back(*backup);
        return reminder;
    }

    std::optional<Reminder> of(event::LoopAsked const& e) const {
        return Reminder{
            e.person, loop_text(incident, policy, words), {{"loop ok", "All of it holds"}, {"loop", "Change"}}};
    }
};

// "Accept" for two things at once would not say which: "Accept A2".
void tell_apart(std::vector<Button>& buttons) {
    auto const labels = buttons;
    for (auto& button : buttons) {
        if (std::ranges::count(labels, button.label, &Button::label) < 2) continue;
        auto const space = button.command.find(' ');
        if (space == std::string::npos) continue;
        auto const about = std::string_view{button.command}.substr(space + 1);
        button.label += " " + std::string{about.substr(0, about.find(' '))};
    }
}

void add(Reminder& one, Reminder&& other) {
    one.text += (one.only_for ? "\n\n" : "\n") + other.text;
    for (auto& button : other.buttons) {
        bool const there = std::ranges::find(one.buttons, button.command, &Button::command) != one.buttons.end();
        if (!there && one.buttons.size() < most_buttons) one.buttons.push_back(std::move(button));
    }
    if (other.kind == PostKind::escalation) one.kind = other.kind;
    for (auto& person : other.paged)
        if (std::ranges::find(one.paged, person) == one.paged.end()) one.paged.push_back(std::move(person));
}

} // namespace

std::optional<Reminder> reminder_of(Event const& event, Incident const& after, Policy const& policy,
                                    Words const& words) {
    Writer const writer{event, after, policy, words};
    return std::visit(
        [&](auto const& e) -> std::optional<Reminder> {
            if constexpr (requires { writer.of(e); }) return writer.of(e);
            return std::nullopt;
        },
        event.body);
}

std::vector<Reminder> as_one(std::vector<Reminder> all) {
    std::vector<Reminder> told;
    for (auto& reminder : all) {
        auto const same =
            std::ranges::find_if(told, [&](Reminder const& one) { return one.only_for == reminder.only_for; });
        if (same == told.end()) {
            told.push_back(std::move(reminder));
        } else {
            add(*same, std::move(reminder));
        }
    }
    for (auto& reminder : told)
        tell_apart(reminder.buttons);
    return told;
}

} // namespace cox
