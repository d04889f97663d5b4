#include "acts.hpp"

#include <array>

namespace cox::fake_slack {

json act(Slack& slack, json const& words) {
    static std::array const tables{people_acts(), interaction_acts(), world_acts(), socket_acts()};
    auto const name = words.value("do", "");
    auto const before = slack.sockets.envelopes().size();
    for (auto const& table : tables)
        for (auto const& one : table) {
            if (one.name != name) continue;
            auto answer = one.handle(slack, words);
            answer["ok"] = true;
            auto const& envelopes = slack.sockets.envelopes();
            answer["envelopes"] = json::array();
            for (auto i = before; i < envelopes.size(); ++i)
                answer["envelopes"].push_back(envelopes[i].id);
            slack.changed();
            return answer;
        }
    throw Refused{"no such act: " + name};
}

Channel& channel_in(Slack& slack, json const& args, char const* key) {
    auto const wanted = args.at(key).get<std::string>();
    if (auto* const channel = slack.world.channel(wanted)) return *channel;
    throw Refused{"no such channel: " + wanted};
}

std::string user_in(Slack& slack, json const& args, char const* key) {
    auto const wanted = args.at(key).get<std::string>();
    if (auto const* user = slack.world.user(wanted)) return user->id;
    throw Refused{"no such user: " + wanted};
}

std::string message_in(Channel& channel, json const& args) {
    auto const ts = args.value("ts", "");
    auto const with = args.value("with", "");
    for (auto at = channel.messages.rbegin(); at != channel.messages.rend(); ++at) {
        bool const fits =
            ts.empty() ? at->second.body.value("text", "").find(with) != std::string::npos : at->first == ts;
        if (fits) return at->first;
    }
    throw Refused{"no such message in " + channel.id};
}

} // namespace cox::fake_slack
