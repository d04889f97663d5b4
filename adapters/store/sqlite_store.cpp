#include "adapters/store/opening.hpp"
#include "adapters/store/reading.hpp"
#include "adapters/store/store.hpp"
#include "adapters/store/trouble.hpp"
#include "adapters/store/writing.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

namespace cox::store {
namespace {

// So many batches share a transaction at most: the first of them should not wait for too many others.
constexpr std::size_t largest_group = 1024;
// Where so many came at once, more are on their way, and waiting a little for them costs less than a commit for each
// few.
constexpr std::size_t busy_from = 4;
constexpr std::size_t enough = 64;
constexpr std::chrono::microseconds gather_for{3000};
// How long batches that may wait do so.
constexpr std::chrono::milliseconds patience{200};

struct Write {
    Batch batch;
    std::function<void()> durable;
};
// Everything that a file in use consists of.
struct Tables {
    std::unique_ptr<sqlite::Connection> connection;
    sqlite::Reader reader;
    std::optional<sqlite::Writer> writer; // none in a store that is only read

    Tables(std::unique_ptr<sqlite::Connection> opened, Options const& options)
        : connection{std::move(opened)}, reader{*connection, options.file} {
        if (!options.read_only) writer.emplace(*connection);
    }
};

// Reads on the store thread and returns what is to be called on the network thread.
using Read = std::function<std::function<void()>(sqlite::Reader&)>;
using Job = std::variant<Write, Read>;

class SqliteStore final : public Store {
public:
    SqliteStore(Options options, std::unique_ptr<sqlite::Connection> connection, Poster poster,
                std::function<void(Trouble)> broken)
        : options_{std::move(options)}, tables_{std::make_unique<Tables>(std::move(connection), options_)},
          poster_{std::move(poster)}, report_{std::move(broken)}, thread_{[this] { work(); }} {}
    ~SqliteStore() override { close(); }

    Result<Found> load(Time closed_since, std::function<std::expected<void, std::string>(Event&&)> visit) override {
        std::optional<Found> found;
        if (auto trouble = guarded([&] { found = tables_->reader.load(closed_since, visit); })) {
            broken_ = true; // the store thread has nothing to do yet
            return std::unexpected{std::move(*trouble)};
        }
        return *std::move(found);
    }

    void commit(Batch batch, std::function<void()> durable) override {
        put(Write{std::move(batch), std::move(durable)});
    }

    void read_events(IncidentId incident, std::function<void(std::vector<Event>)> then) override {
        put_read([incident](sqlite::Reader& reader) { return reader.events(incident); }, std::move(then));
    }
    void read_incident_ids(std::function<void(std::vector<IncidentId>)> then) override {
        put_read([](sqlite::Reader& reader) { return reader.incident_ids(); }, std::move(then));
    }
    void read_said(std::string const& channel, std::int64_t after, std::size_t limit,
                   std::function<void(std::vector<Said>)> then) override {
        put_read([channel, after, limit](sqlite::Reader& reader) { return reader.said(channel, after, limit); },
                 std::move(then));
    }
    void read_said_of_op(std::int64_t op, std::function<void(std::optional<Said>)> then) override {
        put_read([op](sqlite::Reader& reader) { return reader.said_of_op(op); }, std::move(then));
    }

    void close() override {
        {
            std::lock_guard const lock{mutex_};
            if (closing_) return;
            closing_ = true;
        }
        wake_.notify_one();
        thread_.join();
        tables_.reset();
    }

private:
    void put(Job job) {
        bool wake = std::holds_alternative<Read>(job);
        auto const* const write = std::get_if<Write>(&job);
        bool const patient = write && write->batch.patient;
        {
            std::lock_guard const lock{mutex_};
            if (closing_) return;
            impatient_ = impatient_ || wake;
            wake = wake || (!patient && !urgent_);
            urgent_ = urgent_ || !patient;
            jobs_.push_back(std::move(job));
            wake = wake || jobs_.size() == 1 || jobs_.size() == enough;
        }
        if (wake) wake_.notify_one();
    }

    template <class Query, class Then>
    void put_read(Query query, Then then) {
        put(Read{[query = std::move(query), then = std::move(then)](sqlite::Reader& reader) -> std::function<void()> {
            return [then, found = query(reader)]() mutable { then(std::move(found)); };
        }});
    }

