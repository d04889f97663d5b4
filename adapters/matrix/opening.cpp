// Rooms of their own. The alias is the marker: it is asked for with the room, nobody else can have it afterwards, and
// by it a room is found again that was made in a former life.
#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/delivery.hpp"
#include "adapters/matrix/names.hpp"
#include "core/characters.hpp"
#include "core/marks.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cox::matrix {
namespace {

using nlohmann::json;
using What = Delivered::What;

// Names that are taken get a number at their end.
constexpr int most_names = 9;
constexpr std::size_t longest_name = 80;
constexpr std::size_t longest_alias = 50; // characters; of 255 bytes with the server's name

std::string name_of(std::string_view wanted, int attempt) {
    auto const suffix = attempt >= 2 ? "-" + std::to_string(attempt) : std::string{};
    return clipped(calmed(wanted), longest_name - suffix.size()) + suffix;
}

// An alias holds any letter there is, and no blanks nor signs that clients read as the end of it.
std::string alias_of(std::string_view wanted, int attempt) {
    std::string alias;
    for (char const c : clipped(wanted, longest_alias)) {
        bool const is_letter =
            is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
        if (is_letter)
            alias += lower(c);
        else if (!alias.empty() && alias.back() != '-')
            alias += '-';
    }
    while (alias.ends_with('-'))
        alias.pop_back();
    if (alias.empty()) alias = "incident";
    return attempt >= 2 ? alias + "-" + std::to_string(attempt) : alias;
}

json state(char const* type, json content) {
    return {{"type", type}, {"state_key", ""}, {"content", std::move(content)}};
}

// Whoever is in the room where it was declared may come in without being asked; nobody else, unless invited.
json who_may_join(std::string_view origin, bool is_public) {
    if (is_public) return state("m.room.join_rules", {{"join_rule", "public"}});
    if (!origin.starts_with('!')) return state("m.room.join_rules", {{"join_rule", "invite"}});
    json allowed = json::array({{{"type", "m.room_membership"}, {"room_id", origin}}});
    return state("m.room.join_rules", {{"join_rule", "restricted"}, {"allow", std::move(allowed)}});
}

} // namespace

void Deliverer::show(Delivery const& delivery, effect::OpenChannel const& open, Done done) {
    if (!shared_.trouble.empty()) return done(*obstacle(Room{}, false));
    // Asked again for what it has made before.
    if (auto const* room = shared_.rooms.made_for(delivery.op)) {
        return settle_in(delivery, open, room->id, room->name, std::move(done));
    }
    create(delivery, open, 1, std::move(done));
}

void Deliverer::create(Delivery const& delivery, effect::OpenChannel const& open, int attempt, Done done) {
    auto const name = name_of(open.name, attempt);
    auto const alias = alias_of(open.name, attempt);
    // People are in the room that took its place.
    auto const* declared_in = shared_.rooms.find(raw(open.origin));
    auto const origin = declared_in ? declared_in->address() : std::string{raw(open.origin)};
    json const body{
        {"preset", shared_.public_rooms ? "public_chat" : "private_chat"},
        {"visibility", "private"},
        {"name", name},
        {"topic", topic_text(open.purpose)},
        {"room_alias_name", alias},
        {"creation_content", {{"m.federate", shared_.federate}, {own_part, {{"op", op_name(delivery.op)}}}}},
        {"initial_state",
         {who_may_join(origin, shared_.public_rooms),
          state("m.room.history_visibility", {{"history_visibility", "shared"}}),
          state("m.room.guest_access", {{"guest_access", "forbidden"}})}}};
    auto call = post({"createRoom"}, body.dump(-1, ' ', false, json::error_handler_t::replace));
    call.bucket = Bucket::new_rooms;
    call.urgency = delivery.urgency;
    auto finish = [this, delivery, open, attempt, name, alias, done = std::move(done)](Answer const& answer) {
        if (answer.errcode == "M_ROOM_IN_USE") {
            look_at(delivery, alias, [this, delivery, open, attempt, name, done](Holder const& holder) {
                if (!holder.ours.empty()) return settle_in(delivery, open, holder.ours, name, done);
                if (holder.trouble) return done(*holder.trouble);
                if (attempt < most_names) return create(delivery, open, attempt + 1, done);
                Delivered full;
                full.what = What::failed;
                full.reason = "every name like " + name + " is taken";
                done(std::move(full));
            });
            return;
        }
        if (!answer.ok()) return done(outcome(answer, nullptr));
        auto const made = untrusted::read_object(answer.body, answer.body.size());
        settle_in(delivery, open, made ? untrusted::text_at(*made, "room_id") : std::string{}, name, done);
    };
    shared_.api.call(std::move(call), guarded(std::move(finish)));
}

