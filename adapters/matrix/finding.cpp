// What became of an effect whose answer was lost. To send it again with the same transaction id does no harm while the
// homeserver remembers that; how long it does is its own affair (half an hour in memory, a day in the database of
// Synapse; in others until they start anew), and a new device has none. So the room is looked through first, for the
// operation's number in our own events.
#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/delivery.hpp"
#include "adapters/matrix/names.hpp"

#include <nlohmann/json.hpp>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using What = Delivered::What;

// The homeserver's clock and ours may differ by this much.
constexpr Duration clock_slack = 10min;
// A homeserver remembers transactions at least this long, unless it was started anew.
constexpr Duration surely_remembered = 20min;
constexpr int most_pages = 25;

Delivered absent() {
    Delivered delivered;
    delivered.what = What::absent;
    return delivered;
}

bool is_edit(nlohmann::json const& content) {
    return untrusted::text_at(untrusted::at(content, "m.relates_to"), "rel_type") == "m.replace";
}

} // namespace

void Deliverer::find_message(Delivery const& delivery, std::string const& room, Fits const& fits, std::string from,
                             int pages, Found found) {
    nlohmann::json const filter{{"types", {"m.room.message"}}, {"senders", {shared_.self}}};
    Query query{{"dir", "b"}, {"limit", "100"}, {"filter", filter.dump()}};
    if (!from.empty()) query.emplace_back("from", std::move(from));
    auto finish = [this, delivery, room, fits, pages, found = std::move(found)](Answer const& answer) {
        if (!answer.ok()) return found(outcome(answer, nullptr), "");
        auto const json = untrusted::read_object_of_many(answer.body);
        auto const& page = json ? *json : nlohmann::json{};
        auto const since = (delivery.at - clock_slack).time_since_epoch().count();
        bool all_seen = false;
        for (auto const& event : untrusted::at(page, "chunk")) {
            auto const& content = untrusted::at(event, "content");
            auto const& own = untrusted::at(content, own_part);
            bool const is_ours = untrusted::text_at(event, "sender") == shared_.self && !is_edit(content);
            if (is_ours && fits(untrusted::text_at(own, "op"), untrusted::text_at(own, "card")))
                return found(std::nullopt, untrusted::text_at(event, "event_id"));
            all_seen = all_seen || untrusted::count_at(event, "origin_server_ts").value_or(since) < since;
        }
        auto const next = untrusted::text_at(page, "end");
        if (next.empty() || all_seen) return found(std::nullopt, "");
        if (pages < most_pages) return find_message(delivery, room, fits, next, pages + 1, found);
        Delivered endless;
        endless.what = What::failed;
        endless.reason = "more was said since than is looked through";
        found(endless, "");
    };
    auto call = get({"rooms", room, "messages"}, std::move(query));
    call.urgency = delivery.urgency;
    shared_.api.call(std::move(call), guarded(std::move(finish)));
}

void Deliverer::reconcile(Delivery const& delivery, Done done) {
    if (auto const* open = std::get_if<effect::OpenChannel>(&delivery.effect)) {
        if (!shared_.trouble.empty()) return done(*obstacle(Room{}, true));
        return find_room(delivery, *open, 1, std::move(done));
    }
    auto const* card = std::get_if<effect::ShowCard>(&delivery.effect);
    // Setting a topic or editing a card twice leaves one, and whoever was asked in is asked in.
    bool const is_same_again = is_slot(delivery.effect) || std::holds_alternative<effect::Invite>(delivery.effect);
    if (is_same_again && !card) return done(absent());
    auto& room = shared_.rooms.at(raw(channel_of(delivery.effect)));
    if (card && room.card_of(card->card.incident)) return done(absent());
    if (auto const stop = obstacle(room, true)) return done(*stop);
    reconcile_message(delivery, room, card ? card->card.incident : IncidentId{}, std::move(done));
}

void Deliverer::reconcile_message(Delivery const& delivery, Room& room, IncidentId card, Done done) {
    auto const shown_as = card.number > 0 ? text(card) : std::string{};
    // A card is found by its incident: an earlier effect may have put it there.
    Fits const fits = [house = shared_.house + ":", op = op_name(delivery.op), shown_as](std::string_view found_op,
                                                                                         std::string_view found_card) {
        return shown_as.empty() ? found_op == op : found_card == shown_as && found_op.starts_with(house);
    };
    auto finish = [this, delivery, card, id = room.id, done = std::move(done)](std::optional<Delivered> const& trouble,
                                                                               std::string const& event) {
        auto& at = shared_.rooms.at(id);
        bool const never = trouble && trouble->what == What::failed && !trouble->unreachable;
        if (trouble && !never) return done(*trouble);
        if (never) {
            // It cannot be told: once more, and where it may stand there twice it says so.
            bool const is_old = shared_.desk.now() - delivery.at > surely_remembered;
            if (is_old) may_repeat_.insert(delivery.op);
            return done(absent());
        }
        if (event.empty()) return done(absent());
        Delivered delivered;
        delivered.remote = event;
        if (card.number == 0) return done(std::move(delivered));
        at.set_card(card, event);
        pin_card(at, card);
        // What stands there may be older than what is to be shown: it is edited now that its place is known.
        save(at, [done] { done(absent()); });
    };
    find_message(delivery, room.address(), fits, "", 1, guarded(std::move(finish)));
}

} // namespace cox::matrix
