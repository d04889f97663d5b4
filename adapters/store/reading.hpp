#pragma once
// Takes values out of the tables. Everything may throw Failure, and Trouble for content that cannot be right.
#include "adapters/store/sqlite.hpp"
#include "adapters/store/store.hpp"

namespace cox::store::sqlite {

class Reader {
public:
    Reader(Connection&, std::filesystem::path file);

    Found load(Time closed_since, std::function<std::expected<void, std::string>(Event&&)> const& visit);
    std::vector<Event> events(IncidentId);
    std::vector<IncidentId> incident_ids();
    std::vector<Said> said(std::string const& channel, std::int64_t after, std::size_t limit);
    std::optional<Said> said_of_op(std::int64_t op);

private:
    // Of a row with incident, seq and line.
    Event event_of(Statement const&) const;
    std::vector<Op> waiting_ops();

    Connection& connection_;
    std::filesystem::path file_;
    Statement events_;
    Statement said_after_;
    Statement said_newest_;
    Statement said_of_op_;
};

} // namespace cox::store::sqlite
