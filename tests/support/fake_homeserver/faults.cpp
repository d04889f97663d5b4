#include "faults.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace cox::fake_homeserver {
namespace {

using Kind = Fault::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 12> names{{
    {"limited", Kind::limited},
    {"error", Kind::error},
    {"instead", Kind::instead},
    {"status", Kind::status},
    {"hold", Kind::hold},
    {"slow", Kind::slow},
    {"reset", Kind::reset},
    {"truncated", Kind::truncated},
    {"drip", Kind::drip},
    {"huge", Kind::huge},
    {"backwards", Kind::backwards},
    {"repeated", Kind::repeated},
}};

} // namespace

Fault fault_of(nlohmann::json const& words) {
    auto const name = words.value("kind", "");
    for (auto const& [known, kind] : names) {
        if (known != name) continue;
        Fault fault;
        fault.kind = kind;
        bool const of_sync = kind == Kind::backwards || kind == Kind::repeated;
        fault.where = words.value("where", of_sync ? "sync" : "*");
        fault.type = words.value("type_of_event", "");
        fault.count = words.value("count", 1);
        fault.after = words.value("after", 0);
        fault.done = words.value("done", false);
        fault.how = words;
        return fault;
    }
    throw std::invalid_argument{"no such kind of fault: " + name};
}

std::optional<Fault> Faults::take(std::string_view endpoint, std::string_view type) {
    for (auto at = all_.begin(); at != all_.end(); ++at) {
        if (at->where != endpoint && at->where != "*") continue;
        if (!at->type.empty() && at->type != type) continue;
        if (at->after > 0) {
            --at->after;
            continue;
        }
        auto fault = *at;
        if (at->count > 0 && --at->count == 0) all_.erase(at);
        return fault;
    }
    return std::nullopt;
}

} // namespace cox::fake_homeserver
