#include "adapters/store/reading.hpp"

#include "adapters/store/states.hpp"
#include "adapters/store/trouble.hpp"
#include "core/event_json.hpp"

#include <algorithm>
#include <limits>

namespace cox::store::sqlite {
namespace {

constexpr std::string_view said_columns = "select id, channel, at, author, op, edited_at, body from said ";

Time time_of(std::string_view text, std::filesystem::path const& file) {
    if (auto const at = from_rfc3339(text)) return *at;
    throw damaged(file, "\"" + std::string{text} + "\" is no time");
}

Said said_of(Statement const& row, std::filesystem::path const& file) {
    Said said{.id = row.number(0),
              .channel = std::string{row.text(1)},
              .at = time_of(row.text(2), file),
              .author = std::string{row.text(3)},
              .body = std::string{row.text(6)},
              .op = row.number(4),
              .edited_at = std::nullopt};
    if (!row.is_null(5)) said.edited_at = time_of(row.text(5), file);
    return said;
}

} // namespace

Reader::Reader(Connection& connection, std::filesystem::path file)
    : connection_{connection}, file_{std::move(file)},
      events_{connection, "select incident, seq, line from events where incident = ? order by seq"},
      said_after_{connection, std::string{said_columns} + "where channel = ? and id > ? order by id limit ?"},
      said_newest_{connection, std::string{said_columns} + "where channel = ? order by id desc limit ?"},
      said_of_op_{connection, std::string{said_columns} + "where op = ? and op <> 0"} {}

Found Reader::load(Time closed_since, std::function<std::expected<void, std::string>(Event&&)> const& visit) {
    Statement log{connection_,
                  "select incident, seq, line from incidents cross join events on events.incident = incidents.id "
                  "where incidents.open = 1 or incidents.closed_at >= ? "
                  "order by incidents.id, events.seq"};
    log.start(rfc3339(closed_since));
    while (log.step())
        if (auto const seen = visit(event_of(log)); !seen) throw damaged(file_, seen.error());

    Found found;
    found.ops = waiting_ops();
    Statement keys{connection_, "select key from inbox group by key order by min(rowid)"};
    while (keys.step())
        found.keys.emplace_back(keys.text(0));
    Statement cursors{connection_, "select name, value from cursors order by name"};
    while (cursors.step())
        found.cursors.push_back({std::string{cursors.text(0)}, std::string{cursors.text(1)}});
    Statement channels{connection_, "select id, name, topic, body from said_channels order by number"};
    while (channels.step())
        found.channels.push_back({std::string{channels.text(0)}, std::string{channels.text(1)},
                                  std::string{channels.text(2)}, std::string{channels.text(3)}});
    Statement closed{connection_, "select channel, id, max(closed_at) from incidents where open = 0 and channel <> '' "
                                  "group by channel having max(closed_at) < ?"};
    closed.start(rfc3339(closed_since));
    while (closed.step())
        found.closed.push_back({std::string{closed.text(0)}, {closed.number(1)}});
    found.highest_op = connection_.number("select max(id) from outbox");
    found.highest_said = connection_.number("select max(id) from said");
    found.highest_incident = {connection_.number("select max(id) from incidents")};
    return found;
}

std::vector<Event> Reader::events(IncidentId incident) {
    std::vector<Event> events;
    events_.start(incident.number);
    while (events_.step())
        events.push_back(event_of(events_));
    events_.reset();
    return events;
}

std::vector<IncidentId> Reader::incident_ids() {
    std::vector<IncidentId> ids;
    Statement query{connection_, "select id from incidents order by id"};
    while (query.step())
        ids.push_back({query.number(0)});
    return ids;
}

std::vector<Said> Reader::said(std::string const& channel, std::int64_t after, std::size_t limit) {
    auto const at_most = static_cast<std::int64_t>(
        std::min<std::size_t>(limit, static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max())));
    std::vector<Said> found;
    Statement& query = after == 0 ? said_newest_ : said_after_;
    if (after == 0)
        query.start(channel, at_most);
    else
        query.start(channel, after, at_most);
    while (query.step())
        found.push_back(said_of(query, file_));
    query.reset();
    if (after == 0) std::ranges::reverse(found);
    return found;
}

std::optional<Said> Reader::said_of_op(std::int64_t op) {
    std::optional<Said> found;
    said_of_op_.start(op);
    if (said_of_op_.step()) found = said_of(said_of_op_, file_);
    said_of_op_.reset();
    return found;
}

Event Reader::event_of(Statement const& row) const {
    auto event = event_from_json_line(row.text(2));
    if (event) return *std::move(event);
    throw Trouble{file_.string() + ": event " + std::to_string(row.number(1)) + " of " +
                      cox::text(IncidentId{row.number(0)}) + " cannot be read: " + event.error(),
                  65};
}

std::vector<Op> Reader::waiting_ops() {
    std::vector<Op> ops;
    Statement query{connection_, "select id, incident, channel, kind, state, attempts, at, remote, body from outbox "
                                 "where state = 'pending' or state = 'in_flight' or state = 'unknown' order by id"};
    while (query.step()) {
        auto const state = op_state(query.text(4));
        ops.push_back({.id = query.number(0),
                       .incident = {query.number(1)},
                       .channel = std::string{query.text(2)},
                       .kind = std::string{query.text(3)},
                       .body = std::string{query.text(8)},
                       .at = time_of(query.text(6), file_),
                       .state = state.value_or(OpState::unknown),
                       .attempts = static_cast<int>(query.number(5)),
                       .remote = std::string{query.text(7)}});
    }
    return ops;
}

} // namespace cox::store::sqlite
