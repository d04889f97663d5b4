#pragma once
// Who people are: names and standing, asked for once and kept. What is known is durable, so that a start without Slack
// still has names.
#include "adapters/network/desk.hpp"
#include "adapters/slack/web_api.hpp"
#include "adapters/store/store.hpp"
#include "core/command.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cox::slack {

struct Profile {
    std::string name; // as shown: the display name, else the real one
    std::string handle;
    Standing standing = Standing::member;
    bool deactivated = false;
    bool bot = false;
    Time learnt; // when Slack last said so
};

class People {
public:
    People(WebApi&, Desk&);

    // Who we are, and the workspace whose accounts are members.
    // `enterprise`: the organisation of several workspaces that ours belongs to; "" when it stands alone.
    void set_ourselves(std::string team, std::string user, std::string enterprise);
    void load(store::Found const&);

    // Asks for those that are not known, or not well enough any more; `done` comes at once when none is missing.
    void know(std::vector<std::string> users, std::function<void()> done, int urgency = 0);
    // Whose members a bare name may mean; asked once per channel. In a large one not all of them become known.
    void know_members(std::string const& channel, std::function<void()> done);
    void joined(std::string const& channel, std::string const& user);
    void left(std::string const& channel, std::string const& user);
    // False too where Slack has not told who is in it.
    bool is_member(std::string const& channel, std::string const& user) const;
    // What is known, or about to be answered, is outdated. False when that is nothing.
    bool forget(std::string const& user);

    // Null while nothing is known.
    Profile const* find(std::string_view user) const;
    Person person(std::string_view user) const;
    Standing standing(std::string_view user, std::string_view home_team) const;
    // Members of a channel that a word may mean: an id, a name, a first name, a handle.
    std::vector<Person> matching(std::string const& channel, std::string_view word) const;
    // Rows of what was learnt since the last time, for the batch that goes next.
    std::vector<store::Cursor> take_rows();

private:
    void learn(std::string const& user, std::string_view body);
    bool fresh(std::string_view user) const;
    void ask(std::string const& user, int urgency);
    void answered(std::string const& user);
    void read_members(std::string const& channel, std::string cursor, int pages);

    // A question to Slack that is under way.
    struct Asked {
        int urgency = 0;
        std::uint64_t number = 0;
    };
    struct Question {
        std::set<std::string> open;
        std::function<void()> done;
    };
    struct Members {
        std::set<std::string> users;
        bool asked = false;
        bool known = false;
        std::vector<std::function<void()>> waiting;
    };

    WebApi& api_;
    Desk& desk_;
    std::string team_;
    std::string self_;
    std::string enterprise_;
    std::map<std::string, Profile, std::less<>> profiles_;
    std::map<std::string, Members, std::less<>> members_;
    std::map<std::string, Asked> asked_;
    std::uint64_t last_asked_ = 0;
    std::vector<Question> questions_;
    std::set<std::string> unsaved_;
};

} // namespace cox::slack
