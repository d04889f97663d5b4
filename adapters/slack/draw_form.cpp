// The forms. What a form can hold always makes a command that the core reads, whatever the characters.
#include "adapters/slack/blocks.hpp"
#include "adapters/slack/drawing.hpp"
#include "adapters/slack/form_memory.hpp"
#include "core/characters.hpp"
#include "core/parse.hpp"

namespace cox::slack {
namespace {

constexpr std::size_t longest_title = 150;
constexpr std::size_t longest_first_impact = 600;
constexpr std::size_t longest_headline = 200;
constexpr std::size_t longest_fact = 270; // impact and hypothesis each
constexpr std::size_t longest_need = 200;

constexpr std::size_t bytes = 4;  // of a character, at most
constexpr std::size_t words = 80; // the command's own: "declare here … impact …"
static_assert((longest_title + longest_first_impact + limit::option) * bytes + words <= longest_command);
static_assert((longest_headline + 2 * longest_fact + longest_need) * bytes + words <= longest_command);

constexpr std::string_view impact_hint = "A number, a share or a scope: ~38% of checkouts fail, all logins in the EU.";
constexpr std::string_view too_long_here =
    "What is known is too long for this form. It stays as it is if you leave this "
    "empty.";

struct Field {
    std::string_view name;
    std::string_view label;
    std::string_view hint;
    std::string_view example;
    std::size_t longest = 0;
    bool optional = true;
    bool lines = false; // room for several
};

Json input(std::string_view name, std::string_view label, Json element, std::string_view hint, bool optional) {
    element["action_id"] = name;
    Json block{{"type", "input"},
               {"block_id", name},
               {"label", plain_text(label, limit::label)},
               {"element", std::move(element)},
               {"optional", optional}};
    if (!hint.empty()) block["hint"] = plain_text(hint, limit::placeholder);
    return block;
}

// Prefilled with `known`, unless it would have to be cut: what is sent back must never be less than what was known.
Json text_input(Field const& field, std::string_view known) {
    Json element{{"type", "plain_text_input"},
                 {"placeholder", plain_text(field.example, limit::placeholder)},
                 {"multiline", field.lines},
                 {"max_length", field.longest}};
    auto const text = field.lines ? plain_lines(known, longest_command) : plain_line(known, longest_command);
    bool const fits = length(text) <= field.longest;
    if (fits && !text.empty()) element["initial_value"] = text;
    return input(field.name, field.label, std::move(element), fits ? field.hint : too_long_here, field.optional);
}

Json modal(std::string_view callback, std::string_view title, std::string_view submit, std::string_view metadata,
           Json blocks) {
    auto const kept = valid_utf8(metadata);
    return {{"type", "modal"},
            {"callback_id", callback},
            {"title", plain_text(title, limit::modal_title)},
            {"submit", plain_text(submit, limit::modal_title)},
            {"close", plain_text("Cancel", limit::modal_title)},
            {"private_metadata", length(kept) <= limit::metadata ? kept : std::string{}},
            {"blocks", std::move(blocks)}};
}

// Nothing when no severity can be an option: then the policy's own choice holds.
void put_severities(Json& blocks, Policy const& policy) {
    Json element{{"type", "static_select"}, {"options", Json::array()}};
    for (auto const& severity : policy.severities) {
        auto const key = valid_utf8(severity.key);
        if (key.empty() || length(key) > limit::option) continue;
        if (element["options"].size() == limit::options) break;
        auto const label = severity.label + (severity.definition.empty() ? "" : ": " + severity.definition);
        auto const choice = option(label, key);
        if (severity.key == policy.triage) element["initial_option"] = choice;
        element["options"].push_back(choice);
    }
    if (element["options"].empty()) return;
    blocks.push_back(input("severity", "Severity", std::move(element),
                           "In doubt take the higher one: it can be lowered later.", false));
}

Json place_choice() {
    auto const own = option("In a channel of its own", "own");
    auto const here = option("Here, in this channel", "here");
    return input("place", "Where", {{"type", "radio_buttons"}, {"options", {own, here}}, {"initial_option", own}}, "",
                 false);
}

Json confidence_choice(Confidence known) {
    Json element{{"type", "static_select"}, {"options", Json::array()}};
    for (auto const confidence : {Confidence::suspected, Confidence::likely, Confidence::confirmed}) {
        auto const choice = option(confidence_word(confidence), confidence_word(confidence));
        if (confidence == known) element["initial_option"] = choice;
        element["options"].push_back(choice);
    }
    return input("confidence", "How sure of it", std::move(element), "", false);
}

std::string known_of(std::optional<Fact> const& fact) {
    return fact ? fact->text : std::string{};
}

// What stands in the fields as they are drawn.
FormMemory memory_of(std::string_view channel, Json const& blocks) {
    FormMemory memory{std::string{channel}, {}};
    for (auto const& block : blocks) {
        auto const element = block.value("element", Json::object());
        auto const field = block.value("block_id", "");
        if (element.contains("initial_value")) memory.fill(field, element["initial_value"].get<std::string>());
        if (element.contains("initial_option"))
            memory.fill(field, element["initial_option"]["value"].get<std::string>());
    }
    return memory;
}

std::string next_words(Incident const& incident, Policy const& policy) {
    auto const* severity = policy.severity(incident.severity);
    if (!severity || !severity->update_every) return "There is no fixed time for the next update.";
    return "The next update is then due in " + span_text(*severity->update_every) + ".";
}

} // namespace

std::string declare_form(Policy const& policy, std::string_view origin, std::string_view title,
                         std::string_view impact) {
    auto blocks = Json::array();
    // A message that becomes an incident may be long: its beginning is the title, to be edited.
    blocks.push_back(text_input({"title", "What is wrong", "A few words that everybody will see in the topic.",
                                 "checkout errors", longest_title, false},
                                plain_line(title, longest_title)));
    put_severities(blocks, policy);
    blocks.push_back(text_input(
        {"impact", "Impact", impact_hint, "~38% of checkouts fail in the web app", longest_first_impact, true, true},
        plain_lines(impact, longest_first_impact)));
    if (!origin.empty()) blocks.push_back(place_choice());
    return written(modal(form::declare, "Declare an incident", "Declare", origin, std::move(blocks)));
}

std::string update_form(Incident const& incident, Policy const& policy, std::string_view channel) {
    auto const what = plain_line(incident.severity_label, limit::label) + " " + incident.title + " · " +
                      std::string{status_word(incident.status)};
    auto about = pieces_of(what, Mentions::silent);
    cut(about, limit::section);
    auto blocks = Json::array({context(joined(about)), context(mrkdwn_silent(next_words(incident, policy)))});
    blocks.push_back(text_input({"headline", "What is new", "One sentence on top of the update.",
                                 "Errors fall since the rollback", longest_headline},
                                ""));
    blocks.push_back(
        text_input({"impact", "Impact", impact_hint, "~38% of checkouts fail in the web app", longest_fact, true, true},
                   known_of(incident.impact)));
    blocks.push_back(text_input({"hypothesis", "Current hypothesis", "What you believe is the cause.",
                                 "release 4.12 raised payment time-outs", longest_fact, true, true},
                                known_of(incident.hypothesis)));
    blocks.push_back(confidence_choice(incident.hypothesis ? incident.confidence : Confidence::suspected));
    blocks.push_back(text_input({"need", "Decision needed", "Who must decide what. “none” when nothing is needed.",
                                 "fail over to the second region", longest_need},
                                known_of(incident.need)));
    auto const metadata = to_metadata(memory_of(channel, blocks));
    return written(modal(form::update, "Update " + text(incident.id), "Post update", metadata, std::move(blocks)));
}

std::string form_errors(std::vector<std::pair<std::string, std::string>> const& wrong) {
    // The answer travels in one frame of the socket: a form has five fields, and a sentence each is enough.
    constexpr std::size_t most = 10;
    constexpr std::size_t longest = 200;
    auto errors = Json::object();
    for (auto const& [field, what] : wrong) {
        if (errors.size() == most) break;
        auto const name = plain_line(field, limit::label);
        if (!errors.contains(name)) errors[name] = plain_text(what, longest)["text"];
    }
    return written({{"response_action", "errors"}, {"errors", std::move(errors)}});
}

} // namespace cox::slack
