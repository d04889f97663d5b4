#pragma once
// Envelopes as Slack sends them, for tests to read and to break.
#include "adapters/slack/frame.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cox::slack {

inline Ourselves const us{"T1", "U0BOT", "B0BOT", "A0BOT"};

inline std::string enveloped(char const* type, nlohmann::json const& payload) {
    return nlohmann::json{{"envelope_id", "6d1f6c1e-0b7a-4b0e-9c51-5a7e0d3f0001"},
                          {"type", type},
                          {"accepts_response_payload", std::string{type} != "events_api"},
                          {"retry_attempt", 0},
                          {"retry_reason", ""},
                          {"payload", payload}}
        .dump();
}

inline nlohmann::json outer_event(nlohmann::json inner) {
    return {{"token", "x"},
            {"team_id", "T1"},
            {"context_enterprise_id", nullptr},
            {"api_app_id", "A0BOT"},
            {"type", "event_callback"},
            {"event_id", "Ev1"},
            {"event_time", 1790000002},
            {"is_ext_shared_channel", false},
            {"authorizations", {{{"enterprise_id", nullptr}, {"team_id", "T1"}, {"user_id", "U0BOT"}}}},
            {"event", std::move(inner)}};
}

inline std::string event(nlohmann::json inner) {
    return enveloped("events_api", outer_event(std::move(inner)));
}

inline nlohmann::json message() {
    return {{"type", "message"},
            {"channel", "C1"},
            {"channel_type", "channel"},
            {"user", "U1"},
            {"text", "impact ~38% of payments fail"},
            {"ts", "1790000002.000300"},
            {"event_ts", "1790000002.000300"},
            {"team", "T1"},
            {"blocks", nlohmann::json::array()}};
}

inline nlohmann::json with(nlohmann::json object, nlohmann::json const& more) {
    object.update(more);
    return object;
}

inline nlohmann::json slash() {
    return {{"team_id", "T1"},
            {"channel_id", "C1"},
            {"channel_name", "ops"},
            {"user_id", "U1"},
            {"user_name", "ana"},
            {"command", "/inc"},
            {"text", "declare 1 checkout errors"},
            {"is_enterprise_install", "false"},
            {"response_url", "https://hooks.slack.com/commands/T1/111/abc"},
            {"trigger_id", "111.222.abcdef"}};
}

inline nlohmann::json press() {
    return {{"type", "block_actions"},
            {"team", {{"id", "T1"}, {"domain", "acme"}}},
            {"enterprise", nullptr},
            {"user", {{"id", "U1"}, {"username", "ana"}, {"team_id", "T1"}}},
            {"container",
             {{"type", "message"},
              {"message_ts", "1790000001.000200"},
              {"channel_id", "C1"},
              {"thread_ts", "1790000000.000100"}}},
            {"trigger_id", "1.2.a"},
            {"channel", {{"id", "C1"}, {"name", "ops"}}},
            {"message", {{"ts", "1790000001.000200"}, {"text", "card"}}},
            {"response_url", "https://hooks.slack.com/actions/T1/1/a"},
            {"actions",
             {{{"type", "button"},
               {"action_id", "cox.ack"},
               {"block_id", "b1"},
               {"value", "ack 7"},
               {"action_ts", "1790000003.1"}}}}};
}

inline nlohmann::json submission() {
    return {{"type", "view_submission"},
            {"team", {{"id", "T1"}}},
            {"user", {{"id", "U1"}, {"team_id", "T1"}}},
            {"view",
             {{"id", "V1"},
              {"hash", "156772938.1827394"},
              {"callback_id", "cox.declare"},
              {"private_metadata", "C1"},
              {"state",
               {{"values",
                 {{"title", {{"a", {{"type", "plain_text_input"}, {"value", "checkout errors"}}}}},
                  {"impact", {{"a", {{"type", "plain_text_input"}, {"value", nullptr}}}}},
                  {"severity", {{"a", {{"type", "static_select"}, {"selected_option", {{"value", "1"}}}}}}}}}}}}}};
}

inline nlohmann::json message_action() {
    return {{"type", "message_action"},
            {"callback_id", "cox.declare_from_message"},
            {"team", {{"id", "T1"}}},
            {"user", {{"id", "U1"}, {"team_id", "T1"}}},
            {"channel", {{"id", "C1"}}},
            {"message", {{"ts", "1790000001.000200"}, {"text", "is checkout down?"}, {"user", "U2"}}},
            {"message_ts", "1790000001.000200"},
            {"action_ts", "1790000003.1"},
            {"trigger_id", "1.2.b"},
            {"response_url", "https://hooks.slack.com/app/T1/1/b"}};
}

inline nlohmann::json reaction() {
    return {{"type", "reaction_added"},
            {"user", "U1"},
            {"reaction", "pushpin"},
            {"item", {{"type", "message"}, {"channel", "C1"}, {"ts", "1790000001.000200"}}},
            {"event_ts", "1790000002.000300"}};
}

inline nlohmann::json pin() {
    return {
        {"type", "pin_added"},
        {"user", "U1"},
        {"channel_id", "C1"},
        {"item",
         {{"type", "message"}, {"channel", "C1"}, {"message", {{"ts", "1790000001.000200"}, {"text", "rolled back"}}}}},
        {"event_ts", "1790000002.000300"}};
}

inline frame::Envelope envelope_of(std::string const& text, Ourselves const& ourselves = us) {
    auto read = read_frame(text, ourselves);
    auto* envelope = std::get_if<frame::Envelope>(&read);
    EXPECT_TRUE(envelope) << text.substr(0, 300);
    return envelope ? std::move(*envelope) : frame::Envelope{};
}

// Why it is passed over; "" when it is not.
inline std::string why_passed(std::string const& text) {
    auto const envelope = envelope_of(text);
    auto const* passed_over = std::get_if<happening::Passed>(&envelope.happening);
    if (!passed_over) return "";
    EXPECT_EQ(envelope.key, "");
    return passed_over->why;
}

template <class What>
What happened(std::string const& text, Ourselves const& ourselves = us) {
    auto envelope = envelope_of(text, ourselves);
    auto* what = std::get_if<What>(&envelope.happening);
    EXPECT_TRUE(what) << text;
    return what ? std::move(*what) : What{};
}

} // namespace cox::slack
