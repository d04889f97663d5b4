// What must be true of the pace whatever is asked for and however Slack answers, and how late that makes us.
#include "adapters/slack/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

constexpr Moment t0{1000h};
constexpr std::size_t at_once = 8;

struct Asked {
    std::string method;
    std::string channel;
    int urgency = 0;
};

bool counts_by_channel(Asked const& call) {
    return limits_of(call.method).channel && !call.channel.empty();
}
std::string lane_of(Asked const& call) {
    return limits_of(call.method).writes && !call.channel.empty() ? call.channel : call.method;
}

// Asks for calls at random, answers them late and out of order, and checks every one that goes.
class World {
public:
    explicit World(std::uint64_t seed) : random_{seed} {}

    void step() {
        now_ += Span{below(400)};
        for (auto more = below(4); more > 0; --more)
            ask();
        if (below(2) == 0) answer_one();
        if (below(30) == 0)
            pace_.drop(1 + static_cast<Pace::Ticket>(below(static_cast<std::int64_t>(asked_.size() + 1))));
        let_go();
    }
    // No more is asked for: everything that waits goes.
    void finish() {
        for (int i = 0; i < 100'000 && (pace_.waiting() > 0 || !flying_.empty()); ++i) {
            while (!flying_.empty())
                answer_one();
            if (auto const at = pace_.wake(now_))
                now_ = *at;
            else
                ASSERT_EQ(pace_.waiting(), 0u) << "what waits is never forgotten";
            auto const waiting = pace_.waiting();
            let_go();
            ASSERT_TRUE(waiting == 0 || pace_.waiting() < waiting) << "wake() is when something goes";
        }
        EXPECT_EQ(pace_.waiting(), 0u);
        check_rates();
    }

private:
    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }

    void ask() {
        static std::vector<std::string> const methods{
            "chat.postMessage",      "chat.postMessage", "chat.update", "conversations.setTopic",
            "conversations.history", "users.info",       "views.open"};
        Asked call{methods[static_cast<std::size_t>(below(7))], "C" + std::to_string(below(6)),
                   static_cast<int>(below(4))};
        if (call.method == "users.info" || call.method == "views.open") call.channel.clear();
        asked_.push_back(call);
        pace_.add(asked_.size(), call.method, call.channel, call.urgency);
    }
    void answer_one() {
        if (flying_.empty()) return;
        auto const ticket = flying_[static_cast<std::size_t>(below(static_cast<std::int64_t>(flying_.size())))];
        std::erase(flying_, ticket);
        std::optional<Span> retry_after;
        if (below(10) == 0) {
            retry_after = Span{below(20'000)};
            auto& rest = rests_[limit_of(asked(ticket))];
            rest = std::max(rest, now_ + *retry_after);
        }
        pace_.answered(ticket, now_, retry_after);
    }
    void let_go() {
        for (auto const ticket : pace_.next(now_)) {
            auto const& call = asked(ticket);
            for (auto const other : flying_)
                EXPECT_NE(lane_of(call), lane_of(asked(other))) << "one in flight in a lane";
            EXPECT_GE(now_, rests_[limit_of(call)]) << "never while Slack's word says to wait";
            auto& last = last_of_[limit_of(call) + "/" + call.channel + "/" + std::to_string(call.urgency)];
            EXPECT_GT(ticket, last) << "equals in the order in which they came";
            last = ticket;
            flying_.push_back(ticket);
            gone_[call.method].push_back(now_);
            if (counts_by_channel(call)) gone_[limit_of(call)].push_back(now_);
            rates_[call.method] = limits_of(call.method).workspace;
            if (counts_by_channel(call)) rates_[limit_of(call)] = *limits_of(call.method).channel;
        }
        EXPECT_LE(flying_.size(), at_once);
        EXPECT_TRUE(pace_.next(now_).empty()) << "all that may go has gone";
    }
    void check_rates() const {
        for (auto const& [what, moments] : gone_) {
            auto const rate = rates_.at(what);
            for (std::size_t first = 0; first < moments.size(); ++first)
                for (auto last = first; last < moments.size(); ++last)
                    ASSERT_LE(static_cast<std::int64_t>(last - first + 1),
                              rate.burst + (moments[last] - moments[first]) / rate.each)
                        << what;
        }
    }
    Asked const& asked(Pace::Ticket ticket) const { return asked_[ticket - 1]; }
    static std::string limit_of(Asked const& call) {
        return counts_by_channel(call) ? call.method + " in " + call.channel : call.method;
    }

    std::mt19937_64 random_;
    Moment now_ = t0;
    Pace pace_{at_once};
    std::vector<Asked> asked_; // ticket n is the n-th
    std::vector<Pace::Ticket> flying_;
    std::map<std::string, Moment> rests_;
    std::map<std::string, Pace::Ticket> last_of_;
    std::map<std::string, std::vector<Moment>> gone_;
    std::map<std::string, Rate> rates_;
};

TEST(SlackPace, whatever_is_asked_for_lanes_and_rates_are_kept_and_everything_goes) {
    for (std::uint64_t seed = 1; seed <= 60 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        World world{seed};
        for (int i = 0; i < 300 && !testing::Test::HasFailure(); ++i)
            world.step();
        world.finish();
    }
}

// Slack as it is known: one message a second in a channel, else 429 with whole seconds; now and then a longer 429 that
// nobody can foresee. An answer takes 100 ms.
class Storm {
public:
    explicit Storm(std::uint64_t seed) : random_{seed} {}

    void post(int channel, int urgency) {
        auto const name = "C" + std::to_string(channel);
        messages_.push_back({name, urgency, std::max(now_, channels_[name].told), {}});
        pace_.add(messages_.size(), "chat.postMessage", name, urgency);
    }
    // Ten milliseconds pass.
    void step() {
        now_ += 10ms;
        auto const due = [this](Flight const& flight) { return flight.answer_at <= now_; };
        for (auto const& flight : flying_)
            if (due(flight)) answer(flight.ticket);
        std::erase_if(flying_, due);
        for (auto const ticket : pace_.next(now_)) {
            order_.push_back(ticket);
            flying_.push_back({ticket, now_ + 100ms});
        }
    }
    bool done() const { return pace_.waiting() == 0 && flying_.empty(); }
    std::size_t refused() const { return refused_; }
    int urgency(std::size_t nth) const { return messages_[order_[nth] - 1].urgency; }
    // How much later than Slack would have taken it: after it was asked for, after the wait that Slack has set, a
    // second after the one before.
    Span longest_own_delay() const {
        Span longest{0};
        for (auto const& message : messages_)
            longest = std::max(longest, std::chrono::duration_cast<Span>(message.taken - message.could_be_taken));
        return longest;
    }

private:
    struct Message {
        std::string channel;
        int urgency = 0;
        Moment could_be_taken; // at first when it was asked for
        Moment taken;
    };
    struct Flight {
        Pace::Ticket ticket = 0;
        Moment answer_at;
    };
    struct Channel {
        Moment next_at; // Slack takes the next message
        Moment told;    // as far as it has told us
    };

    void answer(Pace::Ticket ticket) {
        auto& message = messages_[ticket - 1];
        auto& channel = channels_[message.channel];
        if (now_ >= channel.next_at && random_() % 12 == 0) channel.next_at = now_ + Span{1000 + random_() % 20'000};
        if (now_ < channel.next_at) {
            ++refused_;
            auto const wait = std::chrono::ceil<std::chrono::seconds>(channel.next_at - now_);
            tell(message.channel, now_ + wait);
            pace_.answered(ticket, now_, wait);
            pace_.add(ticket, "chat.postMessage", message.channel, message.urgency);
            return;
        }
        message.taken = now_;
        channel.next_at = now_ + 1s;
        tell(message.channel, channel.next_at);
        pace_.answered(ticket, now_);
    }
    // None of the messages that wait there can be taken sooner.
    void tell(std::string const& channel, Moment at) {
        channels_[channel].told = at;
        for (auto& message : messages_)
            if (message.channel == channel && message.taken == Moment{})
                message.could_be_taken = std::max(message.could_be_taken, at);
    }

    std::mt19937_64 random_;
    Moment now_ = t0;
    Pace pace_{at_once};
    std::vector<Message> messages_;
    std::vector<Flight> flying_;
    std::vector<Pace::Ticket> order_;
    std::map<std::string, Channel> channels_;
    std::size_t refused_ = 0;
};

TEST(SlackPace, F61_two_hundred_channels_at_once_are_late_by_slacks_word_and_not_by_ours) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(seed);
        Storm storm{seed};
        for (int channel = 0; channel < 200; ++channel)
            storm.post(channel, channel % 4);
        std::mt19937_64 random{seed};
        for (int i = 0; i < 6000; ++i) { // a minute, and two more messages in each second of it
            if (i % 50 == 49) storm.post(static_cast<int>(random() % 200), static_cast<int>(random() % 4));
            storm.step();
        }
        for (int i = 0; i < 60'000 && !storm.done(); ++i)
            storm.step();
        ASSERT_TRUE(storm.done());
        EXPECT_GT(storm.refused(), 10u);
        EXPECT_LE(storm.longest_own_delay(), 5s);
    }
}

TEST(SlackPace, F61_in_a_storm_the_most_severe_go_first) {
    Storm storm{1};
    for (int channel = 0; channel < 200; ++channel)
        storm.post(channel, channel % 4);
    for (int i = 0; i < 60'000 && !storm.done(); ++i)
        storm.step();
    for (std::size_t nth = 0; nth < 40; ++nth)
        EXPECT_EQ(storm.urgency(nth), 0);
}

} // namespace
} // namespace cox::slack
