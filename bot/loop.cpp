#include "bot/loop.hpp"

#include "bot/logging.hpp"
#include "core/announce.hpp"
#include "core/assert.hpp"
#include "core/hear.hpp"
#include "core/overloaded.hpp"
#include "core/views.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace cox::bot {

Loop::Loop(Wiring wiring)
    : wiring_{std::move(wiring)},
      outbox_{{wiring_.store, wiring_.clocks, wiring_.network_of, [this](IncidentId id) { return urgency_of(id); },
               [this](IncidentId id, std::optional<Channel> channel, std::string reason) {
                   channel_opened(id, std::move(channel), std::move(reason));
               },
               [this](OutboxMachine::Job const& job, std::string const& reason) { say_elsewhere(job, reason); },
               [this] { settled(); }}} {}

int Loop::urgency_of(IncidentId id) const {
    auto const* incident = world_.find(id);
    return static_cast<int>(incident ? wiring_.policy.rank(incident->severity) : wiring_.policy.severities.size());
}

std::expected<void, std::string> Loop::replay(Event&& event) {
    latest_event_ = std::max(latest_event_, event.at);
    return world_.apply(event);
}

void Loop::take_back(store::Found const& found) {
    world_.reserve_ids(found.highest_incident);
    for (auto const& [channel, incident] : found.closed)
        world_.remember_closed({channel}, incident);
    for (auto const& key : found.keys)
        seen_.insert(key, wiring_.clocks.now());
    outbox_.take_back(found);
    for (auto const& [id, incident] : world_.incidents())
        schedule(incident);
}

void Loop::receive(Inbound inbound, std::function<void(Outcome)> durable) {
    auto const& place = inbound.place.id;
    if (recalling_.contains(place) || world_.not_held_in(place))
        return recall({std::move(inbound), std::move(durable)});
    take_in({std::move(inbound), std::move(durable)});
}

// Once for each such channel: a start that folded all of history would take too long.
void Loop::recall(Waiting first) {
    auto const channel = first.inbound.place.id;
    auto& waiting = recalling_[channel];
    waiting.push_back(std::move(first));
    if (waiting.size() > 1) return;
    ++saving_;
    auto const id = *world_.not_held_in(channel);
    wiring_.store.read_events(id, [this, channel, id](std::vector<Event> const& log) {
        --saving_;
        hold(channel, id, log);
        auto const arrived = std::move(recalling_.extract(channel).mapped());
        for (auto const& each : arrived)
            take_in(each);
    });
}

void Loop::hold(ChannelId const& channel, IncidentId id, std::vector<Event> const& log) {
    // Another incident may have taken the channel meanwhile.
    if (world_.not_held_in(channel) != id) return;
    World apart;
    for (auto const& event : log) {
        if (auto const applied = apart.apply(event); !applied) {
            log_error(applied.error() + "; going on without " + text(id));
            world_.forget_closed(channel);
            return;
        }
    }
    world_.hold(*apart.find(id));
}

void Loop::take_in(Waiting arrived) {
    auto& [inbound, durable] = arrived;
    if (!seen_.insert(inbound.key, wiring_.clocks.now())) {
        ++counters_.duplicates;
        // Behind the first one in the store's line: acknowledged once that is on disk.
        // What it says stands there already; what the network learnt on the way is new.
        Commit commit;
        commit.batch.cursors = std::move(inbound.also.cursors);
        save(std::move(commit), {Outcome::What::duplicate, {}}, std::move(durable));
        return;
    }
    auto const at = wiring_.clocks.now_in(inbound.place.id);
    auto* network = wiring_.network_of(inbound.place.id);
    Request request{command::Heard{},
                    inbound.actor,
                    inbound.place,
                    at,
                    "",
                    false,
                    std::move(inbound.text),
                    {},
                    inbound.standing,
                    !network || network->room(inbound.place)};
    Utterance utterance{inbound.form,
                        [&](std::string_view word, bool mention) {
                            return network ? network->find_people(inbound.place.id, word, mention)
                                           : std::vector<Person>{};
                        },
                        inbound.said_at, std::move(inbound.meant)};
    auto decision = hear(world_, wiring_.policy, request, std::move(utterance));
    carry_out(decision, std::move(request), std::move(inbound), std::move(durable));
}

