// events_api: the outer event, and every inner one but messages.
#include "adapters/slack/event.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

using nlohmann::json;
using What = happening::ChannelChanged::What;

// What has no better name is known by its event id: the same in every delivery.
Reading by_event_id(Event const& event, Happening happening) {
    auto const id = id_at(event.outer, "event_id");
    if (id.empty()) return malformed("event: no event_id");
    return {std::move(happening), key_of("event", {id}), event_time(event)};
}

Reading read_reaction(Event const& event) {
    auto const& item = at(event.inner, "item");
    if (is_own(event)) return passed("own");
    if (text_at(item, "type") != "message") return passed("reaction to something else than a message");
    happening::Reacted reacted{author_of(event), text_at(event.inner, "reaction"), id_at(item, "channel"),
                               id_at(item, "ts"), id_at(event.inner, "event_ts")};
    if (reacted.author.user.empty() || reacted.emoji.empty() || reacted.channel.empty() || reacted.message_ts.empty())
        return malformed("reaction");
    auto key = key_of("react", {event.team, reacted.channel, reacted.message_ts, reacted.author.user, reacted.emoji});
    return {std::move(reacted), std::move(key), event_time(event)};
}

Reading read_pin(Event const& event) {
    auto const& item = at(event.inner, "item");
    auto const& message = at(item, "message");
    if (is_own(event)) return passed("own");
    if (message.is_null()) return passed("pin of something else than a message");
    happening::Pinned pinned{author_of(event),       id_at(event.inner, "channel_id"), id_at(message, "ts"),
                             id_at(message, "user"), text_at(message, "text"),         id_at(event.inner, "event_ts")};
    if (pinned.channel.empty()) pinned.channel = id_at(item, "channel");
    if (pinned.author.user.empty() || pinned.channel.empty() || pinned.message_ts.empty()) return malformed("pin");
    auto key = key_of("pin", {event.team, pinned.channel, pinned.message_ts, pinned.author.user});
    return {std::move(pinned), std::move(key), event_time(event)};
}

Reading channel_changed(Event const& event, What what, std::string channel, std::string name = {},
                        std::string new_channel = {}) {
    if (channel.empty()) return malformed("channel event");
    return by_event_id(event, happening::ChannelChanged{what, event.team, std::move(channel), std::move(name),
                                                        std::move(new_channel)});
}

template <What what>
Reading read_channel(Event const& event) {
    return channel_changed(event, what, id_at(event.inner, "channel"));
}

Reading read_rename(Event const& event) {
    auto const& channel = at(event.inner, "channel");
    return channel_changed(event, What::renamed, id_at(channel, "id"), text_at(channel, "name"));
}

Reading read_new_id(Event const& event) {
    auto new_channel = id_at(event.inner, "new_channel_id");
    if (new_channel.empty()) return malformed("channel event");
    return channel_changed(event, What::id_changed, id_at(event.inner, "old_channel_id"), {}, std::move(new_channel));
}

template <bool joined>
Reading read_member(Event const& event) {
    auto channel = id_at(event.inner, "channel");
    if (is_own(event))
        return channel_changed(event, joined ? What::joined_by_us : What::left_by_us, std::move(channel));
    auto author = author_of(event);
    if (author.user.empty() || channel.empty()) return malformed("member event");
    return by_event_id(event, happening::MemberChanged{std::move(author), std::move(channel), joined});
}

Reading read_user(Event const& event) {
    auto const& user = at(event.inner, "user"); // here the whole profile, not an id
    Author author{event.team, id_at(user, "id"), id_at(user, "team_id")};
    if (author.user.empty()) return malformed("user event");
    return by_event_id(event, happening::UserChanged{std::move(author)});
}

Reading read_home(Event const& event) {
    auto const tab = text_at(event.inner, "tab");
    if (!tab.empty() && tab != "home") return passed("another tab than home");
    auto author = author_of(event);
    if (author.user.empty()) return malformed("home event");
    return by_event_id(event, happening::HomeOpened{std::move(author)});
}

