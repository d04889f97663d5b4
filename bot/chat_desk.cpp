#include "bot/chat_desk.hpp"

#include "bot/logging.hpp"

#include <algorithm>
#include <tuple>

namespace cox::bot {

std::vector<Incident const*> ChatDesk::open_incidents() const {
    std::vector<Incident const*> open;
    for (auto const& [id, incident] : wiring_.loop.world().incidents()) {
        if (incident.open()) open.push_back(&incident);
    }
    auto const order = [this](Incident const* incident) {
        return std::tuple{wiring_.policy_in_force.rank(incident->severity), -incident->id.number};
    };
    std::ranges::sort(open, {}, order);
    return open;
}

void ChatDesk::tell_operator(Weight weight, std::string_view text) {
    switch (weight) {
    case Weight::info: return log_info(text);
    case Weight::warning: return log_warning(text);
    case Weight::error: return log_error(text);
    }
}

} // namespace cox::bot
