#include "core/world.hpp"

#include "core/assert.hpp"
#include "core/proposal.hpp"

#include <algorithm>
#include <variant>

namespace cox {
namespace {

bool is_item_id(std::string_view item) {
    return item.size() > 1 && item.size() < 9 && item.front() == 'A' &&
           item.find_first_not_of("0123456789", 1) == item.npos;
}

// An event about an action that the log never opened cannot be applied.
bool names_unknown_item(Incident const& incident, EventBody const& body) {
    return std::visit(
        [&](auto const& e) {
            using E = std::decay_t<decltype(e)>;
            if constexpr (std::is_same_v<E, event::ItemOpened>) {
                return incident.item(e.item) != nullptr || !is_item_id(e.item);
            } else if constexpr (std::is_same_v<E, event::Proposed>) {
                return incident.proposal(e.proposal) != nullptr || !is_proposable(e.does);
            } else if constexpr (requires { e.item; }) {
                return incident.item(e.item) == nullptr;
            } else if constexpr (std::is_same_v<E, event::Reminded>) {
                auto const about = std::string_view{e.about};
                auto const item = about.starts_with("eta:") ? about.substr(4) : about;
                return item.starts_with('A') && incident.item(item) == nullptr;
            } else if constexpr (requires { e.proposal; }) {
                return incident.proposal(e.proposal) == nullptr;
            } else {
                return false;
            }
        },
        body);
}

// The channel that becomes the incident's own with this event; null when none does.
Channel const* claimed_channel(Incident const* incident, EventBody const& body) {
    if (auto const* declared = std::get_if<event::Declared>(&body))
        return declared->channel ? &*declared->channel : nullptr;
    if (auto const* opened = std::get_if<event::ChannelOpened>(&body)) return &opened->channel;
    if (auto const* moved = std::get_if<event::ChannelMoved>(&body)) return &moved->channel;
    bool const reopens = std::holds_alternative<event::Reopened>(body) && incident && incident->channel;
    return reopens ? &*incident->channel : nullptr;
}

std::string place_of(Event const& event) {
    return text(event.incident) + ", event " + std::to_string(event.seq) + " (" + std::string{kind(event.body)} + ")";
}

} // namespace

std::expected<void, std::string> World::apply(Event const& event) {
    auto const found = incidents_.find(event.incident);
    auto const had = found == incidents_.end() ? 0 : found->second.seq;
    if (event.seq != had + 1) {
        return std::unexpected{place_of(event) + ": expected event " + std::to_string(had + 1)};
    }
    if ((event.seq == 1) != std::holds_alternative<event::Declared>(event.body)) {
        return std::unexpected{place_of(event) + ": a log starts with its declaration, and has only one"};
    }
    if (event.seq > 1 && names_unknown_item(found->second, event.body)) {
        return std::unexpected{place_of(event) + ": the action or proposal it names does not fit the log before it"};
    }
    if (auto const* released = std::get_if<event::RoleReleased>(&event.body);
        released && released->role == "commander") {
        return std::unexpected{place_of(event) + ": command cannot be given up without a successor"};
    }
    if (std::holds_alternative<event::ChannelMoved>(event.body) && !found->second.open()) {
        return std::unexpected{place_of(event) + ": what is closed stays where it was"};
    }

    auto const* claimed = claimed_channel(had == 0 ? nullptr : &found->second, event.body);
    auto const holder = claimed ? open_in_.find(claimed->id) : open_in_.end();
    if (holder != open_in_.end() && holder->second != event.incident) {
        return std::unexpected{place_of(event) + ": #" + claimed->name + " already has " + text(holder->second)};
    }

    auto& incident = had == 0 ? make(event.incident) : found->second;
    bool const was_open = incident.seq > 0 && incident.open() && incident.channel;
    if (was_open && claimed && claimed->id != incident.channel->id) open_in_.erase(incident.channel->id);
    cox::apply(incident, event);
    highest_ = std::max(highest_, event.incident.number);

    if (!incident.channel) return {};
    auto const& channel = incident.channel->id;
    if (incident.open()) {
        if (!was_open || claimed) open_in_.emplace(channel, incident.id);
        // Another one that was closed there before comes to light again when this one moves away.
        if (auto const closed = closed_in_.find(channel); closed != closed_in_.end() && closed->second == incident.id)
            closed_in_.erase(closed);
    } else if (was_open) {
        open_in_.erase(channel);
        closed_in_[channel] = incident.id;
    }
    return {};
}

Incident& World::make(IncidentId id) {
    by_number_.insert(std::ranges::upper_bound(by_number_, id), id);
    return incidents_[id];
}

Incident const* World::find(IncidentId id) const {
    auto const found = incidents_.find(id);
    return found == incidents_.end() ? nullptr : &found->second;
}

Incident const* World::open_in(ChannelId const& channel) const {
    auto const found = open_in_.find(channel);
    return found == open_in_.end() ? nullptr : find(found->second);
}

Incident const* World::last_closed_in(ChannelId const& channel) const {
    if (open_in_.contains(channel)) return nullptr;
    auto const found = closed_in_.find(channel);
    return found == closed_in_.end() ? nullptr : find(found->second);
}

void World::remember_closed(ChannelId const& channel, IncidentId id) {
    closed_in_.emplace(channel, id);
}

std::optional<IncidentId> World::not_held_in(ChannelId const& channel) const {
    if (open_in_.contains(channel)) return std::nullopt;
    auto const found = closed_in_.find(channel);
    if (found == closed_in_.end() || find(found->second)) return std::nullopt;
    return found->second;
}

void World::hold(Incident incident) {
    COX_ASSERT(!incident.open());
    auto const id = incident.id;
    make(id) = std::move(incident);
}

void World::forget_closed(ChannelId const& channel) {
    closed_in_.erase(channel);
}

void World::reserve_ids(IncidentId highest) {
    highest_ = std::max(highest_, highest.number);
}

} // namespace cox
