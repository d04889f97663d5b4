#include "burst.hpp"

#include "acts.hpp"
#include "interaction.hpp"

#include <algorithm>
#include <memory>

namespace cox::fake_slack {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{1};

class Burst {
public:
    Burst(Slack& slack, json const& args, std::function<void(json)> done) : slack_{slack}, done_{std::move(done)} {
        count_ = args.at("count");
        rate_ = args.value("rate", 0.0);
        in_flight_ = args.value("in_flight", std::size_t{rate_ > 0 ? 0u : 64u});
        within_us_ = args.value("within_ms", std::int64_t{30'000}) * 1000;
        command_ = args.value("command", "/inc");
        texts_ = args.value("texts", std::vector<std::string>{args.value("text", "status")});
        for (auto const& name : args.value("channels", std::vector<std::string>{"ops"}))
            channels_.push_back(&channel_in(slack, {{"channel", name}}));
        for (auto const& name : args.value("users", std::vector<std::string>{"alice"}))
            users_.push_back(user_in(slack, {{"user", name}}));
        if (texts_.empty() || channels_.empty() || users_.empty())
            throw Refused{"a burst needs texts, channels, users"};
        began_us_ = last_sent_us_ = steady_us();
    }

    static void go_on(std::shared_ptr<Burst> const& self) {
        self->send_what_is_due();
        self->count_what_settled();
        if (self->is_over()) return self->done_(self->result());
        self->slack_.schedule.after(tick, [self] { go_on(self); });
    }

private:
    void send_what_is_due() {
        auto const elapsed_us = steady_us() - began_us_;
        auto const due =
            rate_ > 0 ? static_cast<std::size_t>(rate_ * static_cast<double>(elapsed_us) / 1e6) + 1 : count_;
        while (sent_.size() < std::min(due, count_) &&
               (in_flight_ == 0 || sent_.size() - settled_ - settled_beyond_ - lost_ < in_flight_)) {
            auto const i = sent_.size();
            auto const id = type_command(slack_, users_[i % users_.size()], *channels_[i % channels_.size()], command_,
                                         texts_[i % texts_.size()]);
            sent_.push_back(slack_.sockets.envelope(id));
            last_sent_us_ = steady_us();
        }
    }

    // Those before the first open one are not looked at again.
    void count_what_settled() {
        for (; first_open_ < sent_.size() && (sent_[first_open_]->settled || sent_[first_open_]->given_up);
             ++first_open_)
            ++(sent_[first_open_]->settled ? settled_ : lost_);
        std::size_t beyond = 0;
        for (auto i = first_open_; i < sent_.size(); ++i)
            beyond += sent_[i]->settled ? 1 : 0;
        settled_beyond_ = beyond;
    }

    bool is_over() const {
        if (sent_.size() < count_) return steady_us() - last_sent_us_ > within_us_;
        return settled_ + settled_beyond_ + lost_ == count_ || steady_us() - last_sent_us_ > within_us_;
    }

    json result() const {
        std::vector<std::int64_t> waits;
        int redelivered = 0;
        for (auto const* envelope : sent_) {
            redelivered += envelope->deliveries.back().attempt > 0 ? 1 : 0;
            if (envelope->settled) waits.push_back(envelope->acks.front().at_us - envelope->deliveries.front().at_us);
        }
        std::ranges::sort(waits);
        auto percentile = [&](double part) -> std::int64_t {
            if (waits.empty()) return 0;
            return waits[static_cast<std::size_t>(part * static_cast<double>(waits.size() - 1))];
        };
        auto const sending_s = static_cast<double>(last_sent_us_ - began_us_) / 1e6;
        return {{"ok", true},
                {"sent", sent_.size()},
                {"acked", waits.size()},
                {"unacked", sent_.size() - waits.size()},
                {"redelivered", redelivered},
                {"sending_seconds", sending_s},
                {"seconds", static_cast<double>(steady_us() - began_us_) / 1e6},
                {"ack_us",
                 {{"p50", percentile(0.5)},
                  {"p90", percentile(0.9)},
                  {"p99", percentile(0.99)},
                  {"p999", percentile(0.999)},
                  {"max", percentile(1.0)}}}};
    }

    Slack& slack_;
    std::function<void(json)> done_;
    std::size_t count_ = 0;
    double rate_ = 0;
    std::size_t in_flight_ = 0;
    std::int64_t within_us_ = 0;
    std::string command_;
    std::vector<std::string> texts_;
    std::vector<Channel*> channels_;
    std::vector<std::string> users_;
    std::int64_t began_us_ = 0;
    std::int64_t last_sent_us_ = 0;
    std::vector<Envelope const*> sent_;
    std::size_t first_open_ = 0;
    std::size_t settled_ = 0;
    std::size_t settled_beyond_ = 0; // the first open one
    std::size_t lost_ = 0;
};

} // namespace

void start_burst(Slack& slack, json const& args, std::function<void(json)> done) {
    Burst::go_on(std::make_shared<Burst>(slack, args, std::move(done)));
}

} // namespace cox::fake_slack
