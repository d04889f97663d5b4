#include "adapters/store/schema.hpp"

#include <array>
#include <string>

namespace cox::store::sqlite {
namespace {

// One row per version, each from the one before it. A row that was released is never edited.
// Times are RFC 3339 text: a person with the sqlite3 shell reads them, and they sort.
constexpr std::array migrations{
    R"(
    create table inbox (
        key text primary key,
        at  text -- null until a batch that knows the time follows
    );
    create index inbox_undated on inbox (key) where at is null;
    create table incidents (
        id        integer primary key,
        title     text not null,
        opened_at text not null,
        open      integer not null,
        closed_at text
    );
    create table events (
        incident integer not null,
        seq      integer not null,
        at       text not null,
        line     text not null,
        primary key (incident, seq)
    ) without rowid;
    create table outbox (
        id       integer primary key,
        incident integer not null,
        channel  text not null,
        kind     text not null,
        state    text not null,
        attempts integer not null,
        at       text not null,
        remote   text not null,
        reason   text not null,
        body     text not null
    );
    create index outbox_waiting on outbox (id) where state in ('pending', 'in_flight', 'unknown');
    create index outbox_over on outbox (at) where state in ('sent', 'superseded');
    create table cursors (
        name  text primary key,
        value text not null
    ) without rowid;
    create table said (
        id        integer primary key,
        channel   text not null,
        at        text not null,
        author    text not null,
        op        integer not null,
        edited_at text,
        body      text not null
    );
    create index said_in on said (channel, id);
    create unique index said_of_op on said (op) where op <> 0;
    create table said_channels (
        number integer primary key,
        id     text not null unique,
        name   text not null,
        topic  text not null,
        body   text not null
    );
    )",
    // The channel of record, so that a start knows whose log to ask for where nothing was loaded.
    R"(
    alter table incidents add column channel text;
    update incidents set channel = (
        select json_extract(line, '$.channel.id') from events
        where events.incident = incidents.id and json_extract(line, '$.kind') in ('declared', 'channel_opened')
            and json_extract(line, '$.channel.id') is not null
        order by seq desc limit 1
    );
    create index incidents_closed_in on incidents (channel, closed_at) where open = 0;
    )",
    // For a list of three SQLite makes a table of its own with each row that it writes; for these words it does not.
    // They stand in the query that uses the index, too.
    R"(
    drop index outbox_waiting;
    create index outbox_waiting on outbox (id) where state = 'pending' or state = 'in_flight' or state = 'unknown';
    )",
    // Keys are looked up in memory and read here at a start only: an index over them, in no order, would make every
    // command write to pages all over the file.
    R"(
    create table taken_in (
        key text not null,
        at  text -- null until a batch that knows the time follows
    );
    insert into taken_in (key, at) select key, at from inbox order by rowid;
    drop table inbox;
    alter table taken_in rename to inbox;
    create index inbox_undated on inbox (at) where at is null;
    )",
};

} // namespace

std::int64_t newest_schema() {
    return static_cast<std::int64_t>(migrations.size());
}

void migrate(Connection& connection, std::int64_t from) {
    if (from == newest_schema()) return;
    Transaction transaction{connection};
    for (auto version = static_cast<std::size_t>(from); version < migrations.size(); ++version)
        connection.run(migrations[version]);
    // A pragma takes no bound values.
    connection.run(("pragma user_version = " + std::to_string(newest_schema())).c_str());
    connection.run(("pragma application_id = " + std::to_string(application_id)).c_str());
    transaction.commit();
}

} // namespace cox::store::sqlite
