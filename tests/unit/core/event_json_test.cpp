#include "core/event_json.hpp"

#include "core/flat_json.hpp"
#include "core/time.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace cox {
namespace {

using namespace std::chrono_literals;

Time const five_past_two = *from_rfc3339("2026-11-23T14:05:00.000Z");

// Gives every member a value of its own, and every optional one; then tells two events apart by their lines.
struct Fill {
    int n = 0;

    std::string word() { return "text \"" + std::to_string(++n) + "\" ~38 % \\ zurück 🚣\n"; }
    void operator()(std::string_view, std::string& value) { value = word(); }
    void operator()(std::string_view, bool& value) { value = ++n % 2 == 0; }
    void operator()(std::string_view, int& value) { value = -++n; }
    void operator()(std::string_view, Time& value) { value = five_past_two + ++n * 1001ms; }
    void operator()(std::string_view, Person& value) { value = {{word()}, word()}; }
    void operator()(std::string_view, Channel& value) { value = {{word()}, word()}; }
    void operator()(std::string_view, Confidence& value) { value = Confidence::confirmed; }
    void operator()(std::string_view, ItemState& value) { value = ItemState::dropped; }
    template <class T>
    void operator()(std::string_view name, std::optional<T>& value) {
        (*this)(name, value.emplace());
    }
};

template <class Body>
Event filled() {
    Event event{{42}, 7, five_past_two, {{"ana"}, "Ana"}, {}};
    Fill fill;
    Body::fields(event.body.emplace<Body>(), fill);
    return event;
}

template <std::size_t... I>
std::vector<Event> one_of_each(std::index_sequence<I...>) {
    return {filled<std::variant_alternative_t<I, EventBody>>()...};
}
std::vector<Event> one_of_each() {
    return one_of_each(std::make_index_sequence<std::variant_size_v<EventBody>>{});
}

Event noted(std::string text) {
    return {{1}, 1, five_past_two, {{"ana"}, "Ana"}, event::Noted{std::move(text)}};
}

std::string refusal(std::string_view line) {
    auto const read = event_from_json_line(line);
    return read ? "" : read.error();
}

std::string line_with(std::string_view kind, std::string_view rest) {
    return R"({"incident":"INC-1","seq":1,"at":"2026-11-23T14:05:00.000Z","actor":"ana","name":"Ana","kind":")" +
           std::string{kind} + R"(","v":1)" + std::string{rest} + "}";
}

TEST(EventJson, ALineHasTheAgreedFormAndOrder) {
    Event const event{{42},
                      3,
                      five_past_two,
                      {{"ana"}, "Ana"},
                      event::ItemClosed{"A1", ItemState::failed, "no effect", five_past_two + 2min}};
    EXPECT_EQ(to_json_line(event),
              R"({"incident":"INC-42","seq":3,"at":"2026-11-23T14:05:00.000Z","actor":"ana","name":"Ana",)"
              R"("kind":"item_closed","v":1,"item":"A1","to":"failed","result":"no effect",)"
              R"("observe_until":"2026-11-23T14:07:00.000Z"})");
}

TEST(EventJson, EveryKindComesBackAsItWasWritten) {
    for (Event const& event : one_of_each()) {
        auto const line = to_json_line(event);
        auto const back = event_from_json_line(line);
        ASSERT_TRUE(back) << back.error() << "\n" << line;
        EXPECT_EQ(back->body.index(), event.body.index());
        EXPECT_EQ(to_json_line(*back), line);
        EXPECT_EQ(back->actor.name, "Ana");
    }
}

TEST(EventJson, EveryLineIsJsonThatOtherProgramsRead) {
    for (Event const& event : one_of_each()) {
        auto const read = nlohmann::json::parse(to_json_line(event), nullptr, false);
        ASSERT_TRUE(read.is_object());
        EXPECT_EQ(read["incident"], "INC-42");
        EXPECT_EQ(read["kind"], std::string{kind(event.body)});
    }
}

TEST(EventJson, AnEmptyOptionalIsLeftOutAndNullMeansTheSame) {
    Event const event{{1}, 1, five_past_two, {{"ana"}, "Ana"}, event::NeedSet{"roll back?", std::nullopt}};
    EXPECT_EQ(to_json_line(event), line_with("need_set", R"(,"text":"roll back?")"));
    auto const back = event_from_json_line(line_with("need_set", R"(,"text":"roll back?","by":null)"));
    ASSERT_TRUE(back);
    EXPECT_FALSE(std::get<event::NeedSet>(back->body).by);
}

TEST(EventJson, TheClockIsNamedInTheLogAndNobodyInMemory) {
    Event const event{{1}, 1, five_past_two, {}, event::Unstable{"errors again"}};
    auto const line = to_json_line(event);
    EXPECT_NE(line.find(R"("actor":"clock","name":"")"), std::string::npos);
    EXPECT_TRUE(event_from_json_line(line)->actor.id.empty());
}

