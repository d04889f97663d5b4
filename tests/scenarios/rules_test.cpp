// Every rule, at every level, for every part that a person may have, in every network: what is let through, what the
// person hears, what is refused, put in line or proposed, and when the clock speaks.
#include "engine.hpp"
#include "runner.hpp"
#include "story.hpp"

#include "core/event_json.hpp"
#include "core/rules/rule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>

namespace cox::test {
namespace {

using namespace std::chrono_literals;

// Ana commands, Sara leads communications, Bo and Cy are there; ids as each network writes them.
class House {
public:
    House(std::string before_id, std::string_view rule, Level level)
        : before_{std::move(before_id)}, words_{shipped_words()}, engine_{shipped_policy(), words_} {
        for (auto& severity : engine_.policy.severities)
            for (auto const& one : rules())
                if (!one.invariant()) severity.rules[std::string{one.name}] = one.name == rule ? level : Level::off;
        say("ana", "/declare here 1 checkout errors impact ~38% of payments fail");
        say("ana", "/ic me");
        say("ana", "/comms @sara");
        if (engine_.world().open_in({before_ + "ops"})->seat("comms")->offer) say("sara", "/accept");
        say("cy", "/note payments time out");
    }

    Decision const& say(std::string const& who, std::string const& text, std::string const& place = "ops") {
        Request request{command::Heard{}, person(who), {{before_ + place}, place}, now, "", false, text, {}};
        engine_.hear(std::move(request), Form::message,
                     [this](std::string_view word, bool) { return std::vector<Person>{person(std::string{word})}; });
        return engine_.last_decision();
    }
    Decision const& tick(Time at) {
        engine_.fire({1}, at);
        return engine_.last_decision();
    }
    std::optional<Time> due() const { return next_due(*engine_.world().find({1}), engine_.policy); }
    // As a process finds it that was started just now: from the log alone.
    std::optional<Time> due_after_a_restart() const {
        World world;
        for (auto const& event : engine_.log({1}))
            EXPECT_TRUE(world.apply(*event_from_json_line(to_json_line(event))));
        return next_due(*world.find({1}), engine_.policy);
    }

    Time now = first_day() + 14h;

private:
    Person person(std::string const& who) const {
        auto name = who;
        name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
        return {UserId{before_ + who}, name};
    }

