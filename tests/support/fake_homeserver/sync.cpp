#include "sync.hpp"

#include <algorithm>
#include <set>

namespace cox::fake_homeserver {
namespace {

constexpr std::size_t usual_limit = 10;
constexpr std::size_t most_events = 100;

struct Look {
    Homeserver& server;
    Viewer const& viewer;
    json filter; // the "room" part
    std::optional<Position> since;
    bool full_state = false;
    SyncQuirks quirks;

    EventFilter part(char const* name) const { return EventFilter{filter.value(name, json::object())}; }
};

struct Timeline {
    std::vector<Event const*> events; // oldest first
    bool limited = false;
    Position start = 0; // of what stands in it
};

// What is new in the room, or, to somebody who has just come, the end of all that is visible.
Timeline timeline_of(Look const& look, std::vector<Event const*> const& visible, bool fresh) {
    auto const filter = look.part("timeline");
    auto const limit = filter.limit(usual_limit, most_events);
    auto const after = fresh ? Position{0} : *look.since - look.quirks.repeats;
    Timeline timeline;
    for (auto at = visible.rbegin(); at != visible.rend() && (*at)->position > after; ++at) {
        if (!filter.lets(**at)) continue;
        if (timeline.events.size() == limit) {
            timeline.limited = true;
            break;
        }
        timeline.events.push_back(*at);
    }
    std::ranges::reverse(timeline.events);
    timeline.start = timeline.events.empty() ? look.server.world.last + 1 : timeline.events.front()->position;
    return timeline;
}

// Whether the timeline holds what happened since the token from its first event on, and no other event between: then
// Synapse shows no state, even where something that the filter hides changed afterwards.
bool is_unbroken(Look const& look, Room const& room, Timeline const& timeline) {
    auto next = std::ranges::find_if(room.events, [&](Event const& each) { return each.position > *look.since; });
    for (auto const* each : timeline.events)
        if (next == room.events.end() || &*next++ != each) return false;
    return true;
}

// State as it was before the timeline, and what changed without standing in it.
std::vector<Event const*> state_of(Look const& look, Room const& room, Timeline const& timeline, bool fresh) {
    auto const filter = look.part("state");
    std::set<std::string> senders{look.viewer.user};
    std::set<Event const*> shown;
    for (auto const* each : timeline.events) {
        senders.insert(each->sender);
        shown.insert(each);
    }
    std::vector<Event const*> found;
    for (auto const& [position, id] : room.resets)
        if (!fresh && position > *look.since) found.push_back(room.event(id));
    if (!fresh && !timeline.limited && is_unbroken(look, room, timeline)) return found;
    for (auto const& [key, id] : room.state) {
        auto const* event = room.event(id);
        if (shown.contains(event)) event = room.state_at(timeline.start - 1, key.first, key.second);
        if (!event || !filter.lets(*event) || (!fresh && event->position <= *look.since)) continue;
        bool const is_left_out = filter.lazy_members() && key.first == "m.room.member" && !senders.contains(key.second);
        if (!is_left_out) found.push_back(event);
    }
    return found;
}

json shown_all(Look const& look, Room const& room, std::vector<Event const*> const& events) {
    json all = json::array();
    for (auto const* each : events)
        all.push_back(shown(look.server, room, *each, look.viewer, false));
    return all;
}

json shown_timeline(Look const& look, Room const& room, Timeline const& timeline) {
    auto events = shown_all(look, room, timeline.events);
    if (look.quirks.backwards) std::reverse(events.begin(), events.end());
    auto const before = timeline.events.empty() ? look.since.value_or(look.server.world.last) : timeline.start - 1;
    return {{"limited", timeline.limited}, {"prev_batch", token_at(before)}, {"events", std::move(events)}};
}

// Whether they came, or came back, since the token.
bool has_come(Look const& look, Room const& room) {
    std::string membership = room.membership_at(*look.since, look.viewer.user);
    for (auto const& event : room.events) {
        if (event.position <= *look.since || event.type != "m.room.member" || event.state_key != look.viewer.user)
            continue;
        auto const now = event.content.value("membership", "leave");
        if (now == "join" && membership != "join") return true;
        membership = now;
    }
    return false;
}

void look_at_joined(Look const& look, Room const& room, json& rooms) {
    bool const came = look.since && has_come(look, room);
    bool const fresh = !look.since || came;
    auto timeline = timeline_of(look, visible_to(room, look.viewer.user), fresh);
    timeline.limited = timeline.limited || came;
    auto const state = state_of(look, room, timeline, fresh || look.full_state);
    if (timeline.events.empty() && state.empty() && !fresh) return;
    rooms["join"][room.id] = {{"summary", {{"m.joined_member_count", room.members().size()}}},
                              {"state", {{"events", shown_all(look, room, state)}}},
                              {"timeline", shown_timeline(look, room, timeline)},
                              {"ephemeral", {{"events", json::array()}}},
                              {"account_data", {{"events", json::array()}}},
                              {"unread_notifications", json::object()}};
}

void look_at_invited(Look const& look, Room const& room, json& rooms) {
    auto const* const own = room.state_of("m.room.member", look.viewer.user);
    if (look.since && own->position <= *look.since) return;
    json events = json::array();
    for (auto const* const type : {"m.room.create", "m.room.name", "m.room.canonical_alias", "m.room.join_rules",
                                   "m.room.topic", "m.room.encryption"})
        if (auto const* const state = room.state_of(type)) events.push_back(stripped(*state));
    if (auto const* const inviter = room.state_of("m.room.member", own->sender)) events.push_back(stripped(*inviter));
    events.push_back(stripped(*own));
    rooms["invite"][room.id] = {{"invite_state", {{"events", std::move(events)}}}};
}

// Whoever left sees what happened until then; whoever lost an invitation sees that.
void look_at_left(Look const& look, Room const& room, json& rooms) {
    if (!look.since) return;
    Event const* last_leave = nullptr;
    for (auto const& event : room.events)
        if (event.position > *look.since && event.type == "m.room.member" && event.state_key == look.viewer.user &&
            (event.content.value("membership", "") == "leave" || event.content.value("membership", "") == "ban"))
            last_leave = &event;
    if (!last_leave || room.membership_at(*look.since, look.viewer.user) == "leave") return;
    auto visible = visible_to(room, look.viewer.user);
    std::erase_if(visible, [&](auto const* each) { return each->position > last_leave->position; });
    if (visible.empty() || visible.back() != last_leave) visible = {last_leave};
    rooms["leave"][room.id] = {{"state", {{"events", json::array()}}},
                               {"timeline", shown_timeline(look, room, timeline_of(look, visible, false))},
                               {"account_data", {{"events", json::array()}}}};
}

json filter_of(Call const& call) {
    auto const asked = call.asked("filter");
    if (asked.empty()) return json::object();
    if (asked.starts_with('{')) return json::parse(asked);
    auto const& filters = call.server.world.accounts.at(call.user()).filters;
    for (std::size_t i = 0; i < filters.size(); ++i)
        if (std::to_string(i) == asked) return filters[i];
    throw Refused{400, "M_INVALID_PARAM", "No such filter"};
}

// One poll of a device, while it waits.
struct Poll {
    Homeserver& server;
    Viewer viewer;
    json filter;
    std::optional<std::string> since;
    SyncQuirks quirks;
    std::string token;