TEST(EventJson, APersonWhoCallsHimselfClockStaysAPerson) {
    Event const event{{1}, 1, five_past_two, {{"clock"}, ""}, event::Unstable{"errors again"}};
    EXPECT_EQ(event_from_json_line(to_json_line(event))->actor.id.value, "clock");
}

TEST(EventJson, ReadsFieldsInAnyOrderWithBlanksAndEscapes) {
    auto const read = event_from_json_line("{ \"v\" : 1, \"kind\":\"noted\", \"text\":\"\\u00e9\\ud83d\\udea3\\/\\t\", "
                                           "\"name\":\"Ana\", \"actor\":\"ana\",\t"
                                           "\"at\":\"2026-11-23T14:05:00Z\", \"seq\":9, \"incident\":\"INC-3\" }\r");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(std::get<event::Noted>(read->body).text, "é🚣/\t");
    EXPECT_EQ(read->seq, 9);
    EXPECT_EQ(read->incident, IncidentId{3});
}

TEST(EventJson, TextThatIsNoUtf8IsWrittenSoThatItCanBeReadBack) {
    for (std::string const bad : {"\xff", "a\xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc0\xaf", "\xe2\x82"}) {
        auto const back = event_from_json_line(to_json_line(noted(bad)));
        ASSERT_TRUE(back) << back.error();
        EXPECT_NE(std::get<event::Noted>(back->body).text.find("\xEF\xBF\xBD"), std::string::npos);
    }
}

TEST(EventJson, ControlCharactersComeBack) {
    std::string all;
    for (char c = 0; c < 0x20; ++c)
        all += c;
    auto const line = to_json_line(noted(all));
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(std::get<event::Noted>(event_from_json_line(line)->body).text, all);
}

TEST(EventJson, ATimeBeyondTheCalendarCanStillBeReadBack) {
    Event const event{{1}, 1, five_past_two, {{"ana"}, "Ana"}, event::EtaMoved{"A1", Time::max()}};
    EXPECT_TRUE(event_from_json_line(to_json_line(event)));
}

TEST(EventJson, AnUnknownKindIsRefusedByName) {
    EXPECT_EQ(refusal(line_with("teleported", "")),
              "the kind \"teleported\" is not known to this coxswain; use the newer one that wrote it");
}

TEST(EventJson, ANewerVersionIsRefusedByName) {
    EXPECT_EQ(refusal(R"({"incident":"INC-1","seq":1,"at":"2026-11-23T14:05:00.000Z","actor":"ana","name":"Ana",)"
                      R"("kind":"noted","v":2,"text":"x"})"),
              "\"noted\" has version 2, and this coxswain reads versions up to 1; use the newer one that wrote it");
}

TEST(EventJson, SaysWhichFieldIsMissing) {
    EXPECT_EQ(refusal(line_with("noted", "")), "\"text\" of \"noted\" is missing");
    EXPECT_EQ(refusal("{}"), "\"incident\" is missing");
    EXPECT_EQ(refusal(line_with("role_taken", R"(,"role":"ops","person":{"id":"bo"},"takeover":false,"because":"")")),
              "\"name\" of \"person\" is missing (of \"role_taken\")");
}

TEST(EventJson, SaysWhichFieldHasTheWrongType) {
    EXPECT_EQ(refusal(line_with("noted", R"(,"text":7)")), "\"text\" of \"noted\" must be a text");
    EXPECT_EQ(refusal(line_with("noted", R"(,"text":null)")), "\"text\" of \"noted\" must be a text");
    EXPECT_EQ(refusal(line_with("reminded", R"(,"about":"A1","step":1.5)")),
              "\"step\" of \"reminded\" must be a whole number");
    EXPECT_EQ(refusal(line_with("reminded", R"(,"about":"A1","step":99999999999)")),
              "\"step\" of \"reminded\" must be a whole number");
    EXPECT_EQ(refusal(line_with("channel_opened", R"(,"channel":"ops","fallback":false,"reason":"")")),
              "\"channel\" of \"channel_opened\" must be an object with \"id\" and \"name\"");
    EXPECT_EQ(refusal(line_with("channel_opened", R"(,"channel":{"id":"a","name":"a"},"fallback":"no","reason":"")")),
              "\"fallback\" of \"channel_opened\" must be true or false");
}

TEST(EventJson, SaysWhichWordsAFieldTakes) {
    EXPECT_EQ(refusal(line_with("hypothesis_set", R"(,"text":"release","confidence":"sure")")),
              "\"confidence\" of \"hypothesis_set\" must be one of suspected, likely, confirmed, and is \"sure\"");
}

TEST(EventJson, SaysWhichTimeIsNone) {
    EXPECT_EQ(refusal(line_with("eta_moved", R"(,"item":"A1","eta":"14:05")")),
              "\"eta\" of \"eta_moved\" must be a time such as \"2026-11-23T14:05:00.000Z\"");
}

