// What is read from rooms: history, single events, state, who is there. And /sync, which waits (sync.hpp).
#include "endpoints.hpp"

#include <algorithm>

namespace cox::fake_homeserver {
namespace {

constexpr std::size_t usual_page = 10;
constexpr std::size_t largest_page = 1000;

json shown_all(Call& call, Room const& room, std::vector<Event const*> const& events) {
    json all = json::array();
    for (auto const* each : events)
        all.push_back(shown(call.server, room, *each, call.viewer(), true));
    return all;
}

std::size_t page_size(Call const& call) {
    return std::min(largest_page,
                    static_cast<std::size_t>(std::stoul(call.asked("limit", std::to_string(usual_page)))));
}

struct Page {
    std::vector<Event const*> events;
    std::optional<Position> end; // none: there was nothing to look at; else a page behind it may be empty
};

// Walks from `from` as far as `to`, over at most so many events as the settings let one page scan.
Page page_of(Call const& call, std::vector<Event const*> visible, bool backwards, Position from,
             std::optional<Position> to) {
    std::erase_if(visible, [&](Event const* each) {
        bool const is_behind = backwards ? each->position > from : each->position <= from;
        bool const is_beyond = to && (backwards ? each->position <= *to : each->position > *to);
        return is_behind || is_beyond;
    });
    if (backwards) std::ranges::reverse(visible);
    auto const filter = EventFilter{json::parse(call.asked("filter", "{}"))};
    auto const most = page_size(call);
    auto const scanned = static_cast<std::size_t>(call.server.settings.messages_scanned);
    Page page;
    std::size_t looked_at = 0;
    for (auto const* each : visible) {
        if (page.events.size() == most || (scanned > 0 && looked_at == scanned)) break;
        ++looked_at;
        page.end = backwards ? each->position - 1 : each->position;
        if (filter.lets(*each)) page.events.push_back(each);
    }
    return page;
}

json messages(Call& call) {
    auto& room = call.room();
    auto const direction = call.asked("dir");
    if (direction != "f" && direction != "b") throw Refused{400, "M_INVALID_PARAM", "dir must be one of f, b"};
    bool const backwards = direction == "b";
    auto const from = call.query.contains("from") ? position_of(call.asked("from"))
                      : backwards                 ? call.server.world.last
                                                  : 0;
    auto const to = call.query.contains("to") ? std::optional{position_of(call.asked("to"))} : std::nullopt;
    auto const page = page_of(call, visible_to(room, call.user()), backwards, from, to);
    json answer{{"start", token_at(from)}, {"chunk", shown_all(call, room, page.events)}};
    if (page.end) answer["end"] = token_at(*page.end);
    return answer;
}

Event const& seen_event(Call& call, Room const& room) {
    auto const* const event = room.event(call.path("event"));
    auto const visible = visible_to(room, call.user());
    if (!event || std::ranges::find(visible, event) == visible.end())
        throw Refused{404, "M_NOT_FOUND", "Event not found."};
    return *event;
}

json one_event(Call& call) {
    auto& room = call.room();
    return shown(call.server, room, seen_event(call, room), call.viewer(), true);
}

json context(Call& call) {
    auto& room = call.room();
    auto const& event = seen_event(call, room);
    auto const visible = visible_to(room, call.user());
    auto const each_side = (page_size(call) + 1) / 2;
    auto const at = std::ranges::find(visible, &event);
    std::vector<Event const*> before;
    for (auto i = at; i != visible.begin() && before.size() < each_side;)
        before.push_back(*--i);
    std::vector<Event const*> after;
    for (auto i = at + 1; i != visible.end() && after.size() < each_side; ++i)
        after.push_back(*i);
    auto const first = before.empty() ? event.position : before.back()->position;
    auto const last = after.empty() ? event.position : after.back()->position;
    return {{"event", shown(call.server, room, event, call.viewer(), true)},
            {"events_before", shown_all(call, room, before)},
            {"events_after", shown_all(call, room, after)},
            {"start", token_at(first - 1)},
            {"end", token_at(last)},
            {"state", json::array()}};
}

json relations(Call& call) {
    auto& room = call.room();
    auto const& target = seen_event(call, room);
    std::vector<Event const*> found;
    for (auto const* each : visible_to(room, call.user())) {
        auto const relates = each->content.value("m.relates_to", json::object());
        bool const fits = relates.value("event_id", "") == target.id && each->redacted_by.empty() &&
                          (call.path("relation").empty() || relates.value("rel_type", "") == call.path("relation")) &&
                          (call.path("type").empty() || each->type == call.path("type"));
        if (fits) found.push_back(each);
    }
    auto const page = page_of(call, found, call.asked("dir", "b") == "b",
                              call.query.contains("from")     ? position_of(call.asked("from"))
                              : call.asked("dir", "b") == "b" ? call.server.world.last
                                                              : 0,
                              std::nullopt);
    json answer{{"chunk", shown_all(call, room, page.events)}};
    if (page.end) answer["next_batch"] = token_at(*page.end);
    return answer;
}

json one_state(Call& call) {
    auto& room = call.room();
    auto const* const event = room.state_of(call.path("type"), call.path("key"));
    if (!event) throw Refused{404, "M_NOT_FOUND", "Event not found."};
    if (call.asked("format") == "event") return shown(call.server, room, *event, call.viewer(), true);
    return event->content;
}

json all_state(Call& call) {
    auto& room = call.room();
    json all = json::array();
    for (auto const& [key, id] : room.state)
        all.push_back(shown(call.server, room, *room.event(id), call.viewer(), true));
    return all;
}

json joined_members(Call& call) {
    auto& room = call.room();
    if (room.membership(call.user()) != "join")
        throw Refused{403, "M_FORBIDDEN", "User " + call.user() + " not in room " + room.id};
    json joined = json::object();
    for (auto const& each : room.members()) {
        auto const content = room.content_of("m.room.member", each);
        joined[each] = {{"display_name", content.contains("displayname") ? content["displayname"] : json{}},
                        {"avatar_url", nullptr}};
    }
    return {{"joined", joined}};
}

json members(Call& call) {
    auto& room = call.room();
    json chunk = json::array();
    for (auto const& [key, id] : room.state)
        if (key.first == "m.room.member")
            chunk.push_back(shown(call.server, room, *room.event(id), call.viewer(), true));
    return {{"chunk", chunk}};
}

json joined_rooms(Call& call) {
    json all = json::array();
    for (auto const& [id, room] : call.server.world.rooms)
        if (room.membership(call.user()) == "join") all.push_back(id);
    return {{"joined_rooms", all}};
}

constexpr Endpoint all[] = {
    {"sync", "GET", "/_matrix/client/v3/sync", nullptr},
    {"messages", "GET", "/_matrix/client/v3/rooms/{room}/messages", messages},
    {"event", "GET", "/_matrix/client/v3/rooms/{room}/event/{event}", one_event},
    {"context", "GET", "/_matrix/client/v3/rooms/{room}/context/{event}", context},
    {"relations", "GET", "/_matrix/client/v1/rooms/{room}/relations/{event}", relations},
    {"relations", "GET", "/_matrix/client/v1/rooms/{room}/relations/{event}/{relation}", relations},
    {"relations", "GET", "/_matrix/client/v1/rooms/{room}/relations/{event}/{relation}/{type}", relations},
    {"get_state", "GET", "/_matrix/client/v3/rooms/{room}/state", all_state},
    {"get_state", "GET", "/_matrix/client/v3/rooms/{room}/state/{type}/{key}", one_state},
    {"joined_members", "GET", "/_matrix/client/v3/rooms/{room}/joined_members", joined_members},
    {"members", "GET", "/_matrix/client/v3/rooms/{room}/members", members},
    {"joined_rooms", "GET", "/_matrix/client/v3/joined_rooms", joined_rooms},
};

} // namespace

std::span<Endpoint const> reading_endpoints() {
    return all;
}

} // namespace cox::fake_homeserver
