// How many typed commands a second the core takes, and how fast a log is folded.
#include "adapters/store/store.hpp"
#include "bot/cli/cli.hpp"
#include "core/announce.hpp"
#include "core/assert.hpp"
#include "core/hear.hpp"
#include "log.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

namespace {

using namespace cox;
using namespace std::chrono_literals;

struct Line {
    char const* by;
    char const* typed;
};

// Ten minutes of an incident: what is typed most, some talk, and a refusal. Its end is the beginning of the next one.
constexpr Line script[] = {
    {"ana", "/ic me"},
    {"ana", "/impact ~38% of payments fail in the web app"},
    {"ana", "/comms @sara"},
    {"sara", "accepting, one second"},
    {"sara", "/accept"},
    {"ana", "/hyp release 4.12 raised the payment time-out rate suspected"},
    {"ameer", "/note error rate of the gateway went up at 13:58"},
    {"ana", "/act check the gateway dashboards @ameer eta 10m"},
    {"ameer", "/accept A1"},
    {"ana", "/mitigate roll back 4.12 @bo eta 12m"},
    {"bo", "!accept A2"},
    {"li", "/act restart the cache"},
    {"ana", "/update"},
    {"ana", "/need keep the freeze over night by 18:00"},
    {"ameer", "/done A1 all green but region 3"},
    {"ana", "/decide keep the freeze because we do not know what 4.13 brings"},
    {"bo", "/eta A2 +5m"},
    {"li", "/note customers report it in two time zones"},
    {"ana", "/impact ~8% of payments fail in the web app"},
    {"sara", "/update impact ~8% of payments fail; hyp release 4.12"},
    {"ana", "/cancel because the alarm was wrong"},
    {"ana", "/declare here 1 checkout errors"},
};
constexpr auto lines = std::size(script);

Person person(std::string_view id) {
    auto name = std::string{id};
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
    return {UserId{std::string{id}}, std::move(name)};
}

struct Setting {
    bot::ConfigFolder config;
    World fresh;
    std::vector<Channel> channels;

    // Each incident is somewhere else in the script.
    explicit Setting(std::int64_t incidents) : config{*bot::config_or_complaints(std::nullopt)} {
        for (std::size_t n = 0; n < static_cast<std::size_t>(incidents); ++n) {
            auto const name = bench::channel_name(static_cast<int>(n));
            channels.push_back({ChannelId{name}, name});
            play(script[lines - 1], channels.back(), fresh, 0, nullptr);
            for (std::size_t done = 0; done < n % lines; ++done)
                play(script[done], channels.back(), fresh, done, nullptr);
        }
    }

    // What the loop does with one line, but for the store. Gives the bytes of text that people would see.
    void play(Line const& line, Channel const& channel, World& world, std::size_t number, std::size_t* text) const {
        auto const at = later(Time{2024h * 300}, Duration{30s} * static_cast<int>(number));
        auto const actor = person(line.by);
        Request request{command::Heard{}, actor, channel, at, "", false, line.typed, {}};
        auto const decision =
            hear(world, config.policy, request,
                 {Form::message, [](std::string_view word, bool) { return std::vector{person(word)}; }});
        std::optional<Incident> before;
        Incident const* after = nullptr;
        if (!decision.events.empty()) {
            auto const id = decision.events.front().incident;
            if (auto const* incident = world.find(id); incident && text) before = *incident;
            for (auto const& event : decision.events) {
                auto const applied = world.apply(event);
                COX_ASSERT(applied);
            }
            after = world.find(id);
        }
        if (!text) return;
        for (auto const& effect :
             announce(before ? &*before : nullptr, after, decision, request, world, config.policy, config.words)) {
            *text += to_json(effect).size();
        }
    }
};

// So many commands are played before the world is put back to its beginning: what ended fills it slowly.
constexpr std::size_t renewed_after = 1000 * lines;

// Commands come to `busy` of the open incidents, to one after the other; those lie far apart.
void play_script(benchmark::State& state, std::int64_t busy, bool announced) {
    Setting const setting{state.range(0)};
    auto const stride = setting.channels.size() / static_cast<std::size_t>(busy);
    auto world = setting.fresh;
    std::size_t played = 0;
    std::size_t pass = 0;
    std::size_t channel = 0;
    std::size_t text = 0;
    for (auto _ : state) {
        setting.play(script[(channel + pass) % lines], setting.channels[channel], world, lines + pass,
                     announced ? &text : nullptr);
        ++played;
        channel += stride;
        if (channel < setting.channels.size()) continue;
        channel = 0;
        if (++pass < lines) continue;
        pass = 0;
        if (played < renewed_after) continue;
        played = 0;
        state.PauseTiming();
        world = setting.fresh;
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations());
    if (announced)
        state.counters["bytes_per_command"] = static_cast<double>(text) / static_cast<double>(state.iterations());
}

void parse_and_decide(benchmark::State& state) {
    play_script(state, state.range(0), false);
}
// Many are open, and few are busy: what is left of the growth is not the number of incidents but touching them all.
void parse_and_decide_ten_busy(benchmark::State& state) {
    play_script(state, 10, false);
}
void parse_decide_and_announce(benchmark::State& state) {
    play_script(state, state.range(0), true);
}

BENCHMARK(parse_and_decide)->RangeMultiplier(10)->Range(10, 10'000);
BENCHMARK(parse_and_decide_ten_busy)->RangeMultiplier(10)->Range(10, 10'000);
BENCHMARK(parse_decide_and_announce)->RangeMultiplier(10)->Range(10, 10'000);

struct Folder {
    std::filesystem::path path;
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "coxswain-bench-XXXXXX").string();
        if (::mkdtemp(pattern.data())) path = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
};

void fold_from_disk(benchmark::State& state) {
    Folder const folder;
    bench::LogPlan plan;
    plan.now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    plan.first_due = 180s;
    plan.spread = 400s;
    plan.events = static_cast<int>(state.range(0));
    if (auto const written = bench::write_log(plan, folder.path / "log.db"); !written) {
        state.SkipWithError(written.error().c_str());
        return;
    }
    std::int64_t events = 0;
    for (auto _ : state) {
        auto store = store::open_sqlite(
            {folder.path / "log.db"}, [](std::function<void()>) {}, [](store::Trouble const&) {});
        World world;
        auto const found = store.value()->load(plan.now, [&](Event&& event) {
            ++events;
            return world.apply(event);
        });
        COX_ASSERT(found && world.incidents().size() == static_cast<std::size_t>(plan.incidents));
        benchmark::DoNotOptimize(world.next_id());
    }
    state.SetItemsProcessed(events);
}
BENCHMARK(fold_from_disk)->Arg(500'000)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace

BENCHMARK_MAIN();
