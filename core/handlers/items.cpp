#include "core/handlers/handlers.hpp"

#include <algorithm>

namespace cox {
namespace {

Args with_item(Turn const& turn, Item const& item) {
    auto args = about(*turn.incident, turn.policy);
    args.emplace_back("item", item.id);
    args.emplace_back("what", item.what);
    args.emplace_back("owner", item.owner ? item.owner->name : "");
    args.emplace_back("state", item.state == ItemState::done      ? "done"
                               : item.state == ItemState::failed  ? "failed"
                               : item.state == ItemState::dropped ? "dropped"
                                                                  : "open");
    return args;
}

// The open action that is meant: by id, else the actor's only one, else the only one. A refusal is said otherwise.
Item const* open_item(Turn& turn, std::string const& id, std::string_view verb) {
    auto const& items = turn.incident->items;
    if (!id.empty()) {
        auto const* item = turn.incident->item(id);
        if (!item) {
            auto args = about(*turn.incident, turn.policy);
            args.emplace_back("item", id);
            turn.refuse("refused.no-such-item", std::move(args));
            return nullptr;
        }
        if (item->closed()) {
            turn.refuse("refused.item-closed", with_item(turn, *item));
            return nullptr;
        }
        return item;
    }
    std::vector<Item const*> mine;
    std::vector<Item const*> all;
    for (auto const& item : items) {
        if (item.closed()) continue;
        all.push_back(&item);
        if (item.owner && *item.owner == turn.actor()) mine.push_back(&item);
    }
    auto const& fits = mine.empty() ? all : mine;
    if (fits.size() == 1) return fits.front();
    if (fits.empty()) {
        turn.refuse("refused.no-open-item", about(*turn.incident, turn.policy));
        return nullptr;
    }
    std::vector<std::string> choices;
    for (auto const* item : fits) {
        if (choices.size() < 5) choices.push_back(marks::code(std::string{verb} + " " + item->id));
    }
    turn.refuse("refused.which-one", {{"choices", join(choices, " or ")}});
    return nullptr;
}

void open_new(Turn& turn, command::Act const& act) {
    if (act.what.empty()) {
        turn.refuse("refused.needs-what", {{"verb", act.mitigation ? "mitigate" : "act"}});
        return;
    }
    bool const own = act.owner && turn.speaks_for(*act.owner);
    event::ItemOpened opened;
    opened.item = "A" + std::to_string(turn.incident->items_made + 1);
    opened.what = one_line(act.what, 300);
    opened.mitigation = act.mitigation;
    opened.owner = act.owner;
    opened.eta = act.eta;
    opened.accepted = act.owner && (own || turn.level("delegation-accepted") != Level::enforce);
    opened.queued = turn.queued;
    turn.happened(std::move(opened));
}

void assign(Turn& turn, Item const& item, command::Act const& act) {
    bool const own = turn.speaks_for(*act.owner);
    turn.happened(
        event::ItemAssigned{item.id, *act.owner, act.eta, own || turn.level("delegation-accepted") != Level::enforce});
}

void close(Turn& turn, Item const& item, ItemState to, std::string result) {
    bool const was_running = item.mitigation && item.state != ItemState::queued;
    // What was dropped before it began has changed nothing, so there is nothing to watch.
    bool const may_have_changed = was_running && (item.state == ItemState::open || to != ItemState::dropped);
    bool const watched = turn.level("one-mitigation") != Level::off && turn.severity().observe_for > Duration{0};
    std::optional<Time> observe_until;
    if (may_have_changed && watched) observe_until = later(turn.now(), turn.severity().observe_for);
    turn.happened(event::ItemClosed{item.id, to, std::move(result), observe_until});
}

void finish(Turn& turn, std::string const& id, std::string_view verb, ItemState to, std::string const& result) {
    auto const* item = open_item(turn, id, verb);
    if (!item) return;
    if (item->state == ItemState::queued) {
        turn.refuse("refused.still-in-line", with_item(turn, *item));
        return;
    }
    close(turn, *item, to, result);
}

} // namespace

void handle(Turn& turn, command::Act const& act) {
    if (act.item.empty()) {
        open_new(turn, act);
        return;
    }
    auto const* item = open_item(turn, act.item, act.mitigation ? "mitigate" : "act");
    if (!item) return;
    if (act.mitigation && !item->mitigation) {
        turn.refuse("refused.not-a-mitigation", with_item(turn, *item));
        return;
    }
    if (act.owner) {
        assign(turn, *item, act);
        return;
    }
    bool const in_line = item->state == ItemState::queued;
    if (in_line && act.mitigation && !item->owner) {
        turn.refuse("refused.needs-owner", with_item(turn, *item));
        return;
    }
    if (in_line && act.mitigation && !turn.queued) {
        auto const promised = item->eta ? std::optional{later(turn.now(), *item->eta - item->opened_at)} : std::nullopt;
        turn.happened(event::MitigationStarted{item->id, act.eta ? act.eta : promised});
    } else if (act.eta) {
        turn.happened(event::EtaMoved{item->id, *act.eta});
    } else if (!in_line) {
        turn.refuse("refused.already-running", with_item(turn, *item));
    } else if (!act.mitigation) {
        turn.refuse("refused.still-in-line", with_item(turn, *item));
    }
}

void handle(Turn& turn, command::MoveEta const& move) {
    auto const* item = open_item(turn, move.item, "eta");
    if (!item) return;
    Time eta;
    if (move.to) {
        eta = *move.to;
    } else {
        // From the time promised, or from now where that has passed.
        eta = later(std::max(item->eta.value_or(turn.now()), turn.now()), move.by.value_or(Duration{0}));
    }
    turn.happened(event::EtaMoved{item->id, eta});
}

void handle(Turn& turn, command::Done const& done) {
    finish(turn, done.item, "done", ItemState::done, done.result);
}

void handle(Turn& turn, command::Fail const& fail) {
    finish(turn, fail.item, "fail", ItemState::failed, fail.result);
}

void handle(Turn& turn, command::Drop const& drop) {
    if (auto const* item = open_item(turn, drop.item, "drop")) {
        close(turn, *item, ItemState::dropped, turn.request.because);
    }
}

} // namespace cox
