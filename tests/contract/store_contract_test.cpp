// What every store promises, whatever database is behind it.
#include "adapters/store/store.hpp"

#include "../support/mailbox.hpp"
#include "../support/temp_folder.hpp"
#include "core/event_json.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cox::store {
namespace {

using namespace std::chrono_literals;
using cox::testing::Mailbox;
using cox::testing::TempFolder;

struct StoreKind {
    std::string name;
    // Opens what the folder stands for; opened again it finds what was stored before.
    std::function<Result<std::unique_ptr<Store>>(std::filesystem::path const& folder, Poster,
                                                 std::function<void(Trouble)> broken)>
        open;
};

Time const noon = *from_rfc3339("2026-11-23T12:00:00.000Z");
Person const ana{{"ana"}, "Ana"};

Event declared(std::int64_t incident, Time at = noon) {
    return {{incident},
            1,
            at,
            ana,
            event::Declared{.title = "checkout",
                            .severity = "1",
                            .severity_label = "SEV-1",
                            .impact = "",
                            .started = {},
                            .origin = {{"ops"}, "ops"},
                            .channel = {},
                            .wanted_name = "",
                            .next_update = {}}};
}
template <class Body>
Event happened(std::int64_t incident, std::int64_t seq, Body body, Time at = noon) {
    return {{incident}, seq, at, ana, std::move(body)};
}
Op op(std::int64_t id, OpState state = OpState::pending, Time at = noon) {
    return {.id = id,
            .incident = {7},
            .channel = "inc-7",
            .kind = "post",
            .body = R"({"effect":"post"})",
            .at = at,
            .state = state,
            .attempts = 0,
            .remote = ""};
}
Said said(std::int64_t id, std::string channel, std::int64_t from_op = 0) {
    return {.id = id,
            .channel = std::move(channel),
            .at = noon + id * 1s,
            .author = from_op ? "" : "ana",
            .body = "{\"n\":" + std::to_string(id) + "}",
            .op = from_op,
            .edited_at = {}};
}

void put(Batch& into, char const* key) {
    into.keys.emplace_back(key);
}
void put(Batch& into, Event event) {
    into.events.push_back(std::move(event));
}
void put(Batch& into, Op one) {
    into.ops.push_back(std::move(one));
}
void put(Batch& into, OpMark mark) {
    into.marks.push_back(std::move(mark));
}
void put(Batch& into, Cursor cursor) {
    into.cursors.push_back(std::move(cursor));
}
void put(Batch& into, Said one) {
    into.said.push_back(std::move(one));
}
void put(Batch& into, SaidChannel channel) {
    into.channels.push_back(std::move(channel));
}

// Each part goes where it belongs.
template <class... Parts>
Batch batch(Parts... parts) {
    Batch made;
    (put(made, std::move(parts)), ...);
    return made;
}

class StoreContract : public ::testing::TestWithParam<StoreKind> {
protected:
    void SetUp() override { open(); }
    void TearDown() override {
        if (store_) store_->close();
    }

    void open() {
        auto opened = GetParam().open(folder_.path(), mailbox_.poster(),
                                      [this](Trouble trouble) { troubles_.push_back(std::move(trouble)); });
        ASSERT_TRUE(opened) << opened.error().what;
        store_ = *std::move(opened);
    }
    void reopen() {
        store_->close();
        store_.reset();
        open();
    }
    void commit(Batch given) {
        bool durable = false;
        store_->commit(std::move(given), [&] { durable = true; });
        ASSERT_TRUE(mailbox_.run_until([&] { return durable; }));
    }
    Found load(Time closed_since = noon) {
        lines_.clear();
        auto found = store_->load(closed_since, [this](Event&& event) -> std::expected<void, std::string> {
            lines_.push_back(to_json_line(event));
            return {};
        });
        EXPECT_TRUE(found) << found.error().what;
        return found ? *std::move(found) : Found{};
    }
    // Incident and number of what the last load showed: "1.1 1.2 3.1".
    std::string shown() {
        std::string out;
        for (auto const& line : lines_) {
            auto const event = *event_from_json_line(line);
            if (!out.empty()) out += ' ';
            out += std::to_string(event.incident.number) + "." + std::to_string(event.seq);
        }
        return out;
    }
    template <class T, class Ask>
    T asked(Ask ask) {
        std::optional<T> answer;
        ask([&](T found) { answer = std::move(found); });
        EXPECT_TRUE(mailbox_.run_until([&] { return answer.has_value(); }));
        return answer ? *std::move(answer) : T{};
    }
    std::vector<std::int64_t> said_ids(std::string const& channel, std::int64_t after, std::size_t limit) {
        std::vector<std::int64_t> ids;
        for (Said const& one :
             asked<std::vector<Said>>([&](auto then) { store_->read_said(channel, after, limit, std::move(then)); }))
            ids.push_back(one.id);
        return ids;
    }

