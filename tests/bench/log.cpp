#include "log.hpp"

#include "adapters/store/store.hpp"

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>

namespace cox::bench {
namespace {

using namespace std::chrono_literals;

constexpr Duration every = 10min;       // SEV-1
constexpr Duration draft_before = 2min; // and a little more, for the time a start takes
constexpr Duration keys_of = 24h;
constexpr int rounds = 5;

Person person(std::string const& id) {
    return {UserId{id}, id};
}

struct Log {
    LogPlan const& plan;
    int incident;
    std::vector<Event> events;
    Time at;
    Duration step;

    void add(EventBody body, Person const& by) {
        auto const seq = static_cast<std::int64_t>(events.size()) + 1;
        events.push_back({IncidentId{incident}, seq, at, by, std::move(body), seq});
        at = later(at, step);
    }
};

EventBody fact(int n) {
    auto const word = std::to_string(n);
    switch (n % 6) {
    case 0: return event::Noted{"error rate of the payment gateway is back at its usual level in region " + word};
    case 1: return event::ImpactSet{"~" + word + "% of payments fail in the web app"};
    case 2: return event::HypothesisSet{"release 4." + word + " raised the payment time-out rate", Confidence::likely};
    case 3: return event::NeedSet{"roll back 4." + word + " or wait for the fix", {}};
    case 4:
        return event::Decided{"roll back 4." + word, "blast radius grows",
                              "roll back 4." + word + " or wait for the fix"};
    default: return event::Noted{"dashboard " + word + " shows the same for mobile"};
    }
}

} // namespace

std::string channel_name(int incident) {
    return "bench-" + std::to_string(incident);
}

std::vector<Event> log_of(LogPlan const& plan, int incident) {
    auto const count = std::max(8, plan.events / plan.incidents);
    auto const due = later(plan.now, plan.first_due + plan.spread * incident / plan.incidents);
    Log log{plan, incident, {}, later(plan.now, -240h), {}};
    log.events.reserve(static_cast<std::size_t>(count));
    // The last update went out one cadence before the next one is due; what was before it fills ten days.
    auto const last_update = due - every;
    log.step = (last_update - log.at) / count;
    auto const ana = person("ana");
    Channel const channel{ChannelId{channel_name(incident)}, channel_name(incident)};
    event::Declared declared;
    declared.title = "checkout errors " + std::to_string(incident);
    declared.severity = "1";
    declared.severity_label = "SEV-1";
    declared.origin = channel;
    declared.channel = channel;
    declared.next_update = later(log.at, every);
    log.add(std::move(declared), ana);
    log.add(event::RoleTaken{"commander", ana, false, "", {}}, ana);
    log.add(event::RoleTaken{"comms", person("sara"), false, "", {}}, person("sara"));
    log.add(event::RoleTaken{"ops", person("ameer"), false, "", {}}, person("ameer"));
    log.add(event::RoleTaken{"scribe", person("li"), false, "", {}}, person("li"));

    bool const drafted = due < later(plan.now, draft_before + plan.first_due);
    auto const facts_end = static_cast<std::size_t>(count - (drafted ? 2 : 1));
    for (int n = 0, items = 0; log.events.size() < facts_end; ++n) {
        bool const room = log.events.size() + 2 < facts_end;
        if (n % 12 == 5 && room) {
            auto const item = "A" + std::to_string(++items);
            log.add(event::ItemOpened{item, "check gateway " + std::to_string(n), false, person("sara"),
                                      later(log.at, 10min), true, false},
                    ana);
            log.add(event::ItemClosed{item, ItemState::done, "nothing unusual", {}}, person("sara"));
        } else if (n % 12 == 11) {
            log.add(event::UpdatePosted{true, "", later(log.at, every), {}}, person("sara"));
        } else {
            log.add(fact(n), person(n % 2 == 0 ? "li" : "ameer"));
        }
    }
    log.at = std::min(last_update, plan.now);
    log.add(event::UpdatePosted{true, "", due, {}}, person("sara"));
    if (drafted) {
        log.at = plan.now;
        log.add(event::DraftShown{due, person("sara")}, {});
    }
    return std::move(log.events);
}

std::expected<void, std::string> write_log(LogPlan const& plan, std::filesystem::path const& file) {
    std::promise<void> written;
    std::optional<std::string> trouble;
    std::once_flag once;
    auto const end = [&] { std::call_once(once, [&] { written.set_value(); }); };
    // The store thread calls back; this one only waits.
    auto opened = store::open_sqlite(
        {file}, [](std::function<void()> call) { call(); },
        [&](store::Trouble const& what) {
            trouble = what.what;
            end();
        });
    if (!opened) return std::unexpected{opened.error().what};
    auto& store = **opened;
    if (auto const found = store.load(plan.now, [](Event&&) { return std::expected<void, std::string>{}; }); !found) {
        return std::unexpected{found.error().what};
    }
    // Incidents go on side by side, so that no incident's events lie all in one place.
    for (int round = 0; round < rounds; ++round) {
        for (int incident = 1; incident <= plan.incidents; ++incident) {
            auto log = log_of(plan, incident);
            auto const from = log.size() * static_cast<std::size_t>(round) / rounds;
            auto const to = log.size() * (static_cast<std::size_t>(round) + 1) / rounds;
            store::Batch batch;
            if (round == 0) batch.channels.push_back({channel_name(incident), channel_name(incident), "", "{}"});
            for (auto at = from; at < to; ++at) {
                auto& event = log[at];
                if (plan.now - event.at < keys_of) {
                    batch.keys.push_back("web:" + channel_name(incident) + ":" + std::to_string(event.seq));
                }
                batch.events.push_back(std::move(event));
            }
            store.commit(std::move(batch), {});
        }
    }
    store.commit({}, end);
    written.get_future().wait();
    store.close();
    if (trouble) return std::unexpected{*trouble};
    return {};
}

} // namespace cox::bench
