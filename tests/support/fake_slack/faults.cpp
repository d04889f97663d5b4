#include "faults.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace cox::fake_slack {
namespace {

using Kind = Fault::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 13> names{{
    {"limited", Kind::limited},
    {"error", Kind::error},
    {"status", Kind::status},
    {"hold", Kind::hold},
    {"slow", Kind::slow},
    {"reset", Kind::reset},
    {"truncated", Kind::truncated},
    {"drip", Kind::drip},
    {"huge", Kind::huge},
    {"upgrade", Kind::upgrade},
    {"duplicate", Kind::duplicate},
    {"ack_lost", Kind::ack_lost},
    {"mid_frame", Kind::mid_frame},
}};

bool is_of_socket(Kind kind) {
    return kind >= Kind::upgrade;
}

} // namespace

Fault fault_of(nlohmann::json const& words) {
    auto const name = words.value("kind", "");
    for (auto const& [known, kind] : names) {
        if (known != name) continue;
        Fault fault;
        fault.kind = kind;
        fault.where = words.value("where", is_of_socket(kind) ? "socket" : "*");
        fault.count = words.value("count", 1);
        fault.after = words.value("after", 0);
        fault.done = words.value("done", false);
        fault.how = words;
        return fault;
    }
    throw std::invalid_argument{"no such kind of fault: " + name};
}

template <class Hits>
std::optional<Fault> Faults::take_first(Hits hits) {
    for (auto at = all_.begin(); at != all_.end(); ++at) {
        if (!hits(*at)) continue;
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

std::optional<Fault> Faults::take(std::string_view where) {
    return take_first(
        [&](Fault const& fault) { return !is_of_socket(fault.kind) && (fault.where == where || fault.where == "*"); });
}

std::optional<Fault> Faults::take(Fault::Kind kind) {
    return take_first([&](Fault const& fault) { return fault.kind == kind; });
}

} // namespace cox::fake_slack
