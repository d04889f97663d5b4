#include "core/announce.hpp"

#include "core/event_words.hpp"
#include "core/overloaded.hpp"
#include "core/parse.hpp"
#include "core/phrases.hpp"
#include "core/reminders.hpp"
#include "core/rules/rule.hpp"
#include "core/views.hpp"

#include <algorithm>

namespace cox {
namespace {

using effect::PostKind;

struct Announcer {
    Incident const* before;
    Incident const* after;
    Decision const& decision;
    Request const& request;
    World const& world;
    Policy const& policy;
    Words const& words;
    std::vector<Effect> effects;
    std::vector<Reminder> reminders; // said when all else is said, those for one reader as one

    ChannelId const& channel() const { return after->channel ? after->channel->id : after->origin.id; }

    void post(std::string text, PostKind kind = PostKind::word, std::vector<Button> buttons = {}) {
        effects.emplace_back(effect::Post{channel(), kind, std::move(text), std::move(buttons)});
    }
    void say(Event const& event, std::string_view key, std::vector<Button> buttons = {},
             PostKind kind = PostKind::word) {
        post(words.say(key, words_of(event, *after, policy)), kind, std::move(buttons));
    }
    void tell(Person const& to, std::string text, std::vector<Button> buttons = {}) {
        auto const& place = request.actor.id.empty() || !(to == request.actor) ? channel() : request.place.id;
        effects.emplace_back(effect::Tell{place, to, std::move(text), std::move(buttons)});
    }
    void page(Person const& who, std::string text) {
        effects.emplace_back(effect::PagePerson{channel(), who, std::move(text)});
    }

    bool also(auto predicate) const { return std::ranges::any_of(decision.events, predicate); }
    template <class E>
    bool also_happened() const {
        return also([](Event const& e) { return std::holds_alternative<E>(e.body); });
    }

    void each(Event const& event) {
        if (auto reminder = reminder_of(event, *after, policy, words)) {
            if (!said_by_another(event)) reminders.push_back(std::move(*reminder));
            return;
        }
        std::visit(
            [&](auto const& e) {
                if constexpr (is_reminder<std::decay_t<decltype(e)>>) {
                    // What it was about has gone meanwhile.
                } else if constexpr (requires { tell_of(event, e); }) {
                    tell_of(event, e);
                } else if (!told_by_update(event)) {
                    say(event, key_of(event));
                }
            },
            event.body);
    }

    template <class E>
    static constexpr bool is_reminder = std::is_same_v<E, event::Reminded> || std::is_same_v<E, event::Escalated> ||
                                        std::is_same_v<E, event::LoopAsked> || std::is_same_v<E, event::Unattended>;
    // Where nobody is in command one word says it all: the one that pages, if one does.
    bool said_by_another(Event const& event) const {
        auto const* unattended = first_of<event::Unattended>();
        auto const* escalated = first_of<event::Escalated>();
        if (!unattended || !escalated) return false;
        bool const escalated_pages =
            std::get<event::Escalated>(escalated->body).paged && !std::get<event::Unattended>(unattended->body).paged;
        return &event == (escalated_pages ? unattended : escalated);
    }
    void remind() {
        for (auto& one : as_one(std::move(reminders))) {
            if (one.only_for) {
                tell(*one.only_for, one.text, std::move(one.buttons));
            } else {
                post(one.text, one.kind, std::move(one.buttons));
            }
            for (auto const& person : one.paged)
                page(person, one.text);
        }
    }

    // Facts given with an update are told by the update.
    bool told_by_update(Event const& event) const {
        bool const fact = std::holds_alternative<event::ImpactSet>(event.body) ||
                          std::holds_alternative<event::HypothesisSet>(event.body) ||
                          std::holds_alternative<event::NeedSet>(event.body);
        if (!fact) return false;
        return also_happened<event::UpdatePosted>() || also_happened<event::Contained>() ||
               also_happened<event::Resolved>();
    }
    static std::string key_of(Event const& event) { return "said." + std::string{kind(event.body)}; }