    TempFolder folder_;
    Mailbox mailbox_;
    std::unique_ptr<Store> store_;
    std::vector<Trouble> troubles_;
    std::vector<std::string> lines_;
};

using Ids = std::vector<std::int64_t>;

TEST_P(StoreContract, ANewStoreHoldsNothing) {
    auto const found = load();
    EXPECT_TRUE(lines_.empty());
    EXPECT_TRUE(found.ops.empty() && found.keys.empty() && found.cursors.empty() && found.channels.empty());
    EXPECT_EQ(found.highest_op, 0);
    EXPECT_EQ(found.highest_said, 0);
    EXPECT_EQ(found.highest_incident, IncidentId{0});
}

TEST_P(StoreContract, BatchesBecomeDurableInTheOrderGivenHoweverManyQueueUp) {
    constexpr int count = 3000;
    std::vector<int> order;
    for (int i = 0; i < count; ++i) {
        auto const event = i == 0 ? declared(1) : happened(1, i + 1, event::Noted{std::to_string(i)});
        store_->commit(batch(event), [&order, i] { order.push_back(i); });
    }
    ASSERT_TRUE(mailbox_.run_until([&] { return order.size() == count; }));
    EXPECT_TRUE(std::ranges::is_sorted(order));
    reopen();
    load();
    EXPECT_EQ(lines_.size(), std::size_t{count});
}

TEST_P(StoreContract, NothingIsAcknowledgedOnTheStoresOwnThread) {
    bool durable = false;
    store_->commit(batch("k"), [&] { durable = true; });
    store_->close();
    EXPECT_FALSE(durable);
    mailbox_.run();
    EXPECT_TRUE(durable);
}

TEST_P(StoreContract, WhatIsQueuedIsCommittedBeforeTheStoreCloses) {
    int durable = 0;
    for (int i = 1; i <= 100; ++i)
        store_->commit(batch(op(i)), [&] { ++durable; });
    store_->close();
    mailbox_.run();
    EXPECT_EQ(durable, 100);
    reopen();
    EXPECT_EQ(load().ops.size(), 100u);
}

TEST_P(StoreContract, AClosedStoreTakesNothingMore) {
    store_->close();
    bool called = false;
    store_->commit(batch("late"), [&] { called = true; });
    store_->close();
    mailbox_.run();
    EXPECT_FALSE(called);
    reopen();
    EXPECT_TRUE(load().keys.empty());
}

TEST_P(StoreContract, ABatchWithoutACallbackIsStoredToo) {
    store_->commit(batch("k"), {});
    reopen();
    EXPECT_EQ(load().keys, std::vector<std::string>{"k"});
}

TEST_P(StoreContract, EventsComeBackAsTheyWereInOrderOfIncidentAndNumber) {
    auto const words = event::Noted{"'); drop table events; -- \" \\ zurück 🚣\n" + std::string("\0x", 2)};
    auto const note = happened(1, 2, words);
    commit(batch(declared(2), declared(1), note, happened(2, 2, event::Unstable{"again"})));
    reopen();
    load();
    EXPECT_EQ(shown(), "1.1 1.2 2.1 2.2");
    EXPECT_EQ(lines_[1], to_json_line(note));
}

TEST_P(StoreContract, OnlyOpenAndLatelyClosedIncidentsAreLoaded) {
    commit(batch(declared(1), declared(2), declared(3), declared(4)));
    commit(batch(
        happened(2, 2, event::Resolved{"done"}, noon + 1h), happened(3, 2, event::Cancelled{"false"}, noon + 3h),
        happened(4, 2, event::Resolved{"done"}, noon + 1h), happened(4, 3, event::Reopened{"back", {}}, noon + 2h)));
    reopen();
    auto const found = load(noon + 2h);
    EXPECT_EQ(shown(), "1.1 3.1 3.2 4.1 4.2 4.3");
    EXPECT_EQ(found.highest_incident, IncidentId{4});
    EXPECT_EQ(asked<std::vector<IncidentId>>([&](auto then) { store_->read_incident_ids(std::move(then)); }),
              (std::vector<IncidentId>{{1}, {2}, {3}, {4}}));
}

TEST_P(StoreContract, WhatWasClosedLongAgoIsNamedForItsChannelAndNotLoaded) {
    auto const in = [](std::int64_t incident, std::string channel) {
        auto event = declared(incident);
        std::get<event::Declared>(event.body).channel = Channel{{channel}, channel};
        return event;
    };
    auto const closed = [](std::int64_t incident, std::int64_t seq, Time at) {
        return happened(incident, seq, event::Resolved{"done"}, at);
    };
    auto const own = event::ChannelOpened{{{"inc-1"}, "inc-1"}, false, ""};
    commit(batch(declared(1), happened(1, 2, own), closed(1, 3, noon + 1h)));
    // The last to be closed counts, not the last to be opened.
    commit(batch(in(2, "ops"), closed(2, 2, noon + 1h), in(3, "ops"), closed(3, 2, noon + 2h)));
    commit(batch(happened(2, 3, event::Reopened{"back", {}}, noon + 3h), closed(2, 4, noon + 4h)));
    // Loaded, so that nobody need be told.
    commit(batch(in(4, "dev"), closed(4, 2, noon + 1h), in(5, "dev"), closed(5, 2, noon + 9h), in(6, "open")));
    reopen();
    EXPECT_EQ(load(noon + 8h).closed, (std::vector<Closed>{{"inc-1", {1}}, {"ops", {2}}}));
    EXPECT_EQ(shown(), "5.1 5.2 6.1");
}

TEST_P(StoreContract, AnIncidentThatMovedWasClosedWhereItWentTo) {
    auto here = declared(1);
    std::get<event::Declared>(here.body).channel = Channel{{"ops"}, "ops"};
    event::ChannelMoved const moved{{{"dev"}, "dev"}, Channel{{"ops"}, "ops"}, "it was archived"};
    commit(batch(here, happened(1, 2, moved), happened(1, 3, event::Resolved{"done"}, noon + 1h)));
    reopen();
    EXPECT_EQ(load(noon + 8h).closed, (std::vector<Closed>{{"dev", {1}}}));
}

TEST_P(StoreContract, TheLogOfOneIncidentCanBeReadHoweverOldItIs) {
    commit(batch(declared(1), happened(1, 2, event::Resolved{"done"}), declared(2)));
    auto const events = asked<std::vector<Event>>([&](auto then) { store_->read_events({1}, std::move(then)); });
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[1].seq, 2);
    EXPECT_TRUE(asked<std::vector<Event>>([&](auto then) { store_->read_events({9}, std::move(then)); }).empty());
}