void Loop::carry_out(Decision const& decision, Request request, Inbound inbound, std::function<void(Outcome)> durable) {
    bool const talk = std::holds_alternative<command::Heard>(request.command);
    if (!talk) ++counters_.commands;
    if (decision.refusal) ++counters_.refusals;

    Commit commit;
    commit.batch = std::move(inbound.also);
    if (!inbound.key.empty()) commit.batch.keys.push_back(std::move(inbound.key));
    carry(decision, request, commit);
    if (decision.follows) follow(*decision.follows, request, commit);

    Outcome outcome{decision.refusal ? Outcome::What::refused
                    : talk           ? Outcome::What::talk
                                     : Outcome::What::done,
                    commit.effects};
    if (auto const* timeline = decision.query ? std::get_if<query::TimelineOf>(&*decision.query) : nullptr) {
        // The log is read behind this batch; the answer follows it.
        save(std::move(commit), std::move(outcome), [](Outcome const&) {});
        answer_timeline(timeline->incident, std::move(request), std::move(durable));
        return;
    }
    save(std::move(commit), std::move(outcome), std::move(durable));
}

void Loop::carry(Decision const& decision, Request const& request, Commit& commit) {
    std::optional<Incident> before;
    Incident const* after = nullptr;
    if (!decision.events.empty()) {
        auto const id = decision.events.front().incident;
        if (auto const* incident = world_.find(id)) before = *incident;
        for (auto const& event : decision.events) {
            auto const applied = world_.apply(event);
            if (!applied) log_error("the engine broke its own log: " + applied.error());
            COX_ASSERT(applied);
            latest_event_ = std::max(latest_event_, event.at);
        }
        counters_.events += decision.events.size();
        after = world_.find(id);
        commit.incident = id;
        if (before && before->channel && before->channel != after->channel) commit.left = before->channel->id;
        schedule(*after);
    }
    auto effects =
        announce(before ? &*before : nullptr, after, decision, request, world_, wiring_.policy, wiring_.words);
    commit.effects.insert(commit.effects.end(), std::make_move_iterator(effects.begin()),
                          std::make_move_iterator(effects.end()));
    commit.batch.events.insert(commit.batch.events.end(), decision.events.begin(), decision.events.end());
}

// What another incident is told is on disk together with what it is told of.
void Loop::follow(FollowUp const& next, Request const& request, Commit& commit) {
    auto const* other = world_.find(next.incident);
    if (!other || !other->channel) return;
    auto also = request;
    also.command = next.command;
    also.incident = next.incident;
    also.place = *other->channel;
    auto const first = commit.incident;
    carry(decide(world_, wiring_.policy, also), also, commit);
    commit.incident = first;
    commit.also = next.incident;
}

void Loop::save(Commit commit, Outcome outcome, std::function<void(Outcome)> durable) {
    auto ops = outbox_.admit(commit.incident, commit.effects, wiring_.clocks.now(), commit.batch);
    bool const changed = !commit.batch.events.empty();
    ++saving_;
    wiring_.store.commit(std::move(commit.batch),
                         [this, changed, incident = commit.incident, left = std::move(commit.left), also = commit.also,
                          ops = std::move(ops), outcome = std::move(outcome), durable = std::move(durable)]() mutable {
                             --saving_;
                             durable(std::move(outcome));
                             if (changed) tell_of_change(incident, left);
                             if (also) tell_of_change(*also, std::nullopt);
                             outbox_.stored(ops);
                             settled();
                         });
}

