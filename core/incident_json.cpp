#include "core/phrases.hpp"
#include "core/views.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cox {
namespace {

using Json = nlohmann::ordered_json;

Json person_json(std::optional<Person> const& person) {
    return person ? Json{{"id", person->id.value}, {"name", person->name}} : Json(nullptr);
}

Json time_json(std::optional<Time> const& at) {
    return at ? Json(rfc3339(*at)) : Json(nullptr);
}

Json fact_json(std::optional<Fact> const& fact) {
    return fact ? Json(fact->text) : Json(nullptr);
}

Json age_json(std::optional<Fact> const& fact) {
    return fact ? Json(rfc3339(fact->at)) : Json(nullptr);
}

std::string_view state_word(ItemState state) {
    switch (state) {
    case ItemState::offered: return "offered";
    case ItemState::queued: return "queued";
    case ItemState::open: return "open";
    case ItemState::done: return "done";
    case ItemState::failed: return "failed";
    case ItemState::dropped: return "dropped";
    }
    return "";
}

} // namespace

std::string incident_json(Incident const& incident, Policy const& policy) {
    // The policy may have moved on since an old incident was closed.
    static Severity const retired;
    auto const* named = policy.severity(incident.severity);
    auto const& severity = named ? *named : retired;
    Json roles = Json::array();
    auto const seat_json = [&](std::string const& key, Seat const* seat) {
        auto const role = role_or_key(key, policy);
        return Json{
            {"role", key},
            {"title", role.title},
            {"tag", role.tag},
            {"holder", person_json(seat ? seat->holder : std::nullopt)},
            {"acting", seat && seat->acting},
            {"offered_to", person_json(seat && seat->offer ? std::optional{seat->offer->person} : std::nullopt)}};
    };
    for (auto const& key : severity.roles)
        roles.push_back(seat_json(key, incident.seat(key)));
    for (auto const& seat : incident.seats) {
        bool const listed = std::ranges::find(severity.roles, seat.role) != severity.roles.end();
        if (!listed && (seat.holder || seat.offer)) roles.push_back(seat_json(seat.role, &seat));
    }
    Json actions = Json::array();
    for (auto const& item : incident.items) {
        actions.push_back({{"id", item.id},
                           {"what", item.what},
                           {"mitigation", item.mitigation},
                           {"owner", person_json(item.owner)},
                           {"accepted", item.accepted},
                           {"eta", time_json(item.eta)},
                           {"state", state_word(item.state)},
                           {"result", item.result}});
    }
    Json proposals = Json::array();
    for (auto const& one : incident.proposals) {
        if (one.state != ProposalState::open) continue;
        proposals.push_back({{"id", one.asked.proposal}, {"what", one.asked.words}, {"by", person_json(one.by)}});
    }
    Json json{{"id", text(incident.id)},
              {"title", incident.title},
              {"severity", incident.severity_label},
              {"status", status_word(incident.status)},
              {"commander", incident.commander().id.value},
              {"commander_name", incident.commander().name},
              {"acting", incident.seats.front().acting},
              {"roles", std::move(roles)},
              {"impact", fact_json(incident.impact)},
              {"impact_at", age_json(incident.impact)},
              {"hypothesis", fact_json(incident.hypothesis)},
              {"hypothesis_at", age_json(incident.hypothesis)},
              {"confidence", incident.hypothesis ? Json(confidence_word(incident.confidence)) : Json(nullptr)},
              {"need", fact_json(incident.need)},
              {"need_by", time_json(incident.need_by)},
              {"strategy", fact_json(incident.strategy)},
              {"frozen", incident.frozen ? Json(incident.frozen->what) : Json(nullptr)},
              {"proposals", std::move(proposals)},
              {"unattended", incident.unattended},
              {"call", incident.call.empty() ? Json(nullptr) : Json(incident.call)},
              {"actions", std::move(actions)},
              {"next_update", time_json(incident.next_update)},
              {"last_update", rfc3339(incident.last_update)},
              {"update_every_s", severity.update_every ? Json(severity.update_every->count() / 1000) : Json(nullptr)},
              {"unconfirmed_updates", incident.unconfirmed_in_a_row},
              {"channel", incident.channel ? Json(incident.channel->id.value) : Json(nullptr)},
              {"origin", incident.origin.id.value},
              {"declared_by", person_json(incident.declared_by)},
              {"opened_at", rfc3339(incident.opened_at)},
              {"started_at", time_json(incident.started)},
              {"contained_at", time_json(incident.contained_at)},
              {"closed_at", time_json(incident.closed_at)},
              {"seq", incident.seq}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string freeze_json(std::string_view happened, std::string const& what, Event const& event,
                        Incident const& incident) {
    Json const json{{"event", happened},
                    {"what", what},
                    {"at", rfc3339(event.at)},
                    {"by", person_json(event.actor)},
                    {"incident", text(incident.id)},
                    {"severity", incident.severity_label},
                    {"title", incident.title},
                    {"channel", incident.channel ? Json(incident.channel->name) : Json(nullptr)},
                    {"seq", event.seq}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace cox
