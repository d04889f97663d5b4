#include "acts.hpp"

#include <array>

namespace cox::fake_homeserver {

json act(Homeserver& server, json const& words) {
    static std::array const tables{people_acts(), world_acts()};
    auto const name = words.value("do", "");
    for (auto const& table : tables)
        for (auto const& one : table) {
            if (one.name != name) continue;
            auto answer = one.handle(server, words);
            server.changed();
            return answer;
        }
    throw Refused{400, "M_UNKNOWN", "no such act: " + name};
}

Room& room_in(Homeserver& server, json const& args, char const* key) {
    auto const wanted = args.at(key).get<std::string>();
    if (auto* const room = server.world.room(wanted)) return *room;
    throw Refused{400, "M_UNKNOWN", "no such room: " + wanted};
}

std::string user_in(Homeserver& server, json const& args, char const* key) {
    auto const wanted = args.at(key).get<std::string>();
    if (wanted.starts_with('@')) return wanted;
    if (auto const* account = server.world.account(wanted)) return account->id;
    throw Refused{400, "M_UNKNOWN", "no such user: " + wanted};
}

std::string event_in(Room const& room, json const& args) {
    if (args.contains("event")) return args["event"];
    auto const with = args.value("with", "");
    for (auto at = room.events.rbegin(); at != room.events.rend(); ++at) {
        bool const is_edit = at->content.contains("m.new_content");
        if (at->type == "m.room.message" && !is_edit && at->content.value("body", "").contains(with)) return at->id;
    }
    throw Refused{400, "M_UNKNOWN", "no such message in " + room.id};
}

} // namespace cox::fake_homeserver
