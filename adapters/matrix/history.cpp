#include "adapters/matrix/history.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/facts.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace cox::matrix {
namespace {

constexpr std::size_t page = 100;
constexpr std::size_t page_behind_entry = 10; // a homeserver that has just come into a room fetches it from others
// Kinds that /sync brings too.
constexpr std::string_view types =
    R"(["m.room.message","m.reaction","m.room.redaction","m.room.encrypted","m.room.member","m.room.name",)"
    R"("m.room.topic","m.room.power_levels","m.room.tombstone","m.room.encryption","m.room.canonical_alias",)"
    R"("m.room.pinned_events"])";

std::string filter() {
    return "{\"types\":" + std::string{types} + "}";
}

std::string filter_without(std::string const& sender) {
    return "{\"not_senders\":[" + nlohmann::json(sender).dump() + "],\"types\":" + std::string{types} + "}";
}

} // namespace

struct History::Reading {
    explicit Reading(boost::asio::io_context& io) : pause{io} {}

    std::string room;
    bool backwards = false;
    std::string from;
    std::string to;            // "" when the own entry is looked for
    std::string self;          // of whom
    std::vector<Event> events; // in the order in which they came
    Done done;
    std::size_t limit = page;
    boost::asio::steady_timer pause;
    Duration wait{};
    std::optional<std::chrono::steady_clock::time_point> failing_since;
    bool told = false; // that it is hindered

    void finish(bool whole) {
        if (backwards) std::ranges::reverse(events);
        if (auto const entry = backwards ? behind_own_entry(events, self) : 0; entry > 0)
            events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(entry));
        std::exchange(done, nullptr)({std::move(events), whole});
    }
};

History::History(boost::asio::io_context& io, Api& api, Limits limits) : io_{io}, api_{api}, limits_{limits} {}
History::~History() = default;

void History::between(std::string const& room, std::string const& from, std::string const& to, Done done) {
    auto reading = std::make_shared<Reading>(io_);
    reading->room = room;
    reading->from = from;
    reading->to = to;
    reading->done = std::move(done);
    read_on(std::move(reading));
}

void History::since_own_entry(std::string const& room, std::string const& before, std::string const& self, Done done) {
    auto reading = std::make_shared<Reading>(io_);
    reading->room = room;
    reading->backwards = true;
    reading->from = before;
    reading->self = self;
    reading->limit = page_behind_entry;
    reading->done = std::move(done);
    read_on(std::move(reading));
}

void History::newest(std::string const& room, std::string const& self,
                     std::function<void(std::vector<std::string>)> done) {
    Query query{{"dir", "b"}, {"limit", std::to_string(page)}, {"filter", filter_without(self)}};
    api_.call(get({"rooms", room, "messages"}, std::move(query)),
              [done = std::move(done), alive = std::weak_ptr<bool>{alive_}](Answer const& answer) {
                  if (!alive.lock()) return;
                  auto const json = untrusted::read_object_of_many(answer.body);
                  auto const events =
                      answer.ok() && json ? read_events(untrusted::at(*json, "chunk")) : std::vector<Event>{};
                  std::vector<std::string> ids;
                  for (auto const& event : events)
                      ids.push_back(event.id);
                  done(std::move(ids));
              });
}

void History::read_on(std::shared_ptr<Reading> reading) {
    Query query{{"dir", reading->backwards ? "b" : "f"},
                {"from", reading->from},
                {"limit", std::to_string(reading->limit)},
                {"filter", filter()}};
    if (!reading->to.empty()) query.emplace_back("to", reading->to);
    auto call = get({"rooms", reading->room, "messages"}, std::move(query));
    call.waits_for_token = true;
    api_.call(std::move(call), [this, reading, alive = std::weak_ptr<bool>{alive_}](Answer const& answer) {
        if (alive.lock()) take(reading, answer);
    });
}

void History::take(std::shared_ptr<Reading> reading, Answer const& answer) {
    if (answer.passing() || answer.unknown) return try_again(std::move(reading), answer);
    // Whoever may not look there any more has nothing to do there.
    auto const json = untrusted::read_object_of_many(answer.body);
    if (!answer.ok() || !json) return reading->finish(false);
    reading->wait = Duration::zero();
    reading->failing_since.reset();
    reading->limit = page;
    std::ranges::move(read_events(untrusted::at(*json, "chunk")), std::back_inserter(reading->events));
    auto end = untrusted::text_at(*json, "end");
    bool const found = reading->backwards && std::ranges::any_of(reading->events, [&](Event const& event) {
                           return behind_own_entry({&event, 1}, reading->self) > 0;
                       });
    // Without an end there is no more; a page may be empty and yet not the last.
    if (end.empty() || end == reading->from || found) return reading->finish(true);
    if (reading->events.size() >= limits_.most_events) return reading->finish(false);
    reading->from = std::move(end);
    read_on(std::move(reading));
}

void History::try_again(std::shared_ptr<Reading> reading, Answer const& answer) {
    if (!std::exchange(reading->told, true) && hindered) hindered(reading->room, answer);
    auto const now = std::chrono::steady_clock::now();
    if (!reading->failing_since) reading->failing_since = now;
    if (now - *reading->failing_since >= limits_.tries_for) return give_up_unless_away(std::move(reading));
    try_later(std::move(reading), answer.retry_after.value_or(Duration::zero()));
}

void History::try_later(std::shared_ptr<Reading> reading, Duration at_least) {
    reading->wait = std::clamp(reading->wait * 2, limits_.first_wait, limits_.longest_wait);
    reading->pause.expires_after(std::max(at_least, reading->wait));
    reading->pause.async_wait(
        [this, reading, alive = std::weak_ptr<bool>{alive_}](boost::system::error_code const& error) {
            if (!error && alive.lock()) read_on(reading);
        });
}

// All rooms wait for this one, which is worth it only where none could be listened to anyway.
void History::give_up_unless_away(std::shared_ptr<Reading> reading) {
    api_.call(get({"account", "whoami"}), [this, reading, alive = std::weak_ptr<bool>{alive_}](Answer const& answer) {
        if (!alive.lock()) return;
        if (answer.ok()) return reading->finish(false);
        try_later(reading, answer.retry_after.value_or(Duration::zero()));
    });
}

} // namespace cox::matrix
