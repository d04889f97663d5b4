#include "adapters/web/live.hpp"

#include "adapters/web/json.hpp"
#include "adapters/web/rows.hpp"

#include <algorithm>

namespace cox::web {
namespace {

constexpr std::size_t page = 200;          // messages of one read
constexpr std::size_t enough = 256 * 1024; // bytes queued, beyond which what was missed waits
constexpr int most_answers_owed = 256;

Frame frame_of(std::string text) {
    return std::make_shared<std::string const>(std::move(text));
}

std::string message_frame(Message const& message, People const& people) {
    return write_json({{"type", "message"}, {"channel", message.channel.value}, {"message", shown(message, people)}});
}

} // namespace

Live::Live(WebChannels& channels, Desk& desk) : channels_{channels}, desk_{desk} {}

Live::Watch* Live::find(std::uint64_t ticket) {
    auto const at = watches_.find(ticket);
    return at == watches_.end() ? nullptr : &at->second;
}

std::uint64_t Live::join(Viewer& viewer) {
    auto const ticket = ++last_ticket_;
    watches_[ticket].viewer = &viewer;
    auto const clock = desk_.clock({});
    viewer.send(frame_of(write_json({{"type", "hello"}, {"now", rfc3339(clock.now)}, {"rate", clock.rate}})));
    return ticket;
}

void Live::leave(std::uint64_t ticket) {
    watches_.erase(ticket);
}

void Live::drained(std::uint64_t ticket) {
    catch_up(ticket);
}

void Live::take(std::uint64_t ticket, std::string_view frame) {
    auto* watch = find(ticket);
    if (!watch) return;
    auto const value = read_json(frame).value_or(nlohmann::json());
    auto const type = string_of(value, "type").value_or("");
    auto const text = [&](char const* name) { return string_of(value, name).value_or(""); };
    if (type == "subscribe") {
        std::optional<std::int64_t> after;
        if (auto const given = string_of(value, "after")) {
            after = message_id(*given);
            if (!after) {
                return send_fault(*watch, "",
                                  {400, "bad-message", "`after` is no message.", "Send an id such as m12."});
            }
        }
        return subscribe(ticket, text("channel"), after);
    }
    if (type != "say" && type != "press") {
        return send_fault(
            *watch, text("key"),
            {400, "bad-frame", "That frame is not understood.", "Send JSON text with `type` subscribe, say or press."});
    }
    if (watch->answers_owed >= most_answers_owed) {
        return send_fault(*watch, text("key"),
                          {429, "too-many", "Too many things said are not answered yet.",
                           "Wait for an answer, then send this again with the same key."});
    }
    ++watch->answers_owed;
    if (type == "say") {
        channels_.say({text("channel"), text("user"), text("text"), text("key")}, answer_to(ticket, text("key")));
    } else {
        channels_.press({text("channel"), text("user"), text("message"), text("button"), text("key")},
                        answer_to(ticket, text("key")));
    }
}

WebChannels::Answer Live::answer_to(std::uint64_t ticket, std::string key) {
    return [this, alive = std::weak_ptr<bool>{alive_}, ticket,
            key = std::move(key)](std::expected<std::string, Fault> const& id) {
        auto* watch = alive.lock() ? find(ticket) : nullptr;
        if (!watch) return;
        --watch->answers_owed;
        if (!id) return send_fault(*watch, key, id.error());
        watch->viewer->send(frame_of(write_json({{"type", "ok"}, {"key", key}, {"id", *id}})));
    };
}

void Live::send_fault(Watch& watch, std::string const& key, Fault const& fault) {
    nlohmann::json frame{{"type", "error"},
                         {"key", nullptr},
                         {"error", {{"code", fault.code}, {"message", fault.message}, {"hint", fault.hint}}}};
    if (!key.empty()) frame["key"] = key;
    watch.viewer->send(frame_of(write_json(frame)));
}

void Live::subscribe(std::uint64_t ticket, std::string const& channel, std::optional<std::int64_t> after) {
    auto& watch = *find(ticket);
    std::vector<std::string> missed;
    if (channel == "*") {
        watch.all = true;
        for (auto const* each : channels_.channels())
            missed.push_back(each->id.value);
    } else if (channels_.channel(ChannelId{channel})) {
        watch.channels.insert(channel);
        missed.push_back(channel);
    } else {
        return send_fault(watch, "",
                          {404, "no-such-channel", "There is no channel #" + channel.substr(0, 80) + ".",
                           "Subscribe to one that GET /api/channels lists, or to *."});
    }
    if (!after) return;
    for (auto const& each : missed) {
        watch.behind[each].seen = *after;
        show_card_again(ticket, ChannelId{each}, *after);
    }
    catch_up(ticket);
}

void Live::show_card_again(std::uint64_t ticket, ChannelId const& channel, std::int64_t after) {
    auto const& cards = channels_.channel(channel)->cards;
    if (cards.empty() || cards.back().message > after) return;
    channels_.read_one(channel, cards.back().message,
                       [this, alive = std::weak_ptr<bool>{alive_}, ticket](std::optional<Message> const& card) {
                           auto* watch = alive.lock() ? find(ticket) : nullptr;
                           if (watch && card) watch->viewer->send(frame_of(message_frame(*card, channels_.people())));
                       });
}

void Live::catch_up(std::uint64_t ticket) {
    auto* watch = find(ticket);
    if (!watch || watch->reading || watch->behind.empty() || watch->viewer->backlog() > enough) return;
    watch->reading = true;
    auto const& [channel, missed] = *watch->behind.begin();
    channels_.read(ChannelId{channel}, missed.seen, page,
                   [this, alive = std::weak_ptr<bool>{alive_}, ticket, channel = channel](auto const& messages) {
                       if (alive.lock()) take_page(ticket, channel, messages);
                   });
}

void Live::take_page(std::uint64_t ticket, std::string const& channel, std::vector<Message> const& messages) {
    auto* watch = find(ticket);
    if (!watch) return;
    watch->reading = false;
    auto const at = watch->behind.find(channel);
    if (at == watch->behind.end()) return catch_up(ticket);
    auto& missed = at->second;
    bool whole = messages.size() < page;
    for (auto const& message : messages) {
        if (watch->viewer->backlog() > enough) {
            whole = false;
            break;
        }
        watch->viewer->send(frame_of(message_frame(message, channels_.people())));
        missed.seen = message.id;
    }
    for (auto& edit : std::exchange(missed.edits, {}))
        watch->viewer->send(std::move(edit));
    if (whole && missed.seen >= missed.newest) watch->behind.erase(at);
    catch_up(ticket);
}

template <class Wants>
void Live::send_to(Wants wants, std::string text) {
    auto const frame = frame_of(std::move(text));
    for (auto& [ticket, watch] : watches_) {
        if (wants(watch)) watch.viewer->send(frame);
    }
}

void Live::said(Message const& message, bool edited) {
    if (watches_.empty()) return;
    auto const& channel = message.channel.value;
    Frame frame;
    for (auto& [ticket, watch] : watches_) {
        if (!watch.all && !watch.channels.contains(channel)) continue;
        if (!frame) frame = frame_of(message_frame(message, channels_.people()));
        auto const behind = watch.behind.find(channel);
        if (behind == watch.behind.end()) {
            watch.viewer->send(frame);
        } else if (edited) {
            behind->second.edits.push_back(frame);
        } else {
            behind->second.newest = std::max(behind->second.newest, message.id);
        }
    }
}

void Live::topic_set(WebChannel const& channel) {
    if (watches_.empty()) return;
    auto const& id = channel.id.value;
    send_to([&](Watch const& watch) { return watch.all || watch.channels.contains(id); },
            write_json({{"type", "topic"}, {"channel", id}, {"topic", channel.topic}}));
}

void Live::channel_opened(WebChannel const& channel) {
    if (watches_.empty()) return;
    send_to([](Watch const&) { return true; }, write_json({{"type", "channel"}, {"channel", row_of(channel, desk_)}}));
}

void Live::person_met(Person const& person) {
    if (watches_.empty()) return;
    send_to([](Watch const&) { return true; },
            write_json({{"type", "person"}, {"id", person.id.value}, {"name", person.name}}));
}

void Live::incident_changed(IncidentId incident, WebChannel const& channel) {
    if (watches_.empty()) return;
    // A channel's row names its incident: whoever shows the row hears when that changed.
    auto const open = desk_.incident_in(channel.id);
    auto const [told, is_new] = told_.try_emplace(channel.id.value, open);
    if (is_new || told->second != open) {
        told->second = open;
        channel_opened(channel);
    }
    desk_.incident(incident, [this, alive = std::weak_ptr<bool>{alive_}, incident,
                              id = channel.id.value](std::optional<std::string> const& json) {
        if (!alive.lock() || !json) return;
        auto text = R"({"type":"incident","id":")" + cox::text(incident) + R"(","incident":)" + *json + "}";
        send_to([&](Watch const& watch) { return watch.all || watch.channels.contains(id); }, std::move(text));
    });
}

void Live::stopped() {
    watches_.clear();
    if (when_stopped_) when_stopped_();
}

} // namespace cox::web
