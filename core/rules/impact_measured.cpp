#include "core/rules/all.hpp"

#include "core/overloaded.hpp"
#include "core/phrases.hpp"
#include "core/plain_speech.hpp"

namespace cox {
namespace {

std::optional<std::string> impact_in(Command const& command) {
    return std::visit(overloaded{[](command::SetImpact const& c) { return std::optional{c.text}; },
                                 [](command::Declare const& c) { return c.impact; },
                                 [](command::Update const& c) { return c.impact; },
                                 [](command::Loop const& c) { return c.impact; },
                                 [](command::Contained const& c) { return c.impact; },
                                 [](command::Resolve const& c) { return c.impact; },
                                 [](auto const&) { return std::optional<std::string>{}; }},
                      command);
}

} // namespace

// "Customers are affected" tells nobody whether to wake the next person.
std::optional<Finding> check_impact_measured(RuleCase const& c) {
    auto const impact = impact_in(c.request.command);
    if (!impact || impact->empty() || is_measured(*impact)) return std::nullopt;
    auto const key = c.level == Level::warn ? "notice.impact-unmeasured" : "refused.impact-unmeasured";
    return Finding{.why = {key, {{"impact", *impact}}, {}}, .event = {}};
}

} // namespace cox