    void tell_of(Event const& event, event::Declared const& e) {
        if (e.channel) {
            alert(outcome_text("alert", event, *after, policy, words));
            return;
        }
        // A channel's purpose is plain text everywhere.
        auto const purpose = marks::plain(words.say("channel-purpose", words_of(event, *after, policy)));
        effects.emplace_back(effect::OpenChannel{e.origin.id, e.wanted_name, purpose, event.actor});
    }
    void tell_of(Event const& event, event::ChannelOpened const& e) {
        alert(outcome_text("alert", event, *after, policy, words));
        auto const key = e.fallback ? "said.channel_refused" : "said.channel_opened";
        point(after->origin.id, words.say(key, words_of(event, *after, policy)));
    }
    void tell_of(Event const& event, event::ChannelMoved const& e) {
        alert(outcome_text("moved", event, *after, policy, words));
        auto const pointer = words.say("said.channel_moved", words_of(event, *after, policy));
        if (e.from) point(e.from->id, pointer);
        if (after->origin.id != e.channel.id && !(e.from && e.from->id == after->origin.id))
            point(after->origin.id, pointer);
    }
    // From a place where people may look for it.
    void point(ChannelId const& from, std::string text) {
        effects.emplace_back(effect::Post{from, PostKind::word, std::move(text), {}, {}, true});
    }
    void alert(std::string text) {
        std::vector<Button> buttons{{"status", "Status"}};
        if (after->seats.front().acting) buttons.insert(buttons.begin(), Button{"ic me", "Take command"});
        post(std::move(text), PostKind::alert, std::move(buttons));
    }

    void tell_of(Event const& event, event::SeverityChanged const& e) {
        // A raise is the headline of the update that goes out with it.
        if (!e.raised) say(event, "said.severity_changed");
    }
    void tell_of(Event const& event, event::UpdatePosted const& e) {
        std::vector<Button> buttons;
        if (!e.confirmed) buttons.push_back({"update", "Confirm and post"});
        auto shown = *after;
        for (auto const& other : decision.events) {
            if (std::holds_alternative<event::SeverityChanged>(other.body)) {
                shown.headline = words.say("raised", words_of(other, *after, policy));
            }
        }
        post(update_text(shown, event.at, !e.confirmed, e.silent_since, policy, words), PostKind::update,
             std::move(buttons));
    }
    void tell_of(Event const& event, event::DraftShown const& e) {
        auto args = words_of(event, *after, policy);
        // As it would read once it is posted.
        auto posted = *after;
        auto const every = severity_of(*after, policy).update_every;
        posted.next_update = every ? std::optional{later(e.due, *every)} : std::nullopt;
        posted.headline.clear();
        args.emplace_back("draft", update_text(posted, e.due, false, {}, policy, words));
        tell(e.person, words.say("draft", args), {{"update", "Post"}});
    }
    void tell_of(Event const& event, event::RoleOffered const& e) {
        auto const role = role_or_key(e.role, policy);
        auto const word = role_verb(role);
        say(event, "said.role_offered", {{"accept " + word, "Accept"}, {"decline " + word, "Decline"}});
    }
    void tell_of(Event const& event, event::RoleTaken const& e) {
        say(event, e.takeover ? "said.takeover" : "said.role_taken");
        auto const role = role_or_key(e.role, policy);
        auto brief =
            role.brief.empty() ? std::string{} : words.say("role-brief", {{"role", role.title}, {"brief", role.brief}});
        std::vector<Button> buttons;
        if (e.role == "commander" && before && before->channel && !(before->commander() == e.person)) {
            // Whoever comes to it needs the whole of it, and the update that waits to be posted.
            if (!brief.empty()) brief += "\n";
            brief += handover_text(*after, policy, words);
            if (after->draft_shown_for && after->draft_shown_for == after->next_update)
                buttons.push_back({"update", "Post update"});
        }
        if (!brief.empty()) tell(e.person, std::move(brief), std::move(buttons));
    }
    void tell_of(Event const& event, event::CommandRequested const&) {
        auto args = words_of(event, *after, policy);
        args.emplace_back("commander_mention", marks::mention(after->commander()));
        post(words.say("said.command_requested", args), PostKind::word,
             {{"accept ic", "Hand over"}, {"decline ic", "Keep command"}});
    }

    std::vector<Button> item_buttons(std::string const& id) const {
        auto const* item = after->item(id);
        if (!item || item->closed() || item->state == ItemState::queued) return {};
        if (item->offer) return {{"accept " + id, "Accept"}, {"decline " + id, "Decline"}};
        if (!item->owner) return {};
        return {{"done " + id, "Done"}, {"eta " + id + " +10m", "+10 min"}, {"fail " + id, "Failed"}};
    }
    void tell_of(Event const& event, event::ItemOpened const& e) {
        // In line: the one who asked is told where it stands, somebody who is asked to take it hears so in public, and
        // the card shows it to everybody.
        if (!e.queued) {
            say(event, "said.item_opened", item_buttons(e.item));
        } else if (auto const* item = after->item(e.item); item->offer) {
            say(event, "said.item_queued", {{"accept " + e.item, "Accept"}, {"decline " + e.item, "Decline"}});
        }
    }
    void tell_of(Event const& event, event::ItemAssigned const& e) {
        say(event, "said.item_assigned", item_buttons(e.item));
    }
    void tell_of(Event const& event, event::ItemAccepted const& e) {
        say(event, "said.item_accepted", item_buttons(e.item));
    }
    void tell_of(Event const& event, event::MitigationStarted const& e) {
        say(event, "said.mitigation_started", item_buttons(e.item));
    }
    void tell_of(Event const& event, event::ItemDeclined const&) {
        auto args = words_of(event, *after, policy);
        args.emplace_back("commander_mention", marks::mention(after->commander()));
        post(words.say("said.item_declined", args));
    }

