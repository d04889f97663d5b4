// Channels of their own.
#include "adapters/slack/delivery.hpp"
#include "adapters/slack/json.hpp"
#include "adapters/slack/names.hpp"
#include "core/marks.hpp"

namespace cox::slack {
namespace {

// Names that are taken, by archived channels too, get a number at their end.
constexpr int most_names = 9;
constexpr int most_pages = 25;

// Slack tells of a new channel by its events too, perhaps before it answers: that we have heard of it says nothing.
bool is_of_another_effect(Room const* room) {
    return room && room->made_by_us;
}

bool is_called(std::string_view name, std::string_view wanted) {
    for (int attempt = 1; attempt <= most_names; ++attempt) {
        if (name == channel_name(wanted, attempt)) return true;
    }
    return false;
}

Channel opened_as(std::string_view team, std::string_view channel, std::string name) {
    return {channel_id(team, channel), std::move(name)};
}

} // namespace

void Deliverer::show(Delivery const& delivery, effect::OpenChannel const& open, Done done) {
    if (!shared_.trouble.empty()) return done(*obstacle(Room{}, false));
    // Asked again for what it has made before.
    if (auto const* room = shared_.rooms.made_for(delivery.op)) {
        return settle_in(delivery, open, room->channel, room->name, std::move(done));
    }
    create(delivery, open, 1, std::move(done));
}

void Deliverer::create(Delivery const& delivery, effect::OpenChannel const& open, int attempt, Done done) {
    auto name = channel_name(open.name, attempt);
    Call call{"conversations.create",
              {{"name", name}, {"is_private", shared_.private_channels ? "true" : "false"}},
              "",
              delivery.urgency};
    auto finish = [this, delivery, open, attempt, name, done = std::move(done)](Answer const& answer) {
        if (answer.error == "name_taken" && attempt < most_names) return create(delivery, open, attempt + 1, done);
        if (!answer.ok()) return done(outcome(answer, nullptr));
        auto const json = read_object(answer.body, answer.body.size());
        auto const& made = json ? at(*json, "channel") : nlohmann::json{};
        auto const given = text_at(made, "name");
        settle_in(delivery, open, id_at(made, "id"), given.empty() ? name : given, done);
    };
    shared_.api.call(std::move(call), guarded(std::move(finish)));
}

void Deliverer::settle_in(Delivery const& delivery, effect::OpenChannel const& open, std::string channel,
                          std::string name, Done done) {
    if (channel.empty()) {
        Delivered delivered;
        delivered.what = Delivered::What::unknown;
        delivered.reason = "Slack named no channel";
        return done(std::move(delivered));
    }
    auto& room = shared_.rooms.at(channel);
    room.name = name;
    room.made_by_us = true;
    room.is_private = shared_.private_channels;
    room.op = delivery.op;
    room.looked_up = true;
    auto const purpose = topic_text(marks::plain(open.purpose)); // the same limit
    shared_.api.call(
        {"conversations.setPurpose", {{"channel", channel}, {"purpose", purpose}}, channel, delivery.urgency},
        [](Answer const&) {});
    Delivered delivered;
    delivered.remote = channel;
    delivered.opened = opened_as(shared_.team, channel, name);
    std::vector<std::string> users;
    if (auto const user = raw(open.invite.id); !user.empty()) users.emplace_back(user);
    // The one who declared it is in before the first word stands there.
    auto finish = [this, channel, done = std::move(done), delivered](std::vector<Answer> const&) {
        save(shared_.rooms.at(channel), [done, delivered] { done(delivered); });
    };
    invite(delivery, channel, std::move(users), {}, std::move(finish));
}

// A channel of the wanted name that we made ourselves, a short while ago at most, and for no other incident that we
// know of. Somebody may have joined it or said something there meanwhile.
void Deliverer::find_channel(Delivery const& delivery, effect::OpenChannel const& open, std::string cursor, int pages,
                             Done done) {
    if (auto const* room = shared_.rooms.made_for(delivery.op)) {
        return settle_in(delivery, open, room->channel, room->name, std::move(done));
    }
    Fields fields{{"types", shared_.private_channels ? "private_channel" : "public_channel"},
                  {"exclude_archived", "true"},
                  {"limit", "200"}};
    if (!cursor.empty()) fields.emplace_back("cursor", std::move(cursor));
    auto finish = [this, delivery, open, pages, done = std::move(done)](Answer const& answer) {
        auto delivered = outcome(answer, nullptr);
        if (!answer.ok()) {
            // It cannot be told: a second channel is better than none.
            bool const never = delivered.what == Delivered::What::failed && !delivered.unreachable;
            if (never) delivered.what = Delivered::What::absent;
            return done(std::move(delivered));
        }
        auto const json = read_object(answer.body, answer.body.size());
        auto const& list = json ? *json : nlohmann::json{};
        auto const earliest = searched_from(delivery.at);
        for (auto const& each : at(list, "channels")) {
            auto const name = text_at(each, "name");
            auto const id = id_at(each, "id");
            bool const ours = text_at(each, "creator") == shared_.self && is_called(name, open.name) &&
                              count_at(each, "created").value_or(0) >= earliest &&
                              !is_of_another_effect(shared_.rooms.find(id));
            if (ours) return settle_in(delivery, open, id, name, done);
        }
        auto const next = text_at(at(list, "response_metadata"), "next_cursor");
        if (!next.empty() && pages < most_pages) return find_channel(delivery, open, next, pages + 1, done);
        delivered.what = Delivered::What::absent;
        done(std::move(delivered));
    };
    shared_.api.call({"conversations.list", std::move(fields), "", delivery.urgency, false},
                     guarded(std::move(finish)));
}

} // namespace cox::slack
