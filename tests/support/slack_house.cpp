#include "slack_house.hpp"

#include <algorithm>
#include <stdexcept>

namespace cox::test {

SlackHouse::SlackHouse(slack::SlackOptions options) : options_{std::move(options)} {
    options_.api_url = slack.api();
    restart();
}

SlackHouse::SlackHouse(slack::SlackOptions options, slack::Tokens given)
    : tokens{std::move(given)}, options_{std::move(options)} {
    restart();
}

SlackHouse::~SlackHouse() {
    network.reset();
}

void SlackHouse::restart() {
    network.reset();
    io_.restart();
    auto made = slack::SlackNetwork::make(io_, store, desk, options_, [this] { return std::optional{tokens}; });
    if (!made) throw std::runtime_error{made.error()};
    network = std::move(*made);
    network->load(store.found());
    network->network().start(inbox);
}

bool SlackHouse::connect() {
    return run_until([this] { return network->troubles().empty(); });
}

bool SlackHouse::acknowledged(nlohmann::json const& act) {
    auto const envelopes = act.at("envelopes").get<std::vector<std::string>>();
    return run_until([&] {
        return std::ranges::all_of(envelopes,
                                   [this](auto const& id) { return slack.envelope(id).at("settled") == true; });
    });
}

void SlackHouse::durable(std::function<void()> call) {
    if (holding_) return held_.push_back(std::move(call));
    boost::asio::post(io_, std::move(call));
}

void SlackHouse::release_commits() {
    holding_ = false;
    for (auto& call : std::exchange(held_, {}))
        durable(std::move(call));
}

Delivered SlackHouse::deliver(std::int64_t op, Effect effect) {
    std::optional<Delivered> got;
    network->network().deliver({op, {1}, std::move(effect), desk.now()}, [&](Delivered it) { got = std::move(it); });
    if (!run_until([&] { return got.has_value(); })) throw std::runtime_error{"a delivery that never ends"};
    return *got;
}

Delivered SlackHouse::reconcile(std::int64_t op, Effect effect) {
    std::optional<Delivered> got;
    network->network().reconcile({op, {1}, std::move(effect), desk.now()}, [&](Delivered it) { got = std::move(it); });
    if (!run_until([&] { return got.has_value(); })) throw std::runtime_error{"a question that is never answered"};
    return *got;
}

Person SlackHouse::person(std::string_view id, std::string name) {
    return {UserId{"slack:" + team() + ":" + std::string{id}}, std::move(name)};
}

} // namespace cox::test