    void tell_of(Event const& event, event::StrategyChosen const&) { say(event, "said.strategy_chosen"); }
    void tell_of(Event const& event, event::Frozen const& e) {
        say(event, "said.frozen", {{"unfreeze", "Unfreeze"}});
        tell_the_webhook(event, "freeze", e.what);
    }
    void tell_of(Event const& event, event::Unfrozen const& e) {
        say(event, "said.unfrozen");
        tell_the_webhook(event, "unfreeze", e.what);
    }
    void tell_the_webhook(Event const& event, std::string_view what_happened, std::string const& what) {
        if (policy.freeze_webhook.empty()) return;
        effects.emplace_back(
            effect::CallHook{{"hook:freeze"}, policy.freeze_webhook, freeze_json(what_happened, what, event, *after)});
    }

    void tell_of(Event const& event, event::Proposed const& e) {
        auto args = words_of(event, *after, policy);
        args.emplace_back("commander_mention", marks::mention(after->commander()));
        post(words.say("said.proposed", args), PostKind::word,
             {{"approve " + e.proposal, "Approve"}, {"reject " + e.proposal, "Reject"}});
    }

    void tell_of(Event const& event, event::RunbookStarted const&) {
        say(event, "said.runbook_started");
        post(runbook_text(*after, policy, words), PostKind::word, runbook_buttons(*after, policy));
    }
    void tell_of(Event const& event, event::RunbookAnswered const& e) {
        auto args = words_of(event, *after, policy);
        std::vector<std::string> commands;
        if (auto const* runbook = policy.runbook(e.runbook); runbook && !e.advice.empty()) {
            for (auto const& step : runbook->steps)
                if (step.advise == e.advice)
                    for (auto const& command : step.commands)
                        commands.push_back(marks::code(command));
        }
        args.emplace_back("commands", join(commands, " or "));
        post(words.say("said.runbook_answered", args));
        if (!e.then.empty()) post(runbook_text(*after, policy, words), PostKind::word, runbook_buttons(*after, policy));
    }

    // All of them with the first.
    void tell_of(Event const& event, event::Invited const&) {
        if (&event != first_of<event::Invited>()) return;
        effect::Invite invite{channel(), {}};
        std::vector<std::string> mentions;
        for (auto const& other : decision.events) {
            auto const* invited = std::get_if<event::Invited>(&other.body);
            if (!invited) continue;
            invite.people.push_back(invited->person);
            mentions.push_back(marks::mention(invited->person));
        }
        effects.emplace_back(std::move(invite));
        auto args = words_of(event, *after, policy);
        args.emplace_back("people", join(mentions));
        post(words.say("said.invited", args));
    }
    template <class E>
    Event const* first_of() const {
        auto const found =
            std::ranges::find_if(decision.events, [](Event const& e) { return std::holds_alternative<E>(e.body); });
        return found == decision.events.end() ? nullptr : &*found;
    }

    void tell_of(Event const& event, event::LoopAnswered const&) {
        auto args = words_of(event, *after, policy);
        auto const every = severity_of(*after, policy).loop_every;
        args.emplace_back("next_loop", every ? clock_moment(later(event.at, *every), policy.zone) : "");
        tell(event.actor, words.say("said.loop_answered", args));
    }

    void tell_of(Event const& event, event::Contained const&) {
        post(outcome_text("stabilisation", event, *after, policy, words), PostKind::stabilisation,
             {{"resolve", "Resolve"}, {"unstable", "It came back"}});
    }
    void tell_of(Event const& event, event::Resolved const&) {
        post(outcome_text("resolution", event, *after, policy, words), PostKind::resolution);
    }
    void tell_of(Event const&, event::Refused const&) {}
    void tell_of(Event const&, event::CommanderSeen const&) {}

