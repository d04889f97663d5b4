#pragma once
// What one /sync brought.
#include "adapters/matrix/event.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct JoinedRoom {
    std::string id;
    std::vector<Event> state;    // as it was before the timeline; never something that was said
    std::vector<Event> timeline; // oldest first
    bool limited = false;        // between the last sync and `prev_batch` something is missing
    std::string prev_batch;
};
struct InvitedRoom {
    std::string id;
    std::vector<Event> state; // stripped
};
struct LeftRoom {
    std::string id;
    std::vector<Event> timeline;
};

struct SyncAnswer {
    std::string next_batch;
    std::vector<LeftRoom> left;
    std::vector<InvitedRoom> invited;
    std::vector<JoinedRoom> joined;

    bool empty() const { return left.empty() && invited.empty() && joined.empty(); }
};

std::expected<SyncAnswer, std::string> read_sync(std::string_view body);

// Of a room at once; where there was more, it is the latest.
constexpr std::size_t most_in_timeline = 100;

// What is asked for, as JSON: a homeserver keeps it under an id. Nothing that `self` said or did: that is known.
std::string sync_filter(std::string_view self);

} // namespace cox::matrix
