// What only SQLite can have trouble with. What every store promises is in tests/contract.
#include "adapters/store/store.hpp"

#include "../../support/mailbox.hpp"
#include "../../support/temp_folder.hpp"
#include "core/event_json.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <poll.h>
#include <sys/fsuid.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>

namespace cox::store {
namespace {

namespace fs = std::filesystem;
using cox::testing::Mailbox;
using cox::testing::TempFolder;

Time const noon = *from_rfc3339("2026-11-23T12:00:00.000Z");

Event noted(std::int64_t incident, std::int64_t seq) {
    return {{incident}, seq, noon, {{"ana"}, "Ana"}, event::Noted{"event number " + std::to_string(seq)}};
}

std::string content(fs::path const& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}
void set_content(fs::path const& file, std::string_view bytes) {
    std::ofstream{file, std::ios::binary} << bytes;
}

std::vector<std::string> names_in(fs::path const& folder) {
    std::vector<std::string> names;
    for (auto const& entry : fs::directory_iterator{folder})
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

// Changes a database behind the store's back.
void run_sql(fs::path const& file, std::string const& sql) {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
}

// Permission bits count for the test's thread while this lives, also where the tests run as root.
class OrdinaryUser {
public:
    OrdinaryUser() {
        if (::geteuid() == 0) ::setfsuid(nobody);
    }
    ~OrdinaryUser() {
        if (::geteuid() == 0) ::setfsuid(0);
    }
    OrdinaryUser(OrdinaryUser const&) = delete;
    OrdinaryUser& operator=(OrdinaryUser const&) = delete;

private:
    static constexpr ::uid_t nobody = 65534;
};

// SQLite's default way to the disk, which can be told that the disk is full: commits go to the log first.
class FullDisk {
public:
    FullDisk() {
        base_ = sqlite3_vfs_find(nullptr);
        vfs_ = *base_;
        vfs_.zName = "full-disk";
        vfs_.xOpen = [](sqlite3_vfs*, char const* name, sqlite3_file* file, int flags, int* out) {
            int const code = base_->xOpen(base_, name, file, flags, out);
            if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL)) {
                methods_ = *file->pMethods;
                write_ = methods_.xWrite;
                methods_.xWrite = [](sqlite3_file* to, void const* bytes, int size, sqlite3_int64 at) {
                    return full_ ? SQLITE_FULL : write_(to, bytes, size, at);
                };
                file->pMethods = &methods_;
            }
            return code;
        };
        sqlite3_vfs_register(&vfs_, 1);
    }
    ~FullDisk() {
        full_ = false;
        sqlite3_vfs_register(base_, 1);
        sqlite3_vfs_unregister(&vfs_);
    }
    FullDisk(FullDisk const&) = delete;
    FullDisk& operator=(FullDisk const&) = delete;

    void fill() { full_ = true; }
    void free() { full_ = false; }

private:
    sqlite3_vfs vfs_;
    static inline sqlite3_vfs* base_ = nullptr;
    static inline sqlite3_io_methods methods_;
    static inline int (*write_)(sqlite3_file*, void const*, int, sqlite3_int64) = nullptr;
    static inline std::atomic<bool> full_ = false;
};

class SqliteStore : public ::testing::Test {
protected:
    Result<std::unique_ptr<Store>> open(fs::path const& file, bool read_only = false) {
        return open_sqlite({.file = file, .read_only = read_only}, mailbox_.poster(),
                           [this](Trouble trouble) { troubles_.push_back(std::move(trouble)); });
    }
    std::unique_ptr<Store> opened(fs::path const& file, bool read_only = false) {
        auto store = open(file, read_only);
        EXPECT_TRUE(store) << store.error().what;
        return store ? *std::move(store) : nullptr;
    }
    Trouble trouble_at(fs::path const& file, bool read_only = false) {
        auto const store = open(file, read_only);
        EXPECT_FALSE(store);
        return store ? Trouble{} : store.error();
    }
    void commit(Store& store, Batch batch) {
        bool durable = false;
        store.commit(std::move(batch), [&] { durable = true; });
        ASSERT_TRUE(mailbox_.run_until([&] { return durable; }));
    }
    void commit_events(Store& store, std::int64_t first, std::int64_t last) {
        Batch batch;
        for (auto seq = first; seq <= last; ++seq)
            batch.events.push_back(noted(1, seq));
        commit(store, std::move(batch));
    }
    Result<std::int64_t> count(Store& store) {
        std::int64_t events = 0;
        auto const found = store.load(noon, [&](Event&&) -> std::expected<void, std::string> {
            ++events;
            return {};
        });
        if (!found) return std::unexpected{found.error()};
        return events;
    }
    // What a run leaves that is killed after `events` events.
    void leave_cut_short(fs::path const& file, std::int64_t events) {
        TempFolder elsewhere;
        auto const running = elsewhere.path() / "coxswain.db";
        auto store = opened(running);
        commit_events(*store, 1, events);
        fs::copy_file(running, file);
        fs::copy_file(running.string() + "-wal", file.string() + "-wal");
        store->close();
    }

