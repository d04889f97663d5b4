#pragma once
#include "../support/fake_house.hpp"
#include "adapters/web/channels.hpp"
#include "house.hpp"

namespace cox::contract {

class WebHouse final : public House {
public:
    WebHouse() {
        restart();
        web_->ensure("ops", {});
        settle();
    }
    Network& network() override { return *web_; }
    Promises promises() const override { return {}; }
    void settle() override { store_.settle(); }
    void restart() override {
        forget_unanswered();
        web_ = std::make_unique<web::WebChannels>(store_, [](ChannelId const&) { return Time{}; });
        web_->load(store_.found());
        web_->start(inbox_);
    }
    ChannelId ops() const override { return {"ops"}; }
    Person ana() const override { return {UserId{"ana"}, "Ana"}; }
    Person bo() const override { return {UserId{"bo"}, "Bo"}; }
    std::vector<Visible> messages(ChannelId const& channel) override { return seen(channel, ""); }
    std::vector<Visible> whispers(Person const& person) override { return seen(ops(), person.id.value); }
    std::string topic(ChannelId const& channel) override { return web_->channel(channel)->topic; }
    std::size_t channel_count() override { return web_->channels().size(); }

private:
    std::vector<Visible> seen(ChannelId const& channel, std::string_view private_to) {
        std::vector<Visible> list;
        web_->read(channel, std::nullopt, 500, [&](std::vector<web::Message> const& found) {
            for (auto const& each : found) {
                if (each.private_to.value == private_to) list.push_back({web::message_id(each.id), each.text});
            }
        });
        settle();
        return list;
    }

    test::FakeStore store_;
    test::FakeInbox inbox_{store_};
    std::unique_ptr<web::WebChannels> web_;
};

} // namespace cox::contract
