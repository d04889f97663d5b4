#include "checks.hpp"

#include "core/characters.hpp"
#include "core/event_json.hpp"
#include "core/link.hpp"
#include "core/marks.hpp"
#include "core/overloaded.hpp"
#include "core/rules/rule.hpp"
#include "core/views.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cox::test {
namespace {

bool same(Person const& a, Person const& b) {
    return a.id == b.id && a.name == b.name;
}
bool same(Offer const& a, Offer const& b) {
    return same(a.person, b.person) && same(a.by, b.by) && a.at == b.at && a.reminded == b.reminded;
}
template <class T>
bool same(std::optional<T> const& a, std::optional<T> const& b) {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
}
bool same(Seat const& a, Seat const& b) {
    return a.role == b.role && same(a.holder, b.holder) && a.acting == b.acting && a.since == b.since &&
           same(a.offer, b.offer);
}
bool same(Item const& a, Item const& b) {
    return a.id == b.id && a.what == b.what && a.mitigation == b.mitigation && same(a.owner, b.owner) &&
           a.accepted == b.accepted && a.eta == b.eta && a.state == b.state && a.opened_at == b.opened_at &&
           same(a.offer, b.offer) && a.result == b.result;
}
template <class T>
bool same(std::vector<T> const& a, std::vector<T> const& b) {
    return std::ranges::equal(a, b, [](T const& x, T const& y) { return same(x, y); });
}

std::string bad_text(std::string_view text) {
    if (!is_utf8(text)) return "a text is no UTF-8";
    if (marks::plain(text).empty()) return "an empty text";
    return {};
}

} // namespace

#define COX_SAME(field)                                                                                                \
    if (!(a.field == b.field)) return #field
#define COX_SAME_WITHIN(field)                                                                                         \
    if (!same(a.field, b.field)) return #field

std::string differs(Incident const& a, Incident const& b) {
    COX_SAME(id);
    COX_SAME(seq);
    COX_SAME(title);
    COX_SAME(severity);
    COX_SAME(severity_label);
    COX_SAME(status);
    COX_SAME_WITHIN(declared_by);
    COX_SAME(opened_at);
    COX_SAME(started);
    COX_SAME(closed_at);
    COX_SAME(origin);
    COX_SAME(channel);
    COX_SAME(own_channel);
    COX_SAME(made);
    COX_SAME(wanted_name);
    COX_SAME_WITHIN(seats);
    COX_SAME_WITHIN(command_requested_by);
    COX_SAME(commander_seen);
    COX_SAME(impact);
    COX_SAME(hypothesis);
    COX_SAME(confidence);
    COX_SAME(need);
    COX_SAME(need_by);
    COX_SAME(headline);
    COX_SAME_WITHIN(items);
    COX_SAME(items_made);
    COX_SAME(observe_until);
    COX_SAME(next_update);
    COX_SAME(last_update);
    COX_SAME(unconfirmed_in_a_row);
    COX_SAME(draft_shown_for);
    COX_SAME(contained_at);
    COX_SAME(roles_wanted_at);
    COX_SAME(roles_reminded);
    COX_SAME(last_nudge);
    return {};
}

#undef COX_SAME
#undef COX_SAME_WITHIN

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto const lead = static_cast<unsigned char>(text[i]);
        std::size_t const size = lead < 0x80   ? 1
                                 : lead < 0xC2 ? 0
                                 : lead < 0xE0 ? 2
                                 : lead < 0xF0 ? 3
                                 : lead < 0xF5 ? 4
                                               : 0;
        if (size == 0 || i + size > text.size()) return false;
        for (std::size_t k = 1; k < size; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
        }
        i += size;
    }
    return true;
}

static std::string wrong_with_hook(effect::CallHook const& hook) {
    if (!hook.channel.value.starts_with("hook:")) return "a hook stands in the queue of a channel";
    if (!is_link(hook.url)) return "a hook leads nowhere: " + hook.url;
    auto const body = nlohmann::json::parse(hook.body, nullptr, false);
    return body.is_object() ? "" : "the body of a hook is no JSON object: " + hook.body;
}

std::string wrong_with(Effect const& effect) {
    return std::visit(overloaded{[](effect::SetTopic const& e) {
                                     if (!is_utf8(e.topic)) return std::string{"a topic is no UTF-8"};
                                     return length(e.topic) > longest_topic ? std::string{"a topic is too long"} : "";
                                 },
                                 [](effect::ShowCard const& e) { return bad_text(e.card.text); },
                                 [](effect::RestoreTopic const&) { return std::string{}; },
                                 [](effect::SetLink const& e) {
                                     return is_link(e.url) ? bad_text(e.title) : "a link leads nowhere: " + e.url;
                                 },
                                 [](effect::OpenChannel const& e) { return bad_text(e.purpose); },
                                 [](effect::Invite const& e) {
                                     return std::string{e.people.empty() ? "an invitation of nobody" : ""};
                                 },
                                 [](effect::CallHook const& e) { return wrong_with_hook(e); },
                                 [](auto const& e) { return bad_text(e.text); }},
                      effect);
}