void Loop::tell_of_change(IncidentId id, std::optional<ChannelId> const& left) {
    auto const& incident = *world_.find(id);
    auto const tell = [&](ChannelId const& channel) {
        if (auto* network = wiring_.network_of(channel)) network->incident_changed(id, channel);
    };
    if (left) tell(*left);
    tell(incident.channel ? incident.channel->id : incident.origin.id);
}

void Loop::answer_timeline(IncidentId id, Request request, std::function<void(Outcome)> durable) {
    ++saving_;
    wiring_.store.read_events(id, [this, request = std::move(request),
                                   durable = std::move(durable)](std::vector<Event> const& events) mutable {
        --saving_;
        Commit commit;
        if (!events.empty()) {
            commit.effects.emplace_back(effect::Tell{
                request.place.id, request.actor, timeline_text(events, wiring_.policy, wiring_.words), {}});
        }
        Outcome outcome{Outcome::What::done, commit.effects};
        save(std::move(commit), std::move(outcome), std::move(durable));
    });
}

void Loop::channel_opened(IncidentId id, std::optional<Channel> channel, std::string reason) {
    auto const* incident = world_.find(id);
    if (!incident || !incident->open() || incident->channel) return;
    Request request{
        command::ChannelRefused{std::move(reason), room_of(*incident)}, {}, incident->origin, {}, "", false, "", id};
    if (channel) request.command = command::ChannelReady{*channel};
    request.at = wiring_.clocks.now_in(incident->origin.id);
    auto const decision = decide(world_, wiring_.policy, request);
    carry_out(decision, std::move(request), {}, [](Outcome const&) {});
}

// Where the incident can be commanded while it has no channel of its own.
std::optional<Channel> Loop::room_of(Incident const& incident) const {
    auto const& origin = incident.origin;
    auto* network = wiring_.network_of(origin.id);
    if (!network) return origin;
    if (auto room = network->room(origin)) return room;
    auto const& fallback = wiring_.policy.fallback;
    if (!fallback || wiring_.network_of(*fallback) != network) return std::nullopt;
    return network->room({*fallback, fallback->value});
}

// The places in which a post of the incident may stand, the right one first.
std::vector<ChannelId> Loop::places_of(IncidentId id, ChannelId const& home) const {
    std::vector<ChannelId> places{home};
    auto const add = [&](ChannelId const& place) {
        if (std::ranges::find(places, place) == places.end()) places.push_back(place);
    };
    auto const* incident = world_.find(id);
    // It has moved on since this was to be said.
    if (incident && incident->channel) add(incident->channel->id);
    if (wiring_.policy.fallback) add(*wiring_.policy.fallback);
    if (incident) add(incident->origin.id);
    if (wiring_.last_resort) add(*wiring_.last_resort);
    return places;
}

std::string Loop::name_of(IncidentId id, ChannelId const& place) const {
    auto const* incident = world_.find(id);
    if (incident && incident->channel && incident->channel->id == place) return incident->channel->name;
    if (incident && incident->origin.id == place) return incident->origin.name;
    auto* network = wiring_.network_of(place);
    auto const room = network ? network->room({place, place.value}) : std::nullopt;
    return room ? room->name : place.value;
}

void Loop::say_elsewhere(OutboxMachine::Job const& job, std::string const& reason) {
    auto const* post = std::get_if<effect::Post>(&job.effect);
    if (!post) return;
    auto const& home = post->instead_of.empty() ? post->channel : post->instead_of;
    auto const* incident = world_.find(job.incident);
    if (post->pointer && incident && incident->channel && incident->channel->id != home)
        return point_out(*incident, *post);
    auto const places = places_of(job.incident, home);
    auto const here = std::ranges::find(places, post->channel);
    auto const next = here == places.end() ? places.begin() : std::next(here);
    if (next == places.end()) {
        log_error("nowhere left to say: " + marks::plain(post->text));
        return;
    }
    Commit commit;
    commit.incident = job.incident;
    auto text = post->text;
    // What comes from another such place says already where it should stand.
    if (post->instead_of.empty()) {
        bool const movable = incident && incident->open() && incident->channel && incident->channel->id == home;
        auto const first = wiring_.words.say("elsewhere", {{"channel", name_of(job.incident, home)},
                                                           {"reason", reason},
                                                           {"incident", cox::text(job.incident)},
                                                           {"movable", movable ? "yes" : ""}});
        text = first + "\n" + text;
    }
    commit.effects.emplace_back(effect::Post{*next, post->kind, std::move(text), {}, home});
    save(std::move(commit), {}, [](Outcome const&) {});
}

