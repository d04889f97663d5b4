#include "core/rules/all.hpp"

#include "core/characters.hpp"
#include "core/overloaded.hpp"
#include "core/phrases.hpp"
#include "core/plain_speech.hpp"
#include "core/text.hpp"

namespace cox {
namespace {

struct Stated {
    std::string text;
    std::optional<Confidence> confidence;
};

std::optional<Stated> hypothesis_in(Command const& command) {
    return std::visit(
        overloaded{[](command::Hypothesise const& c) {
                       return std::optional<Stated>{{c.text, c.confidence}};
                   },
                   [](command::Update const& c) {
                       return c.hypothesis ? std::optional<Stated>{{*c.hypothesis, c.confidence}} : std::nullopt;
                   },
                   [](command::Loop const& c) {
                       return c.hypothesis ? std::optional<Stated>{{*c.hypothesis, c.confidence}} : std::nullopt;
                   },
                   [](auto const&) { return std::optional<Stated>{}; }},
        command);
}

// "4.12 definitely broke it" -> "4.12 broke it"
std::string without(std::string_view text, std::string_view word) {
    auto const at = static_cast<std::size_t>(word.data() - text.data());
    return one_line(std::string{text.substr(0, at)} + " " + std::string{text.substr(at + word.size())}, 200);
}

} // namespace

// A guess that is told as a fact stops people from looking elsewhere.
std::optional<Finding> check_uncertainty_stated(RuleCase const& c) {
    auto const stated = hypothesis_in(c.request.command);
    if (!c.incident || !stated || stated->confidence == Confidence::confirmed) return std::nullopt;
    auto args = about(*c.incident, c.policy);
    bool const warns = c.level == Level::warn;
    if (auto const word = word_of_certainty(stated->text); !word.empty()) {
        args.emplace_back("word", std::string{word});
        auto const softer = without(stated->text, word);
        args.emplace_back("instead",
                          marks::code("hyp " + (trim(softer).empty() ? "…" : softer) + " " +
                                      std::string{confidence_word(stated->confidence.value_or(Confidence::likely))}));
        return Finding{.why = {warns ? "notice.too-certain" : "refused.too-certain", std::move(args), {}}, .event = {}};
    }
    if (stated->confidence) return std::nullopt;
    args.emplace_back("instead", marks::code("hyp " + clipped(stated->text, 200) + " likely"));
    return Finding{.why = {warns ? "notice.no-confidence" : "refused.no-confidence", std::move(args), {}}, .event = {}};
}

} // namespace cox
