#include "core/handlers/handlers.hpp"

#include <algorithm>
#include <cctype>

namespace cox {
namespace {

constexpr std::size_t longest_title = 120;
constexpr std::size_t longest_slug = 48;

// "Checkout errors (EU)" -> "checkout-errors-eu". Letters beyond ASCII are left out: not every network has them in
// names.
std::string slug(std::string_view title) {
    std::string name;
    for (char const c : title) {
        auto const u = static_cast<unsigned char>(c);
        if (std::isalnum(u) && u < 0x80) {
            name.push_back(static_cast<char>(std::tolower(u)));
        } else if (!name.empty() && name.back() != '-') {
            name.push_back('-');
        }
        if (name.size() == longest_slug) break;
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return name;
}

constexpr std::string_view everywhere[] = {"fail",   "fails", "failing", "failed", "error",   "errors",
                                           "slow",   "down",  "broken",  "with",   "from",    "users",
                                           "cannot", "does",  "issue",   "issues", "problem", "problems"};

// The words of a title that tell it from another one.
std::vector<std::string> telling_words(std::string_view title) {
    std::vector<std::string> words;
    auto const dashed = slug(title);
    for (std::size_t at = 0; at < dashed.size();) {
        auto const end = std::min(dashed.find('-', at), dashed.size());
        auto word = dashed.substr(at, end - at);
        if (word.size() > 3 && std::ranges::find(everywhere, word) == std::end(everywhere))
            words.push_back(std::move(word));
        at = end + 1;
    }
    return words;
}

// Two people see the same thing break, and each declares it.
void hint_at_the_same(Turn const& turn, std::string_view title) {
    auto const mine = telling_words(title);
    for (auto const& [id, incident] : turn.world.incidents()) {
        if (!incident.open() || !incident.channel || mine.empty()) continue;
        auto const theirs = telling_words(incident.title);
        auto const shared = std::ranges::count_if(
            mine, [&](std::string const& word) { return std::ranges::find(theirs, word) != theirs.end(); });
        if (static_cast<std::size_t>(shared) * 2 < std::max(mine.size(), theirs.size())) continue;
        turn.notice("notice.may-be-the-same", about(incident, turn.policy));
        return;
    }
}

} // namespace

void handle(Turn& turn, command::Declare const& declare) {
    auto const title = one_line(declare.title, longest_title);
    if (title.empty()) {
        turn.refuse("refused.needs-title", {});
        return;
    }
    auto const* severity = turn.policy.severity(declare.severity.value_or(turn.policy.triage));
    if (!severity) severity = &turn.policy.severities.front();
    auto const id = turn.world.next_id();

    event::Declared declared;
    declared.title = title;
    declared.severity = severity->key;
    declared.severity_label = severity->label;
    declared.impact = declare.impact.value_or("");
    declared.started = declare.started;
    declared.origin = turn.request.place;
    if (declare.here) {
        declared.channel = turn.request.place;
    } else {
        auto const words = slug(title);
        declared.wanted_name = "inc-" + std::to_string(id.number) + (words.empty() ? "" : "-" + words);
    }
    declared.next_update = turn.next_from_now(*severity);
    hint_at_the_same(turn, title);
    turn.happened_in(id, 0, std::move(declared));
}

void handle(Turn& turn, command::ChannelReady const& ready) {
    if (turn.incident->channel) return;
    if (turn.world.open_in(ready.channel.id)) {
        handle(turn,
               command::ChannelRefused{"#" + ready.channel.name + " has an incident already", turn.incident->origin});
        return;
    }
    turn.happened(event::ChannelOpened{ready.channel, false, ""});
}

// The incident goes on where people can work together; where there is no such place, or where that is taken, it cannot,
// and says so.
void handle(Turn& turn, command::ChannelRefused const& refused) {
    if (turn.incident->channel) return;
    auto const& room = refused.room;
    if (room && !turn.world.open_in(room->id)) {
        turn.happened(event::ChannelOpened{*room, true, refused.reason});
        return;
    }
    auto const why = room ? "#" + room->name + " has another" : "an incident cannot be commanded where it was declared";
    turn.happened(event::Cancelled{"no channel could be made for it (" + refused.reason + "), and " + why +
                                   ". Declare it in a free channel, with \"here\""});
}

} // namespace cox
