#include "bot/config/runbook_yaml.hpp"

#include "bot/config/nearest.hpp"
#include "bot/config/yaml_reader.hpp"
#include "core/grammar.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace cox::bot {
namespace {

using Kind = YamlNode::Kind;

constexpr std::size_t fewest_answers = 2;
constexpr std::size_t most_answers = 5;
constexpr std::size_t most_steps = 100;
constexpr std::size_t most_commands = 5;
constexpr std::size_t longest_title = 100;
constexpr std::size_t longest_question = 300;
constexpr std::size_t longest_advice = 1000;
constexpr std::size_t longest_command = 300;

constexpr std::string_view steps_example = "a list, one step under each -; it starts at the first";

std::string in_quotes(std::string_view word) {
    return "\"" + std::string{word} + "\"";
}

// What people say, whichever way a program that rewrote the file spells it.
std::string_view as_said(std::string_view key) {
    if (key == "true") return "yes";
    if (key == "false") return "no";
    return key;
}

// Steps, and where each of them stands in the file.
struct Place {
    YamlNode const* key = nullptr;
    std::vector<YamlNode const*> targets; // of its answers, in their order
};

class RunbookReader {
public:
    RunbookReader(Report& report, Meanings const& roles) : report_{report}, roles_{roles} {}

    Runbook read(YamlNode const& entry) {
        Fields const fields{report_, entry, "a runbook", {"name", "title", "steps"}};
        Runbook book;
        name_node_ = fields.need("name", "name: first-look");
        book.name = word_of(report_, name_node_, "name").value_or("");
        book.title = text_of(report_, fields.need("title", "title: Where to look first"), "title", longest_title)
                         .value_or(book.name);
        auto const* steps = fields.need("steps", "steps: " + std::string{steps_example});
        auto const entries = list_of(report_, steps, "steps", steps_example);
        if (steps && steps->kind == Kind::list && entries.empty()) fail(*steps, "there is no step; add one");
        if (entries.size() > most_steps)
            fail(*steps, "these are more than " + std::to_string(most_steps) + " steps; make two runbooks of them");
        bool all_read = !entries.empty();
        for (auto const& step : entries)
            all_read = read_step(step, book) && all_read;
        // The way through is looked at once every step is known.
        if (all_read) check_targets(book) && check_way(book);
        return book;
    }

    YamlNode const* name_node() const { return name_node_; }

private:
    void fail(YamlNode const& at, std::string what) { report_.add(at.line, at.column, std::move(what)); }

    bool read_step(YamlNode const& entry, Runbook& book) {
        Fields const fields{report_, entry, "a step", {"key", "ask", "answers", "advise", "commands"}};
        RunbookStep step;
        Place place;
        place.key = fields.need("key", "key: deploy");
        auto const key = word_of(report_, place.key, "key");
        auto const* ask = fields.find("ask");
        auto const* advise = fields.find("advise");
        auto const* answers = fields.find("answers");
        auto const* commands = fields.find("commands");
        if (ask) step.ask = text_of(report_, ask, "ask", longest_question).value_or("");
        if (advise) step.advise = text_of(report_, advise, "advise", longest_advice).value_or("");
        bool good = entry.kind == Kind::map && key && check_kind(entry, ask, advise, answers, commands);
        if (answers) good = read_answers(*answers, step, place) && good;
        read_commands(commands, step);
        if (!key) return false;
        if (auto const* twin = book.step(*key)) {
            fail(*place.key, "the step " + in_quotes(twin->key) + " is there already; give each its own key");
            return false;
        }
        step.key = *key;
        book.steps.push_back(std::move(step));
        places_.push_back(std::move(place));
        return good;
    }

    // Either a question with its answers, or advice with its commands.
    bool check_kind(YamlNode const& entry, YamlNode const* ask, YamlNode const* advise, YamlNode const* answers,
                    YamlNode const* commands) {
        if (ask && advise) {
            fail(*advise, "a step asks or advises, not both; let an answer lead to a step that advises");
        } else if (!ask && !advise) {
            fail(entry, "this step neither asks nor advises; write ask: and answers:, or advise:");
        } else if (ask && !answers) {
            fail(*ask, "this question has no answers; add them, for example answers: {yes: roll-back, no: slow-query}");
        } else if (ask && commands) {
            fail(*commands, "commands belong to advice; move them to the step that the answer leads to");
        } else if (advise && answers) {
            fail(*answers, "advice ends the walk and has no answers; remove them, or ask");
        } else {
            return true;
        }
        return false;
    }

