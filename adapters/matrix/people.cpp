#include "adapters/matrix/people.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/names.hpp"
#include "core/parse.hpp"
#include "core/phrases.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

constexpr std::size_t longest_name = 60;
constexpr std::size_t most_members = 200'000;
constexpr std::size_t most_looked_up = 5; // of one message
constexpr std::size_t most_in_vain = 1000;
constexpr std::chrono::minutes not_again_within{1};

bool is_first_word(std::string_view name, std::string_view word) {
    return name.size() > word.size() && name[word.size()] == ' ' &&
           same_ignoring_case(name.substr(0, word.size()), word);
}

std::string tidy(std::string_view display_name) {
    return one_line(normalise(display_name), longest_name);
}

} // namespace

void People::know_members(std::string const& room, std::function<void()> done) {
    auto& members = members_[room];
    if (members.known) return done();
    members.waiting.push_back(std::move(done));
    if (std::exchange(members.asked, true)) return;
    api_.call(get({"rooms", room, "joined_members"}),
              [this, room, alive = std::weak_ptr<bool>{alive_}](Answer const& answer) {
                  if (alive.lock()) answered(room, answer);
              });
}

void People::answered(std::string const& room, Answer const& answer) {
    auto& members = members_[room];
    members.asked = false;
    auto const json = untrusted::read_object_of_many(answer.body, most_members);
    auto const& listed = json ? untrusted::at(*json, "joined") : nlohmann::json{};
    if (answer.ok() && listed.is_object()) {
        members.known = true;
        members.names.clear();
        for (auto const& [user, profile] : listed.items())
            members.names[user] = tidy(untrusted::text_at(profile, "display_name"));
    }
    for (auto& done : std::exchange(members.waiting, {}))
        done();
}

void People::know(std::string const& room, std::vector<std::string> users, std::function<void()> done) {
    know_members(room, [this, room, users = std::move(users), done = std::move(done)]() mutable {
        std::vector<std::string> unknown;
        for (auto& user : users) {
            bool const known = user == self_ || is_member(room, user) || strangers_.contains(user);
            bool const again = std::ranges::find(unknown, user) != unknown.end();
            if (!known && !again && !asked_in_vain(user)) unknown.push_back(std::move(user));
            if (unknown.size() == most_looked_up) break;
        }
        look_up(unknown, std::move(done));
    });
}

// All at once: what was said in any room waits for it.
void People::look_up(std::vector<std::string> const& users, std::function<void()> done) {
    if (users.empty()) return done();
    auto const left = std::make_shared<std::size_t>(users.size());
    for (auto const& user : users) {
        auto call = get({"profile", user});
        call.patience = Patience::brief;
        api_.call(std::move(call), [this, user, left, done, alive = std::weak_ptr<bool>{alive_}](Answer const& answer) {
            if (!alive.lock()) return;
            looked_up(user, answer);
            if (--*left == 0) done();
        });
    }
}

void People::looked_up(std::string const& user, Answer const& answer) {
    auto const json = untrusted::read_object(answer.body, answer.body.size());
    if (answer.ok() && json) {
        strangers_[user] = tidy(untrusted::text_at(*json, "displayname"));
        return;
    }
    // One who named users of a slow server will name others there.
    bool const unanswered = answer.unknown || answer.passing();
    if (in_vain_.size() == most_in_vain) in_vain_.clear();
    in_vain_[unanswered ? std::string{server_of(user)} : user] = std::chrono::steady_clock::now();
}

bool People::asked_in_vain(std::string const& user) const {
    auto const lately = [&](std::string_view name) {
        auto const found = in_vain_.find(name);
        return found != in_vain_.end() && std::chrono::steady_clock::now() - found->second < not_again_within;
    };
    return lately(user) || lately(server_of(user));
}

void People::joined(std::string const& room, std::string const& user, std::string_view display_name) {
    members_[room].names[user] = tidy(display_name);
}

void People::left(std::string const& room, std::string const& user) {
    if (auto const members = members_.find(room); members != members_.end()) members->second.names.erase(user);
}

void People::forget_members(std::string const& room) {
    if (auto const members = members_.find(room); members != members_.end()) members->second.known = false;
}

bool People::is_member(std::string const& room, std::string const& user) const {
    auto const members = members_.find(room);
    return members != members_.end() && members->second.names.contains(user);
}

bool People::knows_members(std::string const& room) const {
    auto const members = members_.find(room);
    return members != members_.end() && members->second.known;
}

std::optional<std::size_t> People::members(std::string const& room) const {
    if (!knows_members(room)) return std::nullopt;
    return members_.find(room)->second.names.size();
}

std::string People::own_name(std::string const& room) const {
    auto const members = members_.find(room);
    if (members == members_.end()) return {};
    auto const found = members->second.names.find(self_);
    return found == members->second.names.end() ? std::string{} : found->second;
}

Person People::person(std::string const& room, std::string_view user) const {
    if (user == self_) return {user_id(user), "coxswain"};
    auto const local = std::string{localpart_of(user)};
    Person unnamed{user_id(user), local.empty() ? std::string{user} : local};
    auto const members = members_.find(room);
    auto const stranger = strangers_.find(user);
    if (stranger != strangers_.end() && !stranger->second.empty()) unnamed.name = stranger->second;
    if (members == members_.end()) return unnamed;
    auto const& names = members->second.names;
    auto const found = names.find(user);
    if (found == names.end() || found->second.empty()) return unnamed;
    auto const& name = found->second;
    bool const shared = std::ranges::count_if(names, [&](auto const& each) { return each.second == name; }) > 1;
    return {user_id(user), shared ? name + " (" + std::string{user} + ")" : name};
}

std::vector<Person> People::matching(std::string const& room, std::string_view word) const {
    // An id, with or without the sign that a parser may have taken off.
    for (auto const& id : {std::string{word}, "@" + std::string{word}}) {
        bool const met = is_member(room, id) || id == self_ || strangers_.contains(id) || !knows_members(room);
        if (is_user(id) && met) return {person(room, id)};
    }
    auto const members = members_.find(room);
    if (members == members_.end()) return {};
    std::vector<Person> whole;
    std::vector<Person> first_names;
    for (auto const& [user, name] : members->second.names) {
        if (user == self_) continue;
        if (same_ignoring_case(name, word) || same_ignoring_case(localpart_of(user), word)) {
            whole.push_back(person(room, user));
        } else if (is_first_word(name, word)) {
            first_names.push_back(person(room, user));
        }
    }
    return whole.empty() ? first_names : whole;
}

} // namespace cox::matrix