std::string wrong_with_topic(std::string_view topic, Incident const& incident) {
    auto const lead = incident.severity_label + " ";
    if (!topic.starts_with(lead)) return "the topic does not begin with the severity";
    auto const rest = topic.substr(lead.size());
    if (rest.starts_with(incident.title + " · ") || rest.starts_with("· ") || rest.starts_with("| ")) return {};
    auto const cut = rest.find("…");
    if (cut == rest.npos || !incident.title.starts_with(rest.substr(0, cut))) return "the topic's title is another one";
    // What follows the cut in the title must begin a character: no mark, joiner or second half of a flag.
    auto const next = std::string_view{incident.title}.substr(cut);
    for (std::string_view const inside : {"\u0301", "\u0303", "\u0323", "\u200D", "\uFE0F", "🏽", "\u05B8", "\u094D"}) {
        if (next.starts_with(inside)) return "the topic is cut inside a character";
    }
    if (next.starts_with("🇪") && rest.substr(0, cut).ends_with("🇩")) return "the topic is cut inside a flag";
    if (rest.substr(0, cut).ends_with("\u200D")) return "the topic is cut inside an emoji";
    return {};
}

std::string Follower::follow(Event const& event, bool woke) {
    auto const read = event_from_json_line(to_json_line(event));
    if (!read) return "a log line cannot be read back: " + read.error();
    apply(folded_, *read);

    auto const commanders = std::ranges::count(folded_.seats, std::string_view{"commander"}, &Seat::role);
    if (commanders != 1 || !folded_.seats.front().holder || folded_.seats.front().role != "commander")
        return "there is not one commander";

    auto const& severity = *policy_.severity(folded_.severity);
    if (level_of("one-mitigation", policy_, severity) != Level::enforce) two_allowed_ = true;
    auto const* overridden = std::get_if<event::Overridden>(&event.body);
    if (overridden && overridden->rule == "one-mitigation") two_allowed_ = true;
    auto const running = std::ranges::count_if(folded_.items, [](Item const& item) {
        return item.mitigation && (item.state == ItemState::open || item.state == ItemState::offered);
    });
    if (running > 1 && !two_allowed_) return "two mitigations run at once";
    if (running <= 1 && !overridden && level_of("one-mitigation", policy_, severity) == Level::enforce)
        two_allowed_ = false;
    return cadence(event, woke);
}

// The promise of the cadence, kept by hand: when the next update must be out at the latest.
std::string Follower::cadence(Event const& event, bool woke) {
    auto const every = policy_.severity(folded_.severity)->update_every;
    auto const kept = [&]() -> std::string {
        return deadline_ && event.at > *deadline_ && !woke ? "an update is late" : "";
    };
    auto const from_now = every ? std::optional{event.at + *every} : std::nullopt;
    return std::visit(overloaded{[&](event::Declared const&) { return deadline_ = from_now, std::string{}; },
                                 [&](event::Reopened const&) { return deadline_ = from_now, std::string{}; },
                                 [&](event::UpdatePosted const& e) {
                                     auto wrong = kept();
                                     deadline_ = from_now;
                                     return e.next_update == deadline_ ? wrong : "an update promises another time";
                                 },
                                 [&](event::Contained const& e) {
                                     auto wrong = kept();
                                     deadline_ = from_now;
                                     return e.next_update == deadline_
                                                ? wrong
                                                : "the stabilisation update promises another time";
                                 },
                                 [&](event::SeverityChanged const& e) -> std::string {
                                     if (e.raised) return {}; // the update that comes with it sets the time
                                     deadline_ = every ? std::optional{std::max(folded_.last_update + *every, event.at)}
                                                       : std::nullopt;
                                     return {};
                                 },
                                 [&](event::UpdateMoved const& e) -> std::string {
                                     bool const too_late = every && e.next_update > folded_.last_update + *every * 2;
                                     deadline_ = e.next_update;
                                     return too_late ? "an update is put off by more than a cadence" : "";
                                 },
                                 [&](event::Resolved const&) { return deadline_.reset(), std::string{}; },
                                 [&](event::Cancelled const&) { return deadline_.reset(), std::string{}; },
                                 [](auto const&) { return std::string{}; }},
                      event.body);
}

std::string Follower::silent_at(Time now) const {
    if (!folded_.open() || !folded_.channel) return {};
    if (deadline_ != folded_.next_update) return "the next update is at another time than promised";
    if (deadline_ && *deadline_ <= now) return "an update is overdue";
    if (!deadline_ && policy_.severity(folded_.severity)->update_every) return "there is no next update";
    return {};
}

} // namespace cox::test
