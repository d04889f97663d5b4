#include "delivery_house.hpp"

#include <algorithm>
#include <stdexcept>

namespace cox::test {

namespace {

using namespace std::chrono_literals;

Time system_now() {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

} // namespace

ChannelId ops() {
    return SlackHouse::channel("C0OPS0001");
}

Person alice() {
    return SlackHouse::person("U0ALICE01", "alice");
}

Person bob() {
    return SlackHouse::person("U0BOB0001", "bob");
}

Effect post(std::string text, ChannelId channel) {
    return effect::Post{std::move(channel), effect::PostKind::word, std::move(text), {}};
}

Effect alert(std::string text, ChannelId channel) {
    return effect::Post{std::move(channel), effect::PostKind::alert, std::move(text), {}};
}

Effect card(std::string text, std::int64_t incident, ChannelId channel) {
    Card card;
    card.incident = {incident};
    card.text = std::move(text);
    return effect::ShowCard{std::move(channel), std::move(card)};
}

Effect topic(std::string text, ChannelId channel) {
    return effect::SetTopic{std::move(channel), std::move(text)};
}

Effect link(std::string url, ChannelId channel) {
    return effect::SetLink{std::move(channel), "Call", std::move(url)};
}

Effect open(std::string name) {
    return effect::OpenChannel{ops(), std::move(name), "checkout errors", alice()};
}

Effect tell(std::string text, Person to, ChannelId channel) {
    return effect::Tell{std::move(channel), std::move(to), std::move(text), {}};
}

slack::SlackOptions quick() {
    slack::SlackOptions options;
    options.topic_spacing = {};
    options.look_at_tokens_every = 20ms;
    options.http.first_byte_within = 1s;
    return options;
}

DeliveryHouse::DeliveryHouse(slack::SlackOptions options)
    : SlackHouse{std::move(options)}, clocks_{bot::Clocks::manual(system_now())},
      outbox_{{store, clocks_, [this](ChannelId const&) { return &network->network(); }, [](IncidentId) { return 0; },
               [this](IncidentId, std::optional<Channel> channel, std::string const&) {
                   if (channel) opened.push_back(*channel);
               },
               [this](bot::OutboxMachine::Job const& job, std::string const&) {
                   if (auto const* lost = std::get_if<effect::Post>(&job.effect)) unreachable.push_back(lost->text);
               },
               [] {}}} {
    if (!connect()) throw std::runtime_error{"no connection to the fake Slack"};
}

void DeliveryHouse::hand_out(std::int64_t op, Effect effect, int urgency) {
    network->network().deliver({op, {1}, std::move(effect), system_now(), urgency},
                               [this](Delivered delivered) { answers.push_back(std::move(delivered)); });
}

void DeliveryHouse::incident_in_ops() {
    desk.incident.emplace();
    desk.incident->id = {1};
    desk.incident->channel = Channel{ops(), "ops"};
}

bool DeliveryHouse::live_again() {
    desk.told.clear();
    restart();
    return run_until([this] { return desk.was_told("slack: here as"); });
}

void DeliveryHouse::decide(std::vector<Effect> effects) {
    store::Batch batch;
    auto ops = outbox_.admit({1}, effects, clocks_.now(), batch);
    store.commit(std::move(batch), [this, ops = std::move(ops)] { outbox_.stored(ops); });
}

bool DeliveryHouse::carried() {
    return run_until([this] {
        if (auto const wake = outbox_.wake(); wake && outbox_.idle()) {
            clocks_.advance_to(*wake);
            outbox_.pump();
        }
        return outbox_.waiting() == 0;
    });
}

std::vector<std::string> DeliveryHouse::said(std::string_view channel) {
    std::vector<std::string> texts;
    for (auto const& message : slack.messages(channel)) {
        if (message.contains("bot_id")) texts.push_back(message.at("text"));
    }
    return texts;
}

bool DeliveryHouse::heard() {
    return run_until([this] {
        bool all = true;
        slack.inside([&](fake_slack::Slack& inside) {
            all = std::ranges::all_of(inside.sockets.envelopes(), [](auto const& each) { return each.settled; });
        });
        return all;
    });
}

std::size_t DeliveryHouse::told_of(std::string_view part) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(desk.told, [&](std::string const& each) { return each.contains(part); }));
}

} // namespace cox::test
