// What people say and press, on its way into the engine.
#include "adapters/web/channels.hpp"

#include "core/parse.hpp"

#include <algorithm>
#include <utility>

namespace cox::web {
namespace {

constexpr std::size_t longest_key = 128;
constexpr std::size_t longest_text = 16 * 1024; // bytes

} // namespace

std::optional<Fault> WebChannels::objection(std::string const& channel_id, std::string const& user,
                                            std::string const& key) const {
    if (!channel(ChannelId{channel_id})) {
        return Fault{404, "no-such-channel", "There is no channel #" + channel_id.substr(0, 80) + ".",
                     "GET /api/channels lists the channels there are."};
    }
    if (!People::plausible(user)) {
        return Fault{400, "bad-user", "That user name cannot be used.",
                     "Use 1 to 32 letters, digits, dots, dashes or underscores, and neither the bot's own name nor a "
                     "word for everybody."};
    }
    bool const visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; });
    if (key.empty() || key.size() > longest_key || !visible) {
        return Fault{400, "bad-key", "The key is missing or cannot be used.",
                     "Send a fresh UUID as `key` (1 to 128 visible ASCII characters), and the same one when you send "
                     "the same thing again."};
    }
    if (!inbox_) {
        return Fault{503, "not-running", "Coxswain is starting or stopping.",
                     "Send it again in a moment, with the same key."};
    }
    return std::nullopt;
}

void WebChannels::say(Saying saying, Answer answer) {
    if (auto fault = objection(saying.channel, saying.user, saying.key)) {
        return answer(std::unexpected{std::move(*fault)});
    }
    if (saying.text.size() > longest_text) {
        return answer(std::unexpected{
            Fault{413, "text-too-long", "The text is longer than 16 KiB.", "Send it in parts, or a link to it."}});
    }
    auto text = normalise(saying.text);
    if (text.empty()) {
        return answer(
            std::unexpected{Fault{400, "no-text", "There is nothing to say.", "Send what should be said as `text`."}});
    }
    auto key = "web:" + saying.channel + ":" + saying.key;
    bool const first = typed_.begin(key, [answer = std::move(answer)](std::int64_t id) { answer(message_id(id)); });
    if (!first) return;

    std::vector<Person> met;
    auto const actor = meet(*People::plausible(saying.user), met);
    for (auto const& mention : mentions_in(text))
        meet(UserId{mention.id}, met);

    Message message;
    message.id = next_message_++;
    message.channel.value = saying.channel;
    message.at = clock_(message.channel);
    message.author = actor.id;
    message.kind = "say";
    message.text = text;
    message.key = std::move(saying.key);

    Inbound inbound;
    inbound.key = key;
    inbound.place = {message.channel, channel(message.channel)->name};
    inbound.actor = actor;
    inbound.text = std::move(text);
    inbound.also.said.push_back(to_said(message));
    inbound.also.cursors = rows_of(met);
    inbox_->receive(std::move(inbound), guarded([this, key = std::move(key), message = std::move(message),
                                                 met = std::move(met)](Outcome const& outcome) {
                        if (outcome.what != Outcome::What::duplicate) {
                            tell_of(met);
                            listener_->said(message, false);
                            return typed_.settle(key, message.id);
                        }
                        // Taken in by a former run, or so long ago that it was forgotten here.
                        keep(met);
                        find_said(message.channel, message.key, std::nullopt,
                                  [this, key](std::int64_t id) { typed_.settle(key, id); });
                    }));
}

void WebChannels::find_said(ChannelId const& id, std::string const& key, std::optional<std::int64_t> after,
                            std::function<void(std::int64_t)> done) {
    constexpr std::size_t page = 1000;
    read(id, after, page, [this, id, key, after, done = std::move(done)](std::vector<Message> messages) {
        auto const at = std::ranges::find(messages, key, &Message::key);
        if (at != messages.end()) return done(at->id);
        // Most likely among the newest; if not, all are looked through from the oldest on.
        if (messages.size() < page) return done(0);
        find_said(id, key, after ? messages.back().id : 0, done);
    });
}

void WebChannels::press(Pressing pressing, Answer answer) {
    if (auto fault = objection(pressing.channel, pressing.user, pressing.key)) {
        return answer(std::unexpected{std::move(*fault)});
    }
    Fault const no_message{404, "no-such-message", "There is no such message in #" + pressing.channel + ".",
                           "GET /api/channels/{id} lists the messages and their buttons."};
    auto const message = message_id(pressing.message);
    if (!message) return answer(std::unexpected{no_message});
    auto key = std::string{press_key} + pressing.channel + ":" + pressing.key;
    // Pressed before: the button may be gone by now, which must not turn the answer into an error.
    if (typed_.knows(key)) return press_known(std::move(pressing), std::move(key), *message, std::move(answer));

    ChannelId const place{pressing.channel};
    auto check = [this, no_message, pressing = std::move(pressing), key = std::move(key),
                  answer = std::move(answer)](std::optional<Message> const& found) {
        bool const visible =
            found && (found->private_to.empty() || found->private_to == People::plausible(pressing.user));
        if (!visible) return answer(std::unexpected{no_message});
        if (std::ranges::find(found->buttons, pressing.button, &Button::command) == found->buttons.end()) {
            return answer(std::unexpected{Fault{409, "no-such-button", "That message has no such button now.",
                                                "Reload the channel, and press one that is there."}});
        }
        press_known(pressing, key, found->id, answer);
    };
    read_one(place, *message, std::move(check));
}

void WebChannels::press_known(Pressing pressing, std::string key, std::int64_t message, Answer answer) {
    // The house may have begun to stop while the message was looked up.
    if (auto fault = objection(pressing.channel, pressing.user, pressing.key)) {
        return answer(std::unexpected{std::move(*fault)});
    }
    bool const first =
        typed_.begin(key, [message, answer = std::move(answer)](std::int64_t) { answer(message_id(message)); });
    if (!first) return;
    std::vector<Person> met;
    Inbound inbound;
    inbound.key = key;
    inbound.actor = meet(*People::plausible(pressing.user), met);
    inbound.place = {ChannelId{pressing.channel}, channel(ChannelId{pressing.channel})->name};
    inbound.text = std::move(pressing.button);
    inbound.form = Form::command;
    inbound.also.cursors = rows_of(met);
    inbox_->receive(std::move(inbound),
                    guarded([this, key = std::move(key), message, met = std::move(met)](Outcome const& outcome) {
                        if (outcome.what == Outcome::What::duplicate)
                            keep(met);
                        else
                            tell_of(met);
                        typed_.settle(key, message);
                    }));
}

} // namespace cox::web
