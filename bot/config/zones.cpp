#include "bot/config/zones.hpp"

#include "bot/config/nearest.hpp"

#include <date/tz.h>

#include <exception>
#include <vector>

namespace cox::bot {
namespace {

// All names, or none when the machine has no database.
std::vector<std::string_view> zone_names() {
    std::vector<std::string_view> names;
    try {
        auto const& database = date::get_tzdb();
        for (auto const& zone : database.zones)
            names.push_back(zone.name());
    } catch (std::exception const&) {
        names.clear();
    }
    return names;
}

} // namespace

std::expected<Zone, std::string> find_zone(std::string_view name) {
    if (name == "UTC" || name == "Etc/UTC") return Zone{};
    auto const names = zone_names();
    if (names.empty()) {
        return std::unexpected{"the time zones of this machine cannot be read; install tzdata, or write zone: UTC"};
    }
    try {
        return Zone{date::locate_zone(std::string{name})};
    } catch (std::exception const&) {
        auto out = "there is no time zone \"" + std::string{name} + "\"; ";
        if (auto const near = nearest(name, names))
            return std::unexpected{out + "did you mean \"" + std::string{*near} + "\"?"};
        return std::unexpected{out + "write UTC or a name of the IANA database, such as Europe/Berlin"};
    }
}

} // namespace cox::bot
