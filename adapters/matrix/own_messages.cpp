#include "adapters/matrix/own_messages.hpp"

#include "adapters/json/untrusted.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

constexpr std::size_t most = 1000;

} // namespace

void OwnMessages::sent(std::string const& event, OwnMessage message) {
    // Its edit may have been heard of first.
    if (event.empty() || !known_.emplace(event, std::move(message)).second) return;
    by_age_.push_back(event);
    if (by_age_.size() <= most) return;
    known_.erase(by_age_.front());
    by_age_.pop_front();
}

void OwnMessages::edited(std::string const& event, std::vector<Reaction> reactions) {
    // What it looked like otherwise is not known of any other.
    if (auto const found = known_.find(event); found != known_.end()) found->second.reactions = std::move(reactions);
}

void OwnMessages::saw(Event const& event) {
    if (event.type != "m.room.message" || event.redacted()) return;
    if (relation_of(event) == "m.replace")
        edited(related_to(event), read_reactions(event.content));
    else
        sent(event.id, {read_reactions(event.content), thread_of(event)});
}

OwnMessage const* OwnMessages::find(std::string const& event) const {
    auto const found = known_.find(event);
    return found == known_.end() ? nullptr : &found->second;
}

std::optional<OwnMessage> own_message(Event const& event, std::string_view self) {
    if (event.type != "m.room.message" || event.sender != self || event.redacted()) return std::nullopt;
    auto const& edit = untrusted::at(untrusted::at(event.unsigned_part, "m.relations"), "m.replace");
    bool const edited = untrusted::text_at(edit, "sender") == self;
    auto const& content = edited ? untrusted::at(edit, "content") : event.content;
    return OwnMessage{read_reactions(content), thread_of(event)};
}

std::string command_of(OwnMessage const& message, std::string_view key) {
    auto const found = std::ranges::find_if(message.reactions,
                                            [&](Reaction const& reaction) { return same_reaction(reaction.key, key); });
    return found == message.reactions.end() ? std::string{} : found->command;
}

} // namespace cox::matrix
