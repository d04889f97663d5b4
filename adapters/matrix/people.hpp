#pragma once
// Who is in each room and how they are called there. Names decide nothing: a person is their id.
#include "adapters/matrix/api.hpp"
#include "core/ids.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

class People {
public:
    explicit People(Api& api) : api_{api} {}

    void set_ourselves(std::string user) { self_ = std::move(user); }
    std::string const& ourselves() const { return self_; }

    // Asks once who is in the room; `done` comes at once when that is known.
    void know_members(std::string const& room, std::function<void()> done);
    void joined(std::string const& room, std::string const& user, std::string_view display_name);
    void left(std::string const& room, std::string const& user);
    // The same for those named by their ids, who need not be there: whether the homeserver knows them at all. The first
    // few of them, and only for as long as all may wait for it.
    void know(std::string const& room, std::vector<std::string> users, std::function<void()> done);
    // What is known of the room may be outdated.
    void forget_members(std::string const& room);
    bool is_member(std::string const& room, std::string const& user) const;
    // True when it is known who is there, the others included.
    bool knows_members(std::string const& room) const;

    // How many are there, the bot among them; none while that is not known.
    std::optional<std::size_t> members(std::string const& room) const;
    // What the room shows the bot as; "" while that is not known.
    std::string own_name(std::string const& room) const;
    // The name that the room shows: with the id behind it where two share one; the localpart while none is known.
    Person person(std::string const& room, std::string_view user) const;
    // Members that a word may mean: an id, a name, a first name, a localpart.
    std::vector<Person> matching(std::string const& room, std::string_view word) const;

private:
    struct Members {
        std::map<std::string, std::string, std::less<>> names; // by id
        bool known = false;
        bool asked = false;
        std::vector<std::function<void()>> waiting;
    };

    void answered(std::string const& room, Answer const&);
    void look_up(std::vector<std::string> const& users, std::function<void()> done);
    void looked_up(std::string const& user, Answer const&);
    bool asked_in_vain(std::string const& user) const;

    Api& api_;
    std::string self_;
    std::map<std::string, Members, std::less<>> members_;
    std::map<std::string, std::string, std::less<>> strangers_; // to a room where they were named: id, name
    // Users whom nobody knows and servers that did not answer, and when that was.
    std::map<std::string, std::chrono::steady_clock::time_point, std::less<>> in_vain_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
