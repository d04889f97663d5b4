#pragma once
// What an interaction permits for a while: to open a view (trigger_id), to answer (response_url).
#include <cstdint>
#include <map>
#include <string>

namespace cox::fake_slack {

struct Trigger {
    std::int64_t made_ms = 0;
    std::string user;
    std::string view; // that it came from
    bool used = false;
};

struct ResponseUrl {
    std::int64_t made_ms = 0;
    int uses = 0;
    std::string user;
    std::string channel;
    std::string ts;         // the message it came from; "" for a slash command
    bool ephemeral = false; // whether that message is one
};

class Permits {
public:
    std::string new_trigger(Trigger trigger) {
        auto const id = std::to_string(++last_) + ".222.fake" + std::to_string(trigger.made_ms);
        triggers_[id] = std::move(trigger);
        return id;
    }
    // The path below the server's address: "/actions/T1/7/fake".
    std::string new_response_path(std::string const& kind, std::string const& team, ResponseUrl url) {
        auto const path = "/" + kind + "/" + team + "/" + std::to_string(++last_) + "/fake";
        urls_[path] = std::move(url);
        return path;
    }
    Trigger* trigger(std::string const& id) {
        auto const at = triggers_.find(id);
        return at == triggers_.end() ? nullptr : &at->second;
    }
    ResponseUrl* response_url(std::string const& path) {
        auto const at = urls_.find(path);
        return at == urls_.end() ? nullptr : &at->second;
    }

private:
    int last_ = 0;
    std::map<std::string, Trigger> triggers_;
    std::map<std::string, ResponseUrl> urls_;
};

} // namespace cox::fake_slack
