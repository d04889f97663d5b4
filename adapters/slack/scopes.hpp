#pragma once
// Which rights the bot token needs, and what each is for. deploy/slack/manifest.yaml asks for the same ones; a test
// keeps the two together. Source: docs.slack.dev, "Scopes" of each method and event that is used.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cox::slack {

struct Scope {
    std::string_view name;    // "pins:write"
    std::string_view without; // what people miss where it is not granted
};
std::span<Scope const> needed_scopes();

struct ScopesCompared {
    std::vector<Scope> missing;
    std::vector<std::string> more_than_needed;
};
// `granted`: "chat:write,commands", as Slack lists them with every answer.
ScopesCompared compare_scopes(std::string_view granted);

} // namespace cox::slack
