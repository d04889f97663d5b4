#pragma once
// What there is in the fake Slack: one workspace with its people, channels, messages and views. Messages are kept in
// the form in which Slack gives them.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cox::fake_slack {

using nlohmann::json;

struct User {
    std::string id;
    std::string name;
    std::string real_name;
    std::string display_name;
    std::string email;
    std::string team;            // another one than the workspace's: a stranger from a connected organisation
    std::string enterprise = {}; // the organisation of several workspaces that the account belongs to
    std::string tz = "Etc/UTC";
    bool is_bot = false;
    bool deleted = false;
    bool is_restricted = false;       // a guest
    bool is_ultra_restricted = false; // a guest of one channel
    bool is_stranger = false;
    bool is_admin = false;
};

struct Message {
    json body;                      // ts, user, text, blocks, thread_ts, subtype, reactions, edited, …
    json metadata = {};             // null: none
    std::vector<json> earlier = {}; // what it was before each edit
};

// A value that somebody set: a topic, a purpose.
struct Line {
    std::string value;
    std::string creator;
    std::int64_t last_set = 0;

    json shown() const { return {{"value", value}, {"creator", creator}, {"last_set", last_set}}; }
};

struct Channel {
    std::string id;
    std::string name;
    std::string creator;
    bool is_private = false;
    bool is_im = false;
    bool is_archived = false;
    bool is_ext_shared = false;
    std::int64_t created = 0;
    Line topic = {};
    Line purpose = {};
    std::vector<Line> topics = {}; // every one that was ever set
    std::set<std::string> members = {};
    std::map<std::string, Message> messages = {}; // by ts: oldest first
    std::vector<std::string> pins = {};
    std::vector<json> bookmarks = {};
    std::vector<std::int64_t> posted_ms = {}; // when chat.postMessage was allowed lately

    bool has(std::string_view user) const { return members.contains(std::string{user}); }
    Message* message(std::string const& ts);
    std::string type() const { return is_im ? "im" : is_private ? "group" : "channel"; }
};

// A message that one person alone sees.
struct Ephemeral {
    std::string user;
    std::string channel;
    std::string via; // "chat.postEphemeral", "response_url", "ack"
    json body;
    bool gone = false; // replaced or deleted through its response_url
};

// A modal or an App Home.
struct View {
    std::string id;
    std::string user;
    std::string root;
    std::string previous; // the one beneath
    std::string hash;
    json shown = {};  // the view as it was given
    json errors = {}; // what the last submission was answered with
    bool open = true;
    std::vector<json> versions = {};

    json described(std::string const& team, std::string const& app, std::string const& bot) const;
};

struct World {
    World();

    std::string team = "T0FAKE001";
    std::string domain = "acme";
    std::string enterprise; // "" outside an Enterprise Grid
    std::string app = "A0FAKE001";
    std::string bot_user = "U0COXBOT1";
    std::string bot = "B0COXBOT1";
    std::map<std::string, User> users;
    std::map<std::string, Channel> channels;
    std::vector<Ephemeral> ephemerals;
    std::map<std::string, View> views;

    std::string new_id(std::string_view letter); // "C0NEW0001"
    User* user(std::string_view id_or_name);
    Channel* channel(std::string_view id_or_name); // "C0OPS0001", "ops", "#ops"
    // The direct messages between the bot and somebody; made when there are none.
    Channel& im_with(std::string const& user);
    json shown(User const&) const;
    json shown(Channel const&) const;

private:
    int last_id_ = 0;
};

} // namespace cox::fake_slack