    TempFolder folder_;
    fs::path file_ = folder_.path() / "coxswain.db";
    Mailbox mailbox_;
    std::vector<Trouble> troubles_;
};

TEST_F(SqliteStore, LeavesOneFileThatCanBeCopied) {
    auto store = opened(file_);
    commit_events(*store, 1, 10);
    store->close();
    EXPECT_EQ(names_in(folder_.path()), std::vector<std::string>{"coxswain.db"});
    fs::copy_file(file_, folder_.path() / "copy.db");
    EXPECT_EQ(count(*opened(folder_.path() / "copy.db")), 10);
}

TEST_F(SqliteStore, HoldsWhatAKilledRunCommitted) {
    leave_cut_short(file_, 300);
    EXPECT_EQ(count(*opened(file_)), 300);
}

TEST_F(SqliteStore, ANewerSchemaIsRefusedWithBothVersionsAndLeftAlone) {
    opened(file_)->close();
    run_sql(file_, "pragma user_version = 7");
    auto const before = content(file_);
    for (bool const read_only : {false, true}) {
        auto const trouble = trouble_at(file_, read_only);
        EXPECT_EQ(trouble.exit_code, 78);
        EXPECT_EQ(trouble.what, file_.string() + ": has schema version 7, and this coxswain knows 4; use the newer "
                                                 "coxswain that wrote it");
    }
    EXPECT_EQ(content(file_), before);
    EXPECT_EQ(names_in(folder_.path()), std::vector<std::string>{"coxswain.db"});
}

TEST_F(SqliteStore, AnOlderSchemaIsBroughtUpToDateWithTheChannelsThatItsLogNames) {
    auto const closed_in = [](std::int64_t id, std::vector<EventBody> bodies) {
        Batch batch;
        for (auto& body : bodies) {
            auto const seq = static_cast<std::int64_t>(batch.events.size()) + 1;
            batch.events.push_back({{id}, seq, noon, {{"ana"}, "Ana"}, std::move(body)});
        }
        return batch;
    };
    event::Declared here;
    here.channel = Channel{{"ops"}, "ops"};
    event::ChannelOpened const opened_for_it{{{"inc-2"}, "inc-2"}, false, ""};
    {
        auto store = opened(file_);
        commit(*store, closed_in(1, {here, event::Noted{"$.channel"}, event::Resolved{"done"}}));
        commit(*store, closed_in(2, {event::Declared{}, opened_for_it, event::Resolved{"done"}}));
        commit(*store, closed_in(3, {event::Declared{}, event::Cancelled{"false"}}));
        store->close();
    }
    run_sql(file_,
            "drop index incidents_closed_in; alter table incidents drop column channel; pragma user_version = 1");
    auto const found = opened(file_)->load(noon + std::chrono::hours{1},
                                           [](Event&&) -> std::expected<void, std::string> { return {}; });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->closed, (std::vector<Closed>{{"inc-2", {2}}, {"ops", {1}}}));
}

