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
            // Another time the homeserver's answer may be better.
            if (answer.passing() || answer.unknown || answer.status == 401) at.brought_in.erase(user);
            note_invite(answer, at, user);
        });
    }
}

void Deliverer::note_invite(Answer const& answer, Room& room, std::string const& user) {
    if (answer.ok()) {
        room.brought_in.insert(user);
        return;
    }
    (void)outcome(answer, nullptr);
    if (answer.passing() || answer.unknown || answer.status == 401) return;
    // They may have joined meanwhile.
    if (shared_.people.is_member(room.address(), user)) return;
    shared_.desk.tell_operator(Weight::warning, "matrix: " + user + " is needed in " + room.shown() +
                                                    " and cannot be invited (" + in_words(answer) +
                                                    "); somebody there must bring them in");
}

} // namespace cox::matrix