    // Words about an incident that leave its topic and card as they are.
    static bool only_told(Event const& event) {
        return std::visit(
            []<class E>(E const&) {
                return std::is_same_v<E, event::Noted> || std::is_same_v<E, event::DraftShown> ||
                       std::is_same_v<E, event::Reminded> || std::is_same_v<E, event::Escalated> ||
                       std::is_same_v<E, event::LoopAsked> || std::is_same_v<E, event::Invited> ||
                       std::is_same_v<E, event::Overridden> || std::is_same_v<E, event::Refused> ||
                       std::is_same_v<E, event::CommanderSeen>;
            },
            event.body);
    }

    // The channel that the incident has left keeps its card, which says where it went, and nothing else of it.
    void leave(Incident const& there) {
        auto const& left = there.channel->id;
        if (there.own_channel) {
            effects.emplace_back(effect::SetTopic{left, topic_left_behind(*after)});
        } else {
            effects.emplace_back(effect::RestoreTopic{left});
        }
        effects.emplace_back(effect::ShowCard{left, card_left_behind(*after, policy, words)});
    }

    // Topic and card: drawn from the state, shown only where they differ from what stood there.
    void show_state() {
        if (!after->channel || std::ranges::all_of(decision.events, only_told)) return;
        bool const moved = before && before->channel && before->channel->id != channel();
        if (moved) leave(*before);
        bool const had = before && before->channel && !moved;
        auto const topic = topic_text(*after, policy);
        bool const was_open = had && before->open();
        if (!after->open() && !after->own_channel) {
            if (was_open) effects.emplace_back(effect::RestoreTopic{channel()});
        } else if (!had || was_open != after->open() || topic_text(*before, policy) != topic) {
            effects.emplace_back(effect::SetTopic{channel(), topic});
        }
        auto card = card_of(*after, policy, words);
        if (!had || card != card_of(*before, policy, words)) {
            effects.emplace_back(effect::ShowCard{channel(), std::move(card)});
        }
        if (!after->call.empty() && (!had || after->call != before->call)) {
            effects.emplace_back(
                effect::SetLink{channel(), words.say("call-title", about(*after, policy)), after->call});
        }
    }

    std::string answer(Query const& query) const {
        return std::visit(
            overloaded{
                [&](query::CardOf const& q) { return card_of(*world.find(q.incident), policy, words).text; },
                [&](query::OpenIncidents const&) { return open_incidents_text(world, policy, words); },
                [&](query::Help const& q) {
                    return help_text(q.about, world.open_in(request.place.id), policy, words);
                },
                [&](query::PolicyTable const& q) { return policy_text(q.severity, policy, words); },
                [&](query::TimelineOf const&) { return std::string{}; },
                [&](query::ItemsOf const& q) { return items_text(*world.find(q.incident), policy, words); },
                [&](query::RoleOf const& q) { return role_text(*world.find(q.incident), q.role, policy, words); },
                [&](query::CallOf const& q) {
                    auto const& incident = *world.find(q.incident);
                    auto args = about(incident, policy);
                    args.emplace_back("url", incident.call);
                    return words.say("call-is", args);
                },
                [&](query::RunbookOf const& q) { return runbook_text(*world.find(q.incident), policy, words); },
                [&](query::LoopOf const& q) { return loop_text(*world.find(q.incident), policy, words); }},
            query);
    }

    std::vector<Effect> run() {
        if (after) {
            for (auto const& event : decision.events)
                each(event);
            remind();
            if (!decision.events.empty()) show_state();
        }
        auto const private_word = [&](Sentence const& sentence, std::string_view more) {
            auto text = words.say(sentence.key, sentence.args);
            if (!more.empty()) text.append("\n").append(more);
            effects.emplace_back(effect::Tell{request.place.id, request.actor, std::move(text), sentence.buttons});
        };
        if (request.actor.id.empty()) return std::move(effects);
        if (decision.refusal) private_word(decision.refusal->why, echo(request, words));
        for (auto const& notice : decision.notices)
            private_word(notice, "");
        if (decision.query && !std::holds_alternative<query::TimelineOf>(*decision.query)) {
            effects.emplace_back(effect::Tell{request.place.id, request.actor, answer(*decision.query), {}});
        }
        return std::move(effects);
    }

    // What was typed comes back, ready to send again.
    static std::string echo(Request const& request, Words const& words) {
        if (request.typed.empty()) return {};
        return words.say("refused.typed", {{"typed", marks::code(one_line(request.typed, longest_command))}});
    }
};

} // namespace

std::vector<Effect> announce(Incident const* before, Incident const* after, Decision const& decision,
                             Request const& request, World const& world, Policy const& policy, Words const& words) {
    return Announcer{before, after, decision, request, world, policy, words, {}, {}}.run();
}

} // namespace cox
