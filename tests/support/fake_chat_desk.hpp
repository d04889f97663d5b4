#pragma once
// What a chat network that lives elsewhere finds in the house.
#include "adapters/network/desk.hpp"
#include "bot/config/config_folder.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cox::test {

// What the network tells and asks of a house in which one incident may be open.
struct FakeChatDesk final : Desk {
    // With the policy and the words that are shipped.
    FakeChatDesk();

    Policy const& policy() const override { return policy_in_force; }
    Words const& words() const override { return words_; }
    Time now() override { return std::chrono::floor<Duration>(std::chrono::system_clock::now()) + ahead; }
    std::vector<Incident const*> open_incidents() const override {
        return incident ? std::vector<Incident const*>{&*incident} : std::vector<Incident const*>{};
    }
    Incident const* open_in(ChannelId const& channel) const override {
        return incident && incident->channel && incident->channel->id == channel ? &*incident : nullptr;
    }
    void show_again(ChannelId const& channel) override { shown_again.push_back(channel); }
    void tell_operator(Weight, std::string_view text) override { told.emplace_back(text); }
    bool was_told(std::string_view part) const;

    Policy policy_in_force;
    std::optional<Incident> incident;
    std::vector<ChannelId> shown_again;
    std::vector<std::string> told;
    Duration ahead{};

private:
    explicit FakeChatDesk(bot::ConfigFolder config)
        : policy_in_force{std::move(config.policy)}, words_{std::move(config.words)} {}

    Words words_;
};

} // namespace cox::test