TEST_P(StoreContract, AVisitorThatObjectsStopsTheLoadWithItsReason) {
    commit(batch(declared(1), declared(2)));
    reopen();
    int seen = 0;
    auto const found = store_->load(noon, [&](Event&&) -> std::expected<void, std::string> {
        ++seen;
        return std::unexpected{"event 1 of INC-1 cannot follow"};
    });
    ASSERT_FALSE(found);
    EXPECT_EQ(seen, 1);
    EXPECT_EQ(found.error().exit_code, 65);
    EXPECT_NE(found.error().what.find("event 1 of INC-1 cannot follow"), std::string::npos);
}

TEST_P(StoreContract, TheSameNumberTwiceInAnIncidentIsRefusedAndNothingOfThatBatchStays) {
    commit(batch(declared(1)));
    bool durable = false;
    store_->commit(batch("k", happened(1, 1, event::Noted{"x"}), op(1)), [&] { durable = true; });
    ASSERT_TRUE(mailbox_.run_until([&] { return !troubles_.empty(); }));
    store_->commit(batch("later"), [&] { durable = true; });
    store_->close();
    mailbox_.run();
    EXPECT_FALSE(durable);
    EXPECT_EQ(troubles_.size(), 1u);
    reopen();
    auto const found = load();
    EXPECT_EQ(shown(), "1.1");
    EXPECT_TRUE(found.ops.empty());
    EXPECT_TRUE(found.keys.empty());
}