    bool read_answers(YamlNode const& node, RunbookStep& step, Place& place) {
        if (node.kind == Kind::refused) return false;
        if (node.kind != Kind::map) {
            fail(node, "\"answers\" is a map; write {yes: KEY, no: KEY}, each with the key of the step that follows");
            return false;
        }
        bool good = true;
        for (std::size_t i = 0; i < node.keys.size(); ++i) {
            auto const& key = node.keys[i];
            YamlNode said;
            said.kind = Kind::text;
            said.line = key.line;
            said.column = key.column;
            said.text = std::string{as_said(key.name)};
            auto say = word_of(report_, &said, "an answer");
            auto then = word_of(report_, &node.items[i], key.name);
            good = good && say && then;
            if (!say || !then) continue;
            step.answers.push_back({*std::move(say), *std::move(then)});
            place.targets.push_back(&node.items[i]);
        }
        if (!good) return false;
        if (node.keys.size() >= fewest_answers && node.keys.size() <= most_answers) return true;
        fail(node, "a question has " + std::to_string(fewest_answers) + " to " + std::to_string(most_answers) +
                       " answers and this one has " + std::to_string(node.keys.size()) +
                       "; add one, or ask in two steps");
        return false;
    }

    void read_commands(YamlNode const* node, RunbookStep& step) {
        auto const entries = list_of(report_, node, "commands", "[strategy rollback because a deploy went out]");
        if (entries.size() > most_commands)
            fail(*node, "these are more than " + std::to_string(most_commands) + " commands; keep the first to try");
        for (auto const& entry : entries) {
            auto command = text_of(report_, &entry, "commands", longest_command);
            if (command && check_command(entry, *command)) step.commands.push_back(*std::move(command));
        }
    }

    bool check_command(YamlNode const& at, std::string_view command) {
        if (command.starts_with('/') || command.starts_with('!')) {
            fail(at, "a command stands here without a prefix, each network has its own; write " +
                         in_quotes(command.substr(command.find_first_not_of("/!") == command.npos
                                                      ? command.size()
                                                      : command.find_first_not_of("/!"))));
            return false;
        }
        auto verb = command.substr(0, command.find(' '));
        if (verb.ends_with('!')) verb.remove_suffix(1);
        if (find_row(verb) || roles_.owner(verb)) return true;
        auto const near = suggestions(verb);
        fail(at, "there is no command " + in_quotes(verb) + "; " +
                     (near.empty() ? std::string{"write one that `help` names"}
                                   : "did you mean " + in_quotes(near.front()) + "?"));
        return false;
    }

    bool check_targets(Runbook const& book) {
        bool good = true;
        std::vector<std::string_view> keys;
        for (auto const& step : book.steps)
            keys.push_back(step.key);
        for (std::size_t i = 0; i < book.steps.size(); ++i) {
            for (std::size_t n = 0; n < book.steps[i].answers.size(); ++n) {
                auto const& then = book.steps[i].answers[n].then;
                if (book.step(then)) continue;
                fail(*places_[i].targets[n], "there is no step " + in_quotes(then) + "; " + did_you_mean(then, keys));
                good = false;
            }
        }
        return good;
    }

    // From the first step on: no circle, and every step comes up.
    bool check_way(Runbook const& book) {
        std::vector<std::size_t> way;
        if (!walk(book, 0, way)) return false;
        for (std::size_t i = 0; i < book.steps.size(); ++i) {
            if (reached_.contains(i)) continue;
            fail(*places_[i].key, "no answer leads to the step " + in_quotes(book.steps[i].key) +
                                      "; name it in an answer, or remove it");
        }
        return true;
    }

    // False once a circle was found and named.
    bool walk(Runbook const& book, std::size_t at, std::vector<std::size_t>& way) {
        if (!reached_.insert(at).second) return true;
        way.push_back(at);
        auto const& step = book.steps[at];
        for (std::size_t n = 0; n < step.answers.size(); ++n) {
            auto const next = static_cast<std::size_t>(book.step(step.answers[n].then) - book.steps.data());
            if (auto const back = std::ranges::find(way, next); back != way.end()) {
                std::string circle;
                for (auto each = back; each != way.end(); ++each)
                    circle += book.steps[*each].key + " → ";
                fail(*places_[at].targets[n], "these answers lead round in a circle (" + circle + book.steps[next].key +
                                                  "); let one of them lead on");
                return false;
            }
            if (!walk(book, next, way)) return false;
        }
        way.pop_back();
        return true;
    }

    Report& report_;
    Meanings const& roles_;
    YamlNode const* name_node_ = nullptr;
    std::vector<Place> places_; // as the runbook's steps
    std::set<std::size_t> reached_;
};

} // namespace

std::vector<Runbook> read_runbooks(Report& report, YamlNode const* node, Meanings const& roles) {
    std::vector<Runbook> books;
    Meanings names;
    for (auto const& entry : list_of(report, node, "runbooks", "a list, one runbook under each -")) {
        RunbookReader reader{report, roles};
        auto book = reader.read(entry);
        if (book.name.empty()) continue;
        if (names.taken(book.name)) {
            report.add(reader.name_node()->line, reader.name_node()->column,
                       "the runbook " + in_quotes(book.name) + " is there already; give each its own name");
            continue;
        }
        names.claim(report, *reader.name_node(), book.name, book.name);
        books.push_back(std::move(book));
    }
    return books;
}

} // namespace cox::bot