TEST_F(SqliteStore, AnOlderSchemaKeepsItsKeysInTheirOrder) {
    opened(file_)->close();
    run_sql(file_, "drop table inbox; create table inbox (key text primary key, at text); "
                   "create index inbox_undated on inbox (key) where at is null; "
                   "insert into inbox values ('second', '2026-01-01T12:00:00.000Z'), ('first', null); "
                   "pragma user_version = 3");
    auto store = opened(file_);
    auto const found = store->load(noon, [](Event&&) -> std::expected<void, std::string> { return {}; });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->keys, (std::vector<std::string>{"second", "first"}));
}

TEST_F(SqliteStore, ANewerSchemaThatWasCutShortIsLeftAloneToo) {
    auto const newer = folder_.path() / "newer.db";
    {
        TempFolder elsewhere;
        auto const running = elsewhere.path() / "coxswain.db";
        opened(running)->close();
        sqlite3* raw = nullptr;
        ASSERT_EQ(sqlite3_open(running.c_str(), &raw), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(raw, "pragma journal_mode = wal; pragma user_version = 7", nullptr, nullptr, nullptr),
                  SQLITE_OK);
        fs::copy_file(running, newer);
        fs::copy_file(running.string() + "-wal", newer.string() + "-wal");
        sqlite3_close(raw);
    }
    auto const before = content(newer);
    auto const log_before = content(newer.string() + "-wal");
    EXPECT_EQ(trouble_at(newer).exit_code, 78);
    EXPECT_EQ(trouble_at(newer, true).exit_code, 78);
    EXPECT_EQ(content(newer), before);
    EXPECT_EQ(content(newer.string() + "-wal"), log_before);
    EXPECT_EQ(names_in(folder_.path()), (std::vector<std::string>{"newer.db", "newer.db-wal"}));
}

TEST_F(SqliteStore, ADatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
    run_sql(file_, "create table theirs (a)");
    auto const before = content(file_);
    auto const trouble = trouble_at(file_);
    EXPECT_EQ(trouble.exit_code, 65);
    EXPECT_EQ(trouble.what, file_.string() + ": is a database of another program; name another file");
    EXPECT_EQ(content(file_), before);
}

TEST_F(SqliteStore, AFileThatIsNoDatabaseIsRefusedAndLeftAlone) {
    std::string const text(5000, 'x');
    set_content(file_, text);
    for (bool const read_only : {false, true}) {
        auto const trouble = trouble_at(file_, read_only);
        EXPECT_EQ(trouble.exit_code, 65);
        EXPECT_EQ(trouble.what,
                  file_.string() + ": this is not a coxswain database; name another file, or move this one away");
    }
    EXPECT_EQ(content(file_), text);
}

TEST_F(SqliteStore, ADamagedPageIsReportedWhenTheLogIsLoaded) {
    auto store = opened(file_);
    commit_events(*store, 1, 2000);
    store->close();
    auto bytes = content(file_);
    ASSERT_GT(bytes.size(), 100'000u);
    std::fill(bytes.begin() + 40'960, bytes.end() - 40'960, '\xa5');
    set_content(file_, bytes);

    auto const damaged = opened(file_);
    auto const found = count(*damaged);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().exit_code, 65);
    EXPECT_TRUE(found.error().what.starts_with(file_.string() + ": the database is damaged ("));
}

TEST_F(SqliteStore, DamageIsFoundAtOpeningWhenTheLastRunWasCutShort) {
    leave_cut_short(file_, 4000);
    { // the killed run had come further: most of its log is in the file already
        auto store = opened(file_);
        store->close();
        run_sql(file_, "pragma journal_mode = wal; pragma wal_autocheckpoint = 0");
    }
    auto bytes = content(file_);
    ASSERT_GT(bytes.size(), 200'000u);
    std::fill(bytes.begin() + 40'960, bytes.end() - 40'960, '\xa5');
    set_content(file_, bytes);
    auto const damaged = content(file_);

    auto const trouble = trouble_at(file_);
    EXPECT_EQ(trouble.exit_code, 65);
    EXPECT_TRUE(trouble.what.starts_with(file_.string() + ": the database is damaged ("));
    EXPECT_EQ(content(file_), damaged);
}

TEST_F(SqliteStore, AnEventOfANewerCoxswainIsRefusedByName) {
    auto store = opened(file_);
    commit_events(*store, 1, 3);
    store->close();
    run_sql(file_, "update events set line = replace(line, 'noted', 'teleported') where seq = 2");
    auto const found = count(*opened(file_));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().exit_code, 65);
    EXPECT_EQ(found.error().what, file_.string() +
                                      ": event 2 of INC-1 cannot be read: the kind \"teleported\" is not known to this "
                                      "coxswain; use the newer one that wrote it");
}

