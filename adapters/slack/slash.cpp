// slash_commands: a flat object of strings. It has no thread, and no time.
#include "adapters/slack/reading.hpp"

namespace cox::slack {

Reading read_slash(nlohmann::json const& payload, Ourselves const& us) {
    happening::Typed typed;
    typed.author.team = id_at(payload, "team_id");
    if (typed.author.team.empty()) typed.author.team = id_at(payload, "enterprise_id");
    typed.author.user = id_at(payload, "user_id");
    typed.channel = id_at(payload, "channel_id");
    typed.channel_name = text_at(payload, "channel_name");
    typed.command = text_at(payload, "command");
    typed.text = text_at(payload, "text");
    typed.response_url = response_url_at(payload, us);
    typed.trigger_id = id_at(payload, "trigger_id");
    if (typed.author.team.empty() || typed.author.user.empty() || typed.channel.empty() || typed.command.empty() ||
        typed.trigger_id.empty())
        return malformed("slash command");
    auto key = key_of("cmd", {typed.trigger_id});
    return {std::move(typed), std::move(key), {}};
}

} // namespace cox::slack
