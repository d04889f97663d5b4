#include "core/parse.hpp"

#include "core/grammar.hpp"
#include "core/marks.hpp"
#include "room.hpp"

#include <gtest/gtest.h>

#include <random>

namespace cox {
namespace {

using namespace std::chrono_literals;
using test::at;
using test::Room;

Room const room;

Parsed parsed(std::string_view typed, Form form = Form::command) {
    auto reading = room.read(typed, form);
    if (auto* const found = std::get_if<Parsed>(&reading)) return std::move(*found);
    auto const* const misread = std::get_if<Misread>(&reading);
    ADD_FAILURE() << typed << ": " << (misread ? misread->key : "not for us");
    return {};
}

// The command that was meant; fails when it is another one.
template <class C>
C command(std::string_view typed, Form form = Form::command) {
    auto const found = parsed(typed, form);
    if (auto const* const one = std::get_if<C>(&found.command)) return *one;
    ADD_FAILURE() << typed << " is another command, number " << found.command.index();
    return {};
}

bool ignored(std::string_view typed) {
    return std::holds_alternative<NotForUs>(room.read(typed));
}

// "usage: usage=`ic` example=`ic me`", as a terminal shows it.
std::string misread(std::string_view typed, Form form = Form::command) {
    auto const reading = room.read(typed, form);
    auto const* const found = std::get_if<Misread>(&reading);
    if (!found) return "-";
    std::string text{found->key.substr(std::string_view{"misread."}.size())};
    for (auto const& [name, value] : found->args)
        ((text += " ") += name) += "=" + marks::plain(value);
    return text;
}

std::string key(std::string_view typed, Form form = Form::command) {
    auto const text = misread(typed, form);
    return text.substr(0, text.find(' '));
}

// Who is addressed

TEST(Parsing, HearsEveryWayOfAddressingTheBot) {
    for (auto const* const typed :
         {"/ic me", "!ic me", "!inc ic me", "/inc ic me", "/incident ic me", "//inc ic me", "!INC IC ME",
          "@coxswain ic me", "@Coxswain: ic me", "<@U-B0|coxswain> ic me", "<@U-B0> ic me", "  !ic   me. "})
        EXPECT_EQ(command<command::GiveRole>(typed, Form::message).person.id.value, "ana") << typed;
    for (auto const* const typed : {"ic me", "/ic me", "!inc ic me", "inc ic me"})
        EXPECT_EQ(command<command::GiveRole>(typed).person.id.value, "ana") << typed;
}

TEST(Parsing, LeavesTalkAlone) {
    for (auto const* const typed : {"",
                                    " ",
                                    "ic me",
                                    "hello",
                                    "!",
                                    "/",
                                    "! ic me",
                                    "!deploy now",
                                    "!!!",
                                    "/etc/passwd",
                                    "/etc/passwd is gone",
                                    "/var/log ic",
                                    "/a-b",
                                    "/42",
                                    "//comment",
                                    "> /ic me",
                                    "`/ic me`",
                                    "@sara ic me",
                                    "<@U-SARA> ic me",
                                    "<@",
                                    "@",
                                    "see /ic me",
                                    "…"})
        EXPECT_TRUE(ignored(typed)) << typed;
}

TEST(Parsing, TellsOfAMistypedCommandThatOthersMightHaveMeant) {
    for (auto const* typed : {"!contaned", "!mitigte roll back @ana eta 5m", "!sttaus"})
        EXPECT_EQ(key(typed, Form::message), "unknown-command") << typed;
}

TEST(Parsing, OffersHelpWhereNothingFollows) {
    EXPECT_EQ(command<command::Help>("/inc", Form::message).about, "");
    EXPECT_EQ(command<command::Help>("@coxswain", Form::message).about, "");
    EXPECT_EQ(command<command::Help>("").about, "");
}

TEST(Parsing, SuggestsTheNearestCommands) {
    EXPECT_EQ(misread("contaned"), "unknown-command word=contaned suggestions=`contained`");
    EXPECT_EQ(key("/contaned", Form::message), "unknown-command");
    EXPECT_EQ(key("!inc contaned", Form::message), "unknown-command");
    EXPECT_EQ(misread("/xyzzy now", Form::message), "unknown-command-nothing-near word=xyzzy");
    EXPECT_EQ(misread("@coxswain thanks", Form::message), "unknown-command-nothing-near word=thanks");
}

TEST(Parsing, RefusesCommandsThatAreTooLong) {
    std::string const tail(longest_command, 'x');
    EXPECT_EQ(misread("note " + tail), "too-long limit=4096");
    EXPECT_EQ(key("!note " + tail, Form::message), "too-long");
    EXPECT_EQ(key("/inc " + tail, Form::message), "too-long");
    EXPECT_TRUE(ignored(tail));
    EXPECT_TRUE(ignored("!" + tail));
    EXPECT_TRUE(ignored("/tmp/" + tail));
    EXPECT_EQ(command<command::Note>("note " + tail.substr(5)).text.size(), longest_command - 5);
}

TEST(Parsing, ForgivesPunctuationBehindTheVerb) {
    EXPECT_EQ(command<command::SetImpact>("impact: ~38% fail").text, "~38% fail");
    command<command::Status>("status.");
    command<command::AskRole>("ic?");
}

TEST(Parsing, NeverKeepsControlCharacters) {
    EXPECT_EQ(command<command::Note>("note a\x01"
                                     "b\x03"
                                     "c\td")
                  .text,
              "abc d");
}

// because, override

TEST(Because, IsSplitOffTheEndForEveryVerb) {
    auto const found = parsed("sev 2 because only one region is affected");
    EXPECT_EQ(std::get<command::SetSeverity>(found.command).severity, "2");
    EXPECT_EQ(found.because, "only one region is affected");
    EXPECT_FALSE(found.override_rules);
    EXPECT_EQ(parsed("takeover BECAUSE Ana is gone").because, "Ana is gone");
    EXPECT_EQ(parsed("drop a1\nbecause: it is done").because, "it is done");
}

TEST(Because, CountsTheLastOneThatIsAWordOfItsOwn) {
    auto const found = parsed("decide fail over because writes fail because of the disk");
    EXPECT_EQ(std::get<command::Decide>(found.command).what, "fail over because writes fail");
    EXPECT_EQ(found.because, "of the disk");
    EXPECT_EQ(parsed("decide bc b/c becauses abecause").because, "");
}

TEST(Because, StaysInTextThatIsKeptAsTyped) {
    for (auto const* const typed :
         {"note slow because of the cache", "impact none because it is night", "need a decision because time runs",
          "hyp slow because pools are full likely", "update all slow because of the cache"})
        EXPECT_EQ(parsed(typed).because, "") << typed;
    EXPECT_EQ(command<command::Note>("note slow because of the cache").text, "slow because of the cache");
    EXPECT_EQ(command<command::Hypothesise>("hyp slow because pools are full likely").text,
              "slow because pools are full");
}

TEST(Because, OfAResultIsTheReasonAndStaysInTheText) {
    auto const found = parsed("done A1 errors fell because the cache is warm");
    EXPECT_EQ(std::get<command::Done>(found.command).result, "errors fell because the cache is warm");
    EXPECT_EQ(found.because, "the cache is warm");
    EXPECT_EQ(command<command::Unstable>("unstable because errors are back").why, "errors are back");
    EXPECT_EQ(command<command::Fail>("fail A1 because it made it worse").result, "it made it worse");
    EXPECT_EQ(command<command::Done>("done A1 because …").result, "");
    auto const forced = parsed("resolve! rolled back because the probe is broken");
    EXPECT_EQ(std::get<command::Resolve>(forced.command).summary, "rolled back");
    EXPECT_EQ(forced.because, "the probe is broken");
}

TEST(Because, OfAnActionMayStandBeforeOwnerAndEta) {
    for (auto const* const typed : {"mitigate! roll back because it is newest @bo eta 5m",
                                    "mitigate! roll back @bo eta 5m because it is newest"}) {
        auto const found = parsed(typed);
        auto const& act = std::get<command::Act>(found.command);
        EXPECT_EQ(act.what, "roll back") << typed;
        EXPECT_EQ(act.owner->id.value, "bo") << typed;
        EXPECT_EQ(act.eta, at("2026-11-23T14:14:30Z")) << typed;
        EXPECT_EQ(found.because, "it is newest") << typed;
    }
    auto const queued = parsed("mitigate A2 because they are independent");
    EXPECT_EQ(std::get<command::Act>(queued.command).what, "");
    EXPECT_EQ(queued.because, "they are independent");
    EXPECT_EQ(command<command::Act>("act look again because it is newest").what, "look again because it is newest");
}

TEST(Because, IsNoReasonWhenItIsEmptyOrThePlaceholderOfAnExample) {
    EXPECT_EQ(parsed("takeover because").because, "");
    EXPECT_EQ(parsed("takeover because …").because, "");
    EXPECT_EQ(parsed("takeover because ...").because, "");
}

TEST(Override, IsTheExclamationMarkBehindTheVerb) {
    auto const found = parsed("!mitigate! A2 because both are independent", Form::message);
    EXPECT_TRUE(found.override_rules);
    EXPECT_EQ(std::get<command::Act>(found.command).item, "A2");
    EXPECT_EQ(found.because, "both are independent");
    EXPECT_TRUE(parsed("resolve! because the probe is broken").override_rules);
    EXPECT_EQ(parsed("note! x because y").because, "y");
}

// open

TEST(Declare, TakesSeverityTitleImpactAndStart) {
    auto const found =
        command<command::Declare>("declare 1 checkout errors impact ~38% of payments fail started 14:05");
    EXPECT_EQ(found.severity, "1");
    EXPECT_EQ(found.title, "checkout errors");
    EXPECT_EQ(found.impact, "~38% of payments fail");
    EXPECT_EQ(found.started, at("2026-11-23T14:05:00Z"));
    EXPECT_FALSE(found.here);
}

TEST(Declare, TakesItsPartsInAnyOrderAndForm) {
    auto const found =
        command<command::Declare>("open here SEV-1 checkout   errors started 14:05 UTC, impact: 38% fail");
    EXPECT_TRUE(found.here);
    EXPECT_EQ(found.severity, "1");
    EXPECT_EQ(found.title, "checkout errors");
    EXPECT_EQ(found.impact, "38% fail");
    EXPECT_EQ(found.started, at("2026-11-23T14:05:00Z"));
    for (auto const* const typed : {"new sev1 x", "new sev 1 x", "new SEV–1 x", "new p1 x", "new Sev1: x", "new 1 x"})
        EXPECT_EQ(command<command::Declare>(typed).severity, "1") << typed;
    EXPECT_TRUE(command<command::Declare>("declare 1 checkout errors here").here);
    EXPECT_EQ(command<command::Declare>("declare 1 checkout errors here").title, "checkout errors");
    EXPECT_TRUE(command<command::Declare>("declare 1 here checkout errors").here);
}

TEST(Declare, WorksWithATitleAlone) {
    auto const found = command<command::Declare>("declare checkout errors because of 4.12");
    EXPECT_EQ(found.severity, std::nullopt);
    EXPECT_EQ(found.title, "checkout errors because of 4.12");
    EXPECT_EQ(found.impact, std::nullopt);
    EXPECT_EQ(command<command::Declare>("declare 5 hosts down").title, "5 hosts down");
    EXPECT_EQ(command<command::Declare>("declare several hosts down").title, "several hosts down");
}

TEST(Declare, LeavesWhatIsNoTimeInTheText) {
    EXPECT_EQ(command<command::Declare>("declare 1 queue started growing").title, "queue started growing");
    EXPECT_EQ(command<command::Declare>("declare 1 job started 25:00").title, "job started 25:00");
    auto const found = command<command::Declare>("declare 1 job started failing started 10m ago");
    EXPECT_EQ(found.title, "job started failing");
    EXPECT_EQ(found.started, at("2026-11-23T13:59:30Z"));
}

TEST(Declare, AsksForATitleAndAKnownSeverity) {
    EXPECT_EQ(key("declare"), "usage");
    EXPECT_EQ(key("declare 1"), "usage");
    EXPECT_EQ(key("declare here"), "usage");
    EXPECT_EQ(key("declare 1 impact"), "usage");
    EXPECT_EQ(misread("declare sev9 x"), "no-such-severity word=sev9 severities=`1`, `2`, `3`");
    EXPECT_EQ(key("declare sev 9 x"), "no-such-severity");
}

TEST(Move, TakesTheNumberInAnyFormAndPlace) {
    for (auto const* const typed :
         {"move INC-4 here", "move here INC-4", "move inc-4", "move #4 here.", "MOVE 4: HERE"})
        EXPECT_EQ(command<command::Move>(typed).incident, IncidentId{4}) << typed;
    EXPECT_EQ(parsed("move INC-4 here because #ops was archived").because, "#ops was archived");
    EXPECT_EQ(parsed("move because it was archived").because, "it was archived");
    EXPECT_TRUE(parsed("move! INC-4 here because it was archived").override_rules);
}

TEST(Move, WithoutANumberLeavesItOpen) {
    EXPECT_EQ(command<command::Move>("move").incident, std::nullopt);
    EXPECT_EQ(command<command::Move>("move here.").incident, std::nullopt);
}

TEST(Move, GoesNowhereElse) {
    EXPECT_EQ(key("move INC-4 to #ops"), "usage");
    EXPECT_EQ(key("move here here"), "usage");
    EXPECT_EQ(key("move INC-4 INC-5"), "usage");
    EXPECT_EQ(key("move INC-0 here"), "usage");
}

TEST(Status, HasAnAlias) {
    command<command::Status>("status");
    command<command::Status>("s");
}

TEST(Help, TakesACommand) {
    EXPECT_EQ(command<command::Help>("help").about, "");
    EXPECT_EQ(command<command::Help>("help /mitigate").about, "mitigate");
}

TEST(ShowPolicy, TakesASeverity) {
    EXPECT_EQ(command<command::ShowPolicy>("policy").severity, std::nullopt);
    EXPECT_EQ(command<command::ShowPolicy>("policy sev 1").severity, "1");
    EXPECT_EQ(key("policy 9"), "no-such-severity");
}

// who

TEST(Roles, AreAskedForTakenAndGiven) {
    EXPECT_EQ(command<command::AskRole>("ic").role, "commander");
    for (auto const* const typed :
         {"ic @bo", "ic bo", "ic Bo.", "ic <@U-BO|bo>", "ic <@U-BO>", "ic <@U999|bo>", "ic @bo thanks"}) {
        auto const found = command<command::GiveRole>(typed);
        EXPECT_EQ(found.role, "commander") << typed;
        EXPECT_EQ(found.person.id.value, "bo") << typed;
    }
    EXPECT_EQ(command<command::GiveRole>("ic Li Na").person.id.value, "li");
    EXPECT_EQ(command<command::GiveRole>("ic @me").person.id.value, "ana");
}

TEST(Roles, OfThePolicyAreVerbsToo) {
    for (auto const* const role : {"comms", "ops", "scribe", "tech", "oncall"}) {
        EXPECT_EQ(command<command::GiveRole>(std::string{role} + " @sara").role, role);
        EXPECT_EQ(command<command::AskRole>("role " + std::string{role}).role, role);
        EXPECT_EQ(command<command::GiveRole>("role " + std::string{role} + " @sara").person.id.value, "sara");
    }
    EXPECT_EQ(command<command::GiveRole>("!on-call @bo", Form::message).role, "oncall");
    EXPECT_EQ(misread("role captain @bo"),
              "no-such-role word=captain roles=`ic`, `comms`, `ops`, `scribe`, `tech`, `oncall`");
    EXPECT_EQ(key("role"), "usage");
}

TEST(Roles, ThatThePolicyDoesNotKnowAreRefused) {
    Room other;
    std::erase_if(other.policy.roles, [](Role const& one) { return one.key == "tech"; });
    auto const reading = other.read("tech @bo", Form::command);
    ASSERT_TRUE(std::holds_alternative<Misread>(reading));
    EXPECT_EQ(std::get<Misread>(reading).key, "misread.no-such-role");
}

TEST(People, MustFitExactlyOne) {
    EXPECT_EQ(misread("ic zoe"), "nobody-fits name=zoe");
    EXPECT_EQ(misread("ic @zoe"), "nobody-fits name=zoe");
    EXPECT_EQ(misread("ic <@U9|zoe>"), "nobody-fits name=zoe");
    EXPECT_EQ(misread("ic chris"), "two-fit name=chris people=Chris (c1), Chris (c2)");
    EXPECT_EQ(key("comms @sara scribe @li"), "usage");
}

TEST(Offers, AreAcceptedAndDeclined) {
    EXPECT_EQ(command<command::Accept>("accept").item, "");
    EXPECT_EQ(command<command::Accept>("accept.").item, "");
    EXPECT_EQ(command<command::Accept>("accept a1.").item, "A1");
    EXPECT_EQ(command<command::Accept>("accept comms").item, "comms");
    EXPECT_EQ(misread("accept what"), "usage usage=`accept [A1]` example=`accept`");
    EXPECT_EQ(command<command::Decline>("decline A1").item, "A1");
    EXPECT_EQ(parsed("decline because I am busy").because, "I am busy");
    EXPECT_EQ(parsed("decline A1 I am busy").because, "I am busy");
}

TEST(Release, NamesARole) {
    EXPECT_EQ(command<command::Release>("release comms.").role, "comms");
    EXPECT_EQ(command<command::Release>("release incident commander").role, "commander");
    EXPECT_EQ(key("release"), "usage");
    EXPECT_EQ(key("release captain"), "no-such-role");
}

TEST(Takeover, TakesAReasonAndNothingElse) {
    auto const found = parsed("takeover because Ana lost her connection");
    EXPECT_TRUE(std::holds_alternative<command::Takeover>(found.command));
    EXPECT_EQ(found.because, "Ana lost her connection");
    EXPECT_EQ(key("takeover now"), "usage");
    command<command::Takeover>("takeover");
}

TEST(GettingPeopleIn, Parses) {
    EXPECT_EQ(command<command::Page>("page @sara because payments are down").whom, "@sara");
    EXPECT_EQ(command<command::Call>("call <https://meet.example.org/x>").url, "https://meet.example.org/x");
    EXPECT_EQ(command<command::Invite>("invite @bo sara @bo").people.size(), 2u);
    EXPECT_EQ(key("invite"), "usage");
    EXPECT_EQ(key("page"), "usage");
    EXPECT_EQ(command<command::Call>("call <https://meet.example.org/x?a=1|meet.example.org>").url,
              "https://meet.example.org/x?a=1");
    EXPECT_EQ(command<command::Call>("call https://meet.example.org/x.").url, "https://meet.example.org/x");
    EXPECT_EQ(command<command::Call>("call").url, "");
    EXPECT_EQ(command<command::Call>("call me").url, "me") << "what is an address is for the command to say";
}

// know

TEST(Impact, IsKeptAsTyped) {
    EXPECT_EQ(command<command::SetImpact>("impact ~38% of  “payments” fail.").text, "~38% of  “payments” fail.");
    EXPECT_EQ(key("impact"), "usage");
}

TEST(Hypothesis, EndsInItsConfidence) {
    auto const found = command<command::Hypothesise>("hyp release 4.12 raised time-outs suspected");
    EXPECT_EQ(found.text, "release 4.12 raised time-outs");
    EXPECT_EQ(found.confidence, Confidence::suspected);
    EXPECT_EQ(command<command::Hypothesise>("hypothesis it is DNS (Likely).").confidence, Confidence::likely);
    EXPECT_EQ(command<command::Hypothesise>("hypothesis it is DNS, confirmed").text, "it is DNS");
    EXPECT_EQ(command<command::Hypothesise>("hyp it is DNS").confidence, std::nullopt);
    EXPECT_EQ(key("hyp"), "usage");
    EXPECT_EQ(key("hyp confirmed"), "usage");
}

TEST(Hypothesis, IsRuledOut) {
    auto const found = parsed("hyp out because traffic is normal");
    EXPECT_TRUE(std::holds_alternative<command::RuleOut>(found.command));
    EXPECT_EQ(found.because, "traffic is normal");
    command<command::RuleOut>("hyp out");
    EXPECT_EQ(command<command::Hypothesise>("hyp out of memory on db-3 likely").text, "out of memory on db-3");
}

TEST(Need, MayHaveADeadline) {
    auto const found = command<command::Need>("need fail over, decided by Ana by 14:30");
    EXPECT_EQ(found.text, "fail over, decided by Ana");
    EXPECT_EQ(found.by, at("2026-11-23T14:30:00Z"));
    EXPECT_EQ(command<command::Need>("need a word from legal by Ana").by, std::nullopt);
    EXPECT_EQ(key("need fail over by 25:00"), "bad-time");
    EXPECT_EQ(key("need"), "usage");
}

TEST(Note, KeepsNamesAsPeopleReadThem) {
    EXPECT_EQ(command<command::Note>("note saw <@U1|ana> in <#C1|ops>, <@U-BO> & <b> at <https://x.test/a|x>").text,
              "saw @ana in #ops, @Bo & <b> at https://x.test/a");
    EXPECT_EQ(command<command::Note>("note first line\nsecond").text, "first line\nsecond");
    EXPECT_EQ(key("note"), "usage");
}

TEST(Started, IsInThePast) {
    EXPECT_EQ(command<command::Started>("started 13:58").at, at("2026-11-23T13:58:00Z"));
    EXPECT_EQ(command<command::Started>("started 23:58").at, at("2026-11-22T23:58:00Z"));
    EXPECT_EQ(command<command::Started>("started 10m ago.").at, at("2026-11-23T13:59:30Z"));
    EXPECT_EQ(misread("started 25:00"), "bad-time text=25:00 examples=`15m`, `1h30m`, `14:30`, `tomorrow 09:00`");
    EXPECT_EQ(key("started"), "usage");
}

// do

TEST(Actions, TakeWhatOwnerAndEtaInAnyOrder) {
    for (auto const* const typed :
         {"act check the gateway @bo eta 10m", "do check the gateway eta 10 min @bo",
          "act @bo check the gateway eta in 10 min", "act eta 10 check the gateway @bo.",
          "act check the gateway, owner bo eta 10m", "act check the gateway eta 10m owner @bo",
          "act check the gateway <@U-BO|bo> ETA: 10m."}) {
        auto const found = command<command::Act>(typed);
        EXPECT_EQ(found.what, "check the gateway") << typed;
        ASSERT_TRUE(found.owner) << typed;
        EXPECT_EQ(found.owner->id.value, "bo") << typed;
        EXPECT_EQ(found.eta, at("2026-11-23T14:19:30Z")) << typed;
        EXPECT_FALSE(found.mitigation);
    }
    auto const fix = command<command::Act>("fix roll back 4.12 @me eta 14:30");
    EXPECT_TRUE(fix.mitigation);
    EXPECT_EQ(fix.owner->id.value, "ana");
    EXPECT_EQ(fix.eta, at("2026-11-23T14:30:00Z"));
}

TEST(Actions, StillParseWithPartsMissing) {
    auto const bare = command<command::Act>("mitigate roll back 4.12");
    EXPECT_EQ(bare.what, "roll back 4.12");
    EXPECT_EQ(bare.owner, std::nullopt);
    EXPECT_EQ(bare.eta, std::nullopt);
    EXPECT_EQ(command<command::Act>("act @bo eta 5m").what, "");
    EXPECT_EQ(command<command::Act>("act roll back eta").what, "roll back");
    EXPECT_EQ(key("act"), "usage");
    EXPECT_EQ(key("mitigate"), "usage");
}

TEST(Actions, TakeAnItemThatIsMeantAgain) {
    auto const found = command<command::Act>("act a2 @bo eta 5m");
    EXPECT_EQ(found.item, "A2");
    EXPECT_EQ(found.what, "");
    EXPECT_EQ(found.owner->id.value, "bo");
    EXPECT_EQ(command<command::Act>("mitigate A2").item, "A2");
}

TEST(Actions, BelongToTheLastPersonMentioned) {
    auto const found = command<command::Act>("act ask @sara and <@U-AMEER|ameer> for logs @bo eta 5m");
    EXPECT_EQ(found.owner->id.value, "bo");
    EXPECT_EQ(found.what, "ask sara and @ameer for logs");
}

TEST(Actions, KeepWordsThatOnlyLookLikeParts) {
    EXPECT_EQ(command<command::Act>("act find the owner of the queue").what, "find the owner of the queue");
    EXPECT_EQ(command<command::Act>("act check beta eta 5m @bo").what, "check beta");
    EXPECT_EQ(command<command::Act>("act mail ops@example.org").what, "mail ops@example.org");
    EXPECT_EQ(misread("act roll back @bo eta soon"),
              "bad-time text=soon examples=`15m`, `1h30m`, `14:30`, `tomorrow 09:00`");
    EXPECT_EQ(key("act roll back @bo eta 99999999999h"), "bad-time");
    EXPECT_EQ(key("act roll back @zoe"), "nobody-fits");
    EXPECT_EQ(key("act roll back owner zoe eta 5m"), "nobody-fits");
}

TEST(Items, AreAcknowledgedAndClosed) {
    EXPECT_EQ(command<command::Acknowledge>("ack").item, "");
    EXPECT_EQ(command<command::Acknowledge>("ack A1.").item, "A1");
    EXPECT_EQ(key("ack what"), "usage");
    auto const done = command<command::Done>("done a1 errors below 8%.");
    EXPECT_EQ(done.item, "A1");
    EXPECT_EQ(done.result, "errors below 8%.");
    EXPECT_EQ(command<command::Done>("done errors below 8%").item, "");
    EXPECT_EQ(command<command::Done>("done F1").item, "F1");
    EXPECT_EQ(command<command::Fail>("fail A1 no change").result, "no change");
    EXPECT_EQ(parsed("drop A1 because pointless").because, "pointless");
    EXPECT_EQ(command<command::Drop>("drop").item, "");
    command<command::ListActions>("actions");
}

TEST(Eta, IsMovedByASpanOrToATime) {
    auto const by = command<command::MoveEta>("eta A1 +10m");
    EXPECT_EQ(by.item, "A1");
    EXPECT_EQ(by.by, 10min);
    EXPECT_EQ(by.to, std::nullopt);
    EXPECT_EQ(command<command::MoveEta>("eta +10.").by, 10min);
    EXPECT_EQ(command<command::MoveEta>("eta A1 14:30").to, at("2026-11-23T14:30:00Z"));
    EXPECT_EQ(command<command::MoveEta>("eta A1 14:30.").by, std::nullopt);
    EXPECT_EQ(command<command::MoveEta>("eta 10").to, at("2026-11-23T14:19:30Z"));
    EXPECT_EQ(key("eta"), "usage");
    EXPECT_EQ(key("eta A1"), "usage");
    EXPECT_EQ(key("eta A1 25:00"), "bad-time");
    EXPECT_EQ(key("eta A1 +99999999999h"), "bad-time");
}

TEST(Decide, CarriesItsReason) {
    auto const found = parsed("decide fail over because the region loses writes");
    EXPECT_EQ(std::get<command::Decide>(found.command).what, "fail over");
    EXPECT_EQ(found.because, "the region loses writes");
    EXPECT_EQ(key("decide"), "usage");
}

TEST(StrategyAndFreeze, Parse) {
    EXPECT_EQ(command<command::Strategy>("strategy roll back because 4.12").choice, "rollback");
    EXPECT_EQ(command<command::Strategy>("strategy Forward.").choice, "forward");
    EXPECT_EQ(command<command::Strategy>("strategy degrade").choice, "degrade");
    EXPECT_EQ(key("strategy hope"), "usage");
    EXPECT_EQ(command<command::Freeze>("freeze deploys").what, "deploys");
    command<command::Unfreeze>("unfreeze");
    EXPECT_EQ(command<command::Approve>("approve p1").item, "P1");
    EXPECT_EQ(parsed("reject P1 because no").because, "no");
    EXPECT_EQ(command<command::Runbook>("runbook checkout").word, "checkout");
}

// say

TEST(Severity, IsRaisedAndLowered) {
    for (auto const* const typed :
         {"sev 1", "sev sev1", "sev SEV-1", "sev sev 1", "sev p1", "sev 1.", "sev1", "SEV-1", "severity 1"})
        EXPECT_EQ(command<command::SetSeverity>(typed).severity, "1") << typed;
    EXPECT_EQ(misread("sev 9"), "no-such-severity word=9 severities=`1`, `2`, `3`");
    EXPECT_EQ(key("sev"), "usage");
    EXPECT_EQ(key("sev 2 errors dropped"), "usage");
}

TEST(Update, TakesFieldsAndAHeadline) {
    auto const found =
        command<command::Update>("update impact ~8% fail; hyp it is DNS likely; need: fail over; we are close");
    EXPECT_EQ(found.impact, "~8% fail");
    EXPECT_EQ(found.hypothesis, "it is DNS");
    EXPECT_EQ(found.confidence, Confidence::likely);
    EXPECT_EQ(found.need, "fail over");
    EXPECT_EQ(found.headline, "we are close");
    EXPECT_EQ(command<command::Update>("update headline all good; hypothesis x").headline, "all good");
    EXPECT_EQ(command<command::Update>("u").headline, "");
    EXPECT_EQ(command<command::Update>("u errors fall; gateway is fine").headline, "errors fall; gateway is fine");
    EXPECT_EQ(command<command::Update>("update\nimpact 5%\nhyp x").impact, "5%");
}

TEST(NextUpdate, IsMoved) {
    for (auto const* const typed : {"next 10m", "next in 10 min", "next 10", "next update 10m."})
        EXPECT_EQ(command<command::NextUpdate>(typed).at, at("2026-11-23T14:19:30Z")) << typed;
    EXPECT_EQ(command<command::NextUpdate>("next 14:30").at, at("2026-11-23T14:30:00Z"));
    EXPECT_EQ(parsed("next 14:30 because the rollback takes long").because, "the rollback takes long");
    EXPECT_EQ(key("next soon"), "bad-time");
    EXPECT_EQ(key("next"), "usage");
}

TEST(Broadcast, Parses) {
    EXPECT_EQ(command<command::Broadcast>("broadcast support we are on it").text, "support we are on it");
}

// end

TEST(Ending, TakesWhatWhyAndSummary) {
    EXPECT_EQ(command<command::Contained>("contained errors below 1%").what, "errors below 1%");
    EXPECT_EQ(command<command::Contained>("mitigated").what, "");
    EXPECT_EQ(command<command::Contained>("stable").what, "");
    EXPECT_EQ(command<command::Unstable>("unstable errors are back").why, "errors are back");
    EXPECT_EQ(command<command::Resolve>("resolve rolled back 4.12").summary, "rolled back 4.12");
    EXPECT_EQ(command<command::Resolve>("resolve").summary, "");
    EXPECT_EQ(parsed("reopen because it is back").because, "it is back");
    EXPECT_EQ(parsed("cancel because false alarm").because, "false alarm");
    EXPECT_EQ(key("reopen it is back"), "usage");
    EXPECT_EQ(key("cancel please"), "usage");
    for (auto const* const typed :
         {"merge into #payments", "merge #payments", "merge into <#C1|payments>", "merge payments."})
        EXPECT_EQ(command<command::Merge>(typed).into, "payments") << typed;
    EXPECT_EQ(key("merge into"), "usage");
}

// learn, train

TEST(Learning, Parses) {
    command<command::Timeline>("timeline");
    command<command::Report>("report");
    command<command::Review>("review");
    EXPECT_EQ(command<command::Answer>("answer 2 we took it for healthy").number, 2);
    EXPECT_EQ(command<command::Answer>("answer 2 we took it for healthy").text, "we took it for healthy");
    EXPECT_EQ(key("answer two x"), "usage");
    EXPECT_EQ(key("answer 99999999999 x"), "usage");
    EXPECT_EQ(command<command::Why>("why the canary had no traffic").text, "the canary had no traffic");
    auto const found = command<command::Followup>("followup alert on time-outs @sara due 2026-12-01");
    EXPECT_EQ(found.what, "alert on time-outs");
    EXPECT_EQ(found.owner->id.value, "sara");
    EXPECT_EQ(found.due, at("2026-12-01T23:59:00Z"));
    command<command::Followups>("followups");
    EXPECT_EQ(command<command::Stats>("stats").days, std::nullopt);
    EXPECT_EQ(command<command::Stats>("stats 30 days").days, 30);
    EXPECT_EQ(key("stats many"), "usage");
    EXPECT_EQ(command<command::Drill>("drill checkout-47").name, "checkout-47");
}

// Whatever comes, one of the three answers comes back, and nothing kept is broken text.
void survives(std::string const& text) {
    for (auto const form : {Form::message, Form::command}) {
        auto const reading = room.read(text, form);
        if (auto const* const found = std::get_if<Parsed>(&reading)) {
            for (char const c : found->because)
                ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << text;
        } else if (auto const* const wrong = std::get_if<Misread>(&reading)) {
            ASSERT_FALSE(wrong->key.empty());
        }
    }
}

TEST(Parsing, SurvivesRandomBytes) {
    std::mt19937 random{20261123};
    for (int round = 0; round < 20000; ++round) {
        std::string text = std::vector<std::string>{"", "/", "!", "/inc ", "@", "<@"}[random() % 6];
        for (auto length = random() % 60; length > 0; --length)
            text += static_cast<char>(random() % 256);
        survives(text);
    }
}

TEST(Parsing, SurvivesMutatedCommands) {
    std::mt19937 random{42};
    constexpr std::string_view spice[] = {
        " because ",    "@",        "<@",   ">", "|",   ";", " eta ", " by ", " +",
        "99999999999h", "\n",       "\x01", " ", ":",   "…", "\xF0",  "sev",  " owner ",
        " started ",    " impact ", "!",    "#", "here"};
    for (int round = 0; round < 300; ++round) {
        for (auto const& row : grammar()) {
            auto text = (round % 2 == 0 ? "/" : "") + std::string{row.example};
            for (auto edits = 1 + random() % 4; edits > 0; --edits) {
                auto const where = random() % (text.size() + 1);
                switch (random() % 4) {
                case 0: text.insert(where, spice[random() % std::size(spice)]); break;
                case 1: text.erase(where, random() % 6); break;
                case 2: text.resize(where); break;
                default:
                    if (where < text.size()) text[where] = static_cast<char>(random() % 256);
                }
            }
            survives(text);
        }
    }
}

} // namespace
} // namespace cox