    // What went wrong while `act` ran, if anything did.
    template <class Act>
    std::optional<Trouble> guarded(Act&& act) {
        try {
            act();
            return std::nullopt;
        } catch (sqlite::Failure const& failure) {
            return sqlite::trouble_of(options_.file, failure);
        } catch (Trouble& trouble) {
            return std::move(trouble);
        } catch (std::exception const& other) {
            return Trouble{options_.file.string() + ": the store failed (" + other.what() + "); start coxswain again",
                           70};
        }
    }

    void work() {
        std::deque<Job> taken;
        while (take(taken))
            run(taken);
        finish();
    }

    // False once everything is done and nothing more will come.
    bool take(std::deque<Job>& taken) {
        std::unique_lock lock{mutex_};
        wake_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
        if (!urgent_) wake_.wait_for(lock, patience, [this] { return closing_ || urgent_ || jobs_.size() >= enough; });
        if (busy_)
            wake_.wait_for(lock, gather_for, [this] { return closing_ || impatient_ || jobs_.size() >= enough; });
        taken.swap(jobs_);
        busy_ = taken.size() >= busy_from;
        impatient_ = false;
        urgent_ = false;
        return !taken.empty();
    }

    // In the order given: neighbouring batches share a transaction, and a read sees all batches before it and none
    // after.
    void run(std::deque<Job>& jobs) {
        std::vector<Write> group;
        for (Job& job : jobs) {
            if (auto* const write = std::get_if<Write>(&job)) {
                group.push_back(std::move(*write));
                if (group.size() == largest_group) commit_group(group);
            } else {
                commit_group(group);
                answer(std::get<Read>(job));
            }
        }
        commit_group(group);
        jobs.clear();
    }

    void commit_group(std::vector<Write>& group) {
        if (group.empty()) return;
        if (!broken_ && tables_->writer) {
            auto trouble = guarded([&] {
                sqlite::Transaction transaction{*tables_->connection};
                for (Write const& write : group)
                    tables_->writer->write(write.batch);
                transaction.commit();
            });
            if (trouble)
                give_up(std::move(*trouble));
            else
                acknowledge(group);
        }
        group.clear();
    }

    void acknowledge(std::vector<Write>& group) {
        std::vector<std::function<void()>> all;
        for (Write& write : group)
            if (write.durable) all.push_back(std::move(write.durable));
        if (all.empty()) return;
        poster_([all = std::move(all)] {
            for (auto const& durable : all)
                durable();
        });
    }

    // An answer that cannot be read is not given: an empty one would be a lie.
    void answer(Read const& read) {
        std::function<void()> then;
        if (auto trouble = guarded([&] { then = read(tables_->reader); }))
            give_up(std::move(*trouble));
        else
            poster_(std::move(then));
    }

    // Whether the disk holds what failed is not known: nothing is tried again on this connection.
    void give_up(Trouble trouble) {
        if (std::exchange(broken_, true)) return;
        poster_([report = report_, trouble = std::move(trouble)] {
            if (report) report(trouble);
        });
    }

    // A store that cannot be left in good order says nothing: all that was acknowledged is in its log, and the next
    // start looks closer.
    void finish() {
        if (!broken_ && tables_->writer) (void)guarded([&] { sqlite::close_in_order(*tables_->connection); });
    }

    Options options_;
    std::unique_ptr<Tables> tables_; // until closed
    Poster poster_;
    std::function<void(Trouble)> report_;
    bool broken_ = false; // the store thread's
    bool busy_ = false;   // the store thread's: whether many came at once

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool impatient_ = false; // a read is among them
    bool urgent_ = false;    // not all of them may wait
    bool closing_ = false;
    std::thread thread_;
};

} // namespace

Result<std::unique_ptr<Store>> open_sqlite(Options const& options, Poster poster, std::function<void(Trouble)> broken) {
    try {
        auto connection =
            options.read_only ? sqlite::open_for_reading(options.file) : sqlite::open_for_writing(options.file);
        if (!connection) return std::unexpected{std::move(connection.error())};
        return std::make_unique<SqliteStore>(options, *std::move(connection), std::move(poster), std::move(broken));
    } catch (sqlite::Failure const& failure) {
        return std::unexpected{sqlite::trouble_of(options.file, failure)};
    } catch (std::exception const& other) {
        return std::unexpected{
            Trouble{options.file.string() + ": cannot be opened (" + other.what() + "); start coxswain again", 70}};
    }
}

} // namespace cox::store