Reading read_uninstalled(Event const& event) {
    return by_event_id(event, happening::TokensRevoked{event.team});
}

Reading read_revoked(Event const& event) {
    auto const& bots = at(at(event.inner, "tokens"), "bot");
    // A person took back what they alone had allowed; ours is a bot's token.
    if (bots.is_array() && bots.empty()) return passed("a person's token");
    return read_uninstalled(event);
}

struct Kind {
    std::string_view type;
    Reading (*read)(Event const&);
};
constexpr Kind kinds[] = {
    {"message", read_message},
    {"app_mention", read_mention},
    {"reaction_added", read_reaction},
    {"pin_added", read_pin},
    {"channel_archive", read_channel<What::archived>},
    {"group_archive", read_channel<What::archived>},
    {"channel_unarchive", read_channel<What::unarchived>},
    {"group_unarchive", read_channel<What::unarchived>},
    {"channel_deleted", read_channel<What::deleted>},
    {"group_deleted", read_channel<What::deleted>},
    {"channel_left", read_channel<What::left_by_us>},
    {"group_left", read_channel<What::left_by_us>},
    {"channel_rename", read_rename},
    {"group_rename", read_rename},
    {"channel_id_changed", read_new_id},
    {"member_joined_channel", read_member<true>},
    {"member_left_channel", read_member<false>},
    {"user_change", read_user},
    {"app_home_opened", read_home},
    {"tokens_revoked", read_revoked},
    {"app_uninstalled", read_uninstalled},
};

// An org-wide installation may leave team_id null. Then the enterprise stands for the team, as it does in interactions;
// the rest is for payloads that name neither.
std::string team_of(json const& outer) {
    for (auto const* name : {"team_id", "enterprise_id", "context_enterprise_id", "context_team_id"})
        if (auto id = id_at(outer, name); !id.empty()) return id;
    auto const& authorizations = at(outer, "authorizations");
    if (!authorizations.is_array() || authorizations.empty()) return {};
    for (auto const* name : {"enterprise_id", "team_id"})
        if (auto id = id_at(authorizations.front(), name); !id.empty()) return id;
    return {};
}

// The only one without an inner event.
Reading read_rate_limited(json const& outer) {
    auto team = team_of(outer);
    auto const minute = count_at(outer, "minute_rate_limited");
    if (team.empty() || !minute) return malformed("app_rate_limited");
    auto key = key_of("rate", {team, std::to_string(*minute)});
    return {happening::RateLimited{std::move(team)}, std::move(key), *minute};
}

} // namespace

Author author_of(Event const& event) {
    auto home = id_at(event.inner, "user_team");
    if (home.empty()) home = id_at(event.inner, "source_team");
    return {event.team, id_at(event.inner, "user"), std::move(home)};
}

bool is_own(Event const& event) {
    auto const is = [&event](char const* name, std::string const& ours) {
        return !ours.empty() && text_at(event.inner, name) == ours;
    };
    return is("user", event.us.user) || is("bot_id", event.us.bot) || is("app_id", event.us.app);
}

std::optional<std::int64_t> event_time(Event const& event) {
    return count_at(event.outer, "event_time");
}

Reading read_event(json const& payload, Ourselves const& us) {
    auto const outer_type = text_at(payload, "type");
    if (outer_type == "app_rate_limited") return read_rate_limited(payload);
    if (outer_type != "event_callback") return passed("unknown type " + plain_word(outer_type));
    auto const& inner = at(payload, "event");
    auto const type = text_at(inner, "type");
    if (type.empty()) return malformed("event");
    auto const kind = std::ranges::find(kinds, type, &Kind::type);
    if (kind == std::end(kinds)) return passed("unknown type " + plain_word(type));
    auto team = team_of(payload);
    if (team.empty()) return malformed("event: no team");
    return kind->read({payload, inner, std::move(team), us});
}

} // namespace cox::slack
