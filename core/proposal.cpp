#include "core/proposal.hpp"

#include "core/assert.hpp"
#include "core/overloaded.hpp"

#include <algorithm>
#include <array>

namespace cox {
namespace {

constexpr std::array<std::string_view, 10> known{"severity",  "strategy", "decide", "freeze", "unfreeze",
                                                 "contained", "resolve",  "cancel", "merge",  "mitigate"};

} // namespace

bool is_proposable(std::string_view does) {
    return std::ranges::find(known, does) != known.end();
}

std::optional<event::Proposed> proposal_of(Command const& command) {
    event::Proposed proposed;
    auto const does = [&](std::string_view what, std::string text = {}) {
        proposed.does = what;
        proposed.text = std::move(text);
        return std::optional{proposed};
    };
    return std::visit(overloaded{[&](command::SetSeverity const& c) { return does("severity", c.severity); },
                                 [&](command::Strategy const& c) { return does("strategy", c.choice); },
                                 [&](command::Decide const& c) { return does("decide", c.what); },
                                 [&](command::Freeze const& c) { return does("freeze", c.what); },
                                 [&](command::Unfreeze const&) { return does("unfreeze"); },
                                 [&](command::Contained const& c) {
                                     proposed.impact = c.impact;
                                     return does("contained", c.what);
                                 },
                                 [&](command::Resolve const& c) {
                                     proposed.impact = c.impact;
                                     return does("resolve", c.summary);
                                 },
                                 [&](command::Cancel const&) { return does("cancel"); },
                                 [&](command::Merge const& c) { return does("merge", c.into); },
                                 [&](command::Act const& c) {
                                     if (!c.mitigation) return std::optional<event::Proposed>{};
                                     proposed.item = c.item;
                                     proposed.owner = c.owner;
                                     proposed.eta = c.eta;
                                     return does("mitigate", c.what);
                                 },
                                 [](auto const&) { return std::optional<event::Proposed>{}; }},
                      command);
}

Command command_of(event::Proposed const& proposed, Time asked_at, Time now) {
    auto const& does = proposed.does;
    if (does == "severity") return command::SetSeverity{proposed.text};
    if (does == "strategy") return command::Strategy{proposed.text};
    if (does == "decide") return command::Decide{proposed.text};
    if (does == "freeze") return command::Freeze{proposed.text};
    if (does == "unfreeze") return command::Unfreeze{};
    if (does == "contained") return command::Contained{proposed.text, proposed.impact};
    if (does == "resolve") return command::Resolve{proposed.text, proposed.impact};
    if (does == "cancel") return command::Cancel{};
    if (does == "merge") return command::Merge{proposed.text};
    COX_ASSERT(does == "mitigate");
    auto const eta = proposed.eta ? std::optional{later(now, *proposed.eta - asked_at)} : std::nullopt;
    return command::Act{proposed.item, proposed.text, proposed.owner, eta, true};
}

} // namespace cox
