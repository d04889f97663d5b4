#include "adapters/slack/blocks.hpp"

#include "adapters/slack/drawing.hpp"
#include "core/characters.hpp"
#include "core/flat_json.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

constexpr std::string_view nothing = "—";
constexpr char in_channel = '@';
constexpr std::string_view wanted[] = {"accept", "ack", "ic", "update", "done"};
constexpr std::string_view ending[] = {"fail", "drop", "cancel", "resolve"};

bool is_one_of(std::span<std::string_view const> verbs, std::string_view verb) {
    return std::ranges::find(verbs, verb) != verbs.end();
}

Json text_object(std::string_view mrkdwn) {
    return {{"type", "mrkdwn"}, {"text", mrkdwn.empty() ? nothing : mrkdwn}, {"verbatim", true}};
}

// "accept" of "accept A1", in letters alone.
std::string verb_in(std::string_view command) {
    std::string verb;
    for (char const c : command.substr(0, command.find(' '))) {
        if (lower(c) >= 'a' && lower(c) <= 'z' && verb.size() < 30) verb += lower(c);
    }
    return verb;
}

bool fits(std::string_view command) {
    return !trim(command).empty() && length(command) <= limit::command;
}

} // namespace

Json plain_text(std::string_view marked, std::size_t limit) {
    auto const line = plain_line(marked, limit);
    return {{"type", "plain_text"}, {"text", line.empty() ? std::string{nothing} : line}, {"emoji", true}};
}

Json section(std::string_view mrkdwn) {
    // Without `expand` a phone hides the end of a long text.
    return {{"type", "section"}, {"text", text_object(mrkdwn)}, {"expand", true}};
}

Json section_of_fields(std::span<std::string const> mrkdwn) {
    auto fields = Json::array();
    for (auto const& field : mrkdwn.first(std::min(mrkdwn.size(), limit::fields)))
        fields.push_back(text_object(field));
    return {{"type", "section"}, {"fields", std::move(fields)}};
}

Json context(std::string_view mrkdwn) {
    return {{"type", "context"}, {"elements", Json::array({text_object(mrkdwn)})}};
}

Json header(std::string_view words) {
    return {{"type", "header"}, {"text", plain_text(words, limit::header)}};
}

Json button(std::string_view action_id, std::string_view label, std::string_view value) {
    return {{"type", "button"},
            {"action_id", action_id},
            {"text", plain_text(label, limit::label)},
            {"value", valid_utf8(value)}};
}

Json option(std::string_view label, std::string_view value) {
    return {{"text", plain_text(label, limit::option)}, {"value", valid_utf8(value)}};
}

void put_buttons(Json& blocks, std::vector<Button> const& buttons, std::vector<Json> more, std::string_view acts_in) {
    auto elements = Json::array();
    bool any_primary = false;
    for (auto const& one : buttons) {
        auto const command = valid_utf8(one.command);
        if (!fits(command) || elements.size() + more.size() >= limit::buttons) continue;
        auto const verb = verb_in(command);
        auto action = std::string{action_prefix} + std::to_string(elements.size()) + ":" + verb;
        if (!acts_in.empty()) action.append(1, in_channel).append(acts_in);
        auto drawn = button(action, trim(one.label).empty() ? std::string_view{command} : one.label, command);
        if (is_one_of(ending, verb)) {
            drawn["style"] = "danger";
        } else if (!any_primary && is_one_of(wanted, verb)) {
            drawn["style"] = "primary";
            any_primary = true;
        }
        elements.push_back(std::move(drawn));
    }
    for (auto& one : more)
        elements.push_back(std::move(one));
    if (!elements.empty()) blocks.push_back({{"type", "actions"}, {"elements", std::move(elements)}});
}

std::string_view channel_in(std::string_view action_id) {
    auto const at = action_id.find(in_channel);
    return at == action_id.npos ? std::string_view{} : action_id.substr(at + 1);
}

std::optional<std::string> written_sections(std::span<Piece const> text) {
    std::size_t units = 0;
    for (auto const& piece : text)
        units += piece.length;
    if (units > limit::body) return std::nullopt;
    auto parts = divided(text, limit::section);
    if (parts.empty()) parts.emplace_back(nothing);
    std::string out{"["};
    for (auto const& part : parts) {
        out += out.size() > 1 ? "," : "";
        out += R"({"type":"section","text":{"type":"mrkdwn","text":)";
        flat_json::append_string(out, part);
        out += R"(,"verbatim":true},"expand":true})";
    }
    return out + "]";
}

bool put_text(Json& blocks, std::vector<Piece>& text) {
    bool const was_cut = cut(text, limit::body);
    auto const parts = divided(text, limit::section);
    for (auto const& part : parts)
        blocks.push_back(section(part));
    if (parts.empty()) blocks.push_back(section(nothing));
    return was_cut;
}

std::string written(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace cox::slack
