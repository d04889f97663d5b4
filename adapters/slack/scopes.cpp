#include "adapters/slack/scopes.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

constexpr Scope scopes[] = {
    {"app_mentions:read", "`@coxswain …` is not heard"},
    {"bookmarks:write", "the link of the call is not bookmarked"},
    {"channels:history",
     "`!` commands in public channels are not heard, an emoji does not put a message on the timeline "
     "there, edits of the topic are not noticed, and after a lost answer a post may stand there "
     "twice"},
    {"channels:join", "`declare here` does not work in a channel that the bot was not invited to"},
    {"channels:manage", "no public channel is made for an incident, and the topic of public channels is not set"},
    {"channels:read", "names and members of public channels are not known, nor that one was archived or renamed"},
    {"chat:write", "nothing can be posted at all"},
    {"commands", "`/inc` and the shortcut do not work"},
    {"groups:history", "the same in private channels: `!` commands are not heard, an emoji does not put a message on "
                       "the timeline, edits of the topic are not noticed, and after a lost answer a post may stand "
                       "there twice"},
    {"groups:read", "names and members of private channels are not known"},
    {"groups:write", "no private channel is made for an incident, and the topic of private channels is not set"},
    {"pins:read", "a pin does not put a message on the timeline"},
    {"pins:write", "the card is not pinned"},
    {"reactions:read", "an emoji does not put a message on the timeline"},
    {"users:read", "people appear by their ids, and guests cannot be told from members, so that only those who hold a "
                   "role may act"},
};

std::vector<std::string> listed(std::string_view granted) {
    std::vector<std::string> names;
    while (!granted.empty()) {
        auto const comma = granted.find(',');
        auto const name = trim(granted.substr(0, comma));
        if (!name.empty()) names.emplace_back(name);
        granted = comma == granted.npos ? std::string_view{} : granted.substr(comma + 1);
    }
    return names;
}

} // namespace

std::span<Scope const> needed_scopes() {
    return scopes;
}

ScopesCompared compare_scopes(std::string_view granted) {
    auto const names = listed(granted);
    ScopesCompared compared;
    std::ranges::copy_if(scopes, std::back_inserter(compared.missing),
                         [&](Scope const& scope) { return std::ranges::find(names, scope.name) == names.end(); });
    std::ranges::copy_if(names, std::back_inserter(compared.more_than_needed), [](std::string const& name) {
        return std::ranges::find(scopes, name, &Scope::name) == std::end(scopes);
    });
    return compared;
}

} // namespace cox::slack
