#pragma once
// The way out to Slack: straight through the network, or behind the bot's own outbox, so that an effect takes the whole
// way from "decided" to "stands there once".
#include "../support/slack_house.hpp"
#include "bot/outbox.hpp"

#include <string>
#include <vector>

namespace cox::test {

using What = Delivered::What;
using nlohmann::json;

ChannelId ops();
Person alice();
Person bob();
Effect post(std::string text, ChannelId channel = ops());
Effect alert(std::string text, ChannelId channel = ops());
Effect card(std::string text, std::int64_t incident = 1, ChannelId channel = ops());
Effect topic(std::string text, ChannelId channel = ops());
Effect link(std::string url, ChannelId channel = ops());
Effect open(std::string name);
Effect tell(std::string text, Person to = alice(), ChannelId channel = ops());

// Deadlines short enough to be waited for, no pause between topics.
slack::SlackOptions quick();

class DeliveryHouse : public SlackHouse {
public:
    explicit DeliveryHouse(slack::SlackOptions options = quick());

    // A delivery that is not waited for: `answers` gets what comes of it.
    void hand_out(std::int64_t op, Effect, int urgency = 0);
    std::vector<Delivered> answers;

    // From now on an incident is open in #ops.
    void incident_in_ops();

    // A new life on the same store, as far as it takes to deliver; the socket comes later.
    [[nodiscard]] bool live_again();

    // Behind the outbox: all of it decided at once.
    void decide(std::vector<Effect>);
    // Until the outbox is empty. Its clock jumps to whatever it waits for.
    [[nodiscard]] bool carried();
    std::vector<std::string> unreachable; // texts of posts that need another place
    std::vector<Channel> opened;

    // What the bot said there, oldest first.
    std::vector<std::string> said(std::string_view channel = "ops");
    std::size_t calls(std::string_view method) { return slack.calls(method).size(); }
    // Until everything that the fake Slack has sent so far has been taken in.
    [[nodiscard]] bool heard();
    std::size_t told_of(std::string_view part) const;
    std::uint64_t may_repeat() const { return outbox_.may_repeat(); }

private:
    bot::Clocks clocks_;
    bot::Outbox outbox_;
};

} // namespace cox::test
