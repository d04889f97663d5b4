#pragma once
// /sync: what is new for somebody since a token, and waiting for it.
#include "endpoints.hpp"

#include <functional>
#include <memory>

namespace cox::fake_homeserver {

struct SyncAnswer {
    json answer;
    bool has_news = false;
};

// `repeats`: so many events before `since` come once more; `backwards`: timelines come in the wrong order.
struct SyncQuirks {
    int repeats = 0;
    bool backwards = false;
};

SyncAnswer news_for(Homeserver&, Viewer const&, json const& filter, std::optional<std::string> const& since,
                    bool full_state, SyncQuirks const& = {});

// Answers as soon as there is news or the time that the caller gave is over. `done` hears the answer, or the refusal.
using SyncDone = std::function<void(json answer)>;
using SyncRefused = std::function<void(Refused)>;
void start_sync(Call const&, std::shared_ptr<Waiting>, SyncQuirks const&, SyncDone, SyncRefused);

} // namespace cox::fake_homeserver