    Session const* session() const {
        auto const at = server.world.sessions.find(token);
        return at == server.world.sessions.end() ? nullptr : &at->second;
    }
    bool is_revoked() const { return !session() || session()->fate != Session::Fate::alive; }
    SyncAnswer news() const { return news_for(server, viewer, filter, since, false, quirks); }
};

// More than one at a time is a mistake of the client's, unless the other one is about to be seen as hung up.
void count_poll(Homeserver& server, std::string const& token) {
    server.changed();
    if (++server.polls[token] == 1) return;
    server.wait([&server, token] { return server.polls[token] < 2; }, std::chrono::milliseconds{500},
                [&server](bool ended) {
                    if (!ended) server.violated("one device polls twice at once");
                });
}

} // namespace

SyncAnswer news_for(Homeserver& server, Viewer const& viewer, json const& filter,
                    std::optional<std::string> const& since, bool full_state, SyncQuirks const& quirks) {
    Look look{.server = server,
              .viewer = viewer,
              .filter = filter.value("room", json::object()),
              .since = since ? std::optional{position_of(*since)} : std::nullopt,
              .full_state = full_state,
              .quirks = quirks};
    auto const& stuck = server.settings.stuck_at;
    json answer{{"next_batch", stuck.empty() ? token_at(server.world.last) : stuck},
                {"device_one_time_keys_count", {{"signed_curve25519", 0}}},
                {"device_unused_fallback_key_types", json::array()}};
    // A token of a time that this server does not remember: nothing is new after it.
    if (look.since && *look.since > server.world.last) {
        answer["next_batch"] = *since;
        return {std::move(answer), false};
    }
    json rooms = json::object();
    for (auto const& [id, room] : server.world.rooms) {
        auto const membership = room.membership(viewer.user);
        if (membership == "join")
            look_at_joined(look, room, rooms);
        else
            look_at_left(look, room, rooms);
        if (membership == "invite") look_at_invited(look, room, rooms);
    }
    bool const has_news = !rooms.empty();
    if (has_news) answer["rooms"] = std::move(rooms);
    return {std::move(answer), has_news};
}

void start_sync(Call const& call, std::shared_ptr<Waiting> waiting, SyncQuirks const& quirks, SyncDone done,
                SyncRefused refused) {
    auto& server = call.server;
    auto const since = call.query.contains("since") ? std::optional{call.asked("since")} : std::nullopt;
    auto const poll =
        std::make_shared<Poll const>(Poll{server, call.viewer(), filter_of(call), since, quirks, call.session->token});
    bool const full_state = call.asked("full_state") == "true";
    auto first = news_for(server, poll->viewer, poll->filter, since, full_state, quirks);
    auto const timeout = std::chrono::milliseconds{std::stoll(call.asked("timeout", "0"))};
    bool const is_stuck = !server.settings.stuck_at.empty();
    if (first.has_news || !since || full_state || timeout.count() == 0 || is_stuck)
        return done(std::move(first.answer));

    count_poll(server, poll->token);
    auto const over = [&server, poll] {
        --server.polls[poll->token];
        server.changed();
    };
    auto const finish = [poll, waiting, over, done, refused](bool) {
        waiting->when_hung_up = {};
        over();
        if (poll->is_revoked() && poll->server.settings.revoked_poll == "401")
            return refused({401,
                            "M_UNKNOWN_TOKEN",
                            "Invalid access token passed.",
                            {{"soft_logout", poll->session() && poll->session()->fate == Session::Fate::soft}}});
        done(poll->news().answer);
    };
    auto const ticket = server.wait([poll] { return poll->is_revoked() || poll->news().has_news; }, timeout, finish);
    waiting->when_hung_up = [&server, ticket, over] {
        server.forget(ticket);
        over();
    };
}

} // namespace cox::fake_homeserver
