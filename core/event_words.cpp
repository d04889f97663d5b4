#include "core/event_words.hpp"

#include "core/phrases.hpp"

#include <algorithm>
#include <type_traits>

namespace cox {
namespace {

// Puts each field of an event into the form that people read.
struct Reader {
    Args& args;
    Zone const& zone;

    void operator()(std::string_view name, std::string const& value) const { args.emplace_back(name, value); }
    void operator()(std::string_view name, bool value) const { args.emplace_back(name, value ? "yes" : ""); }
    void operator()(std::string_view name, int value) const { args.emplace_back(name, std::to_string(value)); }
    void operator()(std::string_view name, Time value) const { args.emplace_back(name, clock_moment(value, zone)); }
    void operator()(std::string_view name, Person const& value) const { args.emplace_back(name, value.name); }
    void operator()(std::string_view name, Channel const& value) const { args.emplace_back(name, value.name); }
    void operator()(std::string_view name, Confidence value) const {
        args.emplace_back(name, std::string{confidence_word(value)});
    }
    void operator()(std::string_view name, ItemState value) const {
        args.emplace_back(name, value == ItemState::done ? "done" : value == ItemState::failed ? "failed" : "dropped");
    }
    template <class T>
    void operator()(std::string_view name, std::optional<T> const& value) const {
        if (value) {
            (*this)(name, *value);
        } else {
            args.emplace_back(name, "");
        }
    }
};

void add_item(Args& args, Item const& item, Incident const& incident, Person const& actor, Zone const& zone) {
    // Who gave it to somebody else calls them by it.
    bool const other = item.owner && !(*item.owner == actor);
    args.emplace_back("item_owner_called", !item.owner ? "" : other ? marks::mention(*item.owner) : item.owner->name);
    auto const runs = [](Item const& one) {
        return one.mitigation && (one.state == ItemState::open || one.state == ItemState::offered);
    };
    args.emplace_back("item_runs_alone", runs(item) && std::ranges::count_if(incident.items, runs) == 1 ? "yes" : "");
    args.emplace_back("item_what", item.what);
    args.emplace_back("item_kind", item.mitigation ? "mitigation" : "action");
    args.emplace_back("item_owner", item.owner ? item.owner->name : "");
    args.emplace_back("item_owner_mention", item.owner ? marks::mention(*item.owner) : "");
    args.emplace_back("item_eta", item.eta ? digits_moment(*item.eta, zone) : "");
}

} // namespace

Args words_of(Event const& event, Incident const& after, Policy const& policy) {
    Args args;
    args.reserve(24);
    std::visit(
        [&](auto const& e) {
            using E = std::decay_t<decltype(e)>;
            E::fields(e, [&](std::string_view name, auto const& value) { Reader{args, policy.zone}(name, value); });
            if constexpr (requires { e.item; }) {
                if (auto const* item = after.item(e.item)) add_item(args, *item, after, event.actor, policy.zone);
            }
            if constexpr (std::is_same_v<E, event::ItemClosed>) {
                args.emplace_back("is_done", e.to == ItemState::done ? "yes" : "");
                args.emplace_back("is_failed", e.to == ItemState::failed ? "yes" : "");
                args.emplace_back("is_dropped", e.to == ItemState::dropped ? "yes" : "");
            }
            if constexpr (std::is_same_v<E, event::SeverityChanged>) {
                auto const* from = policy.severity(e.from);
                args.emplace_back("from_label", from ? from->label : e.from);
            }
            if constexpr (requires { e.proposal; }) {
                if (auto const* proposal = after.proposal(e.proposal)) {
                    args.emplace_back("words", proposal->asked.words);
                    args.emplace_back("command", marks::code(proposal->asked.words));
                    args.emplace_back("proposer", proposal->by.name);
                    args.emplace_back("proposer_mention", marks::mention(proposal->by));
                }
            }
            if constexpr (requires { e.role; }) {
                auto const role = role_or_key(e.role, policy);
                auto const* seat = after.seat(e.role);
                args.emplace_back("role_holder", seat && seat->holder ? seat->holder->name : "");
                args.emplace_back("role_title", role.title);
                args.emplace_back("role_tag", role.tag);
                args.emplace_back("role_verb", role_verb(role));
            }
            if constexpr (requires { e.person; }) {
                if constexpr (std::is_same_v<std::decay_t<decltype(e.person)>, Person>) {
                    args.emplace_back("person_mention", marks::mention(e.person));
                    args.emplace_back("by_other", e.person == event.actor ? "" : "yes");
                }
            }
        },
        event.body);
    args.emplace_back("at", clock_moment(event.at, policy.zone));
    args.emplace_back("at_digits", digits_moment(event.at, policy.zone));
    args.emplace_back("actor", event.actor.id.empty() ? "Coxswain" : event.actor.name);
    for (auto& arg : about(after, policy))
        args.push_back(std::move(arg));
    return args;
}

} // namespace cox