TEST_F(SqliteStore, ASecondStoreOnTheSameFileIsRefusedForNow) {
    auto const first = opened(file_);
    auto const trouble = trouble_at(file_);
    EXPECT_EQ(trouble.exit_code, 75);
    EXPECT_EQ(trouble.what, file_.string() + ": another process is using this database; stop the coxswain that runs on "
                                             "it, or try again");
}

TEST_F(SqliteStore, AnotherProcessKeepsWritersAndReadersOut) {
    int ready[2];
    int enough[2];
    ASSERT_EQ(::pipe(ready), 0);
    ASSERT_EQ(::pipe(enough), 0);
    auto const other = ::fork();
    ASSERT_GE(other, 0);
    if (other == 0) {
        ::close(enough[1]);
        auto const store = open(file_);
        char byte = store ? 'y' : 'n';
        bool const told = ::write(ready[1], &byte, 1) == 1 && ::read(enough[0], &byte, 1) >= 0;
        ::_exit(told ? 0 : 1);
    }
    ::pollfd wait{ready[0], POLLIN, 0};
    char held = '?';
    if (::poll(&wait, 1, 10'000) == 1) {
        EXPECT_EQ(::read(ready[0], &held, 1), 1);
    }
    EXPECT_EQ(held, 'y');

    EXPECT_EQ(trouble_at(file_).exit_code, 75);
    auto const reading = trouble_at(file_, true);
    EXPECT_EQ(reading.exit_code, 75);
    EXPECT_TRUE(reading.what.ends_with("; the running one can export too")) << reading.what;

    ::close(enough[1]);
    EXPECT_EQ(::waitpid(other, nullptr, 0), other);
    for (int const end : {ready[0], ready[1], enough[0]})
        ::close(end);
    EXPECT_EQ(count(*opened(file_)), 0);
}

TEST_F(SqliteStore, AMissingFolderIsNamed) {
    auto const folder = folder_.path() / "data";
    auto const file = folder / "coxswain.db";
    auto const trouble = trouble_at(file);
    EXPECT_EQ(trouble.exit_code, 78);
    EXPECT_EQ(trouble.what,
              file.string() + ": the folder " + folder.string() + " does not exist; make it, or name another");
    EXPECT_FALSE(fs::exists(folder));
}

TEST_F(SqliteStore, AFileInPlaceOfTheFolderIsNamed) {
    auto const folder = folder_.path() / "data";
    set_content(folder, "");
    auto const trouble = trouble_at(folder / "coxswain.db");
    EXPECT_EQ(trouble.exit_code, 78);
    EXPECT_NE(trouble.what.find(folder.string() + " is not a folder"), std::string::npos);
}

TEST_F(SqliteStore, AFolderInPlaceOfTheFileIsNamed) {
    auto const trouble = trouble_at(folder_.path());
    EXPECT_EQ(trouble.exit_code, 78);
    EXPECT_NE(trouble.what.find("is a folder where the database file should be"), std::string::npos);
}

TEST_F(SqliteStore, AFolderThatMayNotBeWrittenIsReported) {
    fs::permissions(folder_.path(), fs::perms{0555});
    OrdinaryUser const user;
    auto const trouble = trouble_at(file_);
    EXPECT_EQ(trouble.exit_code, 77);
    EXPECT_EQ(trouble.what,
              file_.string() + ": cannot be made there; let the user that runs coxswain write to the folder");
    EXPECT_FALSE(fs::exists(file_));
}

TEST_F(SqliteStore, AFileThatMayNotBeWrittenIsReportedAndLeftAlone) {
    opened(file_)->close();
    fs::permissions(file_, fs::perms{0444});
    fs::permissions(folder_.path(), fs::perms{0555});
    auto const before = content(file_);
    OrdinaryUser const user;
    auto const trouble = trouble_at(file_);
    EXPECT_EQ(trouble.exit_code, 77);
    EXPECT_EQ(trouble.what, file_.string() + ": cannot be used (the file is read-only); let the user that runs "
                                             "coxswain read and write the file and its folder");
    EXPECT_EQ(content(file_), before);
}

TEST_F(SqliteStore, ReadingTouchesNothing) {
    auto store = opened(file_);
    commit_events(*store, 1, 10);
    store->close();
    auto const before = content(file_);
    fs::permissions(file_, fs::perms{0444});
    fs::permissions(folder_.path(), fs::perms{0555});
    {
        OrdinaryUser const user;
        auto const reading = opened(file_, true);
        EXPECT_EQ(count(*reading), 10);
        reading->close();
    }
    EXPECT_EQ(content(file_), before);
    EXPECT_EQ(names_in(folder_.path()), std::vector<std::string>{"coxswain.db"});
}

TEST_F(SqliteStore, ReadingSeesWhatAKilledRunCommittedAndTouchesNothing) {
    leave_cut_short(file_, 300);
    auto const before = content(file_);
    auto const log_before = content(file_.string() + "-wal");
    auto const reading = opened(file_, true);
    EXPECT_EQ(count(*reading), 300);
    reading->close();
    EXPECT_EQ(content(file_), before);
    EXPECT_EQ(content(file_.string() + "-wal"), log_before);
    EXPECT_EQ(names_in(folder_.path()), (std::vector<std::string>{"coxswain.db", "coxswain.db-wal"}));
}

TEST_F(SqliteStore, ReadingAfterAKilledRunInAFolderThatMayNotBeWrittenSaysWhatToDo) {
    leave_cut_short(file_, 300);
    for (auto const* part : {"", "-wal"})
        fs::permissions(file_.string() + part, fs::perms{0644});
    fs::permissions(folder_.path(), fs::perms{0555});
    OrdinaryUser const user;
    auto const trouble = trouble_at(file_, true);
    EXPECT_EQ(trouble.exit_code, 77);
    EXPECT_NE(trouble.what.find("start coxswain on it once, or copy"), std::string::npos) << trouble.what;
}

TEST_F(SqliteStore, ReadingWhereThereIsNoDatabaseMakesNone) {
    auto const trouble = trouble_at(file_, true);
    EXPECT_EQ(trouble.exit_code, 78);
    EXPECT_EQ(trouble.what, file_.string() + ": there is no database here; name the folder that holds it");
    EXPECT_FALSE(fs::exists(file_));
}

TEST_F(SqliteStore, OnAFullDiskNothingMoreIsAcknowledgedAndWhatWasStays) {
    FullDisk disk;
    auto store = opened(file_);
    commit_events(*store, 1, 10);
    disk.fill();
    int durable = 0;
    store->commit(
        {.keys = {}, .events = {noted(1, 11)}, .ops = {}, .marks = {}, .cursors = {}, .said = {}, .channels = {}},
        [&] { ++durable; });
    ASSERT_TRUE(mailbox_.run_until([&] { return !troubles_.empty(); }));
    EXPECT_EQ(troubles_[0].exit_code, 70);
    EXPECT_EQ(troubles_[0].what, file_.string() + ": the disk is full and nothing more is recorded; free some space, "
                                                  "then start coxswain again");
    disk.free();
    store->commit({.keys = {"later"}, .events = {}, .ops = {}, .marks = {}, .cursors = {}, .said = {}, .channels = {}},
                  [&] { ++durable; });
    std::optional<std::vector<Event>> events;
    store->read_events({1}, [&](std::vector<Event> found) { events = std::move(found); });
    ASSERT_TRUE(mailbox_.run_until([&] { return events.has_value(); }));
    EXPECT_EQ(events->size(), 10u);
    store->close();
    mailbox_.run();
    EXPECT_EQ(durable, 0);
    EXPECT_EQ(troubles_.size(), 1u);
    EXPECT_EQ(count(*opened(file_)), 10);
}

} // namespace
} // namespace cox::store