TEST_P(StoreContract, TheSameKeyTwiceIsOneKey) {
    commit(batch("a", "b", "a"));
    commit(batch("b", "c", op(1)));
    reopen();
    auto const found = load();
    EXPECT_EQ(found.keys, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(found.ops.size(), 1u);
}

TEST_P(StoreContract, KeysAreKeptForADayOfTheLogsOwnTime) {
    commit(batch("old", op(1, OpState::pending, noon)));
    commit(batch("young", op(2, OpState::pending, noon + 2h)));
    commit(batch("new", op(3, OpState::pending, noon + 25h)));
    reopen();
    EXPECT_EQ(load().keys, (std::vector<std::string>{"young", "new"}));
}

TEST_P(StoreContract, AKeyThatCameWithoutATimeIsAsYoungAsTheNextBatchThatHasOne) {
    commit(batch(op(1, OpState::pending, noon)));
    commit(batch("talk"));
    reopen();
    commit(batch("after a quiet week", op(2, OpState::pending, noon + 24h * 7)));
    reopen();
    EXPECT_EQ(load().keys, (std::vector<std::string>{"talk", "after a quiet week"}));
}

TEST_P(StoreContract, OpsThatStillWaitComeBackAndThoseThatAreOverDoNot) {
    commit(batch(op(1), op(2, OpState::in_flight), op(3), op(4), op(5), op(6), op(7)));
    commit(batch(OpMark{3, OpState::unknown, 2, "", "timed out"}, OpMark{4, OpState::sent, 1, "m12", ""},
                 OpMark{5, OpState::superseded, 0, "", ""}, OpMark{6, OpState::expired, 0, "", ""},
                 OpMark{7, OpState::failed, 3, "", "channel is archived"}));
    reopen();
    auto const found = load();
    ASSERT_EQ(found.ops.size(), 3u);
    EXPECT_EQ(found.ops[0].state, OpState::pending);
    EXPECT_EQ(found.ops[1].state, OpState::in_flight);
    EXPECT_EQ(found.ops[2].state, OpState::unknown);
    EXPECT_EQ(found.ops[2].attempts, 2);
    EXPECT_EQ(found.highest_op, 7);
}

TEST_P(StoreContract, AnOpComesBackWithAllItHad) {
    auto one = op(5);
    one.channel = "slack:T1:C1";
    one.kind = "topic";
    one.body = "{\"topic\":\"é'\"}";
    one.attempts = 3;
    one.remote = "ts";
    commit(batch(one));
    reopen();
    auto const found = load();
    ASSERT_EQ(found.ops.size(), 1u);
    EXPECT_EQ(found.ops[0].id, 5);
    EXPECT_EQ(found.ops[0].incident, IncidentId{7});
    EXPECT_EQ(found.ops[0].channel, one.channel);
    EXPECT_EQ(found.ops[0].kind, one.kind);
    EXPECT_EQ(found.ops[0].body, one.body);
    EXPECT_EQ(found.ops[0].at, noon);
    EXPECT_EQ(found.ops[0].attempts, 3);
    EXPECT_EQ(found.ops[0].remote, "ts");
}

TEST_P(StoreContract, OldOpsAreForgottenButNeverTheirNumbersNorThoseThatWait) {
    commit(batch(op(1), op(2, OpState::sent), op(3, OpState::sent)));
    reopen();
    commit(batch(Said{
        .id = 1, .channel = "ops", .at = noon + 24h * 8, .author = "ana", .body = "{}", .op = 0, .edited_at = {}}));
    reopen();
    auto const found = load();
    ASSERT_EQ(found.ops.size(), 1u);
    EXPECT_EQ(found.ops[0].id, 1);
    EXPECT_EQ(found.highest_op, 3);
}

TEST_P(StoreContract, CursorsAndChannelsKeepTheirLastValue) {
    commit(batch(Cursor{"matrix", "s1"}, SaidChannel{"ops", "ops", "", "{}"}, SaidChannel{"inc-1", "inc-1", "", "{}"}));
    commit(batch(Cursor{"matrix", "s2"}, SaidChannel{"ops", "ops", "on call: Ana", "{\"a\":1}"}));
    reopen();
    auto const found = load();
    ASSERT_EQ(found.cursors.size(), 1u);
    EXPECT_EQ(found.cursors[0].value, "s2");
    ASSERT_EQ(found.channels.size(), 2u);
    EXPECT_EQ(found.channels[0].id, "ops");
    EXPECT_EQ(found.channels[0].topic, "on call: Ana");
    EXPECT_EQ(found.channels[0].body, "{\"a\":1}");
}

TEST_P(StoreContract, WhatWasSaidIsReadInPages) {
    Batch all;
    for (int id = 1; id <= 10; ++id)
        all.said.push_back(said(id, id % 2 == 0 ? "even" : "odd"));
    commit(std::move(all));
    EXPECT_EQ(said_ids("odd", 0, 100), (Ids{1, 3, 5, 7, 9}));
    EXPECT_EQ(said_ids("odd", 0, 2), (Ids{7, 9}));
    EXPECT_EQ(said_ids("odd", 3, 2), (Ids{5, 7}));
    EXPECT_EQ(said_ids("odd", 9, 2), Ids{});
    EXPECT_EQ(said_ids("nowhere", 0, 2), Ids{});
    EXPECT_EQ(said_ids("odd", 0, 0), Ids{});
    reopen();
    EXPECT_EQ(load().highest_said, 10);
}

TEST_P(StoreContract, AMessageWithAKnownIdReplacesTheOldOne) {
    commit(batch(said(1, "ops", 11), said(2, "ops", 12)));
    auto edited = said(1, "ops", 11);
    edited.body = "{\"edited\":true}";
    edited.edited_at = noon + 5min;
    commit(batch(edited));
    auto const found = asked<std::vector<Said>>([&](auto then) { store_->read_said("ops", 0, 9, std::move(then)); });
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].body, edited.body);
    EXPECT_EQ(found[0].edited_at, edited.edited_at);
    EXPECT_EQ(found[0].at, edited.at);
    EXPECT_EQ(found[0].author, "");
    EXPECT_EQ(found[0].op, 11);
    EXPECT_FALSE(found[1].edited_at);
}

