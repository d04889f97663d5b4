#include "adapters/web/channels.hpp"

#include "core/overloaded.hpp"

#include <algorithm>
#include <utility>

namespace cox::web {
namespace {

constexpr std::size_t keys_kept = 8192;
constexpr std::string_view person_row = "web:person:";
// The store takes "after 0" for "the newest", so that no message may need to be asked for by what stands before the
// first one.
constexpr std::int64_t first_message = 2;

struct Nobody final : Listener {
    void said(Message const&, bool) override {}
    void topic_set(WebChannel const&) override {}
    void channel_opened(WebChannel const&) override {}
    void incident_changed(IncidentId, WebChannel const&) override {}
    void person_met(Person const&) override {}
    void stopped() override {}
};
Nobody nobody;

std::string op_key(std::int64_t op) {
    return std::to_string(op);
}

Delivered sent(std::string remote) {
    Delivered delivered;
    delivered.remote = std::move(remote);
    return delivered;
}

Delivered absent() {
    Delivered delivered;
    delivered.what = Delivered::What::absent;
    return delivered;
}

Delivered opened(WebChannel const& channel) {
    auto delivered = sent(channel.id.value);
    delivered.opened = Channel{channel.id, channel.name};
    return delivered;
}

Delivered no_channel(ChannelId const& id) {
    Delivered delivered;
    delivered.what = Delivered::What::failed;
    delivered.reason = "there is no channel #" + id.value;
    return delivered;
}

std::string kind_name(effect::PostKind kind) {
    switch (kind) {
    case effect::PostKind::word: return "word";
    case effect::PostKind::alert: return "alert";
    case effect::PostKind::update: return "update";
    case effect::PostKind::stabilisation: return "stabilisation";
    case effect::PostKind::resolution: return "resolution";
    case effect::PostKind::escalation: return "escalation";
    }
    return "word";
}

// Posts leave a row that carries their op; the others are found by what they changed.
bool is_message(Effect const& effect) {
    return std::holds_alternative<effect::Post>(effect) || std::holds_alternative<effect::Tell>(effect) ||
           std::holds_alternative<effect::PagePerson>(effect);
}

} // namespace

std::vector<store::Cursor> WebChannels::rows_of(std::vector<Person> const& people) {
    std::vector<store::Cursor> rows;
    for (auto const& person : people)
        rows.push_back({std::string{person_row} + person.id.value, person.name});
    return rows;
}

WebChannels::WebChannels(store::Store& store, Clock clock)
    : store_{store}, clock_{std::move(clock)}, listener_{&nobody}, typed_{keys_kept}, shown_{keys_kept},
      next_message_{first_message} {}

void WebChannels::load(store::Found const& found) {
    for (auto const& row : found.channels)
        channels_.emplace(row.id, from_row(row));
    for (auto const& cursor : found.cursors) {
        if (cursor.name.starts_with(person_row)) people_.meet(UserId{cursor.name.substr(person_row.size())});
    }
    // A press leaves no message, so its key is remembered here: pressed again after a restart, the button may be gone.
    auto const from = found.keys.size() > keys_kept ? found.keys.size() - keys_kept : 0;
    for (auto at = from; at < found.keys.size(); ++at) {
        if (found.keys[at].starts_with(press_key)) typed_.settle(found.keys[at], 0);
    }
    next_message_ = std::max(found.highest_said + 1, first_message);
    ops_before_ = found.highest_op;
}

void WebChannels::incident_changed(IncidentId incident, ChannelId const& id) {
    if (auto const* shown_in = channel(id)) listener_->incident_changed(incident, *shown_in);
}

void WebChannels::stop() {
    inbox_ = nullptr;
    listener_->stopped();
}

bool WebChannels::owns(ChannelId const& id) const {
    // Other networks put their name and ":" in front of theirs.
    return !id.empty() && id.value.find(':') == std::string::npos;
}

WebChannel* WebChannels::find(ChannelId const& id) {
    auto const at = channels_.find(id.value);
    return at == channels_.end() ? nullptr : &at->second;
}

WebChannel const* WebChannels::channel(ChannelId const& id) const {
    auto const at = channels_.find(id.value);
    return at == channels_.end() || !at->second.durable ? nullptr : &at->second;
}

std::vector<WebChannel const*> WebChannels::channels() const {
    std::vector<WebChannel const*> list;
    for (auto const& [id, channel] : channels_) {
        if (channel.durable) list.push_back(&channel);
    }
    return list;
}

std::vector<Person> WebChannels::find_people(ChannelId const&, std::string_view word, bool mention) {
    if (!mention) return people_.fits(word);
    auto const id = People::plausible(word);
    if (!id) return {};
    std::vector<Person> met;
    auto person = meet(*id, met);
    keep(met);
    return {std::move(person)};
}

Person WebChannels::meet(UserId const& id, std::vector<Person>& met) {
    auto [person, is_new] = people_.meet(id);
    if (is_new) met.push_back(person);
    return person;
}

void WebChannels::keep(std::vector<Person> const& met) {
    if (met.empty()) return;
    store::Batch batch;
    batch.cursors = rows_of(met);
    store_.commit(std::move(batch), guarded([this, met] { tell_of(met); }));
}

void WebChannels::tell_of(std::vector<Person> const& met) {
    for (auto const& person : met)
        listener_->person_met(person);
}

void WebChannels::read(ChannelId const& id, std::optional<std::int64_t> after, std::size_t limit,
                       std::function<void(std::vector<Message>)> done) {
    auto const from = after ? std::max(*after, first_message - 1) : 0;
    store_.read_said(id.value, from, limit, guarded([done = std::move(done)](std::vector<store::Said> const& rows) {
                         std::vector<Message> messages;
                         messages.reserve(rows.size());
                         for (auto const& row : rows)
                             messages.push_back(from_said(row));
                         done(std::move(messages));
                     }));
}

void WebChannels::read_one(ChannelId const& id, std::int64_t message,
                           std::function<void(std::optional<Message>)> done) {
    if (message < first_message) return done(std::nullopt);
    read(id, message - 1, 1, [message, done = std::move(done)](std::vector<Message> found) {
        if (found.empty() || found.front().id != message) return done(std::nullopt);
        done(std::move(found.front()));
    });
}

void WebChannels::deliver(Delivery const& delivery, Done done) {
    if (delivery.op > ops_before_ || !is_message(delivery.effect)) return show_now(delivery, std::move(done));
    // Handed over before a restart, perhaps shown then.
    reconcile(delivery, guarded([this, delivery, done = std::move(done)](Delivered found) {
                  if (found.what == Delivered::What::sent) return done(std::move(found));
                  show_now(delivery, done);
              }));
}

void WebChannels::show_now(Delivery const& delivery, Done done) {
    std::visit([&](auto const& effect) { show(delivery.op, effect, std::move(done)); }, delivery.effect);
}

void WebChannels::reconcile(Delivery const& delivery, Done done) {
    if (std::holds_alternative<effect::OpenChannel>(delivery.effect)) {
        auto const at = std::ranges::find_if(
            channels_, [&](auto const& entry) { return entry.second.op == delivery.op && entry.second.durable; });
        return done(at == channels_.end() ? absent() : opened(at->second));
    }
    // A topic or a card that is set twice is set once.
    if (!is_message(delivery.effect)) return done(absent());
    store_.read_said_of_op(delivery.op, guarded([done = std::move(done)](std::optional<store::Said> const& row) {
                               done(row ? sent(message_id(row->id)) : absent());
                           }));
}

void WebChannels::show(std::int64_t op, effect::Post const& post, Done done) {
    if (!find(post.channel)) return done(no_channel(post.channel));
    Message message;
    message.channel = post.channel;
    message.kind = kind_name(post.kind);
    message.text = post.text;
    message.buttons = post.buttons;
    message.op = op;
    put(std::move(message), std::move(done));
}

void WebChannels::show(std::int64_t op, effect::Tell const& tell, Done done) {
    if (!find(tell.channel)) return done(no_channel(tell.channel));
    Message message;
    message.channel = tell.channel;
    message.kind = "private";
    message.text = tell.text;
    message.buttons = tell.buttons;
    message.private_to = tell.to.id;
    message.op = op;
    put(std::move(message), std::move(done));
}

void WebChannels::show(std::int64_t op, effect::PagePerson const& page, Done done) {
    if (!find(page.channel)) return done(no_channel(page.channel));
    Message message;
    message.channel = page.channel;
    message.kind = "page";
    message.text = page.text;
    message.private_to = page.person.id;
    message.op = op;
    put(std::move(message), std::move(done));
}

void WebChannels::put(Message message, Done done) {
    bool const first =
        shown_.begin(op_key(message.op), [done = std::move(done)](std::int64_t id) { done(sent(message_id(id))); });
    if (!first) return;
    message.id = next_message_++;
    message.at = clock_(message.channel);
    store::Batch batch;
    std::vector<Person> met;
    if (!message.private_to.empty()) meet(message.private_to, met);
    batch.cursors = rows_of(met);
    batch.said.push_back(to_said(message));
    store_.commit(std::move(batch), guarded([this, message = std::move(message), met = std::move(met)] {
                      tell_of(met);
                      listener_->said(message, false);
                      shown_.settle(op_key(message.op), message.id);
                  }));
}

void WebChannels::show(std::int64_t op, effect::ShowCard const& show, Done done) {
    auto* channel = find(show.channel);
    if (!channel) return done(no_channel(show.channel));
    auto const now = clock_(show.channel);
    auto const incident = show.card.incident;
    store::Batch batch;
    auto const* place = channel->card_of(incident);
    bool const edited = place != nullptr;
    if (!place) {
        channel->cards.push_back({incident, next_message_++, op, now});
        place = &channel->cards.back();
        batch.channels.push_back(to_row(*channel));
    }
    Message message;
    message.id = place->message;
    message.channel = show.channel;
    message.at = place->at;
    message.kind = "card";
    message.text = show.card.text;
    message.buttons = show.card.buttons;
    message.more = show.card.more;
    message.op = place->op;
    if (edited) message.edited_at = now;
    batch.said.push_back(to_said(message));
    store_.commit(std::move(batch), guarded([this, edited, message = std::move(message), done = std::move(done)] {
                      listener_->said(message, edited);
                      done(sent(message_id(message.id)));
                  }));
}

void WebChannels::show(std::int64_t, effect::SetTopic const& set, Done done) {
    auto* channel = find(set.channel);
    if (!channel) return done(no_channel(set.channel));
    if (!channel->topic_before) channel->topic_before = channel->topic_wanted;
    put_topic(*channel, set.topic, std::move(done));
}

void WebChannels::show(std::int64_t, effect::RestoreTopic const& restore, Done done) {
    auto* channel = find(restore.channel);
    if (!channel) return done(no_channel(restore.channel));
    if (!channel->topic_before) return done(sent(channel->id.value));
    auto topic = *std::exchange(channel->topic_before, std::nullopt);
    put_topic(*channel, std::move(topic), std::move(done));
}

// The card shows it.
void WebChannels::show(std::int64_t, effect::SetLink const& set, Done done) {
    done(find(set.channel) ? sent(set.channel.value) : no_channel(set.channel));
}

// Whoever is mentioned exists here, and every channel is open to all.
void WebChannels::show(std::int64_t, effect::Invite const& invite, Done done) {
    done(find(invite.channel) ? sent(invite.channel.value) : no_channel(invite.channel));
}

void WebChannels::show(std::int64_t, effect::CallHook const& hook, Done done) {
    done(no_channel(hook.channel));
}

void WebChannels::put_topic(WebChannel& channel, std::string topic, Done done) {
    channel.topic_wanted = std::move(topic);
    store::Batch batch;
    batch.channels.push_back(to_row(channel));
    store_.commit(std::move(batch), guarded([this, &channel, topic = channel.topic_wanted, done = std::move(done)] {
                      bool const changed = channel.topic != topic;
                      channel.topic = topic;
                      if (changed) listener_->topic_set(channel);
                      done(sent(channel.id.value));
                  }));
}

void WebChannels::show(std::int64_t op, effect::OpenChannel const& open, Done done) {
    auto const wanted = channel_name(open.name);
    auto name = wanted;
    for (int number = 2; channels_.contains(name); ++number) {
        if (op != 0 && channels_.at(name).op == op) break;
        name = numbered_name(wanted, number);
    }
    put_channel(std::move(name), op, open.purpose, std::move(done));
}

void WebChannels::ensure(std::string_view name, std::function<void(ChannelId)> done) {
    put_channel(channel_name(name), 0, "", [done = std::move(done)](Delivered delivered) {
        if (done) done(delivered.opened->id);
    });
}

void WebChannels::put_channel(std::string name, std::int64_t op, std::string purpose, Done done) {
    auto const [at, is_new] = channels_.try_emplace(name);
    auto& channel = at->second;
    if (channel.durable) return done(opened(channel));
    waiting_for_channel_[name].push_back(
        [&channel, done = std::move(done)](ChannelId const&) { done(opened(channel)); });
    if (!is_new) return;
    channel.id.value = name;
    channel.name = name;
    channel.op = op;
    channel.purpose = std::move(purpose);
    store::Batch batch;
    batch.channels.push_back(to_row(channel));
    store_.commit(std::move(batch), guarded([this, &channel] {
                      channel.durable = true;
                      listener_->channel_opened(channel);
                      auto const waiting = std::move(waiting_for_channel_.extract(channel.name).mapped());
                      for (auto const& answer : waiting)
                          answer(channel.id);
                  }));
}

} // namespace cox::web
