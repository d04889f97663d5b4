#pragma once
// The methods of the Web API, as rows of a table. A handler gives the fields beside "ok", or throws Refused.
#include "args.hpp"

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace cox::fake_slack {

struct Method {
    std::string_view name;
    std::string_view scope; // "pins:write"; "channels:read|groups:read": any of them; "": none
    bool takes_json;        // some know only forms and URLs
    std::initializer_list<std::string_view> required;
    json (*handle)(Slack&, Args const&);
};

std::span<Method const> chat_methods();
std::span<Method const> conversation_methods();
std::span<Method const> mark_methods(); // pins, bookmarks, reactions
std::span<Method const> people_methods();
std::span<Method const> view_methods();
Method const* find_method(std::string_view name);

// What the handlers share.
//
// The channel that `name` names; `member`: the bot must be in it.
Channel& channel_of(Slack&, Args const&, std::string_view name = "channel");
Channel& own_channel_of(Slack&, Args const&, std::string_view name = "channel");
void need_open(Channel const&); // is_archived otherwise
Message& message_of(Channel&, std::string const& ts, char const* error = "message_not_found");
// The blocks of a message that is to be posted; null when there are none.
json blocks_of(Args const&);

// One page of `rows`, as {"NAME": […], "response_metadata": {"next_cursor": …}}.
json page_of(Slack const&, char const* name, std::vector<json> const& rows, Args const&, int limit);

} // namespace cox::fake_slack
