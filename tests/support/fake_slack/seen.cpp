#include "seen.hpp"

#include "views.hpp"

#include <array>

namespace cox::fake_slack {

json seen_message(Message const& message) {
    auto body = message.body;
    body["metadata"] = message.metadata;
    body["edits"] = message.earlier.size();
    return body;
}

json seen_channel(Channel const& channel) {
    json topics = json::array();
    for (auto const& one : channel.topics)
        topics.push_back(one.shown());
    json messages = json::array();
    for (auto const& [ts, message] : channel.messages)
        messages.push_back(seen_message(message));
    return {{"id", channel.id},
            {"name", channel.name},
            {"is_private", channel.is_private},
            {"is_archived", channel.is_archived},
            {"topic", channel.topic.value},
            {"purpose", channel.purpose.value},
            {"topics", topics},
            {"members", channel.members},
            {"pins", channel.pins},
            {"bookmarks", channel.bookmarks},
            {"messages", messages}};
}

json seen_ephemeral(Ephemeral const& one) {
    return {{"user", one.user}, {"channel", one.channel}, {"via", one.via}, {"body", one.body}, {"gone", one.gone}};
}

json seen_view(Slack const& slack, View const& view) {
    return {{"user", view.user},
            {"open", view.open},
            {"errors", view.errors},
            {"versions", view.versions.size()},
            {"view", described(slack, view)}};
}

namespace {

json channels(Slack const& slack) {
    json all = json::object();
    for (auto const& [id, channel] : slack.world.channels)
        all[id] = seen_channel(channel);
    return all;
}

json ephemerals(Slack const& slack) {
    json all = json::array();
    for (auto const& one : slack.world.ephemerals)
        all.push_back(seen_ephemeral(one));
    return all;
}

json views(Slack const& slack) {
    json all = json::object();
    for (auto const& [id, view] : slack.world.views)
        all[id] = seen_view(slack, view);
    return all;
}

json users(Slack const& slack) {
    json all = json::object();
    for (auto const& [id, user] : slack.world.users)
        all[id] = slack.world.shown(user);
    return all;
}

json calls(Slack const& slack) {
    return slack.log.calls;
}

json connections(Slack const& slack) {
    return slack.sockets.shown();
}

json envelopes(Slack const& slack) {
    return slack.sockets.envelopes();
}

json strange(Slack const& slack) {
    return slack.sockets.strange();
}

json settings(Slack const& slack) {
    return slack.settings;
}

json summary(Slack const& slack) {
    int settled = 0;
    for (auto const& envelope : slack.sockets.envelopes())
        settled += envelope.settled ? 1 : 0;
    return {{"open_connections", slack.sockets.open()},
            {"serving_connections", slack.sockets.serving()},
            {"connections_ever", slack.sockets.ever()},
            {"envelopes", slack.sockets.envelopes().size()},
            {"settled", settled},
            {"calls", slack.log.calls.size()},
            {"faults_left", slack.faults.left()}};
}

constexpr std::array<std::pair<std::string_view, json (*)(Slack const&)>, 10> parts{{
    {"calls", calls},
    {"channels", channels},
    {"ephemerals", ephemerals},
    {"views", views},
    {"users", users},
    {"connections", connections},
    {"envelopes", envelopes},
    {"strange", strange},
    {"settings", settings},
    {"summary", summary},
}};

} // namespace

json seen(Slack const& slack, std::string_view part) {
    json all = json::object();
    for (auto const& [name, show] : parts)
        if (part.empty() || part == name) all[std::string{name}] = show(slack);
    return all;
}

} // namespace cox::fake_slack
