// slash_commands: a flat object of strings, and what comes most; read without a tree. It has no thread, and no time.
#include "adapters/slack/reading.hpp"
#include "adapters/slack/response_url.hpp"
#include "core/flat_json.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

namespace flat = flat_json;

flat::Member const* member(flat::Object const& object, std::string_view name) {
    auto const end = object.members.begin() + static_cast<std::ptrdiff_t>(object.count);
    auto const found = std::find_if(object.members.begin(), end, [&](auto const& each) { return each.name() == name; });
    return found == end ? nullptr : &*found;
}

bool has_one_twice(flat::Object const& object) {
    for (std::size_t i = 0; i < object.count; ++i)
        if (member(object, object.members[i].name()) != &object.members[i]) return true;
    return false;
}

std::string text_at(flat::Object const& object, std::string_view name) {
    std::string text;
    auto const* found = member(object, name);
    if (found && found->kind == flat::Kind::string) flat::take(*found, text);
    return text;
}

std::string id_at(flat::Object const& object, std::string_view name) {
    auto text = text_at(object, name);
    return is_id(text) ? text : std::string{};
}

Reading read_slash(flat::Object const& payload, Ourselves const& us) {
    happening::Typed typed;
    typed.author.team = id_at(payload, "team_id");
    if (typed.author.team.empty()) typed.author.team = id_at(payload, "enterprise_id");
    typed.author.user = id_at(payload, "user_id");
    typed.channel = id_at(payload, "channel_id");
    typed.channel_name = text_at(payload, "channel_name");
    typed.command = text_at(payload, "command");
    typed.text = text_at(payload, "text");
    typed.response_url = text_at(payload, "response_url");
    if (!is_response_url(typed.response_url, us.loopback)) typed.response_url.clear();
    typed.trigger_id = id_at(payload, "trigger_id");
    if (typed.author.team.empty() || typed.author.user.empty() || typed.channel.empty() || typed.command.empty() ||
        typed.trigger_id.empty())
        return malformed("slash command");
    auto key = key_of("cmd", {typed.trigger_id});
    return {std::move(typed), std::move(key), {}};
}

} // namespace

std::optional<SlashEnvelope> read_slash_envelope(std::string_view text, Ourselves const& us) {
    flat::Object envelope;
    flat::Object payload;
    if (!flat::scan(text, envelope) || text_at(envelope, "type") != slash_commands) return std::nullopt;
    auto const* inside = member(envelope, "payload");
    auto id = id_at(envelope, "envelope_id");
    if (!inside || id.empty() || !flat::scan(inside->value(), payload)) return std::nullopt;
    if (has_one_twice(envelope) || has_one_twice(payload)) return std::nullopt;
    return SlashEnvelope{std::move(id), read_slash(payload, us)};
}

} // namespace cox::slack
