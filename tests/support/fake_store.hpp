#pragma once
// A store in memory that keeps the contract of adapters/store/store.hpp: what is committed is there at once, and the
// callbacks come later, in order, through the poster.
#include "adapters/store/store.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace cox::test {

class FakeStore final : public store::Store {
public:
    // Without a poster callbacks wait for settle().
    FakeStore() : poster_{[this](std::function<void()> call) { waiting_.push_back(std::move(call)); }} {}
    explicit FakeStore(store::Poster poster) : poster_{std::move(poster)} {}

    // Calls what is waiting, and what that leads to.
    void settle() {
        while (settle_one()) {
        }
    }
    // Calls what waits longest; false when nothing does.
    bool settle_one() {
        if (waiting_.empty()) return false;
        auto const call = std::move(waiting_.front());
        waiting_.pop_front();
        call();
        return true;
    }

    store::Result<store::Found> load(Time, std::function<std::expected<void, std::string>(Event&&)>) override {
        return found();
    }

    // What a start finds.
    store::Found found() const {
        store::Found found;
        found.keys = keys_in_order_;
        for (auto const& [name, value] : cursors_)
            found.cursors.push_back({name, value});
        for (auto const& [id, channel] : channels_)
            found.channels.push_back(channel);
        for (auto const& [id, said] : said_)
            found.highest_op = std::max(found.highest_op, said.op);
        if (!said_.empty()) found.highest_said = said_.rbegin()->first;
        return found;
    }

    void commit(store::Batch batch, std::function<void()> durable) override {
        ++commits;
        batches.push_back(batch);
        for (auto& key : batch.keys) {
            if (keys_.insert(key).second) keys_in_order_.push_back(key);
        }
        for (auto& cursor : batch.cursors)
            cursors_[cursor.name] = cursor.value;
        for (auto& channel : batch.channels)
            channels_[channel.id] = channel;
        for (auto& said : batch.said) {
            bool const elsewhere = said.op != 0 && std::ranges::any_of(said_, [&](auto const& row) {
                                       return row.second.op == said.op && row.first != said.id;
                                   });
            if (!elsewhere) said_[said.id] = said;
        }
        poster_(std::move(durable));
    }

    void read_events(IncidentId id, std::function<void(std::vector<Event>)> done) override {
        std::vector<Event> log;
        for (auto const& batch : batches)
            std::ranges::copy_if(batch.events, std::back_inserter(log),
                                 [&](Event const& e) { return e.incident == id; });
        poster_([log = std::move(log), done = std::move(done)] { done(log); });
    }
    void read_incident_ids(std::function<void(std::vector<IncidentId>)> done) override {
        poster_([done = std::move(done)] { done({}); });
    }

    void read_said(std::string const& channel, std::int64_t after, std::size_t limit,
                   std::function<void(std::vector<store::Said>)> done) override {
        std::vector<store::Said> rows;
        for (auto const& [id, said] : said_) {
            if (said.channel == channel && id > after) rows.push_back(said);
        }
        if (rows.size() > limit) {
            auto const extra = static_cast<std::ptrdiff_t>(rows.size() - limit);
            if (after == 0)
                rows.erase(rows.begin(), rows.begin() + extra);
            else
                rows.erase(rows.end() - extra, rows.end());
        }
        poster_([rows = std::move(rows), done = std::move(done)] { done(rows); });
    }

    void read_said_of_op(std::int64_t op, std::function<void(std::optional<store::Said>)> done) override {
        std::optional<store::Said> row;
        for (auto const& [id, said] : said_) {
            if (said.op == op) row = said;
        }
        poster_([row = std::move(row), done = std::move(done)] { done(row); });
    }

    void close() override {}

    bool has_key(std::string const& key) const { return keys_.contains(key); }
    std::map<std::int64_t, store::Said> const& said() const { return said_; }

    int commits = 0;
    std::vector<store::Batch> batches; // in the order of their commits

private:
    store::Poster poster_;
    std::deque<std::function<void()>> waiting_;
    std::set<std::string> keys_;
    std::vector<std::string> keys_in_order_;
    std::map<std::string, std::string> cursors_;
    std::map<std::string, store::SaidChannel> channels_;
    std::map<std::int64_t, store::Said> said_;
};

} // namespace cox::test
