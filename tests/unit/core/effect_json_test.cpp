#include "core/effect.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace cox {
namespace {

Time const five_past_two = *from_rfc3339("2026-11-23T14:05:00.000Z");
Person const ana{{"ana"}, "Ana"};
std::vector<Button> const buttons{{"accept A1", "Accept"}, {"done A1", "Done \"now\""}};

Card full_card() {
    return {
        {42},
        "SEV-1",
        "checkout errors",
        "investigating",
        {{"IC", "Incident Commander", "Ana"}, {"Ops", "Operations", "—"}},
        "~38 % of payments fail",
        "release 4.12 (suspected)",
        "roll back?",
        "https://meet.example.org/inc-42",
        {{"A1", "roll back 4.12", "Ameer", "14:28", "open", true}, {"A2", "check", "Sara", "14:25", "queued", false}},
        {{"Strategy", "rollback, because it went out last"}, {"Frozen", "deploys, since 14:06 UTC"}},
        "14:05 UTC",
        "14:15 UTC",
        five_past_two,
        "the whole card\nin words",
        buttons};
}

std::vector<Effect> one_of_each() {
    return {effect::Post{{"ops"}, effect::PostKind::escalation, "an \"update\"\n🚣", buttons},
            effect::Post{{"ops"}, effect::PostKind::word, "it is in #inc-42", {}, {"lost"}, true},
            effect::Tell{{"ops"}, ana, "for you", buttons},
            effect::ShowCard{{"inc-42"}, full_card()},
            effect::SetTopic{{"inc-42"}, "SEV-1 checkout"},
            effect::RestoreTopic{{"inc-42"}},
            effect::SetLink{{"inc-42"}, "Call of INC-42", "https://meet.example.org/inc-42?a=b&c"},
            effect::OpenChannel{{"ops"}, "inc-42-checkout", "SEV-1 checkout", ana},
            effect::Invite{{"inc-42"}, {ana, {{"bo"}, "Bo"}}},
            effect::CallHook{{"hook:freeze"}, "https://ci.example.org/freeze", "{\"frozen\":true}"},
            effect::PagePerson{{"inc-42"}, ana, "you are needed"}};
}

std::string refusal(std::string_view text) {
    auto const read = effect_from_json(text);
    return read ? "" : read.error();
}

TEST(EffectJson, EveryEffectComesBackAsItWasWritten) {
    for (Effect const& effect : one_of_each()) {
        auto const text = to_json(effect);
        auto const back = effect_from_json(text);
        ASSERT_TRUE(back) << back.error();
        EXPECT_EQ(back->index(), effect.index());
        EXPECT_EQ(to_json(*back), text);
    }
}

TEST(EffectJson, EveryKindOfPostComesBack) {
    using effect::PostKind;
    for (auto const kind : {PostKind::word, PostKind::alert, PostKind::update, PostKind::stabilisation,
                            PostKind::resolution, PostKind::escalation}) {
        auto const back = effect_from_json(to_json(effect::Post{{"ops"}, kind, "text", {}}));
        ASSERT_TRUE(back);
        EXPECT_EQ(std::get<effect::Post>(*back).kind, kind);
    }
}

TEST(EffectJson, ACardKeepsAllItsMembers) {
    auto const back = effect_from_json(to_json(effect::ShowCard{{"inc-42"}, full_card()}));
    ASSERT_TRUE(back) << back.error();
    EXPECT_EQ(std::get<effect::ShowCard>(*back).card, full_card());

    auto without_time = full_card();
    without_time.next_update.reset();
    without_time.call.clear();
    without_time.more.clear();
    auto const other = effect_from_json(to_json(effect::ShowCard{{"inc-42"}, without_time}));
    ASSERT_TRUE(other) << other.error();
    EXPECT_EQ(std::get<effect::ShowCard>(*other).card, without_time);
}

TEST(EffectJson, TellsWhichChannelAndKindAnEffectBelongsTo) {
    std::vector<std::string> told;
    for (Effect const& effect : one_of_each())
        told.push_back(channel_of(effect).value + " " + std::string{kind_of(effect)} +
                       (is_slot(effect) ? " slot" : ""));
    EXPECT_EQ(told, (std::vector<std::string>{"ops post", "ops post", "ops tell", "inc-42 card slot",
                                              "inc-42 topic slot", "inc-42 topic slot", "inc-42 link slot",
                                              "ops channel", "inc-42 invite", "hook:freeze hook", "inc-42 page"}));
}

TEST(EffectJson, SaysWhatIsWrongWithAText) {
    EXPECT_EQ(refusal(""), "not a JSON object");
    EXPECT_EQ(refusal("[1]"), "not a JSON object");
    EXPECT_EQ(refusal("{}"), "\"effect\" is missing");
    EXPECT_EQ(refusal(R"({"effect":"dance"})"),
              "the effect \"dance\" is not known to this coxswain; use the newer one that wrote it");
    EXPECT_EQ(refusal(R"({"effect":"topic","channel":"ops"})"), "\"topic\" is missing");
    EXPECT_EQ(refusal(R"({"effect":"topic","channel":"ops","topic":3})"), "\"topic\" must be a text");
    EXPECT_EQ(refusal(R"({"effect":"post","channel":"ops","kind":"shout","text":"","buttons":[]})"),
              "\"shout\" is no kind of post");
    EXPECT_EQ(refusal(R"({"effect":"post","channel":"ops","kind":"word","text":"","buttons":{}})"),
              "\"buttons\" must be a list");
    EXPECT_EQ(refusal(R"({"effect":"post","channel":"ops","kind":"word","text":"","buttons":["x"]})"),
              "\"command\" is missing");
    EXPECT_EQ(refusal(R"({"effect":"card","channel":"ops","card":{"incident":"none"}})"),
              "\"incident\" must be an incident such as \"INC-42\"");
    EXPECT_EQ(refusal("{\"effect\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}"),
              "brackets nested deeper than 64");
}

TEST(EffectJson, BytesThatAreNoUtf8DoNotStopAnEffect) {
    EXPECT_TRUE(effect_from_json(to_json(effect::SetTopic{{"ops"}, "\xff\xc3"})));
}

TEST(EffectJson, NothingBreaksOnDamagedText) {
    std::mt19937 random{20261123};
    std::string const alphabet = "{}[]\",:\\u01e \xff";
    auto const effects = one_of_each();
    for (int round = 0; round < 5'000; ++round) {
        auto text = to_json(effects[random() % effects.size()]);
        for (auto changes = random() % 3 + 1; changes > 0; --changes)
            text[random() % text.size()] = alphabet[random() % alphabet.size()];
        if (auto const back = effect_from_json(text)) {
            EXPECT_TRUE(effect_from_json(to_json(*back))) << text;
        }
    }
}

} // namespace
} // namespace cox
