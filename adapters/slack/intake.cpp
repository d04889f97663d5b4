#include "adapters/slack/intake.hpp"

#include "adapters/slack/json.hpp"
#include "adapters/slack/names.hpp"
#include "core/characters.hpp"
#include "core/cursor.hpp"
#include "core/grammar.hpp"
#include "core/hear.hpp"
#include "core/parse.hpp"
#include "core/text.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>

namespace cox::slack {
namespace {

// The ids in "<@U1>" and "<@U1|ana>", wherever they stand.
std::vector<std::string> mentioned_in(std::string_view text) {
    std::vector<std::string> users;
    for (auto at = text.find("<@"); at != text.npos; at = text.find("<@", at + 2)) {
        auto const end = text.find_first_of("|>", at);
        if (end == text.npos) break;
        users.emplace_back(text.substr(at + 2, end - at - 2));
    }
    return users;
}

// A name that was typed by hand: "@ana", not "<@U1>".
bool names_somebody(std::string_view text) {
    for (auto at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
        if (at == 0 || (text[at - 1] != '<' && is_blank(text[at - 1]))) return true;
    }
    return false;
}

// Behind "<@US>" at its start; none when it does not start by speaking to us.
std::optional<std::string_view> said_to_us(std::string_view text, std::string_view self) {
    text = trim_left(text);
    if (self.empty() || !text.starts_with("<@")) return std::nullopt;
    auto const close = text.find('>');
    if (close == text.npos || text.substr(2, close - 2).substr(0, text.substr(2, close - 2).find('|')) != self) {
        return std::nullopt;
    }
    return trim_left(text.substr(close + 1));
}

constexpr std::size_t longest_note = longest_command / 2;

// Slack's words for a conversation without a name of its own.
bool is_a_name(std::string_view channel_name) {
    return !channel_name.empty() && channel_name != "directmessage" && channel_name != "privategroup";
}

// A conversation with one person goes by that person's id.
bool is_person(std::string_view channel) {
    return channel.starts_with('U') || channel.starts_with('W');
}

bool is_bare(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto word) { return same_ignoring_case(trim(text), word); });
}

// "declare here …", "open 2 checkout here"
bool wants_to_be_here(std::string_view text) {
    auto const verb = first_word(text);
    auto const* row = find_row(verb);
    if (!row || row != find_row("declare")) return false;
    auto const rest = trim(text.substr(text.find(verb) + verb.size()));
    return same_ignoring_case(first_word(rest), "here") ||
           same_ignoring_case(rest.substr(rest.find_last_of(' ') + 1), "here");
}

} // namespace

void Intake::take(frame::Envelope envelope, Acknowledge acknowledge) {
    // Stopping, and not acknowledged: a message comes again; who typed a slash command or pressed a button sees an
    // error.
    if (!inbox_) return;
    Taken taken{std::move(envelope.key), std::nullopt, std::move(acknowledge)};
    if (envelope.happened_s) taken.happened = Time{std::chrono::seconds{*envelope.happened_s}};
    std::visit([&](auto const& happening) { on(happening, std::move(taken)); }, envelope.happening);
}

bool Intake::first_time(Taken const& taken) {
    constexpr std::size_t remembered = 10'000;
    taken.acknowledge("");
    if (!seen_.insert(taken.key).second) return false;
    seen_in_order_.push_back(taken.key);
    if (seen_in_order_.size() > remembered) {
        seen_.erase(seen_in_order_.front());
        seen_in_order_.pop_front();
    }
    return true;
}

Channel Intake::place_of(std::string const& channel) {
    auto const& room = shared_.rooms.by_address(channel);
    return {channel_id(shared_.team, room.channel), room.name.empty() ? room.channel : room.name};
}

std::string Intake::place_of(happening::Pressed const& pressed) {
    auto const channel = channel_in(pressed.action_id);
    bool const told_directly = pressed.channel.starts_with('D') && !channel.empty();
    if (!told_directly) return pressed.channel;
    // A room of ours, or none.
    bool const known = shared_.rooms.find(channel) || shared_.desk.open_in(channel_id(shared_.team, channel));
    return known ? std::string{channel} : pressed.channel;
}

Incident const* Intake::incident_in(std::string const& channel) {
    return shared_.desk.open_in(channel_id(shared_.team, shared_.rooms.by_address(channel).channel));
}

void Intake::look_up(std::string const& channel, std::function<void()> done) {
    auto& room = shared_.rooms.by_address(channel);
    if (is_person(channel)) {
        room.name = "your messages with Coxswain";
        room.looked_up = true;
    }
    // A name alone, such as a slash command brings along, does not tell who reads there.
    if (room.looked_up) return done();
    room.looked_up = true;
    shared_.api.call({"conversations.info", {{"channel", room.address()}}, "", 0, false},
                     guarded([this, known = room.channel, done = std::move(done)](Answer const& answer) {
                         auto& at_hand = shared_.rooms.at(known);
                         auto const json = read_object(answer.body, answer.body.size());
                         auto const& found = json ? at(*json, "channel") : nlohmann::json{};
                         // What Slack shows us nothing of is not asked about with every command.
                         at_hand.looked_up = !may_come_later(answer);
                         at_hand.hidden = answer.error == "channel_not_found";
                         if (answer.ok()) {
                             at_hand.name = normalise(text_at(found, "name"));
                             at_hand.is_private = flag_at(found, "is_private");
                             at_hand.shared =
                                 flag_at(found, "is_ext_shared") || flag_at(found, "is_pending_ext_shared");
                         }
                         done();
                     }));
}

