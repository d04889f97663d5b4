// Who must be there to read: an invitation is the one word that reaches somebody outside of a room.
#include "adapters/matrix/delivery.hpp"
#include "adapters/matrix/names.hpp"
#include "core/marks.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cox::matrix {
namespace {

struct Mentioned : marks::Visitor {
    std::vector<std::string> users;

    void plain(std::string_view) override {}
    void mention(UserId const& id, std::string_view) override {
        std::string user{raw(id)};
        if (is_user(user) && std::ranges::find(users, user) == users.end()) users.push_back(std::move(user));
    }
    void code(std::string_view) override {}
    void place(ChannelId const&, std::string_view) override {}
    void moment(Time, std::string_view) override {}
};

// Another time the homeserver's answer may be better.
bool is_for_now(Answer const& answer) {
    return answer.passing() || answer.unknown || answer.status == 401;
}

} // namespace

void Deliverer::invite(Room& room, std::string const& user, int urgency, std::function<void(Answer)> answered) {
    auto call = post({"rooms", room.address(), "invite"}, nlohmann::json{{"user_id", user}}.dump());
    call.repeatable = true; // whoever was invited is invited
    call.bucket = Bucket::invites;
    call.urgency = urgency;
    shared_.api.call(std::move(call), guarded(std::move(answered)));
}

// Only into the room that was made for this very incident: whom people let into a room of theirs is their affair. The
// post waits for nobody: who comes in later reads what was said before.
void Deliverer::bring_in(Delivery const& delivery, effect::Post const& post) {
    auto const* incident = shared_.desk.open_in(post.channel);
    auto& room = shared_.rooms.at(raw(post.channel));
    if (!room.made_by_us || !incident || incident->id != delivery.incident) return;
    Mentioned mentioned;
    marks::visit(post.text, mentioned);
    for (auto const& user : mentioned.users) {
        bool const is_there = user == shared_.self || shared_.people.is_member(room.address(), user);
        if (is_there || !room.brought_in.insert(user).second) continue;
        invite(room, user, delivery.urgency, [this, id = room.id, user](Answer const& answer) {
            auto& at = shared_.rooms.at(id);
            if (is_for_now(answer)) at.brought_in.erase(user);
            note_invite(answer, at, user);
        });
    }
}

// Asked for by somebody there: into whatever room that is.
void Deliverer::show(Delivery const& delivery, effect::Invite const& asked, Done done) {
    auto const& room = shared_.rooms.at(raw(asked.channel));
    if (auto const stop = obstacle(room, false)) return done(*stop);
    std::vector<std::string> users;
    Delivered stranger;
    for (auto const& person : asked.people) {
        std::string user{raw(person.id)};
        if (!is_user(user)) {
            stranger.what = Delivered::What::failed;
            stranger.reason = person.id.value + " is nobody on Matrix";
        } else if (user != shared_.self) {
            users.push_back(std::move(user));
        }
    }
    auto finish = [this, id = room.id, count = users.size(), stranger = std::move(stranger),
                   done = std::move(done)](std::vector<Answer> const& in_vain) {
        // Those who were asked in by then are asked in.
        auto const another_time = std::ranges::find_if(in_vain, is_for_now);
        auto& at = shared_.rooms.at(id);
        if (another_time != in_vain.end()) return done(outcome(*another_time, &at));
        // Not the room's fault: whoever is there may not invite this person.
        if (count > 0 && in_vain.size() == count) return done(outcome(in_vain.front(), nullptr));
        done(count > 0 ? Delivered{} : stranger);
    };
    auto begin = [this, delivery, id = room.id, users = std::move(users), finish = std::move(finish)] {
        invite_each(delivery, id, users, {}, finish);
    };
    shared_.people.know_members(room.address(), guarded(std::move(begin)));
}

void Deliverer::invite_each(Delivery const& delivery, std::string const& id, std::vector<std::string> users,
                            std::vector<Answer> in_vain, Invited then) {
    auto& room = shared_.rooms.at(id);
    std::erase_if(users, [&](auto const& user) { return shared_.people.is_member(room.address(), user); });
    if (users.empty()) return then(in_vain);
    auto user = std::move(users.back());
    users.pop_back();
    invite(room, user, delivery.urgency,
           [this, delivery, id, user, users = std::move(users), in_vain = std::move(in_vain),
            then = std::move(then)](Answer const& answer) mutable {
               auto& at = shared_.rooms.at(id);
               note_invite(answer, at, user);
               if (!answer.ok() && !shared_.people.is_member(at.address(), user)) in_vain.push_back(answer);
               invite_each(delivery, id, std::move(users), std::move(in_vain), std::move(then));
           });
}

void Deliverer::note_invite(Answer const& answer, Room& room, std::string const& user) {
    if (answer.ok()) {
        room.brought_in.insert(user);
        return;
    }
    (void)outcome(answer, nullptr);
    if (is_for_now(answer)) return;
    // They may have joined meanwhile.
    if (shared_.people.is_member(room.address(), user)) return;
    shared_.desk.tell_operator(Weight::warning, "matrix: " + user + " is needed in " + room.shown() +
                                                    " and cannot be invited (" + in_words(answer) +
                                                    "); somebody there must bring them in");
}

} // namespace cox::matrix
