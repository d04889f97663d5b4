#include "adapters/store/writing.hpp"

#include "adapters/store/states.hpp"
#include "core/event_json.hpp"
#include "core/overloaded.hpp"

#include <algorithm>
#include <chrono>

namespace cox::store::sqlite {
namespace {

using std::chrono::hours;

constexpr Duration keys_kept = hours{24};
constexpr Duration ops_kept = hours{24 * 7};
constexpr Duration between_forgetting = std::chrono::minutes{10};

// The newest moment that the batch speaks of; the store has no clock of its own.
std::optional<Time> newest_time(Batch const& batch) {
    std::optional<Time> newest;
    auto const see = [&newest](Time at) { newest = newest ? std::max(*newest, at) : at; };
    for (Event const& event : batch.events)
        see(event.at);
    for (Op const& op : batch.ops)
        see(op.at);
    for (Said const& said : batch.said)
        see(said.edited_at.value_or(said.at));
    return newest;
}

} // namespace

// Few rows are forgotten at a time, the oldest first, so that no commit has to wait for it. The newest outbox row
// always stays: it remembers which ids were given away.
Writer::Writer(Connection& connection)
    : add_key_{connection, "insert into inbox (key, at) values (?, ?)"},
      date_keys_{connection, "update inbox set at = ? where at is null"},
      add_event_{connection, "insert into events (incident, seq, at, line) values (?, ?, ?, ?)"},
      add_incident_{connection, "insert or ignore into incidents (id, title, opened_at, open) values (?, ?, ?, 1)"},
      close_incident_{connection, "update incidents set open = 0, closed_at = ?2 where id = ?1"},
      reopen_incident_{connection, "update incidents set open = 1, closed_at = null where id = ?"},
      place_incident_{connection, "update incidents set channel = ?2 where id = ?1"},
      add_op_{connection, "insert into outbox (id, incident, channel, kind, state, attempts, at, remote, reason, body) "
                          "values (?, ?, ?, ?, ?, ?, ?, ?, '', ?)"},
      mark_op_{connection, "update outbox set state = ?2, attempts = ?3, remote = ?4, reason = ?5 where id = ?1"},
      set_cursor_{connection, "insert into cursors (name, value) values (?, ?) "
                              "on conflict (name) do update set value = excluded.value"},
      add_said_{connection,
                "insert into said (id, channel, at, author, op, edited_at, body) values (?, ?, ?, ?, ?, ?, ?) "
                "on conflict (id) do update set channel = excluded.channel, at = excluded.at, "
                "author = excluded.author, op = excluded.op, edited_at = excluded.edited_at, body = excluded.body "
                "where not exists (select 1 from said as other where other.op = excluded.op and other.op <> 0 "
                "and other.id <> excluded.id) "
                "on conflict (op) where op <> 0 do nothing"},
      set_channel_{connection, "insert into said_channels (id, name, topic, body) values (?, ?, ?, ?) "
                               "on conflict (id) do update set name = excluded.name, topic = excluded.topic, "
                               "body = excluded.body"},
      forget_keys_{connection, "delete from inbox where at < ? and rowid in "
                               "(select rowid from inbox order by rowid limit 1000)"},
      forget_ops_{connection, "delete from outbox where id in (select id from outbox "
                              "where state in ('sent', 'superseded') and at < ? order by at limit 1000) "
                              "and id < (select max(id) from outbox)"} {}

void Writer::write(Batch const& batch) {
    auto const now = newest_time(batch);
    auto const now_text = now ? rfc3339(*now) : "";
    if (now && undated_keys_) date_keys(now_text);
    for (auto const& key : batch.keys)
        write_key(key, now_text);
    for (Event const& event : batch.events)
        write_event(event);
    for (Op const& op : batch.ops)
        write_op(op);
    for (OpMark const& mark : batch.marks)
        mark_op_.run(mark.id, word_of(mark.state), std::int64_t{mark.attempts}, mark.remote, mark.reason);
    for (Cursor const& cursor : batch.cursors)
        set_cursor_.run(cursor.name, cursor.value);
    for (Said const& said : batch.said)
        write_said(said);
    for (SaidChannel const& channel : batch.channels)
        set_channel_.run(channel.id, channel.name, channel.topic, channel.body);
    if (now) forget_old(*now);
}

void Writer::write_key(std::string const& key, std::string const& at) {
    if (!at.empty()) return add_key_.run(key, at);
    undated_keys_ = true;
    add_key_.run(key, nullptr);
}

void Writer::write_event(Event const& event) {
    auto const at = rfc3339(event.at);
    auto const id = event.incident.number;
    add_event_.run(id, event.seq, at, to_json_line(event));
    if (event.seq == 1) {
        auto const* const declared = std::get_if<event::Declared>(&event.body);
        add_incident_.run(id, declared ? std::string_view{declared->title} : "", at);
    }
    std::visit(overloaded{
                   [&](event::Declared const& e) {
                       if (e.channel) place_incident_.run(id, e.channel->id.value);
                   },
                   [&](event::ChannelOpened const& e) { place_incident_.run(id, e.channel.id.value); },
                   [&](event::ChannelMoved const& e) { place_incident_.run(id, e.channel.id.value); },
                   [&](event::Resolved const&) { close_incident_.run(id, at); },
                   [&](event::Cancelled const&) { close_incident_.run(id, at); },
                   [&](event::Reopened const&) { reopen_incident_.run(id); },
                   [](auto const&) {},
               },
               event.body);
}

void Writer::write_op(Op const& op) {
    add_op_.run(op.id, op.incident.number, op.channel, op.kind, word_of(op.state), std::int64_t{op.attempts},
                rfc3339(op.at), op.remote, op.body);
}

void Writer::write_said(Said const& said) {
    auto const at = rfc3339(said.at);
    if (said.edited_at)
        add_said_.run(said.id, said.channel, at, said.author, said.op, rfc3339(*said.edited_at), said.body);
    else
        add_said_.run(said.id, said.channel, at, said.author, said.op, nullptr, said.body);
}

void Writer::date_keys(std::string const& at) {
    date_keys_.run(at);
    undated_keys_ = false;
}

void Writer::forget_old(Time now) {
    // A clock that was set back starts the waiting anew.
    if (forgot_at_ && now >= *forgot_at_ && now - *forgot_at_ < between_forgetting) return;
    forgot_at_ = now;
    forget_keys_.run(rfc3339(later(now, -keys_kept)));
    forget_ops_.run(rfc3339(later(now, -ops_kept)));
}

} // namespace cox::store::sqlite
