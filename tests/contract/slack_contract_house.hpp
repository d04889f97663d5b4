#pragma once
#include "../support/slack_house.hpp"
#include "adapters/slack/names.hpp"
#include "house.hpp"

#include <stdexcept>

namespace cox::contract {

class SlackContractHouse final : public House {
public:
    SlackContractHouse() {
        house_.slack.inside(
            [](fake_slack::Slack& slack) { slack.world.channel("ops")->topic.value = "On call: Bo &amp; &lt;Cy&gt;"; });
        restart();
    }
    Network& network() override { return house_.network->network(); }
    // What one person was shown cannot be read back by anybody else.
    Promises promises() const override { return {.knows_private_words = false}; }
    void settle() override {
        if (!house_.run_until([this] { return all_answered(); })) throw std::runtime_error{"never answered"};
    }
    void restart() override {
        forget_unanswered();
        house_.desk.told.clear();
        house_.restart();
        if (!house_.run_until([this] { return house_.desk.was_told("slack: here as"); }))
            throw std::runtime_error{"no connection to the fake Slack"};
    }
    ChannelId ops() const override { return test::SlackHouse::channel("C0OPS0001"); }
    Person ana() const override { return test::SlackHouse::person("U0ALICE01", "alice"); }
    Person bo() const override { return test::SlackHouse::person("U0BOB0001", "bob"); }
    std::vector<Visible> messages(ChannelId const& channel) override {
        return said_in(std::string{slack::raw(channel)});
    }
    std::vector<Visible> whispers(Person const& person) override {
        auto const user = std::string{slack::raw(person.id)};
        std::vector<Visible> list;
        for (auto const& one : house_.slack.ephemerals(user))
            list.push_back({"", one.at("body").at("text")});
        std::string direct;
        house_.slack.inside([&](fake_slack::Slack& slack) { direct = slack.world.im_with(user).id; });
        for (auto& one : said_in(direct))
            list.push_back(std::move(one));
        return list;
    }
    std::string topic(ChannelId const& channel) override {
        return house_.slack.channel(slack::raw(channel)).at("topic");
    }
    std::size_t channel_count() override { return house_.slack.see("channels").size(); }

private:
    // By the bot itself: Slack's own lines about topics and people are not the network's.
    std::vector<Visible> said_in(std::string const& channel) {
        std::vector<Visible> list;
        for (auto const& one : house_.slack.messages(channel)) {
            if (one.contains("bot_id")) list.push_back({one.at("ts"), one.at("text")});
        }
        return list;
    }

    static slack::SlackOptions options() {
        slack::SlackOptions options;
        options.topic_spacing = {};
        return options;
    }

    test::SlackHouse house_{options()};
};

} // namespace cox::contract
