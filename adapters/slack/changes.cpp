// Channels and people that change under an incident.
#include "adapters/slack/intake.hpp"
#include "adapters/slack/names.hpp"
#include "core/marks.hpp"
#include "core/parse.hpp"
#include "core/phrases.hpp"

namespace cox::slack {

void Intake::on(happening::TopicChanged const& changed, Taken taken) {
    if (!first_time(taken)) return;
    if (!incident_in(changed.channel)) return;
    deliverer_.topic_changed(shared_.rooms.by_address(changed.channel), changed.author.user, changed.topic);
}

void Intake::on(happening::ChannelChanged const& changed, Taken taken) {
    using What = happening::ChannelChanged::What;
    bool const kept = changed.what == What::renamed || changed.what == What::id_changed;
    if (!kept && !first_time(taken)) return;
    auto& room = changed.what == What::id_changed ? shared_.rooms.move(changed.channel, changed.new_channel)
                                                  : shared_.rooms.by_address(changed.channel);
    auto const lost = [&](std::string const& why) {
        // Channels come and go all over a workspace; this is about those with an incident.
        if (incident_in(changed.channel)) deliverer_.unreachable(room, why);
    };
    switch (changed.what) {
    case What::archived: return lost("is_archived");
    case What::deleted: return lost("channel_not_found");
    case What::left_by_us: return lost("not_in_channel");
    case What::unarchived:
    case What::joined_by_us:
        if (!room.unreachable.empty()) return deliverer_.reachable(room);
        // A former run may have been kept out.
        if (incident_in(changed.channel)) shared_.desk.show_again(channel_id(shared_.team, room.channel));
        return;
    case What::renamed:
        // One that we never had to do with; a workspace has thousands.
        if (room.name.empty()) return taken.acknowledge("");
        room.name = normalise(changed.name);
        break;
    case What::id_changed: break;
    }
    store::Batch batch;
    batch.cursors.push_back(to_row(room));
    shared_.store.commit(std::move(batch), [acknowledge = taken.acknowledge] { acknowledge(""); });
}

void Intake::on(happening::MemberChanged const& changed, Taken taken) {
    if (!first_time(taken)) return;
    auto& room = shared_.rooms.by_address(changed.channel);
    auto const& user = changed.author.user;
    if (changed.joined) {
        people_.joined(room.address(), user);
        if (room.made_by_us) room.brought_in.insert(user);
    } else {
        people_.left(room.address(), user);
        room.brought_in.erase(user); // who is needed there again is invited again
    }
}

void Intake::on(happening::UserChanged const& changed, Taken taken) {
    if (!first_time(taken)) return;
    auto const& user = changed.author.user;
    auto const* known = people_.find(user);
    bool const was_gone = known && known->deactivated;
    if (!people_.forget(user)) return;
    constexpr int after_commands = 5; // whoever types one is asked about at once, whatever wave of changes there is
    people_.know({user}, guarded([this, user, was_gone] {
                     auto const* profile = people_.find(user);
                     if (!profile || !profile->deactivated || was_gone) return;
                     for (auto const* incident : shared_.desk.open_incidents()) {
                         if (raw(incident->commander().id) != user || !incident->channel) continue;
                         auto const& room = shared_.rooms.at(raw(incident->channel->id));
                         auto const& policy = shared_.desk.policy();
                         auto const opens = incident->commander_seen + policy.takeover_after;
                         bool const open = incident->seats.front().acting || opens <= shared_.desk.now();
                         deliverer_.say(
                             room, shared_.desk.words().say("slack.commander-deactivated",
                                                            {{"person", profile->name},
                                                             {"opens", open ? "" : clock_moment(opens, policy.zone)}}));
                     }
                 }),
                 after_commands);
}

void Intake::on(happening::TokensRevoked const&, Taken taken) {
    if (!first_time(taken)) return;
    // It may have been another one: after a rotation the old token goes when the new one is long in use.
    shared_.check_token();
}

void Intake::on(happening::RateLimited const&, Taken taken) {
    if (!first_time(taken)) return;
    shared_.desk.tell_operator(Weight::error,
                               "slack: Slack has stopped delivering events for a minute, because the workspace sends "
                               "more than 30,000 an hour; commands by `/inc` and buttons still arrive");
}

} // namespace cox::slack