void Deliverer::settle_in(Delivery const& delivery, effect::OpenChannel const& open, std::string const& id,
                          std::string name, Done done) {
    if (id.empty()) {
        Delivered delivered;
        delivered.what = What::unknown;
        delivered.reason = "the homeserver named no room";
        return done(std::move(delivered));
    }
    auto& room = shared_.rooms.at(id);
    room.name = name;
    room.made_by_us = true;
    room.joined = true;
    room.op = delivery.op;
    if (std::string const user{raw(open.invite.id)}; is_user(user) && room.brought_in.insert(user).second) {
        invite(room, user, delivery.urgency,
               [this, id, user](Answer const& answer) { note_invite(answer, shared_.rooms.at(id), user); });
    }
    Delivered delivered;
    delivered.remote = id;
    delivered.opened = Channel{channel_id(id), std::move(name)};
    save(room, [done = std::move(done), delivered] { done(delivered); });
}

void Deliverer::look_at(Delivery const& delivery, std::string const& alias, std::function<void(Holder)> const& told) {
    auto const trouble_of = [this](Answer const& answer) {
        Holder holder;
        bool const is_final = !answer.passing() && !answer.unknown && answer.status != 401;
        if (!is_final) holder.trouble = outcome(answer, nullptr);
        return holder;
    };
    auto read_state = [this, op = op_name(delivery.op), trouble_of, told](std::string const& room,
                                                                          Answer const& answer) {
        auto holder = trouble_of(answer);
        holder.taken = true;
        auto const events = answer.ok() ? json::parse(answer.body, nullptr, false) : json{};
        for (auto const& event : events.is_array() ? events : json::array()) {
            bool const is_ours = untrusted::text_at(event, "type") == "m.room.create" &&
                                 untrusted::text_at(event, "sender") == shared_.self;
            auto const& own = untrusted::at(untrusted::at(event, "content"), own_part);
            if (is_ours && untrusted::text_at(own, "op") == op) holder.ours = room;
        }
        told(std::move(holder));
    };
    auto resolve = [this, trouble_of, read_state = std::move(read_state), told](Answer const& answer) {
        auto const found = untrusted::read_object(answer.body, answer.body.size());
        auto const room = found ? untrusted::text_at(*found, "room_id") : std::string{};
        if (!answer.ok() || room.empty()) return told(trouble_of(answer));
        shared_.api.call(get({"rooms", room, "state"}),
                         guarded([read_state, room](Answer const& state) { read_state(room, state); }));
    };
    auto const full = "#" + alias + ":" + std::string{server()};
    shared_.api.call(get({"directory", "room", full}), guarded(std::move(resolve)));
}

// A name that nobody has is one that we did not get to.
void Deliverer::find_room(Delivery const& delivery, effect::OpenChannel const& open, int attempt, Done done) {
    if (auto const* room = shared_.rooms.made_for(delivery.op)) {
        return settle_in(delivery, open, room->id, room->name, std::move(done));
    }
    auto told = [this, delivery, open, attempt, done = std::move(done)](Holder const& holder) {
        if (!holder.ours.empty()) return settle_in(delivery, open, holder.ours, name_of(open.name, attempt), done);
        if (holder.trouble) return done(*holder.trouble);
        if (holder.taken && attempt < most_names) return find_room(delivery, open, attempt + 1, done);
        Delivered absent;
        absent.what = What::absent;
        done(std::move(absent));
    };
    look_at(delivery, alias_of(open.name, attempt), guarded(std::move(told)));
}

} // namespace cox::matrix
