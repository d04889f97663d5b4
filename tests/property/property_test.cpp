// Anybody says anything at any time, thousands of times over. A failing seed is printed; COXSWAIN_SEED=N runs it alone.
#include "checks.hpp"
#include "generator.hpp"

#include "core/characters.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace cox::test {
namespace {

#ifdef NDEBUG
constexpr std::uint64_t seeds_in_shard = 500;
#else
constexpr std::uint64_t seeds_in_shard = 16; // slower by an order of magnitude
#endif
constexpr std::uint64_t shards = 8;
constexpr int steps = 60;
constexpr int most_timers_at_once = 60;

// One seed's life. The first thing that is wrong stops it.
class Life {
public:
    Life(std::uint64_t seed, Policy const& base, Words const& words)
        : generator_{seed, base}, engine_{generator_.policy(), words} {}

    // "" when all is well.
    std::string play() {
        auto now = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{9}};
        for (int i = 0; i < steps; ++i) {
            auto const slept = generator_.sleep();
            auto const until = now + slept.value_or(generator_.pause());
            if (slept) {
                wake(until);
            } else {
                pass_time(now, until);
            }
            now = until;
            if (!wrong_.empty()) return where(i);
            carry_out(generator_.request(engine_.world(), now), false);
            // What falls due with it at once.
            pass_time(now, now);
            for (auto const& [id, follower] : followers_)
                note(follower.silent_at(now));
            if (!wrong_.empty()) return where(i);
        }
        return {};
    }

    // Everything that the world saw.
    std::string const& seen() const { return seen_; }

private:
    std::string where(int step) const { return "step " + std::to_string(step) + ": " + wrong_; }
    void note(std::string const& wrong) {
        if (wrong_.empty()) wrong_ = wrong;
    }

    void pass_time(Time from, Time until) {
        auto moment = from;
        int at_this_moment = 0;
        while (auto const next = engine_.next_timer()) {
            if (next->first > until || !wrong_.empty()) return;
            at_this_moment = next->first > moment ? 0 : at_this_moment + 1;
            if (at_this_moment > most_timers_at_once) return note("the clock does not come to rest");
            moment = std::max(moment, next->first);
            fire(next->second, moment, false);
        }
    }

    void wake(Time now) {
        std::map<IncidentId, int> updates;
        for (int i = 0; wrong_.empty(); ++i) {
            auto const next = engine_.next_timer();
            if (!next || next->first > now) return;
            if (i > most_timers_at_once) return note("the clock does not come to rest");
            auto const before = engine_.log(next->second).size();
            fire(next->second, now, true);
            auto const& log = engine_.log(next->second);
            for (auto k = before; k < log.size(); ++k) {
                bool const posted = std::holds_alternative<event::UpdatePosted>(log[k].body);
                if (posted && ++updates[next->second] > 1) note("a burst of updates after downtime");
            }
        }
    }

    void fire(IncidentId id, Time now, bool woke) {
        auto const before = next_due(*engine_.world().find(id), engine_.policy);
        look_at(engine_.fire(id, now), woke);
        if (engine_.last_decision().events.empty()) note("a timer was due and did nothing");
        if (before && *before > now) note("a timer fired early");
    }

    void carry_out(Request const& request, bool woke) {
        look_at(engine_.carry_out(request), woke);
        auto const& refusal = engine_.last_decision().refusal;
        if (refusal && !said_something_) note("a refusal that nobody hears");
    }

    void look_at(std::vector<Effect> const& effects, bool woke) {
        said_something_ = !effects.empty();
        for (auto const& effect : effects) {
            note(wrong_with(effect));
            seen_ += to_json(effect) + "\n";
        }
        for (auto const& [id, log] : engine_.logs()) {
            auto& follower = followers_.try_emplace(id, engine_.policy).first->second;
            auto& followed = followed_[id];
            if (followed == log.size()) continue;
            for (; followed < log.size(); ++followed)
                note(follower.follow(log[followed], woke));
            note(follower.compare(*engine_.world().find(id)));
        }
        for (auto const& effect : effects) {
            auto const* topic = std::get_if<effect::SetTopic>(&effect);
            if (!topic) continue;
            auto const* incident = engine_.world().open_in(topic->channel);
            if (incident) note(wrong_with_topic(topic->topic, *incident));
        }
    }

    Generator generator_;
    Engine engine_;
    std::map<IncidentId, Follower> followers_;
    std::map<IncidentId, std::size_t> followed_;
    std::string seen_;
    std::string wrong_;
    bool said_something_ = false;
};

class Anything : public testing::TestWithParam<std::uint64_t> {};

} // namespace

TEST_P(Anything, keeps_one_commander_one_log_and_every_update) {
    auto first = GetParam() * seeds_in_shard;
    auto last = first + seeds_in_shard;
    if (auto const* seed = std::getenv("COXSWAIN_SEED")) {
        if (GetParam() > 0) GTEST_SKIP() << "COXSWAIN_SEED is run by the first of these tests";
        first = std::strtoull(seed, nullptr, 10);
        last = first + 1;
    }
    auto const policy = shipped_policy();
    auto const words = shipped_words();
    for (auto seed = first; seed < last; ++seed) {
        Life life{seed, policy, words};
        std::string wrong;
        ASSERT_NO_THROW(wrong = life.play()) << "COXSWAIN_SEED=" << seed;
        ASSERT_EQ(wrong, "") << "COXSWAIN_SEED=" << seed;
        if (seed % 20 != 0) continue;
        Life again{seed, policy, words};
        again.play();
        ASSERT_EQ(life.seen(), again.seen()) << "it goes differently a second time: COXSWAIN_SEED=" << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Shard, Anything, testing::Range(std::uint64_t{0}, shards));

TEST(Clipped, ends_between_characters_and_within_the_limit) {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        Chance chance{seed};
        auto const characters = hostile_text(chance, 1 + chance.below(60));
        auto const text = joined(characters);
        auto const limit = chance.below(80);
        auto const cut = clipped(text, limit);
        ASSERT_LE(length(cut), limit) << seed;
        if (length(text) <= limit) {
            ASSERT_EQ(cut, text) << seed;
            continue;
        }
        if (limit == 0) continue;
        ASSERT_TRUE(cut.ends_with("…")) << seed;
        // What is kept is whole characters from the start, blanks at the end left out.
        auto const kept = cut.substr(0, cut.size() - std::string_view{"…"}.size());
        std::set<std::string> allowed{""};
        std::string so_far;
        for (auto const& one : characters) {
            // Letters of a longer piece of text are characters of their own.
            for (std::size_t i = 0; one.starts_with("{{") && i < one.size(); ++i)
                allowed.insert(so_far + one.substr(0, i));
            so_far += one;
            allowed.insert(so_far);
        }
        ASSERT_TRUE(allowed.contains(kept)) << seed << ": " << cut;
    }
}

} // namespace cox::test
