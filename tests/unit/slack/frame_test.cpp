#include "envelopes.hpp"

namespace cox::slack {
namespace {

using nlohmann::json;

std::string why_junk(std::string const& text) {
    auto const read = read_frame(text, us);
    auto const* junk = std::get_if<frame::Junk>(&read);
    return junk ? junk->why : "";
}

TEST(SlackFrame, hello_tells_how_many_connections_there_are_and_how_long_this_one_lives) {
    auto const read = read_frame(R"({"type":"hello","num_connections":2,"connection_info":{"app_id":"A0BOT"},)"
                                 R"("debug_info":{"host":"h","approximate_connection_time":18060}})",
                                 us);
    auto const& hello = std::get<frame::Hello>(read);
    EXPECT_EQ(hello.connections, 2);
    EXPECT_EQ(hello.lifetime_s, 18060);
}

TEST(SlackFrame, hello_may_come_without_details_or_with_absurd_ones) {
    EXPECT_FALSE(std::get<frame::Hello>(read_frame(R"({"type":"hello"})", us)).lifetime_s);
    auto const read = read_frame(R"({"type":"hello","num_connections":-1,)"
                                 R"("debug_info":{"approximate_connection_time":1e300}})",
                                 us);
    EXPECT_EQ(std::get<frame::Hello>(read).connections, 0);
    EXPECT_FALSE(std::get<frame::Hello>(read).lifetime_s);
}

TEST(SlackFrame, disconnect_says_why_and_is_no_happening) {
    for (std::string const reason : {"warning", "refresh_requested", "link_disabled", "too_many_websockets"}) {
        auto const read = read_frame(json{{"type", "disconnect"}, {"reason", reason}}.dump(), us);
        EXPECT_EQ(std::get<frame::Disconnect>(read).reason, reason);
    }
    EXPECT_EQ(std::get<frame::Disconnect>(read_frame(R"({"type":"disconnect","reason":[]})", us)).reason, "");
}

TEST(SlackFrame, an_envelope_carries_what_its_acknowledgement_needs) {
    EXPECT_EQ(envelope_of(event(message())).envelope_id, "6d1f6c1e-0b7a-4b0e-9c51-5a7e0d3f0001");
}

TEST(SlackFrame, F64_a_redelivery_is_read_like_the_first_delivery_and_has_its_key) {
    auto first = json::parse(event(message()));
    auto again = first;
    again["envelope_id"] = "another";
    again["retry_attempt"] = 1;
    again["retry_reason"] = "timeout";
    EXPECT_EQ(envelope_of(first.dump()).key, envelope_of(again.dump()).key);
    EXPECT_TRUE(std::holds_alternative<happening::Said>(envelope_of(again.dump()).happening));
}

TEST(SlackFrame, the_payload_may_come_before_the_type) {
    auto const text = R"({"payload":)" + outer_event(message()).dump() +
                      R"(,"accepts_response_payload":false,"type":"events_api","envelope_id":"e1"})";
    EXPECT_EQ(happened<happening::Said>(text).channel, "C1");
}

TEST(SlackFrame, what_is_not_an_object_is_junk_that_says_why) {
    EXPECT_EQ(why_junk("UNAUTHENTICATED: cache_error"), "not JSON");
    EXPECT_EQ(why_junk(""), "not JSON");
    EXPECT_EQ(why_junk("[]"), "not an object");
    EXPECT_EQ(why_junk("null"), "not an object");
    EXPECT_EQ(why_junk(R"({"type":"hello")"), "not JSON");
    EXPECT_EQ(why_junk("{\"type\":\"\xff\"}"), "not JSON");
    EXPECT_EQ(why_junk(R"({"type":"hello","n":1e999})"), "not JSON");
    EXPECT_EQ(why_junk(R"({"type":"hello","type":"disconnect"})"), "a key comes twice");
    EXPECT_EQ(why_junk(R"({"type":"events_api","payload":{}})"), "no envelope_id, type events_api");
    EXPECT_EQ(why_junk(R"({"type":"events_api","envelope_id":7})"), "no envelope_id, type events_api");
}

TEST(SlackFrame, an_unknown_envelope_is_acknowledged_and_passed_over) {
    EXPECT_EQ(why_passed(enveloped("workflow_v9", json::object())), "unknown type workflow_v9");
    EXPECT_EQ(why_passed(enveloped("wei\xC3\x9F\n", json::object())), "unknown type wei???");
    EXPECT_EQ(why_passed(enveloped("events_api", nullptr)), "malformed payload");
    EXPECT_EQ(why_passed(enveloped("events_api", json::array({1}))), "malformed payload");
}

TEST(SlackFrame, F119_a_million_brackets_are_junk_and_nothing_worse) {
    auto const brackets = [](std::size_t depth, char open) { return std::string(depth, open); };
    EXPECT_EQ(why_junk(brackets(1'000'000, '[')), "nested too deep");
    std::string objects;
    while (objects.size() < 1'000'000)
        objects += R"({"a":)";
    EXPECT_EQ(why_junk(objects), "nested too deep");
    EXPECT_EQ(why_junk(R"({"type":"hello","a":)" + brackets(500'000, '[') + brackets(500'000, ']') + "}"),
              "nested too deep");
}

TEST(SlackFrame, S34_sixty_four_levels_are_read_and_one_more_is_not) {
    auto const hello = [](std::size_t levels) { // the object itself is one
        return R"({"type":"hello","a":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };
    EXPECT_EQ(why_junk(hello(64)), "");
    EXPECT_EQ(why_junk(hello(65)), "nested too deep");
}

TEST(SlackFrame, S34_too_long_a_frame_and_too_many_members_are_junk) {
    std::string const start = R"({"type":"hello","a":")";
    std::string const largest = start + std::string(1024 * 1024 - start.size() - 2, 'x') + "\"}";
    EXPECT_EQ(why_junk(largest), "");
    EXPECT_EQ(why_junk(largest + " "), "too long");
    std::string numbers = "0";
    for (int i = 0; i < 10'000; ++i)
        numbers += ",0";
    EXPECT_EQ(why_junk(R"({"type":"hello","a":[)" + numbers + "]}"), "too many members");
}

TEST(SlackAcknowledgement, names_the_envelope_and_nothing_else) {
    EXPECT_EQ(acknowledgement("e1"), R"({"envelope_id":"e1"})");
}

TEST(SlackAcknowledgement, carries_a_payload_as_it_is) {
    EXPECT_EQ(acknowledgement("e1", R"({"response_action":"clear"})"),
              R"({"envelope_id":"e1","payload":{"response_action":"clear"}})");
}

TEST(SlackAcknowledgement, leaves_a_payload_out_that_would_make_the_frame_too_long) {
    auto const around = acknowledgement("e1", "\"\"").size();
    auto const payload = [around](std::size_t whole) { return '"' + std::string(whole - around, 'x') + '"'; };
    EXPECT_EQ(acknowledgement("e1", payload(longest_acknowledgement - 1)).size(), longest_acknowledgement - 1);
    EXPECT_EQ(acknowledgement("e1", payload(longest_acknowledgement)), R"({"envelope_id":"e1"})");
}

} // namespace
} // namespace cox::slack
