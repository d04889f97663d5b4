// slash_commands: a flat object of strings, and what comes most; read without a tree. It has no thread, and no time.
#include "adapters/slack/flat.hpp"
#include "adapters/slack/reading.hpp"
#include "adapters/slack/response_url.hpp"

namespace cox::slack {
namespace {

Reading read_slash(flat::Object const& payload, Ourselves const& us) {
    happening::Typed typed;
    typed.author.team = flat::id_at(payload, "team_id");
    if (typed.author.team.empty()) typed.author.team = flat::id_at(payload, "enterprise_id");
    typed.author.user = flat::id_at(payload, "user_id");
    typed.channel = flat::id_at(payload, "channel_id");
    typed.channel_name = flat::text_at(payload, "channel_name");
    typed.command = flat::text_at(payload, "command");
    typed.text = flat::text_at(payload, "text");
    typed.response_url = flat::text_at(payload, "response_url");
    if (!is_response_url(typed.response_url, us.loopback)) typed.response_url.clear();
    typed.trigger_id = flat::id_at(payload, "trigger_id");
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
    if (!flat::scan(text, envelope) || flat::text_at(envelope, "type") != slash_commands) return std::nullopt;
    auto const* inside = flat::member(envelope, "payload");
    auto id = flat::id_at(envelope, "envelope_id");
    if (!inside || id.empty() || !flat::scan(inside->value(), payload)) return std::nullopt;
    if (flat::has_one_twice(envelope) || flat::has_one_twice(payload)) return std::nullopt;
    return SlashEnvelope{std::move(id), read_slash(payload, us)};
}

} // namespace cox::slack