TEST_P(StoreContract, AMessageOfAnOpThatWasDeliveredBeforeIsIgnored) {
    commit(batch(said(1, "ops", 11), said(2, "ops", 12)));
    commit(batch(said(3, "ops", 11), said(2, "ops", 11), said(4, "ops"), said(5, "ops")));
    EXPECT_EQ(said_ids("ops", 0, 9), (Ids{1, 2, 4, 5}));
    auto const first = asked<std::optional<Said>>([&](auto then) { store_->read_said_of_op(11, std::move(then)); });
    ASSERT_TRUE(first);
    EXPECT_EQ(first->id, 1);
    auto const second = asked<std::optional<Said>>([&](auto then) { store_->read_said_of_op(12, std::move(then)); });
    ASSERT_TRUE(second);
    EXPECT_EQ(second->id, 2);
    EXPECT_FALSE(asked<std::optional<Said>>([&](auto then) { store_->read_said_of_op(0, std::move(then)); }));
    EXPECT_FALSE(asked<std::optional<Said>>([&](auto then) { store_->read_said_of_op(99, std::move(then)); }));
}

TEST_P(StoreContract, AReadSeesEveryBatchBeforeItAndNoneAfterItAndAnswersInTurn) {
    std::vector<std::string> order;
    for (int i = 1; i <= 20; ++i) {
        store_->commit(batch(said(i, "ops")), [&order, i] { order.push_back("durable " + std::to_string(i)); });
        store_->read_said("ops", 0, 100, [&order](std::vector<Said> found) {
            order.push_back("read " + std::to_string(found.size()));
        });
    }
    ASSERT_TRUE(mailbox_.run_until([&] { return order.size() == 40; }));
    std::vector<std::string> expected;
    for (int i = 1; i <= 20; ++i) {
        expected.push_back("durable " + std::to_string(i));
        expected.push_back("read " + std::to_string(i));
    }
    EXPECT_EQ(order, expected);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         ::testing::Values(StoreKind{"sqlite",
                                                     [](std::filesystem::path const& folder, Poster poster,
                                                        std::function<void(Trouble)> broken) {
                                                         return open_sqlite(
                                                             {.file = folder / "coxswain.db", .read_only = false},
                                                             std::move(poster), std::move(broken));
                                                     }}),
                         [](auto const& kind) { return kind.param.name; });

} // namespace
} // namespace cox::store
