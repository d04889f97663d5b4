// Valid frames, broken in every way that chance finds: each gives a frame, and what is to be acknowledged can be.
#include "envelopes.hpp"

#include <random>

namespace cox::slack {
namespace {

using nlohmann::json;

class Vandal {
public:
    explicit Vandal(std::uint64_t seed) : random_{seed} {}

    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

    // Bytes lost, doubled, replaced, put in between.
    std::string break_text(std::string text) {
        static std::vector<std::string> const shards{"\"",
                                                     "{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     ",",
                                                     ":",
                                                     "\\",
                                                     "\\u0000",
                                                     "\\ud800",
                                                     "null",
                                                     "-1",
                                                     "1e999",
                                                     "\xff",
                                                     "\xf0\x9f",
                                                     "\n",
                                                     std::string(80, '['),
                                                     "\"type\":\"hello\","};
        for (auto times = 1 + below(4); times > 0 && !text.empty(); --times) {
            auto const where = below(text.size());
            switch (below(5)) {
            case 0: text.erase(where, 1 + below(20)); break;
            case 1: text.insert(where, text.substr(where, 1 + below(60))); break;
            case 2: text[where] = static_cast<char>(below(256)); break;
            case 3: text.insert(where, shards[below(shards.size())]); break;
            default: text.resize(where); break;
            }
        }
        return text;
    }

    // It stays JSON; values become something else, or go.
    void break_value(json& value) {
        if (value.is_structured() && !value.empty() && below(8) != 0) {
            auto child = std::next(value.begin(), static_cast<std::ptrdiff_t>(below(value.size())));
            if (below(10) == 0)
                value.erase(child);
            else
                break_value(*child);
            return;
        }
        static std::vector<json> const others{nullptr,
                                              true,
                                              0,
                                              -1,
                                              1.5,
                                              "",
                                              "x",
                                              std::string(5000, 'x'),
                                              "C1:C2",
                                              json::array(),
                                              {{}},
                                              json::object(),
                                              json::array({1, nullptr, json::object()})};
        value = others[below(others.size())];
    }

private:
    std::mt19937_64 random_;
};

struct Seen {
    int happenings = 0;
    int passed_over = 0;
    int junk = 0;
};

// What must be true of whatever was read.
void check(std::string const& text, Seen& seen) {
    auto const read = read_frame(text, us);
    ASSERT_FALSE(read.valueless_by_exception());
    if (auto const* junk = std::get_if<frame::Junk>(&read)) {
        EXPECT_FALSE(junk->why.empty());
        EXPECT_LT(junk->why.size(), 100u);
        ++seen.junk;
    }
    auto const* envelope = std::get_if<frame::Envelope>(&read);
    if (!envelope) return;
    EXPECT_FALSE(envelope->envelope_id.empty());
    EXPECT_LT(acknowledgement(envelope->envelope_id).size(), longest_acknowledgement);
    auto const* passed_over = std::get_if<happening::Passed>(&envelope->happening);
    EXPECT_EQ(envelope->key.empty(), passed_over != nullptr) << text;
    EXPECT_FALSE(passed_over && passed_over->why.empty());
    ++(passed_over ? seen.passed_over : seen.happenings);
    if (auto const* said = std::get_if<happening::Said>(&envelope->happening)) {
        EXPECT_FALSE(said->author.user.empty() || said->channel.empty() || said->ts.empty());
        EXPECT_NE(said->author.user, us.user);
    }
}

std::vector<std::string> valid_frames() {
    return {
        R"({"type":"hello","num_connections":1,"debug_info":{"approximate_connection_time":18060}})",
        R"({"type":"disconnect","reason":"refresh_requested","debug_info":{"host":"h"}})",
        event(message()),
        event(with(message(), {{"type", "app_mention"}, {"user_team", "T9"}})),
        event(with(message(), {{"subtype", "channel_topic"}, {"topic", "t"}})),
        event(with(message(), {{"subtype", "message_changed"}, {"message", message()}})),
        event(reaction()),
        event(pin()),
        event({{"type", "channel_rename"}, {"channel", {{"id", "C1"}, {"name", "n"}}}}),
        event({{"type", "member_left_channel"}, {"user", "U0BOT"}, {"channel", "C1"}}),
        event({{"type", "user_change"}, {"user", {{"id", "U1"}, {"team_id", "T1"}}}}),
        event({{"type", "tokens_revoked"}, {"tokens", {{"bot", {"U0BOT"}}}}}),
        enveloped("events_api", {{"type", "app_rate_limited"}, {"team_id", "T1"}, {"minute_rate_limited", 1790000040}}),
        enveloped("slash_commands", slash()),
        enveloped("interactive", press()),
        enveloped("interactive", submission()),
        enveloped("interactive", message_action())};
}

TEST(SlackFrame, F119_twenty_thousand_broken_frames_each_give_a_frame) {
    auto const frames = valid_frames();
    Vandal vandal{20260314};
    Seen seen;
    for (int i = 0; i < 20'000 && !HasFailure(); ++i) {
        auto text = frames[vandal.below(frames.size())];
        if (vandal.below(2) == 0) {
            auto value = json::parse(text);
            for (auto times = 1 + vandal.below(3); times > 0; --times)
                vandal.break_value(value);
            text = value.dump();
        } else {
            text = vandal.break_text(std::move(text));
        }
        SCOPED_TRACE(i);
        check(text, seen);
    }
    // Broken in so many ways that every outcome is tried.
    EXPECT_GT(seen.happenings, 1000);
    EXPECT_GT(seen.passed_over, 1000);
    EXPECT_GT(seen.junk, 1000);
}

} // namespace
} // namespace cox::slack