void Intake::receive(Author const& author, std::string const& channel, Inbound inbound, Taken taken) {
    auto users = mentioned_in(inbound.text);
    users.push_back(author.user);
    inbound.key = std::move(taken.key);
    inbound.said_at = taken.happened;
    // Callbacks are copied on their way, this is not.
    auto waiting = std::make_shared<Waiting>(author, channel, std::move(inbound), std::move(taken.acknowledge),
                                             boost::asio::steady_timer{io_, patience_});
    auto const ready = guarded([this, waiting] { hand_in(*waiting); });
    waiting->patience.async_wait([ready](boost::system::error_code const& stopped) {
        if (!stopped) ready();
    });
    auto const members = guarded([this, waiting, ready] {
        if (waiting->handed_in) return;
        // A name typed by hand may be any member's; mentions bring their own ids. In an incident's channel it may stand
        // there without a sign.
        bool const by_hand = names_somebody(waiting->inbound.text) || incident_in(waiting->channel);
        if (!by_hand) return ready();
        people_.know_members(shared_.rooms.by_address(waiting->channel).address(), ready);
    });
    people_.know(std::move(users), guarded([this, channel, members] { look_up(channel, members); }));
}

void Intake::hand_in(Waiting& waiting) {
    if (!inbox_ || waiting.handed_in) return;
    waiting.handed_in = true;
    waiting.patience.cancel();
    auto& inbound = waiting.inbound;
    if (shared_.rooms.by_address(waiting.channel).hidden && wants_to_be_here(inbound.text)) {
        waiting.acknowledge("");
        return deliverer_.whisper(shared_.rooms.by_address(waiting.channel),
                                  shared_.desk.words().say("slack.not-in-channel", {}), waiting.author.user);
    }
    inbound.place = place_of(waiting.channel);
    inbound.actor = people_.person(waiting.author.user);
    inbound.standing = people_.standing(waiting.author.user, waiting.author.home_team);
    inbound.also.cursors = people_.take_rows();
    inbox_->receive(std::move(inbound),
                    [acknowledge = std::move(waiting.acknowledge)](Outcome const&) { acknowledge(""); });
}

void Intake::on(happening::Said const& said, Taken taken) {
    auto const to_us = said_to_us(said.text, shared_.self);
    auto const text = trim_left(said.text);
    bool const maybe_command = to_us || text.starts_with('!') || text.starts_with('/');
    if (!maybe_command) {
        // Talk between people. The engine hears of it where it is a commander's sign of life.
        auto const* incident = incident_in(said.channel);
        bool const matters = incident && raw(incident->commander().id) == said.author.user;
        if (!matters) return taken.acknowledge("");
    }
    auto& room = shared_.rooms.by_address(said.channel);
    room.shared = room.shared || said.shared_channel;
    if (maybe_command) {
        shared_.replies.heard(channel_id(shared_.team, room.channel), user_id(shared_.team, said.author.user), "",
                              said.thread_ts, std::chrono::steady_clock::now());
    }
    Inbound inbound;
    inbound.text = to_us ? std::string{*to_us} : said.text;
    inbound.form = to_us ? Form::command : Form::message;
    receive(said.author, said.channel, std::move(inbound), std::move(taken));
}

void Intake::on(happening::Edited const& edited, Taken taken) {
    if (!first_time(taken)) return;
    auto const to_us = said_to_us(edited.text, shared_.self);
    auto const text = trim_left(edited.text);
    if (!to_us && !text.starts_with('!')) return;
    // Whoever corrects a command waits for it; "!!! slow" is only talk.
    auto const command = trim_left(to_us ? *to_us : text.substr(1));
    if (!find_row(first_word(command))) return;
    deliverer_.say(shared_.rooms.by_address(edited.channel),
                   shared_.desk.words().say("slack.edited", {{"command", aloud(command)}}), edited.author.user);
}

void Intake::on(happening::Typed const& typed, Taken taken) {
    auto& room = shared_.rooms.by_address(typed.channel);
    if (is_a_name(typed.channel_name) && room.name.empty()) room.name = normalise(typed.channel_name);
    shared_.replies.heard(channel_id(shared_.team, room.channel), user_id(shared_.team, typed.author.user),
                          typed.response_url, "", std::chrono::steady_clock::now());
    // Nothing but the verb: a form asks for the rest.
    if (is_bare(typed.text, {"declare", "open", "new"})) {
        if (!first_time(taken)) return;
        return open_form({typed.author, typed.channel, typed.trigger_id, "declare"},
                         declare_form(shared_.desk.policy(), room.channel, "", ""));
    }
    Inbound inbound;
    inbound.text = typed.text;
    inbound.form = Form::command;
    receive(typed.author, typed.channel, std::move(inbound), std::move(taken));
}

