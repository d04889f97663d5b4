#include "adapters/web/channel.hpp"

#include "adapters/web/json.hpp"

#include <algorithm>

namespace cox::web {
namespace {

constexpr std::size_t longest_channel_name = 80;

std::int64_t number_of(nlohmann::json const& object, char const* name) {
    auto const found = object.find(name);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

} // namespace

CardPlace const* WebChannel::card_of(IncidentId incident) const {
    auto const at = std::ranges::find(cards, incident, &CardPlace::incident);
    return at == cards.end() ? nullptr : &*at;
}

store::SaidChannel to_row(WebChannel const& channel) {
    auto body = nlohmann::json::object();
    if (channel.op != 0) body["op"] = channel.op;
    if (!channel.purpose.empty()) body["purpose"] = channel.purpose;
    if (channel.topic_before) body["topic_before"] = *channel.topic_before;
    for (auto const& card : channel.cards) {
        body["cards"].push_back(
            {{"incident", card.incident.number}, {"message", card.message}, {"op", card.op}, {"at", rfc3339(card.at)}});
    }
    return {channel.id.value, channel.name, channel.topic_wanted, write_json(body)};
}

WebChannel from_row(store::SaidChannel const& row) {
    WebChannel channel;
    channel.id.value = row.id;
    channel.name = row.name;
    channel.durable = true;
    channel.topic = row.topic;
    channel.topic_wanted = row.topic;
    auto const body = read_json(row.body).value_or(nlohmann::json::object());
    if (!body.is_object()) return channel;
    channel.op = number_of(body, "op");
    channel.purpose = string_of(body, "purpose").value_or("");
    channel.topic_before = string_of(body, "topic_before");
    auto const cards = body.find("cards");
    if (cards == body.end() || !cards->is_array()) return channel;
    for (auto const& card : *cards) {
        if (!card.is_object()) continue;
        auto const at = from_rfc3339(string_of(card, "at").value_or(""));
        channel.cards.push_back(
            {{number_of(card, "incident")}, number_of(card, "message"), number_of(card, "op"), at.value_or(Time{})});
    }
    return channel;
}

std::string channel_name(std::string_view wanted) {
    std::string name;
    for (char c : wanted) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        bool const keeps = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (keeps)
            name += c;
        else if (!name.empty() && name.back() != '-')
            name += '-';
        if (name.size() == longest_channel_name) break;
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return name.empty() ? "incident" : name;
}

std::string numbered_name(std::string_view name, int number) {
    auto const tail = "-" + std::to_string(number);
    auto head = std::string{name.substr(0, longest_channel_name - tail.size())};
    while (!head.empty() && head.back() == '-')
        head.pop_back();
    return head + tail;
}

} // namespace cox::web
