// What is kept up to date: the card, the topic, the link of the call.
#include "adapters/slack/delivery.hpp"
#include "adapters/slack/json.hpp"
#include "adapters/slack/names.hpp"

#include "core/characters.hpp"
#include "core/parse.hpp"

namespace cox::slack {
namespace {

// Who commands stands in the topic, and is known before anything else is said.
constexpr int before_all = -1000;

std::string text_in(Answer const& answer, char const* outer, char const* name) {
    auto const json = read_object(answer.body, answer.body.size());
    if (!json) return {};
    return outer ? text_at(at(*json, outer), name) : text_at(*json, name);
}

Delivered wait_for(Duration wait) {
    Delivered delivered;
    delivered.what = Delivered::What::again;
    delivered.wait = wait;
    return delivered;
}

// Whoever may not set it now may not set it in a minute.
// What people had there is Slack's own markup ("<https://wiki|wiki>") and goes back as it came.
std::string as_it_was(std::string const& before) {
    return length(before) <= longest_topic ? before : topic_text(normalise(before));
}

bool is_forbidden(Answer const& answer) {
    return answer.verdict == Verdict::scope || answer.error.starts_with("restricted_action") ||
           answer.error == "user_is_restricted" || answer.error == "method_not_supported_for_channel_type";
}

} // namespace

void Deliverer::show(Delivery const& delivery, effect::ShowCard const& show_card, Done done) {
    auto& room = shared_.rooms.at(raw(show_card.channel));
    if (auto const stop = obstacle(room, true)) return done(*stop);
    if (auto const* place = room.card_of(show_card.card.incident)) {
        return change_card(delivery, show_card, place->ts, std::move(done));
    }
    put_card(delivery, show_card, std::move(done));
}

void Deliverer::put_card(Delivery const& delivery, effect::ShowCard const& show_card, Done done) {
    auto const& room = shared_.rooms.at(raw(show_card.channel));
    auto finish = [this, channel = room.channel, incident = show_card.card.incident,
                   done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(channel);
        auto delivered = outcome(answer, &at);
        if (!answer.ok()) return done(std::move(delivered));
        delivered.remote = text_in(answer, nullptr, "ts");
        if (delivered.remote.empty()) {
            // It stands there, but where? To be looked for.
            delivered.what = Delivered::What::unknown;
            delivered.reason = "Slack named no message";
            return done(std::move(delivered));
        }
        at.set_card(incident, delivered.remote);
        pin_card(at, incident);
        save(at, [done, delivered] { done(delivered); });
    };
    post(delivery, room.address(), draw(show_card.card), metadata_of(delivery, text(show_card.card.incident)),
         guarded(std::move(finish)));
}

void Deliverer::pin_card(Room const& room, IncidentId incident) {
    auto const* card = room.card_of(incident);
    if (!card || !card->pin_due || !pinning_.insert(card->ts).second) return;
    auto finish = [this, channel = room.channel, incident, ts = card->ts](Answer const& answer) {
        pinning_.erase(ts);
        using What = Delivered::What;
        auto const what = outcome(answer, nullptr).what;
        if (what == What::again || what == What::unknown) return;
        auto& at = shared_.rooms.at(channel);
        auto* const place = at.card_of(incident);
        if (!place || place->ts != ts) return;
        place->pin_due = false;
        save(at);
    };
    shared_.api.call({"pins.add", {{"channel", room.address()}, {"timestamp", card->ts}}, room.address()},
                     guarded(std::move(finish)));
}

void Deliverer::pin_what_is_due() {
    for (auto const& [channel, room] : shared_.rooms.all())
        if (auto const* open = shared_.desk.open_in(channel_id(shared_.team, room.channel))) pin_card(room, open->id);
}

void Deliverer::change_card(Delivery const& delivery, effect::ShowCard const& show_card, std::string ts, Done done) {
    auto const& room = shared_.rooms.at(raw(show_card.channel));
    auto const drawn = draw(show_card.card);
    Call call{"chat.update",
              {{"channel", room.address()}, {"ts", ts}, {"text", drawn.text}, {"blocks", drawn.blocks}},
              room.address(),
              delivery.urgency};
    auto finish = [this, delivery, show_card, ts, channel = room.channel,
                   done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(channel);
        // Somebody deleted it, or it is too old to be edited: a new one takes its place.
        if (answer.error == "message_not_found" || answer.error == "edit_window_closed" ||
            answer.error == "cant_update_message") {
            at.set_card(show_card.card.incident, "");
            return put_card(delivery, show_card, done);
        }
        auto delivered = outcome(answer, &at);
        // The same again does no harm.
        if (delivered.what == Delivered::What::unknown) delivered.what = Delivered::What::again;
        if (answer.ok()) delivered.remote = ts;
        if (answer.ok()) pin_card(at, show_card.card.incident);
        done(std::move(delivered));
    };
    shared_.api.call(std::move(call), guarded(std::move(finish)));
}

void Deliverer::show(Delivery const& delivery, effect::SetTopic const& set, Done done) {
    auto& room = shared_.rooms.at(raw(set.channel));
    if (auto const stop = obstacle(room, true)) return done(*stop);
    if (room.topic_before || room.made_by_us) {
        return write_topic(room, delivery.urgency, topic_text(set.topic), std::move(done));
    }
    // What stands there now is put back when the incident closes.
    shared_.api.call({"conversations.info", {{"channel", room.address()}}, "", delivery.urgency, false},
                     guarded([this, delivery, set, done](Answer const& answer) {
                         auto& at = shared_.rooms.at(raw(set.channel));
                         if (!answer.ok()) return done(outcome(answer, &at));
                         auto const json = read_object(answer.body, answer.body.size());
                         auto const& channel = json ? cox::slack::at(*json, "channel") : nlohmann::json{};
                         at.topic_before = text_at(cox::slack::at(channel, "topic"), "value");
                         save(at, guarded([this, delivery, set, done] {
                                  write_topic(shared_.rooms.at(raw(set.channel)), delivery.urgency,
                                              topic_text(set.topic), done);
                              }));
                     }));
}

void Deliverer::show(Delivery const& delivery, effect::RestoreTopic const& restore, Done done) {
    auto& room = shared_.rooms.at(raw(restore.channel));
    if (auto const stop = obstacle(room, true)) return done(*stop);
    if (!room.topic_before) return done({});
    auto const topic = as_it_was(*room.topic_before);
    auto finish = [this, channel = room.channel, done = std::move(done)](Delivered const& delivered) {
        auto& at = shared_.rooms.at(channel);
        if (delivered.what != Delivered::What::sent) return done(delivered);
        at.topic_before.reset();
        at.topic.clear();
        save(at, [done, delivered] { done(delivered); });
    };
    write_topic(room, delivery.urgency, topic, guarded(std::move(finish)));
}

void Deliverer::write_topic(Room& room, int urgency, std::string topic, Done done) {
    if (room.topic == topic) return done({});
    auto const now = std::chrono::steady_clock::now();
    if (room.topic_written && now - *room.topic_written < shared_.topic_spacing) {
        return done(wait_for(std::chrono::ceil<Duration>(*room.topic_written + shared_.topic_spacing - now)));
    }
    room.topic_written = now;
    auto finish = [this, channel = room.channel, topic, done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(channel);
        auto delivered = outcome(answer, &at);
        if (delivered.what == Delivered::What::unknown) delivered.what = Delivered::What::again;
        if (is_forbidden(answer) && !std::exchange(at.topic_refused, true)) {
            say(at, shared_.desk.words().say("slack.topic-forbidden", {}), {},
                [this, channel](bool said) { shared_.rooms.at(channel).topic_refused = said; });
        }
        if (!answer.ok()) return done(std::move(delivered));
        at.topic = topic;
        if (at.topic_put_right != topic) at.topic_put_right.clear();
        save(at, [done, delivered] { done(delivered); });
    };
    call_in({"conversations.setTopic",
             {{"channel", room.address()}, {"topic", topic}},
             room.address(),
             before_all + urgency},
            guarded(std::move(finish)));
}

void Deliverer::topic_changed(Room& room, std::string const& user, std::string const& topic) {
    if (room.topic.empty() || topic == room.topic) return;
    // Whatever a person wrote comes back at the end; ours is put right once, never a fight.
    auto const ours = std::exchange(room.topic, topic);
    room.topic_before = topic;
    bool const once_already = room.topic_put_right == ours;
    room.topic_put_right = ours;
    save(room);
    if (once_already) return;
    say(room, shared_.desk.words().say("slack.topic-put-right", {}), user);
    shared_.desk.show_again(channel_id(shared_.team, room.channel));
}

void Deliverer::show(Delivery const& delivery, effect::SetLink const& link, Done done) {
    auto const& room = shared_.rooms.at(raw(link.channel));
    if (auto const stop = obstacle(room, true)) return done(*stop);
    if (room.bookmark.empty()) return add_link(delivery, link, std::move(done));
    change_link(delivery, link, std::move(done));
}

void Deliverer::add_link(Delivery const& delivery, effect::SetLink const& link, Done done) {
    auto const& room = shared_.rooms.at(raw(link.channel));
    auto finish = [this, channel = room.channel, done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(channel);
        auto delivered = outcome(answer, &at);
        if (!answer.ok()) return done(std::move(delivered));
        at.bookmark = text_in(answer, "bookmark", "id");
        save(at, [done, delivered] { done(delivered); });
    };
    call_in({"bookmarks.add",
             {{"channel_id", room.address()}, {"title", link.title}, {"type", "link"}, {"link", link.url}},
             room.address(),
             delivery.urgency},
            guarded(std::move(finish)));
}

void Deliverer::change_link(Delivery const& delivery, effect::SetLink const& link, Done done) {
    auto const& room = shared_.rooms.at(raw(link.channel));
    auto finish = [this, delivery, link, channel = room.channel, done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(channel);
        // Somebody removed it: a new one takes its place.
        if (answer.verdict == Verdict::refused) {
            at.bookmark.clear();
            return add_link(delivery, link, done);
        }
        auto delivered = outcome(answer, &at);
        // The same again does no harm.
        if (delivered.what == Delivered::What::unknown) delivered.what = Delivered::What::again;
        done(std::move(delivered));
    };
    shared_.api.call(
        {"bookmarks.edit",
         {{"channel_id", room.address()}, {"bookmark_id", room.bookmark}, {"title", link.title}, {"link", link.url}},
         room.address(),
         delivery.urgency},
        guarded(std::move(finish)));
}

} // namespace cox::slack