TEST(EventJson, AFieldTooManyOrTwiceIsRefusedByName) {
    EXPECT_EQ(refusal(line_with("noted", R"(,"text":"x","mood":"bad")")),
              "\"mood\" of \"noted\" is not a field of version 1");
    EXPECT_EQ(refusal(line_with("noted", R"(,"text":"x","text":"y")")), "\"text\" of \"noted\" stands twice");
}

TEST(EventJson, RefusesNumbersThatCannotBe) {
    auto line = to_json_line(noted("x"));
    auto const change = [&](std::string_view from, std::string_view to) {
        auto changed = line;
        return changed.replace(changed.find(from), from.size(), to);
    };
    EXPECT_EQ(refusal(change("\"seq\":1", "\"seq\":0")), "\"seq\" is 0, and counts from 1");
    EXPECT_EQ(refusal(change("\"v\":1", "\"v\":0")), "\"v\" of \"noted\" counts from 1");
    EXPECT_EQ(refusal(change("INC-1", "INC-0")), "\"incident\" is \"INC-0\", and must look like \"INC-42\"");
    EXPECT_EQ(refusal(change("INC-1", "ticket")), "\"incident\" is \"ticket\", and must look like \"INC-42\"");
}

TEST(EventJson, WhatIsNoJsonIsRefusedWithTheColumn) {
    EXPECT_EQ(refusal(""), "not JSON at column 1: an object in braces is expected");
    EXPECT_EQ(refusal("[]"), "not JSON at column 1: an object in braces is expected");
    EXPECT_EQ(refusal("{\"a\":1} x"), "not JSON at column 9: something stands behind the object");
    EXPECT_EQ(refusal("{\"a\":\"b"), "not JSON at column 8: a text has no closing quote");
    EXPECT_EQ(refusal("{\"a\":\"\xff\"}"), "not JSON at column 7: bytes that are not UTF-8");
    EXPECT_EQ(refusal("{\"a\":\"\\ud800\"}"), "not JSON at column 7: an escape that JSON does not know");
    EXPECT_EQ(refusal("{\"a\":01}"), "not JSON at column 6: a number that starts with 0");
    EXPECT_EQ(refusal("{\"a\":1,}"), "not JSON at column 8: a field's name in quotes is expected");
    EXPECT_EQ(refusal("{\"a\" 1}"), "not JSON at column 6: a colon is missing");
    EXPECT_EQ(refusal("{\"a\":1 \"b\":2}"), "not JSON at column 8: a comma is missing");
    EXPECT_EQ(refusal("{\"a\":tru}"), "not JSON at column 6: a value that JSON does not know");
}

TEST(EventJson, NestingDeeperThan64IsRefusedHoweverDeepItIs) {
    for (std::size_t const depth : {64u, 100'000u}) {
        auto const line = "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
        EXPECT_EQ(refusal(line), "not JSON at column 69: brackets nested deeper than 64");
    }
    auto const shallow = "{\"a\":" + std::string(63, '[') + std::string(63, ']') + "}";
    EXPECT_EQ(refusal(shallow), "\"incident\" is missing");
}

TEST(EventJson, EveryCutOfEveryLineIsRefusedAndNothingBreaks) {
    for (Event const& event : one_of_each()) {
        auto const line = to_json_line(event);
        for (std::size_t size = 0; size < line.size(); ++size)
            EXPECT_FALSE(event_from_json_line(std::string{line, 0, size}));
    }
}

TEST(EventJson, AgreesWithAnotherReaderOnWhatIsJson) {
    std::mt19937 random{20261123};
    auto const pick = [&](std::size_t below) { return random() % below; };
    std::string const alphabet = "{}[]\",:\\/u0123456789.eE+-truefalsn \n\x01\x7f\xc3\xa9\xf0\x9f";
    auto const events = one_of_each();
    for (int round = 0; round < 40'000; ++round) {
        auto line = to_json_line(events[pick(events.size())]);
        for (auto changes = pick(3) + 1; changes > 0; --changes) {
            auto const at = pick(line.size());
            switch (pick(3)) {
            case 0: line[at] = alphabet[pick(alphabet.size())]; break;
            case 1: line.insert(at, 1, alphabet[pick(alphabet.size())]); break;
            default: line.erase(at, pick(4));
            }
            if (line.empty()) line = " ";
        }
        flat_json::Object object;
        bool const ours = flat_json::scan(line, object).has_value();
        auto const theirs = nlohmann::json::parse(line, nullptr, false);
        EXPECT_EQ(ours, theirs.is_object()) << line;
        if (auto const event = event_from_json_line(line)) {
            EXPECT_TRUE(event_from_json_line(to_json_line(*event))) << line;
        }
    }
}

} // namespace
} // namespace cox
