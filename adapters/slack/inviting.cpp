// Whom a post speaks to, in the channel where it stands: in Slack a mention reaches nobody who is not in the channel,
// and a private one cannot even be found from outside.
#include "adapters/slack/delivery.hpp"
#include "adapters/slack/names.hpp"
#include "core/marks.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

struct Mentioned : marks::Visitor {
    std::vector<std::string> users;

    void plain(std::string_view) override {}
    void mention(UserId const& id, std::string_view) override {
        std::string user{raw(id)};
        if (!user.empty() && std::ranges::find(users, user) == users.end()) users.push_back(std::move(user));
    }
    void code(std::string_view) override {}
    void place(ChannelId const&, std::string_view) override {}
    void moment(Time, std::string_view) override {}
};

} // namespace

// Only into the channel that was made for this very incident: whom people let into a channel of theirs is their affair.
void Deliverer::bring_in(Delivery const& delivery, effect::Post const& post_effect, std::function<void()> then) {
    auto const* incident = shared_.desk.open_in(post_effect.channel);
    auto const& room = shared_.rooms.at(raw(post_effect.channel));
    if (!room.made_by_us || !incident || incident->id != delivery.incident) return then();
    Mentioned mentioned;
    marks::visit(post_effect.text, mentioned);
    std::erase_if(mentioned.users,
                  [&](auto const& user) { return user == shared_.self || room.brought_in.contains(user); });
    invite(delivery, room.channel, std::move(mentioned.users), {},
           [then = std::move(then)](std::vector<Answer> const&) { then(); });
}

// Asked for by somebody there: into whatever channel that is.
void Deliverer::show(Delivery const& delivery, effect::Invite const& asked, Done done) {
    auto const& room = shared_.rooms.at(raw(asked.channel));
    if (auto const stop = obstacle(room, false)) return done(*stop);
    std::vector<std::string> users;
    Delivered stranger;
    for (auto const& person : asked.people) {
        std::string user{raw(person.id)};
        if (user.empty()) {
            stranger.what = Delivered::What::failed;
            stranger.reason = person.id.value + " is nobody on Slack";
        } else if (user != shared_.self) {
            users.push_back(std::move(user));
        }
    }
    auto finish = [this, channel = room.channel, count = users.size(), stranger = std::move(stranger),
                   done = std::move(done)](std::vector<Answer> const& in_vain) {
        // Those who are in by then stay in.
        auto const another_time = std::ranges::find_if(
            in_vain, [](Answer const& answer) { return may_come_later(answer) || answer.verdict == Verdict::token; });
        auto& at = shared_.rooms.at(channel);
        if (another_time != in_vain.end()) return done(outcome(*another_time, &at));
        if (count > 0 && in_vain.size() == count) return done(outcome(in_vain.front(), &at));
        done(count > 0 ? Delivered{} : stranger);
    };
    invite(delivery, room.channel, std::move(users), {}, std::move(finish));
}

// One after the other: of several at once, one who cannot be invited would keep the others out.
void Deliverer::invite(Delivery const& delivery, std::string const& channel, std::vector<std::string> users,
                       std::vector<Answer> in_vain, Invited then) {
    if (users.empty()) return then(in_vain);
    auto user = std::move(users.back());
    users.pop_back();
    auto const& address = shared_.rooms.at(channel).address();
    Call call{"conversations.invite", {{"channel", address}, {"users", user}}, address, delivery.urgency};
    auto finish = [this, delivery, channel, user, users = std::move(users), in_vain = std::move(in_vain),
                   then = std::move(then)](Answer const& answer) {
        note_invite(answer, channel, user);
        auto missing = in_vain;
        if (!answer.ok()) missing.push_back(answer);
        invite(delivery, channel, users, std::move(missing), then);
    };
    shared_.api.call(std::move(call), guarded(std::move(finish)));
}

void Deliverer::note_invite(Answer const& answer, std::string const& channel, std::string const& user) {
    auto& room = shared_.rooms.at(channel);
    bool const never = answer.verdict == Verdict::refused;
    // Slack's other answers may be better the next time that we need them.
    if (answer.ok() || never) room.brought_in.insert(user);
    if (never) {
        shared_.desk.tell_operator(Weight::warning, "slack: " + user + " is needed in #" + room.name +
                                                        " and cannot be invited (" + answer.error +
                                                        "); somebody there must bring them in");
    } else if (!answer.ok()) {
        (void)outcome(answer, nullptr);
    }
}

} // namespace cox::slack
