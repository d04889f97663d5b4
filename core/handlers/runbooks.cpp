// Walking a decision tree of the policy, question by question.
#include "core/handlers/handlers.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace cox {
namespace {

void refuse_to_choose(Turn const& turn, std::string const& word) {
    std::vector<std::string> names;
    for (auto const& one : turn.policy.runbooks)
        names.push_back(marks::code("runbook " + one.name));
    auto args = about(*turn.incident, turn.policy);
    args.emplace_back("word", word);
    args.emplace_back("choices", join(names, " or "));
    turn.refuse("refused.no-such-runbook", std::move(args));
}

void start(Turn const& turn, Runbook const& runbook) {
    turn.happened(event::RunbookStarted{runbook.name, runbook.title, runbook.steps.front().key});
}

RunbookAnswer const* answer_in(RunbookStep const& step, std::string_view word) {
    auto const found = std::ranges::find_if(
        step.answers, [&](RunbookAnswer const& one) { return same_ignoring_case(one.say, without_tail(word, ".!")); });
    return found == step.answers.end() ? nullptr : &*found;
}

void answer(Turn const& turn, Runbook const& runbook, RunbookStep const& step, RunbookAnswer const& given) {
    auto const* next = runbook.step(given.then);
    bool const ends = !next || next->answers.empty();
    turn.happened(event::RunbookAnswered{runbook.name, step.ask, given.say, ends ? "" : next->key,
                                         next ? next->advise : std::string{}});
}

} // namespace

void handle(Turn& turn, command::Runbook const& command) {
    auto const& incident = *turn.incident;
    auto const* walked = turn.policy.runbook(incident.runbook);
    auto const* open = walked ? walked->step(incident.runbook_step) : nullptr;
    auto const& word = command.word;
    if (open) {
        // A button names its question, so that a late press does not answer another one.
        auto const space = word.find(' ');
        auto const key = word.substr(0, space);
        bool const names_step = space != word.npos && walked->step(key) != nullptr;
        if (names_step && !same_ignoring_case(key, open->key)) {
            auto args = about(incident, turn.policy);
            args.emplace_back("question", open->ask);
            turn.refuse("refused.question-answered", std::move(args));
            return;
        }
        auto const said = names_step ? std::string_view{word}.substr(space + 1) : std::string_view{word};
        if (auto const* given = answer_in(*open, said)) return answer(turn, *walked, *open, *given);
        if (word.empty()) return turn.answer(query::RunbookOf{incident.id});
    }
    if (auto const* named = turn.policy.runbook(word)) return start(turn, *named);
    if (word.empty() && turn.policy.runbooks.size() == 1) return start(turn, turn.policy.runbooks.front());
    if (open) {
        std::vector<std::string> choices;
        for (auto const& one : open->answers)
            choices.push_back(marks::code("runbook " + one.say));
        turn.refuse("refused.which-one", {{"choices", join(choices, " or ")}});
        return;
    }
    refuse_to_choose(turn, word);
}

} // namespace cox
