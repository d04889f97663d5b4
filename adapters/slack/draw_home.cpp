// App Home: what is on fire, the worst first, and a button to say that something is.
#include "adapters/slack/blocks.hpp"
#include "adapters/slack/drawing.hpp"
#include "core/marks.hpp"
#include "core/phrases.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

// A section each, well under the 100 blocks of a Home.
constexpr std::size_t most_incidents = 20;
constexpr std::size_t longest_line = 400;

std::string line(std::string_view marked) {
    auto pieces = pieces_of(marked, Mentions::silent);
    cut(pieces, longest_line);
    return joined(pieces);
}

// A link where it is a channel of Slack, the name elsewhere.
std::string channel_link(Incident const& incident) {
    if (!incident.channel) return "its channel is being made";
    auto const id = linkable(incident.channel->id.value, "CG");
    if (!id.empty()) return "<#" + std::string{id} + ">";
    return line("#" + plain_line(incident.channel->name, longest_line));
}

std::string commander_words(Incident const& incident) {
    if (incident.seats.empty() || !incident.seats.front().holder) return "no commander";
    auto const& seat = incident.seats.front();
    return "commander " + plain_line(seat.holder->name, longest_line / 2) + (seat.acting ? " (acting)" : "");
}

std::string next_words(Incident const& incident, Policy const& policy) {
    if (!incident.next_update) return "updates as needed";
    return "next update " + clock_moment(*incident.next_update, policy.zone);
}

Json row(Incident const& incident, Policy const& policy) {
    auto const about = plain_line(incident.title, longest_line / 2) + " · " + std::string{status_word(incident.status)};
    auto const who = text(incident.id) + " · " + commander_words(incident) + " · " + next_words(incident, policy);
    return section(bold(incident.severity_label) + " " + line(about) + "\n" + line(who) + "\n" +
                   channel_link(incident));
}

} // namespace

std::string home_for_guests() {
    auto blocks = Json::array({header("Open incidents")});
    blocks.push_back(section("They are shown to members of the workspace. " + mrkdwn(marks::code("status")) +
                             " in an incident's channel says where it stands."));
    return written({{"type", "home"}, {"blocks", std::move(blocks)}});
}

std::string home_view(std::vector<Incident const*> const& open, Policy const& policy) {
    auto declare = button(action_open_declare, "Declare an incident", "declare");
    declare["style"] = "primary";
    auto blocks = Json::array({header("Open incidents")});
    blocks.push_back({{"type", "actions"}, {"elements", Json::array({std::move(declare)})}});
    if (open.empty()) {
        blocks.push_back(section("No incident is open.\nWhen something breaks, press the button above, or say "
                                 "`/inc declare` and what is wrong in any channel."));
    }
    auto const shown = std::min(open.size(), most_incidents);
    for (auto const* incident : std::span{open}.first(shown))
        blocks.push_back(row(*incident, policy));
    if (auto const more = open.size() - shown; more > 0) {
        blocks.push_back(context("… and " + std::to_string(more) + " more: `/inc status` lists them all"));
    }
    return written({{"type", "home"}, {"blocks", std::move(blocks)}});
}

} // namespace cox::slack
