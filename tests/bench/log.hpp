#pragma once
// Logs of many incidents at once, as a busy year would leave them.
#include "core/event.hpp"

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace cox::bench {

struct LogPlan {
    int incidents = 10'000; // all open, all SEV-1, with every role filled
    int events = 500'000;   // of all of them together; at least 8 each
    Time now;               // the log ends here
    Duration first_due{};   // from now to the first update that is due …
    Duration spread{};      // … and the others follow evenly within this span
};

// "bench-17"
std::string channel_name(int incident);
std::vector<Event> log_of(LogPlan const&, int incident);
// Through the store, as the bot would; the reason when it cannot.
std::expected<void, std::string> write_log(LogPlan const&, std::filesystem::path const& file);

} // namespace cox::bench
