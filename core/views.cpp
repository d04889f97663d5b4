#include "core/views.hpp"

#include "core/characters.hpp"
#include "core/phrases.hpp"

#include <algorithm>

namespace cox {
namespace {

constexpr std::string_view nobody = "—";

// "Ana", "Ana (acting)", "Sara?" while the offer waits, "—".
std::string who(Seat const* seat) {
    if (seat && seat->holder) return seat->holder->name + (seat->acting ? " (acting)" : "");
    if (seat && seat->offer) return seat->offer->person.name + "?";
    return std::string{nobody};
}

// The severity's roles first, then any other that somebody has.
std::vector<std::string> shown_roles(Incident const& incident, Policy const& policy) {
    auto roles = severity_of(incident, policy).roles;
    for (auto const& seat : incident.seats) {
        bool const taken = seat.holder || seat.offer;
        if (taken && std::ranges::find(roles, seat.role) == roles.end()) roles.push_back(seat.role);
    }
    return roles;
}

std::string age_note(std::optional<Fact> const& fact, Time now, std::optional<Duration> cadence) {
    if (!fact || !cadence || now - fact->at < *cadence) return {};
    return span_text(now - fact->at);
}

std::string eta_words(Item const& item, Policy const& policy) {
    return item.eta ? digits_moment(*item.eta, policy.zone) : std::string{};
}

std::string state_word(Item const& item) {
    switch (item.state) {
    case ItemState::offered: return item.offer ? "waits for accept" : "needs an owner";
    case ItemState::queued: return "in line";
    case ItemState::open: return "in progress";
    case ItemState::done: return "done";
    case ItemState::failed: return "failed";
    case ItemState::dropped: return "dropped";
    }
    return {};
}

View item_view(Item const& item, Policy const& policy, bool first) {
    return {{{"item", item.id},
             {"what", item.what},
             {"owner", item.owner ? item.owner->name : ""},
             {"eta", eta_words(item, policy)},
             {"mitigation", item.mitigation ? "yes" : ""},
             {"waits", item.state == ItemState::offered ? "yes" : ""},
             {"queued", item.state == ItemState::queued ? "yes" : ""},
             {"state", state_word(item)},
             {"result", item.result},
             {"comma", first ? "" : ", "}},
            {}};
}

std::vector<View> open_items(Incident const& incident, Policy const& policy, bool with_queued) {
    std::vector<View> rows;
    for (auto const& item : incident.items) {
        if (item.closed() || (!with_queued && item.state == ItemState::queued)) continue;
        rows.push_back(item_view(item, policy, rows.empty()));
    }
    return rows;
}

Args facts(Incident const& incident, Policy const& policy) {
    auto args = about(incident, policy);
    args.emplace_back("impact", incident.impact ? incident.impact->text : "");
    args.emplace_back("hypothesis", incident.hypothesis ? incident.hypothesis->text : "");
    args.emplace_back("confidence", incident.hypothesis ? std::string{confidence_word(incident.confidence)} : "");
    args.emplace_back("need", incident.need ? incident.need->text : "");
    args.emplace_back("need_by", incident.need && incident.need_by ? clock_moment(*incident.need_by, policy.zone) : "");
    args.emplace_back("next_update", incident.next_update ? clock_moment(*incident.next_update, policy.zone) : "");
    args.emplace_back("call", incident.call);
    args.emplace_back("started", incident.started ? clock_moment(*incident.started, policy.zone) : "");
    args.emplace_back("opened", clock_moment(incident.opened_at, policy.zone));
    args.emplace_back("declared_by", incident.declared_by.name);
    return args;
}

} // namespace

View facts_of(Incident const& incident, Policy const& policy) {
    View view{facts(incident, policy), {}};
    auto items = open_items(incident, policy, true);
    view.values.emplace_back("any_items", items.empty() ? "" : "yes");
    view.lists.emplace_back("items", std::move(items));
    return view;
}

std::string topic_left_behind(Incident const& incident) {
    auto const rest = " · moved to #" + clipped(incident.channel->name, 80) + " | #" + text(incident.id);
    return clipped(incident.severity_label + " " + incident.title, longest_topic - length(rest)) + rest;
}

std::string topic_text(Incident const& incident, Policy const& policy) {
    auto const roles = shown_roles(incident, policy);
    auto const number = " | #" + text(incident.id);
    auto const role_part = [&](std::size_t count, std::size_t name_limit) {
        std::string part;
        for (std::size_t i = 0; i < count; ++i) {
            part += (i == 0 ? " | " : " · ") + role_or_key(roles[i], policy).tag + " " +
                    clipped(who(incident.seat(roles[i])), name_limit);
        }
        return part;
    };
    auto const assemble = [&](std::string const& title, bool with_status, std::string const& people) {
        auto topic = incident.severity_label;
        if (!title.empty()) topic += " " + title;
        if (with_status) topic += " · " + std::string{status_word(incident.status)};
        return topic + people + number;
    };
    // What matters least gives way first: the title, then the status, then roles from the last, then the name.
    auto people = role_part(roles.size(), longest_topic);
    auto const bare = length(assemble("", true, people)) + 1;
    if (bare + 1 < longest_topic) return assemble(clipped(incident.title, longest_topic - bare), true, people);
    for (auto count = roles.size(); count > 0; --count) {
        people = role_part(count, longest_topic);
        if (auto topic = assemble("", false, people); length(topic) <= longest_topic) return topic;
    }
    return clipped(assemble("", false, role_part(std::min<std::size_t>(1, roles.size()), 80)), longest_topic);
}

Card card_of(Incident const& incident, Policy const& policy, Words const& words) {
    Card card;
    card.incident = incident.id;
    card.severity = incident.severity_label;
    card.title = incident.title;
    card.status = status_word(incident.status);
    std::vector<View> role_rows;
    for (auto const& key : shown_roles(incident, policy)) {
        auto const role = role_or_key(key, policy);
        card.roles.push_back({role.tag, role.title, who(incident.seat(key))});
        role_rows.push_back({{{"tag", role.tag},
                              {"title", role.title},
                              {"person", card.roles.back().person},
                              {"separator", role_rows.empty() ? "" : " · "}},
                             {}});
    }
    auto args = facts(incident, policy);
    card.impact = words.say("card.impact", args);
    card.hypothesis = words.say("card.hypothesis", args);
    card.need = words.say("card.need", args);
    card.call = incident.call;
    for (auto const& item : incident.items) {
        if (item.closed()) continue;
        card.items.push_back({item.id, item.what, item.owner ? item.owner->name : std::string{nobody},
                              item.eta ? clock_moment(*item.eta, policy.zone) : std::string{nobody}, state_word(item),
                              item.mitigation});
    }
    card.more = lines_of(incident, policy, words);
    std::vector<View> more;
    for (auto const& line : card.more)
        more.push_back({{{"name", line.name}, {"text", line.text}}, {}});
    card.last_update = clock_moment(incident.last_update, policy.zone);
    card.next_update = incident.next_update;
    card.next_update_text = marks::plain(words.say("card.next", args));
    if (incident.open()) {
        card.buttons = {{"update", "Post update"}, {"status", "Status"}};
        if (incident.seats.front().acting) card.buttons.insert(card.buttons.begin(), Button{"ic me", "Take command"});
    }
    View view{
        std::move(args),
        {{"roles", std::move(role_rows)}, {"items", open_items(incident, policy, true)}, {"more", std::move(more)}}};
    view.values.emplace_back("last_update", card.last_update);
    view.values.emplace_back("any_items", card.items.empty() ? "" : "yes");
    card.text = words.render("card", view);
    return card;
}

Card card_left_behind(Incident const& incident, Policy const& policy, Words const& words) {
    auto card = card_of(incident, policy, words);
    auto const args = about(incident, policy);
    card.status = marks::plain(words.say("card.moved", args));
    card.next_update.reset();
    card.next_update_text = marks::plain(words.say("card.moved.next", args));
    card.text = words.say("card.moved.text", args);
    card.buttons.clear();
    return card;
}

std::string update_text(Incident const& incident, Time now, bool unconfirmed, std::optional<Time> silent_since,
                        Policy const& policy, Words const& words) {
    auto args = facts(incident, policy);
    args.emplace_back("at", clock_moment(now, policy.zone));
    args.emplace_back("headline", incident.headline);
    args.emplace_back("contained", incident.status == Status::contained ? "yes" : "");
    auto const cadence = severity_of(incident, policy).update_every;
    args.emplace_back("impact_age", unconfirmed ? age_note(incident.impact, now, cadence) : "");
    args.emplace_back("hypothesis_age", unconfirmed ? age_note(incident.hypothesis, now, cadence) : "");
    args.emplace_back("need_age", unconfirmed ? age_note(incident.need, now, cadence) : "");
    args.emplace_back("unconfirmed", unconfirmed ? "yes" : "");
    args.emplace_back("silent_since", silent_since ? clock_moment(*silent_since, policy.zone) : "");
    auto items = open_items(incident, policy, false);
    args.emplace_back("any_items", items.empty() ? "" : "yes");
    return words.render("update", View{std::move(args), {{"items", std::move(items)}}});
}

std::string outcome_text(std::string_view key, Event const& event, Incident const& incident, Policy const& policy,
                         Words const& words) {
    auto args = facts(incident, policy);
    args.emplace_back("at", clock_moment(event.at, policy.zone));
    args.emplace_back("actor", event.actor.id.empty() ? "Coxswain" : event.actor.name);
    if (auto const* contained = std::get_if<event::Contained>(&event.body)) args.emplace_back("what", contained->what);
    if (auto const* resolved = std::get_if<event::Resolved>(&event.body))
        args.emplace_back("summary", resolved->summary);
    if (auto const* moved = std::get_if<event::ChannelMoved>(&event.body)) {
        args.emplace_back("from", moved->from ? moved->from->name : "");
        args.emplace_back("because", moved->because);
        // Whoever commands and did not do it hears of it.
        auto const& commander = incident.commander();
        args.emplace_back("commander_called", commander == event.actor ? commander.name : marks::mention(commander));
    }
    args.emplace_back("reopen", marks::code("reopen because …"));
    auto const began = incident.started.value_or(incident.opened_at);
    args.emplace_back("lasted", span_text(event.at - began));
    auto const& severity = severity_of(incident, policy);
    auto const quiet = severity.update_every.value_or(Duration{0}) * severity.stable_updates;
    args.emplace_back("quiet_for", span_text(std::max(quiet, severity.monitor_for)));
    auto items = open_items(incident, policy, true);
    args.emplace_back("any_items", items.empty() ? "" : "yes");
    return words.render(key, View{std::move(args), {{"items", std::move(items)}}});
}

} // namespace cox
