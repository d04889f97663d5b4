#include "engine.hpp"

#include "bot/config/policy_yaml.hpp"
#include "core/rules/rule.hpp"
#include "core/views.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cox::test {
namespace {

std::filesystem::path const config = std::filesystem::path{COXSWAIN_SOURCE_DIR} / "config";

std::string contents(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::runtime_error{"cannot read " + path.string()};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

Policy shipped_policy() {
    std::vector<bot::KnownRule> known;
    for (auto const& rule : rules())
        known.push_back({rule.name, !rule.invariant()});
    auto policy = bot::load_policy("policy.yaml", contents(config / "policy.yaml"), known);
    if (!policy) throw std::runtime_error{text(policy.error().front())};
    return std::move(*policy);
}

Words shipped_words() {
    std::vector<TemplateFile> files;
    for (auto const& entry : std::filesystem::directory_iterator{config / "templates"}) {
        files.push_back({entry.path().filename().string(), contents(entry.path())});
    }
    auto words = Words::load(files, {});
    if (!words) throw std::runtime_error{words.error().front().what};
    return std::move(*words);
}

std::vector<Effect> Engine::once(Decision decision, Request const& request) {
    std::optional<IncidentId> id;
    if (!decision.events.empty()) id = decision.events.front().incident;
    std::optional<Incident> before;
    if (id) {
        if (auto const* incident = world_.find(*id)) before = *incident;
    }
    for (auto const& event : decision.events) {
        if (auto const applied = world_.apply(event); !applied) throw std::logic_error{applied.error()};
        logs_[event.incident].push_back(event);
    }
    auto const* after = id ? world_.find(*id) : nullptr;
    auto effects = announce(before ? &*before : nullptr, after, decision, request, world_, policy, words);
    // The log is the bot's to read, so it is the bot that answers this one.
    if (auto const* query = decision.query ? std::get_if<query::TimelineOf>(&*decision.query) : nullptr) {
        effects.emplace_back(
            effect::Tell{request.place.id, request.actor, timeline_text(log(query->incident), policy, words), {}});
    }
    auto const follows = decision.follows;
    last_ = std::move(decision);
    if (!follows) return effects;
    auto also = request;
    also.command = follows->command;
    also.incident = follows->incident;
    also.place = *world_.find(follows->incident)->channel;
    auto const more = once(decide(world_, policy, also), also);
    effects.insert(effects.end(), more.begin(), more.end());
    return effects;
}

std::vector<Effect> Engine::carry_out(Request const& request) {
    return with_channel(once(decide(world_, policy, request), request), request);
}

std::vector<Effect> Engine::hear(Request request, Form form, FindPeople people) {
    auto decision = cox::hear(world_, policy, request, {form, std::move(people)});
    return with_channel(once(std::move(decision), request), request);
}

std::vector<Effect> Engine::with_channel(std::vector<Effect> effects, Request const& request) {
    for (std::size_t i = 0; i < effects.size(); ++i) {
        auto const* open = std::get_if<effect::OpenChannel>(&effects[i]);
        if (!open) continue;
        auto const id = last_.events.front().incident;
        Command answer = command::ChannelReady{{ChannelId{open->name}, open->name}};
        if (!no_channels.empty()) answer = command::ChannelRefused{no_channels, request.place};
        Request const answered{std::move(answer), {}, request.place, request.at, "", false, "", id};
        auto const more = once(decide(world_, policy, answered), answered);
        effects.insert(effects.end(), more.begin(), more.end());
        break;
    }
    return effects;
}

std::optional<std::pair<Time, IncidentId>> Engine::next_timer() const {
    std::optional<std::pair<Time, IncidentId>> first;
    for (auto const& [id, incident] : world_.incidents()) {
        auto const due = next_due(incident, policy);
        if (due && (!first || *due < first->first)) first.emplace(*due, id);
    }
    return first;
}

std::vector<Effect> Engine::fire(IncidentId id, Time now) {
    auto const* incident = world_.find(id);
    return carry_out({command::Tick{}, {}, incident->channel.value_or(incident->origin), now, "", false, "", id});
}

std::vector<Event> const& Engine::log(IncidentId id) const {
    return logs_.at(id);
}

} // namespace cox::test
