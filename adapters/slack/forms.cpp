// Modals, the shortcut that declares from a message, and App Home.
#include "adapters/slack/form_memory.hpp"
#include "adapters/slack/intake.hpp"
#include "adapters/slack/names.hpp"
#include "core/grammar.hpp"
#include "core/marks.hpp"
#include "core/parse.hpp"
#include "core/phrases.hpp"

namespace cox::slack {
namespace {

constexpr std::size_t longest_title = 120;

std::string field_of(happening::Submitted const& form, std::string const& name) {
    auto const found = form.fields.find(name);
    return found == form.fields.end() ? std::string{} : normalise(found->second);
}

// None when it is empty or as the form was filled.
std::optional<std::string> changed(happening::Submitted const& form, FormMemory const& memory,
                                   std::string const& name) {
    auto value = field_of(form, name);
    if (value.empty() || !memory.changed(name, value)) return std::nullopt;
    return value;
}

std::optional<Confidence> confidence_of(std::string_view word) {
    for (auto const each : {Confidence::suspected, Confidence::likely, Confidence::confirmed}) {
        if (confidence_word(each) == word) return each;
    }
    return std::nullopt;
}

// As it would have been typed, for a refusal that hands it back.
void add_clause(std::string& typed, std::string_view name, std::optional<std::string> const& value) {
    if (!value) return;
    typed.append(typed == "update" ? " " : "; ").append(name).append(" ").append(one_line(*value, longest_command));
}

} // namespace

void Intake::open_form(FormFor const& wanted, std::string view) {
    shared_.api.call({"views.open", {{"trigger_id", wanted.trigger_id}, {"view", std::move(view)}}, "", 0},
                     guarded([this, wanted](Answer const& answer) {
                         if (answer.ok()) return;
                         tell_form_not_opened(wanted);
                         shared_.desk.tell_operator(Weight::warning, "slack: a form could not be opened: " +
                                                                         answer.error + " " + answer.detail);
                     }));
}

void Intake::tell_form_not_opened(FormFor const& wanted) {
    effect::Tell tell;
    tell.channel = channel_id(shared_.team, shared_.rooms.by_address(wanted.channel).channel);
    tell.to = people_.person(wanted.author.user);
    tell.text =
        shared_.desk.words().say("slack.form-not-opened", {{"example", marks::code(find_row(wanted.verb)->example)}});
    deliverer_.deliver({0, {}, std::move(tell), shared_.desk.now()}, [](Delivered const&) {});
}

void Intake::on(happening::Shortcut const& shortcut, Taken taken) {
    if (!first_time(taken)) return;
    if (shortcut.callback_id != form::from_message) return;
    auto const& room = shared_.rooms.by_address(shortcut.channel);
    shared_.replies.heard(channel_id(shared_.team, room.channel), user_id(shared_.team, shortcut.author.user),
                          shortcut.response_url, "", std::chrono::steady_clock::now());
    auto const title = one_line(aloud(shortcut.message_text), longest_title);
    open_form({shortcut.author, shortcut.channel, shortcut.trigger_id, "declare"},
              declare_form(shared_.desk.policy(), room.channel, title, ""));
}

void Intake::on(happening::Submitted const& submitted, Taken taken) {
    if (submitted.callback_id == form::declare) return declare_from_form(submitted, std::move(taken));
    if (submitted.callback_id == form::update) return update_from_form(submitted, std::move(taken));
    taken.acknowledge("");
}

void Intake::declare_from_form(happening::Submitted const& submitted, Taken taken) {
    command::Declare declare;
    declare.title = one_line(field_of(submitted, "title"), longest_title);
    if (declare.title.empty()) {
        return taken.acknowledge(form_errors({{"title", shared_.desk.words().say("slack.form-needs-title", {})}}));
    }
    auto const severity = field_of(submitted, "severity");
    if (shared_.desk.policy().severity(severity)) declare.severity = severity;
    if (auto impact = field_of(submitted, "impact"); !impact.empty()) declare.impact = std::move(impact);
    // From App Home there is no channel to come back to: what follows is said to the person.
    auto const origin = submitted.private_metadata.empty() ? submitted.author.user : submitted.private_metadata;
    declare.here = !submitted.private_metadata.empty() && field_of(submitted, "place") == "here";

    Inbound inbound;
    inbound.form = Form::command;
    inbound.text = "declare" + std::string{declare.here ? " here" : ""} +
                   (declare.severity ? " " + *declare.severity : "") + " " + declare.title +
                   (declare.impact ? " impact " + one_line(*declare.impact, longest_command) : "");
    inbound.meant = Parsed{std::move(declare), "", false};
    receive(submitted.author, origin, std::move(inbound), std::move(taken));
}

void Intake::update_from_form(happening::Submitted const& submitted, Taken taken) {
    auto const memory = read_form_memory(submitted.private_metadata);
    if (!memory) return taken.acknowledge("");
    command::Update update;
    update.headline = one_line(field_of(submitted, "headline"), 300);
    update.impact = changed(submitted, *memory, "impact");
    update.hypothesis = changed(submitted, *memory, "hypothesis");
    update.need = changed(submitted, *memory, "need");
    // Being surer of what stood there is news about it.
    auto const hypothesis = field_of(submitted, "hypothesis");
    auto const confidence = changed(submitted, *memory, "confidence");
    if (confidence && !hypothesis.empty()) update.hypothesis = hypothesis;
    if (update.hypothesis) update.confidence = confidence_of(field_of(submitted, "confidence"));

    Inbound inbound;
    inbound.form = Form::command;
    inbound.text = "update";
    if (!update.headline.empty()) inbound.text += " " + update.headline;
    add_clause(inbound.text, "impact", update.impact);
    add_clause(inbound.text, "hyp", update.hypothesis);
    add_clause(inbound.text, "need", update.need);
    inbound.meant = Parsed{std::move(update), "", false};
    receive(submitted.author, memory->channel, std::move(inbound), std::move(taken));
}

void Intake::on(happening::HomeOpened const& opened, Taken taken) {
    taken.acknowledge("");
    homes_.opened(opened.author.user);
}

} // namespace cox::slack
