// Messages: posts, private words, pages.
#include "adapters/slack/delivery.hpp"
#include "adapters/slack/flat.hpp"
#include "adapters/slack/names.hpp"
#include "core/flat_json.hpp"

namespace cox::slack {
namespace {

std::string ts_of(Answer const& answer, std::string_view name = "ts") {
    return flat::text_at(answer.body, name);
}

std::string json_string(std::string_view text) {
    std::string quoted;
    flat_json::append_string(quoted, text);
    return quoted;
}

std::string answer_body(Drawn const& drawn) {
    return R"({"response_type":"ephemeral","replace_original":false,"text":)" + json_string(drawn.text) +
           R"(,"blocks":)" + drawn.blocks + "}";
}

bool is_about_blocks(std::string_view error) {
    return error.starts_with("invalid_blocks") || error == "msg_blocks_too_long";
}

// Errors that say that the person cannot be spoken to in that channel.
bool is_elsewhere(std::string_view error) {
    return error == "user_not_in_channel" || error == "not_in_channel" || error == "channel_not_found" ||
           error == "is_archived";
}

} // namespace

void Deliverer::post(Delivery const& delivery, std::string const& channel, Drawn const& drawn, std::string metadata,
                     Answered answered) {
    Call call{"chat.postMessage",
              {{"channel", channel},
               {"text", drawn.text},
               {"blocks", drawn.blocks},
               {"unfurl_links", "false"},
               {"unfurl_media", "false"},
               {"metadata", metadata}},
              channel,
              delivery.urgency};
    auto const plain = [this, delivery, channel, text = drawn.text, metadata, answered](Answer answer) {
        if (!is_about_blocks(answer.error)) return answered(std::move(answer));
        // Slack's limits are kept, but should they move: the words get through without their form.
        shared_.desk.tell_operator(Weight::warning,
                                   "slack: a message went out without its form: " + answer.error + " " + answer.detail);
        shared_.api.call({"chat.postMessage",
                          {{"channel", channel},
                           {"text", text},
                           {"unfurl_links", "false"},
                           {"unfurl_media", "false"},
                           {"metadata", metadata}},
                          channel,
                          delivery.urgency},
                         answered);
    };
    call_in(std::move(call), guarded(plain));
}

void Deliverer::show(Delivery const& delivery, effect::Post const& post_effect, Done done) {
    auto& room = shared_.rooms.at(raw(post_effect.channel));
    if (auto const stop = obstacle(room, false)) return done(*stop);
    auto shown = post_effect;
    if (may_repeat_.contains(delivery.op)) shown.text += "\n" + shared_.desk.words().say("slack.may-repeat", {});
    auto finish = [this, delivery, post_effect, channel = room.channel, done](Answer const& answer) {
        auto& at = shared_.rooms.at(channel);
        auto delivered = outcome(answer, &at);
        if (answer.ok()) {
            delivered.remote = ts_of(answer);
            delivered.may_repeat = may_repeat_.erase(delivery.op) > 0;
            warn_if_shared(at, post_effect);
        }
        // Whyever it cannot stand here, people must read it somewhere.
        if (delivered.what == Delivered::What::failed) delivered.unreachable = true;
        done(std::move(delivered));
    };
    bring_in(delivery, post_effect,
             [this, delivery, channel = room.address(), drawn = draw(shown), answered = guarded(std::move(finish))] {
                 post(delivery, channel, drawn, metadata_of(delivery), answered);
             });
}

void Deliverer::say(Room const& room, std::string_view marked, std::string const& to, std::function<void(bool)> said) {
    auto const drawn = draw_words(marked);
    Call call;
    call.method = to.empty() ? "chat.postMessage" : "chat.postEphemeral";
    call.fields = {{"channel", room.address()}, {"text", drawn.text}, {"blocks", drawn.blocks}};
    if (to.empty())
        call.fields.insert(call.fields.end(), {{"unfurl_links", "false"}, {"unfurl_media", "false"}});
    else
        call.fields.emplace_back("user", to);
    call.channel = room.address();
    call.urgency = 0;
    call.insists = true;
    auto finish = [this, said = std::move(said)](Answer const& answer) {
        (void)outcome(answer, nullptr);
        said(answer.ok());
    };
    shared_.api.call(std::move(call), guarded(std::move(finish)));
}

void Deliverer::whisper(Room const& room, std::string_view marked, std::string const& to) {
    auto const channel = channel_id(shared_.team, room.channel);
    auto const url = shared_.replies.take_url(channel, user_id(shared_.team, to), std::chrono::steady_clock::now());
    if (url.empty()) return say(room, marked, to);
    shared_.api.respond(url, answer_body(draw_words(marked)), [](Answer const&) {});
}

void Deliverer::call_in(Call call, Answered answered) {
    auto again = call;
    shared_.api.call(std::move(call), guarded([this, again = std::move(again), answered](Answer const& answer) {
                         if (answer.error != "not_in_channel") return answered(answer);
                         auto& room = shared_.rooms.by_address(again.channel);
                         if (!may_join(room)) return answered(answer);
                         join(room, [this, again, answered] { shared_.api.call(again, answered); });
                     }));
}

// A public channel in which somebody declared: the link goes there, or all of the incident. One that we were in and
// were removed from is left alone.
bool Deliverer::may_join(Room const& room) const {
    if (joining_.contains(room.channel)) return true;
    return !room.join_tried && !room.made_by_us && room.cards.empty() && room.unreachable.empty();
}

void Deliverer::join(Room& room, std::function<void()> then) {
    joining_[room.channel].push_back(std::move(then));
    if (std::exchange(room.join_tried, true)) return;
    Call call{"conversations.join", {{"channel", room.address()}}, room.address(), 0};
    call.insists = true;
    shared_.api.call(std::move(call), guarded([this, channel = room.channel](Answer const& answer) {
                         (void)outcome(answer, nullptr);
                         if (may_come_later(answer)) shared_.rooms.at(channel).join_tried = false;
                         auto const waiting = std::move(joining_.extract(channel).mapped());
                         for (auto const& each : waiting)
                             each();
                     }));
}

void Deliverer::warn_if_shared(Room& room, effect::Post const& post_effect) {
    if (!room.shared || room.warned_shared || post_effect.kind != effect::PostKind::alert) return;
    room.warned_shared = true;
    say(room, shared_.desk.words().say("slack.shared-channel", {}), {}, [this, channel = room.channel](bool said) {
        auto& at = shared_.rooms.at(channel);
        at.warned_shared = said;
        if (said) save(at);
    });
}

void Deliverer::show(Delivery const& delivery, effect::Tell const& tell, Done done) {
    if (!shared_.trouble.empty()) return done(*obstacle(Room{}, false));
    auto const now = std::chrono::steady_clock::now();
    bool const in_thread = !shared_.replies.thread(tell.channel, tell.to.id, now).empty();
    auto drawn = draw(tell, {}, in_thread ? Typing::message : Typing::slash);
    auto const url = shared_.replies.take_url(tell.channel, tell.to.id, now);
    if (url.empty()) return tell_in_channel(delivery, tell, std::move(drawn), std::move(done));

    auto body = answer_body(drawn);
    shared_.api.respond(url, std::move(body),
                        guarded([this, delivery, tell, url, drawn = std::move(drawn), done](Answer const& answer) {
                            if (answer.ok()) return done({});
                            // Used up, expired, or lost: the same words by the other way.
                            shared_.replies.drop_url(tell.channel, tell.to.id, url);
                            tell_in_channel(delivery, tell, drawn, done);
                        }));
}

void Deliverer::tell_in_channel(Delivery const& delivery, effect::Tell const& tell, Drawn drawn, Done done) {
    auto const user = std::string{raw(tell.to.id)};
    if (user.empty()) {
        Delivered delivered;
        delivered.what = Delivered::What::failed;
        delivered.reason = tell.to.id.value + " is nobody on Slack";
        return done(std::move(delivered));
    }
    auto const& room = shared_.rooms.at(raw(tell.channel));
    if (room.channel.starts_with('U') || room.channel.starts_with('W')) {
        return tell_directly(delivery, user, draw(tell, room.channel), std::move(done));
    }
    Fields fields{{"channel", room.address()}, {"user", user}, {"text", drawn.text}, {"blocks", drawn.blocks}};
    auto const thread = shared_.replies.thread(tell.channel, tell.to.id, std::chrono::steady_clock::now());
    if (!thread.empty()) fields.emplace_back("thread_ts", thread);
    shared_.api.call({"chat.postEphemeral", std::move(fields), room.address(), delivery.urgency},
                     guarded([this, delivery, tell, user, channel = room.channel, done](Answer const& answer) {
                         // There a button knows its channel by no more than what it carries.
                         if (is_elsewhere(answer.error)) {
                             return tell_directly(delivery, user, draw(tell, channel), done);
                         }
                         auto delivered = outcome(answer, nullptr);
                         delivered.remote = ts_of(answer, "message_ts");
                         done(std::move(delivered));
                     }));
}

void Deliverer::tell_directly(Delivery const& delivery, std::string const& user, Drawn const& drawn, Done done) {
    post(delivery, user, drawn, metadata_of(delivery), guarded([this, done](Answer const& answer) {
             auto delivered = outcome(answer, nullptr);
             delivered.remote = ts_of(answer);
             done(std::move(delivered));
         }));
}

void Deliverer::show(Delivery const& delivery, effect::PagePerson const& page, Done done) {
    auto const user = std::string{raw(page.person.id)};
    Delivered delivered;
    delivered.what = Delivered::What::failed;
    delivered.reason = page.person.id.value + " is nobody on Slack";
    if (user.empty()) return done(std::move(delivered));
    if (!shared_.trouble.empty()) return done(*obstacle(Room{}, false));
    tell_directly(delivery, user, draw(page), std::move(done));
}

} // namespace cox::slack
