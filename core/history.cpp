// Views of the log: the timeline and the report for people who were not there.
#include "core/event_words.hpp"
#include "core/link.hpp"
#include "core/phrases.hpp"
#include "core/views.hpp"

#include "core/assert.hpp"

namespace cox {
namespace {

// Words of a person go into Markdown as words.
std::string markdown_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        if (std::string_view{"\\`*_[]<>|#"}.contains(c)) out.push_back('\\');
        out.push_back(c);
    }
    return out;
}

// One row per event that people care about, told with the incident as it stood then.
std::vector<View> rows_of(std::span<Event const> log, Policy const& policy, Words const& words, bool markdown) {
    std::vector<View> rows;
    Incident incident;
    for (auto const& event : log) {
        apply(incident, event);
        auto const key = "log." + std::string{kind(event.body)};
        if (!words.has(key)) continue;
        auto line = one_line(marks::plain(words.say(key, words_of(event, incident, policy))), 600);
        if (line.empty()) continue;
        rows.push_back({{{"time", clock_digits(event.at, policy.zone)},
                         {"line", markdown ? markdown_escaped(line) : std::move(line)}},
                        {}});
    }
    return rows;
}

} // namespace

std::string timeline_text(std::span<Event const> log, Policy const& policy, Words const& words) {
    Incident incident;
    for (auto const& event : log)
        apply(incident, event);
    View view{about(incident, policy), {}};
    view.lists.emplace_back("rows", rows_of(log, policy, words, false));
    return words.render("timeline", view);
}

std::string markdown_report(Incident const& incident, std::span<Event const> log, Policy const& policy,
                            Words const& words) {
    COX_ASSERT(!log.empty());
    View view;
    for (auto const& [name, value] : about(incident, policy))
        view.values.emplace_back(name, markdown_escaped(value));
    auto const began = incident.started.value_or(incident.opened_at);
    view.values.emplace_back("opened", rfc3339(incident.opened_at));
    view.values.emplace_back("began", rfc3339(began));
    view.values.emplace_back("closed", incident.closed_at ? rfc3339(*incident.closed_at) : "");
    view.values.emplace_back("lasted", incident.closed_at ? span_text(*incident.closed_at - began) : "");
    // Between these brackets an address needs no escapes.
    bool const plain_link = is_link(incident.call);
    view.values.emplace_back("call", plain_link ? "<" + incident.call + ">" : markdown_escaped(incident.call));
    view.values.emplace_back("impact", incident.impact ? markdown_escaped(incident.impact->text) : "");
    view.values.emplace_back("hypothesis", incident.hypothesis ? markdown_escaped(incident.hypothesis->text) : "");
    view.values.emplace_back("confidence",
                             incident.hypothesis ? std::string{confidence_word(incident.confidence)} : "");

    std::vector<View> roles;
    for (auto const& seat : incident.seats) {
        if (!seat.holder) continue;
        roles.push_back({{{"role", markdown_escaped(role_or_key(seat.role, policy).title)},
                          {"person", markdown_escaped(seat.holder->name)}},
                         {}});
    }
    std::vector<View> items;
    for (auto const& item : incident.items) {
        auto const state = item.closed() ? (item.state == ItemState::done     ? "done"
                                            : item.state == ItemState::failed ? "failed"
                                                                              : "dropped")
                                         : "open";
        items.push_back({{{"item", item.id},
                          {"what", markdown_escaped(item.what)},
                          {"kind", item.mitigation ? "mitigation" : "action"},
                          {"owner", item.owner ? markdown_escaped(item.owner->name) : "nobody"},
                          {"state", state},
                          {"result", markdown_escaped(item.result)}},
                         {}});
    }
    view.values.emplace_back("any_items", items.empty() ? "" : "yes");
    view.lists.emplace_back("roles", std::move(roles));
    view.lists.emplace_back("items", std::move(items));
    view.lists.emplace_back("rows", rows_of(log, policy, words, true));
    return words.render("report", view) + "\n";
}

} // namespace cox