void Intake::on(happening::Pressed const& pressed, Taken taken) {
    if (pressed.action_id == action_open_declare) {
        if (!first_time(taken)) return;
        return open_form({pressed.author, pressed.author.user, pressed.trigger_id, "declare"},
                         declare_form(shared_.desk.policy(), "", "", ""));
    }
    if (pressed.channel.empty()) return taken.acknowledge("");
    auto const place = place_of(pressed);
    auto const& room = shared_.rooms.by_address(place);
    auto const thread = place == pressed.channel ? pressed.thread_ts : std::string{};
    shared_.replies.heard(channel_id(shared_.team, room.channel), user_id(shared_.team, pressed.author.user),
                          pressed.response_url, thread, std::chrono::steady_clock::now());
    if (pressed.action_id == action_open_update) {
        if (!first_time(taken)) return;
        if (auto const* incident = incident_in(pressed.channel)) {
            return open_form({pressed.author, pressed.channel, pressed.trigger_id, "update"},
                             update_form(*incident, shared_.desk.policy(), room.channel));
        }
        return tell(pressed.channel, pressed.author.user, "slack.no-incident-for-form");
    }
    Inbound inbound;
    inbound.text = pressed.value;
    inbound.form = Form::command;
    receive(pressed.author, place, std::move(inbound), std::move(taken));
}

void Intake::note(Mark const& mark, std::string const& said_by, std::string const& text, Taken taken) {
    if (normalise(text).empty()) return taken.acknowledge("");
    auto users = mentioned_in(text);
    users.push_back(said_by);
    users.push_back(mark.author.user);
    people_.know(std::move(users), guarded([this, mark, said_by, text, taken] {
                     auto const name = said_by.empty() ? std::string{} : people_.person(said_by).name + ": ";
                     auto const line = clipped(name + aloud(text), longest_note);
                     Inbound inbound;
                     inbound.text = "note " + line;
                     inbound.form = Form::command;
                     inbound.meant = Parsed{command::Note{line}, "", false};
                     receive(mark.author, mark.channel, std::move(inbound),
                             {key_of(mark, taken), taken.happened, taken.acknowledge});
                 }));
}

// One line in the timeline for a message, however many people mark it. A mark that may be refused, being a guest's or
// late, has a key of its own: the next one is not to be taken for the same.
std::string Intake::key_of(Mark const& mark, Taken const& taken) const {
    auto const key = "slack:note:" + mark.channel + ":" + mark.message_ts;
    bool const late = taken.happened && shared_.desk.now() - *taken.happened > runs_within;
    bool const counts = !late && people_.standing(mark.author.user, mark.author.home_team) == Standing::member;
    return counts ? key : key + ":" + mark.author.user + (late ? ":late" : "");
}

std::string Intake::aloud(std::string_view text) const {
    return read_aloud(normalise(text), [this](std::string_view user, bool) {
        return people_.find(user) ? std::vector{people_.person(user)} : std::vector<Person>{};
    });
}

void Intake::on(happening::Reacted const& reacted, Taken taken) {
    auto const& emoji = shared_.desk.policy().note_emoji;
    bool const ours = std::ranges::find(emoji, reacted.emoji) != emoji.end();
    if (!ours || !incident_in(reacted.channel)) return taken.acknowledge("");
    note_marked({reacted.author, reacted.channel, reacted.message_ts}, false, std::move(taken));
}

void Intake::note_marked(Mark const& mark, bool in_thread, Taken taken) {
    // History has no answers in threads, and threads are asked for by the message itself.
    auto const& ts = mark.message_ts;
    Fields fields{{"channel", mark.channel}, {"oldest", ts}, {"latest", ts}, {"inclusive", "true"}, {"limit", "10"}};
    if (in_thread) fields.emplace_back("ts", ts);
    auto finish = [this, mark, in_thread, taken = std::move(taken)](Answer const& answer) {
        if (may_come_later(answer)) return; // not acknowledged: Slack delivers the mark again
        auto const json = read_object(answer.body, answer.body.size());
        for (auto const& message : json ? at(*json, "messages") : nlohmann::json{}) {
            if (text_at(message, "ts") != mark.message_ts) continue;
            return note(mark, text_at(message, "user"), text_at(message, "text"), taken);
        }
        if (in_thread) return taken.acknowledge("");
        note_marked(mark, true, taken);
    };
    shared_.api.call({in_thread ? "conversations.replies" : "conversations.history", std::move(fields), "", 3, false},
                     guarded(std::move(finish)));
}

void Intake::on(happening::Pinned const& pinned, Taken taken) {
    if (!incident_in(pinned.channel)) return taken.acknowledge("");
    note({pinned.author, pinned.channel, pinned.message_ts}, pinned.message_user, pinned.message_text,
         std::move(taken));
}

void Intake::on(happening::Passed const&, Taken taken) {
    taken.acknowledge("");
}

void Intake::tell(std::string const& channel, std::string const& user, std::string_view key) {
    deliverer_.say(shared_.rooms.by_address(channel), shared_.desk.words().say(key, {}), user);
}

} // namespace cox::slack