// What only points to the incident's channel is for those who have a part in it: the network may have a way to answer
// them in a place that it cannot post to, and knows one to reach them.
void Loop::point_out(Incident const& incident, effect::Post const& pointer) {
    Commit commit;
    commit.incident = incident.id;
    for (auto& person : people_in(incident))
        commit.effects.emplace_back(effect::Tell{pointer.channel, std::move(person), pointer.text, {}});
    save(std::move(commit), {}, [](Outcome const&) {});
}

void Loop::show_again(ChannelId const& channel) {
    auto const* incident = world_.open_in(channel);
    if (!incident) return;
    Commit commit;
    commit.incident = incident->id;
    commit.effects.emplace_back(effect::SetTopic{channel, topic_text(*incident, wiring_.policy)});
    commit.effects.emplace_back(effect::ShowCard{channel, card_of(*incident, wiring_.policy, wiring_.words)});
    save(std::move(commit), {}, [](Outcome const&) {});
}

void Loop::schedule(Incident const& incident) {
    if (auto const old = due_of_.find(incident.id); old != due_of_.end()) {
        due_.erase({old->second, incident.id});
        due_of_.erase(old);
    }
    if (auto const due = cox::next_due(incident, wiring_.policy)) {
        auto const base = wiring_.clocks.base_of(incident.channel->id, *due);
        due_.insert({base, incident.id});
        due_of_.insert({incident.id, base});
    }
    wiring_.changed();
}

std::optional<Time> Loop::next_due() const {
    auto const retry = outbox_.wake();
    if (due_.empty()) return retry;
    auto const timer = due_.begin()->first;
    return retry ? std::min(*retry, timer) : timer;
}

bool Loop::fire_due(std::size_t most) {
    auto const now = wiring_.clocks.now();
    outbox_.pump();
    struct Due {
        std::size_t rank;
        Time at;
        IncidentId id;
    };
    std::vector<Due> all;
    for (auto const& [at, id] : due_) {
        if (at > now) break;
        all.push_back({wiring_.policy.rank(world_.find(id)->severity), at, id});
    }
    std::ranges::sort(
        all, [](Due const& a, Due const& b) { return std::tie(a.rank, a.at, a.id) < std::tie(b.rank, b.at, b.id); });
    bool const more = all.size() > most;
    if (more) all.resize(most);
    for (auto const& due : all)
        fire(due.id);
    return more || (!due_.empty() && due_.begin()->first <= now);
}

void Loop::fire(IncidentId id) {
    auto const& incident = *world_.find(id);
    auto const at = wiring_.clocks.now_in(incident.channel->id);
    ++counters_.timers;
    Request request{command::Tick{}, {}, *incident.channel, at, "", false, "", id};
    auto const decision = decide(world_, wiring_.policy, request);
    if (decision.events.empty()) {
        // The channel's own clock is a rounding short of it.
        schedule(incident);
        return;
    }
    Commit commit;
    carry(decision, request, commit);
    save(std::move(commit), {}, [](Outcome const&) {});
}

void Loop::when_idle(std::function<void()> call) {
    waiting_for_idle_.push_back(std::move(call));
    settled();
}

void Loop::settled() {
    wiring_.changed();
    if (waiting_for_idle_.empty() || saving_ > 0 || !outbox_.idle()) return;
    for (auto& call : std::exchange(waiting_for_idle_, {}))
        wiring_.post(std::move(call));
}

} // namespace cox::bot
