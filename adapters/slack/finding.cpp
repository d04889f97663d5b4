// What became of an effect whose answer was lost: looked up by our own number in the message's metadata.
#include "adapters/slack/delivery.hpp"
#include "adapters/slack/json.hpp"
#include "adapters/slack/names.hpp"

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

// Slack's clock and ours may differ by this much. What it costs is to read a little more history.
constexpr Duration clock_slack = 10min;
constexpr int most_pages = 10;

Delivered absent() {
    Delivered delivered;
    delivered.what = Delivered::What::absent;
    return delivered;
}

} // namespace

std::int64_t Deliverer::searched_from(Time decided) {
    // A log that is ahead of the clock is gone on with; nothing in Slack is.
    auto const now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    auto const from = std::min<Time>(decided, Time{now.time_since_epoch()}) - clock_slack;
    return std::max<std::int64_t>(std::chrono::floor<std::chrono::seconds>(from.time_since_epoch()).count(), 0);
}

void Deliverer::find_message(Delivery const& delivery, std::string const& channel, Fits fits, std::string cursor,
                             int pages, std::function<void(std::optional<Delivered>, std::string)> done) {
    Fields fields{{"channel", channel},
                  {"oldest", std::to_string(searched_from(delivery.at)) + ".000000"},
                  {"include_all_metadata", "true"},
                  {"limit", "200"}};
    if (!cursor.empty()) fields.emplace_back("cursor", std::move(cursor));
    auto finish = [this, delivery, channel, fits, pages, done = std::move(done)](Answer const& answer) {
        if (!answer.ok()) return done(outcome(answer, nullptr), "");
        auto const json = read_object(answer.body, answer.body.size());
        auto const& list = json ? *json : nlohmann::json{};
        for (auto const& message : at(list, "messages")) {
            auto const& payload = at(at(message, "metadata"), "event_payload");
            if (fits(text_at(payload, "op"), text_at(payload, "card")))
                return done(std::nullopt, text_at(message, "ts"));
        }
        auto const next = text_at(at(list, "response_metadata"), "next_cursor");
        if (next.empty()) return done(std::nullopt, "");
        if (pages < most_pages) return find_message(delivery, channel, fits, next, pages + 1, done);
        Delivered endless;
        endless.what = Delivered::What::failed;
        endless.reason = "more was said since than is looked through";
        done(endless, "");
    };
    shared_.api.call({"conversations.history", std::move(fields), "", delivery.urgency, false},
                     guarded(std::move(finish)));
}

void Deliverer::reconcile(Delivery const& delivery, Done done) {
    // Setting a topic or editing a card twice leaves one; private words are worth a repetition. A bookmark whose answer
    // was lost may stand twice: to look for it would take one more right from everybody.
    if (auto const* open = std::get_if<effect::OpenChannel>(&delivery.effect)) {
        if (!shared_.trouble.empty()) return done(*obstacle(Room{}, true));
        return find_channel(delivery, *open, "", 1, std::move(done));
    }
    auto const* post = std::get_if<effect::Post>(&delivery.effect);
    auto const* card = std::get_if<effect::ShowCard>(&delivery.effect);
    if (!post && !card) return done(absent());
    auto& room = shared_.rooms.at(raw(channel_of(delivery.effect)));
    if (card && room.card_of(card->card.incident)) return done(absent());
    if (auto const stop = obstacle(room, true)) return done(*stop);

    auto const op = op_name(delivery.op);
    auto const shown_as = card ? text(card->card.incident) : std::string{};
    // A card is found by its incident: an earlier effect may have put it there.
    Fits fits = [this, op, shown_as](std::string_view found_op, std::string_view found_card) {
        if (shown_as.empty()) return found_op == op;
        return found_card == shown_as && found_op.starts_with(shared_.house + ":");
    };
    auto finish = [this, op_number = delivery.op, shown_as, incident = card ? card->card.incident : IncidentId{},
                   channel = room.channel,
                   done = std::move(done)](std::optional<Delivered> trouble, std::string const& ts) {
        auto& at = shared_.rooms.at(channel);
        if (trouble && (trouble->what != Delivered::What::failed || trouble->unreachable)) return done(*trouble);
        if (trouble) {
            // History cannot be read: once more, and it says so.
            may_repeat_.insert(op_number);
            return done(absent());
        }
        if (ts.empty()) return done(absent());
        Delivered delivered;
        delivered.remote = ts;
        if (shown_as.empty()) return done(std::move(delivered));
        at.set_card(incident, ts);
        pin_card(at, incident);
        // What stands there may be older than what is to be shown: it is edited now that its place is known.
        save(at, [done] { done(absent()); });
    };
    find_message(delivery, room.address(), std::move(fits), "", 1, guarded(std::move(finish)));
}

} // namespace cox::slack
