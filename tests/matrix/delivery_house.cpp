#include "delivery_house.hpp"

#include "adapters/net/url.hpp"

#include <algorithm>
#include <stdexcept>

namespace cox::matrix {
namespace {

constexpr std::string_view bot = "@coxswain:lab.test";

net::Url url_of(std::string const& address) {
    auto const url = net::parse_url(address);
    if (!url) throw std::runtime_error{"no address: " + address};
    return *url;
}

} // namespace

DeliveryHouse::Parts::Parts(DeliveryHouse& house, std::string const& token)
    : outside{std::move(*net::Outside::make(house.io_, {}))}, api{house.io_, *outside, url_of(house.matrix.address())},
      people{api}, shared{api, house.store, house.desk, rooms, people, heard, own}, deliverer{shared} {
    api.set_token(token);
    people.set_ourselves(std::string{bot});
    shared.self = bot;
    shared.house = "thishouse";
    shared.topic_spacing = Duration{0};
    rooms.load(house.store.found());
}

DeliveryHouse::DeliveryHouse() {
    ops_ = matrix.room("ops").at("id");
    token_ = matrix.act("login", {{"user", "coxswain"}, {"device", "COXSWAIN"}}).at("access_token");
    restart();
}

DeliveryHouse::~DeliveryHouse() {
    parts.reset();
}

void DeliveryHouse::restart() {
    parts.reset();
    parts = std::make_unique<Parts>(*this, token_);
}

Delivered DeliveryHouse::deliver(std::int64_t op, Effect effect) {
    std::optional<Delivered> got;
    parts->deliverer.deliver({op, {1}, std::move(effect), desk.now()}, [&](Delivered it) { got = std::move(it); });
    if (!run_until([&] { return got.has_value(); })) throw std::runtime_error{"a delivery that never ends"};
    return *got;
}

Delivered DeliveryHouse::reconcile(std::int64_t op, Effect effect) {
    std::optional<Delivered> got;
    parts->deliverer.reconcile({op, {1}, std::move(effect), desk.now()}, [&](Delivered it) { got = std::move(it); });
    if (!run_until([&] { return got.has_value(); })) throw std::runtime_error{"a question that is never answered"};
    return *got;
}

ChannelId DeliveryHouse::open_incident_room(std::int64_t op) {
    auto const delivered = deliver(op, effect::OpenChannel{ops(), "inc-1-checkout", "Checkout errors", {}});
    if (!delivered.opened) throw std::runtime_error{"no room: " + delivered.reason};
    Incident incident;
    incident.id = {1};
    incident.channel = *delivered.opened;
    desk.incident = incident;
    return delivered.opened->id;
}

Person DeliveryHouse::person(std::string_view name, std::string shown) {
    return {user_id("@" + std::string{name} + ":lab.test"), std::move(shown)};
}

std::size_t DeliveryHouse::said(ChannelId const& channel, std::string_view part) {
    auto const all = messages(channel);
    return static_cast<std::size_t>(std::ranges::count_if(all, [part](json const& message) {
        return message.at("body").get<std::string>().find(part) != std::string::npos;
    }));
}

std::vector<json> DeliveryHouse::calls_to(std::string_view endpoint, std::string_view type) {
    auto calls = matrix.calls(endpoint);
    if (!type.empty())
        std::erase_if(calls, [type](json const& call) { return call.at("in_path").value("type", "") != type; });
    return calls;
}

} // namespace cox::matrix