    std::string before_;
    Words words_;
    Engine engine_;
};

// What came of a command, in one word.
std::string outcome(Decision const& decision) {
    if (decision.refusal) return "refused by " + decision.refusal->rule;
    std::string kinds;
    for (auto const& event : decision.events) {
        std::string word{kind(event.body)};
        if (auto const* opened = std::get_if<event::ItemOpened>(&event.body)) {
            if (opened->queued) word += " in line";
            if (!opened->accepted) word += " offered";
        }
        kinds += (kinds.empty() ? "" : ", ") + word;
    }
    return kinds + (decision.notices.empty() ? "" : " + a word");
}

using Lines = std::vector<std::pair<std::string, std::string>>; // who, what

struct Checked {
    std::string rule;
    Lines before;
    std::string says;
    std::string place;
    std::set<std::string> held; // whom the rule holds; the others go on as if it were off
    std::string off;
    std::string warned;
    std::string enforced;
    std::string overridden; // with ! and a reason
};

std::set<std::string> const everybody{"ana", "sara", "bo", "cy"};
std::set<std::string> const all_but_ana{"sara", "bo", "cy"};

std::vector<Checked> const checked{
    {"reason-given",
     {},
     "/sev 2",
     "ops",
     everybody,
     "severity_changed",
     "severity_changed + a word",
     "refused by reason-given",
     "severity_changed"},
    {"owner-and-eta",
     {},
     "/act look",
     "ops",
     everybody,
     "item_opened offered",
     "item_opened offered + a word",
     "refused by owner-and-eta",
     "overridden, item_opened offered"},
    {"hands-off-commander",
     {},
     "/act look @ana eta 10m",
     "ops",
     everybody,
     "item_opened",
     "item_opened + a word",
     "refused by hands-off-commander",
     "overridden, item_opened"},
    {"separate-comms",
     {},
     "/comms @ana",
     "ops",
     {"ana", "sara"},
     "role_taken",
     "role_taken + a word",
     "refused by separate-comms",
     "overridden, role_taken"},
    {"uncertainty-stated",
     {},
     "/hyp the gateway is down",
     "ops",
     everybody,
     "hypothesis_set",
     "hypothesis_set + a word",
     "refused by uncertainty-stated",
     "overridden, hypothesis_set"},
    {"impact-measured",
     {},
     "/impact customers are affected",
     "ops",
     everybody,
     "impact_set",
     "impact_set + a word",
     "refused by impact-measured",
     "overridden, impact_set"},
    {"one-strategy",
     {{"ana", "/strategy rollback because 4.12 is new"}},
     "/mitigate hotfix it @bo eta 5m",
     "ops",
     everybody,
     "item_opened",
     "item_opened + a word",
     "refused by one-strategy",
     "item_opened"},
    {"frozen",
     {{"ana", "/freeze"}},
     "/mitigate drain it @bo eta 5m",
     "ops",
     all_but_ana,
     "item_opened",
     "item_opened + a word",
     "proposed + a word",
     "overridden, item_opened"},
    {"one-mitigation",
     {{"bo", "/mitigate restart it @bo eta 5m"}},
     "/mitigate drain it @cy eta 5m",
     "ops",
     everybody,
     "item_opened",
     "item_opened + a word",
     "item_opened in line + a word",
     "overridden, item_opened"},
    {"stable-before-resolved",
     {{"ana", "/contained it stopped"}},
     "/resolve it is over",
     "ops",
     everybody,
     "resolved",
     "resolved + a word",
     "refused by stable-before-resolved",
     "overridden, resolved"},
    {"commander-decides",
     {},
     "/contained it stopped",
     "ops",
     all_but_ana,
     "contained",
     "contained + a word",
     "proposed + a word",
     "overridden, contained"},
    {"delegation-accepted",
     {},
     "/act look @dana eta 10m",
     "ops",
     everybody,
     "item_opened",
     "item_opened + a word",
     "item_opened offered",
     "item_opened offered"},
    {"moved-from-within",
     {},
     "/move #1 here because it is loud there",
     "web",
     {"bo", "cy"},
     "channel_moved",
     "channel_moved + a word",
     "refused by moved-from-within",
     "overridden, channel_moved"},
};

// "/act! look @ana eta 10m because it burns"
std::string overriding(std::string const& says) {
    auto const space = says.find(' ');
    auto const reason = says.contains(" because ") ? "" : " because it burns";
    return says.substr(0, space) + "!" + says.substr(space) + reason;
}

class EachNetwork : public testing::TestWithParam<char const*> {
protected:
    std::string came_of(Checked const& one, Level level, std::string const& who, std::string const& says) const {
        House house{GetParam(), one.rule, level};
        for (auto const& [speaker, text] : one.before)
            house.say(speaker, text);
        return outcome(house.say(who, says, one.place));
    }
};

TEST_P(EachNetwork, a_rule_that_checks_holds_those_it_is_for_and_nobody_else) {
    for (auto const& one : checked) {
        for (auto const& who : one.rule == "separate-comms" ? one.held : everybody) {
            SCOPED_TRACE(one.rule + " for " + who);
            bool const held = one.held.contains(who);
            EXPECT_EQ(came_of(one, Level::off, who, one.says), one.off);
            EXPECT_EQ(came_of(one, Level::warn, who, one.says), held ? one.warned : one.off);
            EXPECT_EQ(came_of(one, Level::enforce, who, one.says), held ? one.enforced : one.off);
            EXPECT_EQ(came_of(one, Level::enforce, who, overriding(one.says)), held ? one.overridden : one.off);
        }
    }
}

struct Timed {
    std::string rule;
    Lines before;
    Duration after; // the last of them, or the declaration
    std::string says;
};

std::vector<Timed> const timed{
    {"delegation-accepted", {{"ana", "/ops @bo"}}, 2min, "reminded"},
    {"roles-filled", {}, 5min, "reminded"},
    {"one-mitigation",
     {{"bo", "/mitigate a @bo eta 5m"}, {"bo", "/mitigate b @bo eta 5m"}, {"bo", "/done A1"}},
     2min,
     "mitigation_started"},
    {"command-loop", {}, 10min, "loop_asked"},
    {"stale-hypothesis", {{"bo", "/hyp the pool is empty likely"}}, 20min, "reminded"},
    {"stale-hypothesis",
     {{"bo", "/hyp the pool is empty likely"}, {"bo", "/mitigate a @bo eta 5m"}, {"bo", "/fail A1"}},
     0min,
     "reminded"},
    {"always-moving", {}, 5min, "reminded"},
    {"eta-kept", {{"bo", "/act look @bo eta 5m"}}, 5min, "reminded"},
    {"commander-rotates", {}, 4h, "reminded"},
};

TEST_P(EachNetwork, a_rule_with_a_clock_speaks_at_its_time_and_not_before_and_not_when_it_is_off) {
    for (auto const& one : timed) {
        SCOPED_TRACE(one.rule);
        auto const speaks = [&](Level level, Duration after) {
            House house{GetParam(), one.rule, level};
            for (auto const& [who, text] : one.before)
                house.say(who, text);
            // Nobody lets an update pass: it is the rule alone that is looked at.
            auto const until = house.now + after;
            while (until - house.now > 9min) {
                house.now += 9min;
                if (house.due() == house.now) break;
                house.say("sara", "/update");
            }
            EXPECT_EQ(house.due_after_a_restart(), house.due());
            std::string said;
            for (auto const& event : house.tick(until).events)
                said += std::string{kind(event.body)} + " ";
            return said.contains(one.says);
        };
        for (auto const level : {Level::warn, Level::enforce}) {
            // At `warn` nothing waits in line, and nobody is asked for their word.
            bool const holds =
                level == Level::enforce || (one.rule != "one-mitigation" && one.rule != "delegation-accepted");
            if (!holds) continue;
            if (one.after > 0min) {
                EXPECT_FALSE(speaks(level, one.after - 1ms)) << "just before";
            }
            EXPECT_TRUE(speaks(level, one.after)) << "at its time";
            EXPECT_TRUE(speaks(level, one.after + 1ms)) << "just after";
        }
        EXPECT_FALSE(speaks(Level::off, one.after + 1ms)) << "off";
    }
}

std::string named_network(testing::TestParamInfo<char const*> const& info) {
    std::string const id{info.param};
    return id.empty() ? "web" : id.substr(0, id.find(':'));
}
INSTANTIATE_TEST_SUITE_P(Rules, EachNetwork, testing::Values("", "slack:T1:", "matrix:@"), named_network);

TEST(Rules, each_that_checks_or_has_a_clock_stands_in_one_of_the_two_tables) {
    for (auto const& rule : rules()) {
        if (rule.invariant()) continue;
        bool const in_checked = std::ranges::any_of(checked, [&](auto const& one) { return one.rule == rule.name; });
        bool const in_timed = std::ranges::any_of(timed, [&](auto const& one) { return one.rule == rule.name; });
        EXPECT_EQ(in_checked, rule.check != nullptr) << rule.name;
        EXPECT_EQ(in_timed, rule.due != nullptr) << rule.name;
    }
}

TEST(Rules, stand_in_the_readme_as_they_stand_in_the_table) {
    std::string const path = std::string{COXSWAIN_SOURCE_DIR} + "/README.md";
    std::ifstream file{path, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    auto const begin = text.find("-->\n", text.find("<!-- rules:")) + 4;
    auto const end = text.find("<!-- /rules -->");
    ASSERT_LT(begin, end);
    if (rewriting()) {
        std::ofstream{path, std::ios::binary} << text.substr(0, begin) << rules_table() << text.substr(end);
    } else {
        EXPECT_EQ(text.substr(begin, end - begin), rules_table());
    }
}

} // namespace
} // namespace cox::test
