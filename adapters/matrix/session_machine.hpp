#pragma once
// How we come to be somebody on the homeserver and stay it: found once, logged in once, the device kept for ever, since
// transaction ids count in its name. A machine without a socket or a clock; the driver does what the actions say and
// tells what came of it.
#include "adapters/matrix/answer.hpp"
#include "core/time.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cox::matrix {

// What we log in with; one of them is there.
struct Secrets {
    std::string token = {};
    std::string password = {};
    std::string as_token = {}; // of an application service, whose user the bot then is
    bool operator==(Secrets const&) const = default;
};

// What is kept. It holds secrets: it is never shown.
struct Session {
    std::string base; // where the homeserver was found
    std::string user;
    std::string device;
    std::string token;
    std::string refresh_token; // "" where the homeserver gave none
    std::optional<Time> expires;
    bool given = false; // the token is the operator's, not of a log-in of ours
    bool operator==(Session const&) const = default;
};
std::string to_json(Session const&);
std::optional<Session> session_from_json(std::string_view);

namespace act {
struct AskWellKnown {
    std::string server;
};
struct AskWhoWeAre {
    std::string token;
};
struct LogIn {
    std::string user;
    std::string password;
    std::string device;
    std::string as_token; // in place of a password
};
struct Refresh {
    std::string refresh_token;
};
struct UseBase { // of all calls from now on
    std::string url;
};
// To disk, and only then on: told by saved().
struct Save {
    Session session;
};
// We are this one: calls may go.
struct Serve {
    Session session;
};
// Calls cannot go, and this is why; `trouble` is for people and says what to do.
struct GiveUp {
    Answer answer;
    std::string trouble;
};
// tick() is to come after this.
struct Wait {
    Duration span{};
};
// The secrets as they are now, told by secrets(), after this.
struct LookAtSecrets {
    Duration span{};
};
struct Say {
    enum class How { info, warning, error } how = How::info;
    std::string text;
};
} // namespace act
using SessionAction = std::variant<act::AskWellKnown, act::AskWhoWeAre, act::LogIn, act::Refresh, act::UseBase,
                                   act::Save, act::Serve, act::GiveUp, act::Wait, act::LookAtSecrets, act::Say>;

class SessionMachine {
public:
    struct Options {
        std::string homeserver; // a URL, or a server's name whose .well-known is asked
        std::string user;
        std::string device;
        Duration first_wait = std::chrono::seconds{1};
        Duration longest_wait = std::chrono::minutes{1};
        Duration look_every = std::chrono::seconds{2}; // at the secrets, while those in use are refused
    };
    using Actions = std::vector<SessionAction>;
    explicit SessionMachine(Options options) : options_{std::move(options)} {}

    Actions start(std::optional<Session> kept, std::optional<Secrets>);
    Actions well_known(Answer const&);
    Actions logged_in(Answer const&, Time now);
    Actions refreshed(Answer const&, Time now);
    Actions told_who_we_are(Answer const&);
    Actions saved(Time now);
    // The homeserver refuses the token that serves.
    Actions refused(Answer const&, Time now);
    Actions secrets(std::optional<Secrets>);
    Actions tick();

private:
    enum class Then { nothing, find, log_in, ask, refresh, renew };

    Actions find();
    Actions go_on();
    Actions log_in();
    Actions ask();
    Actions refresh();
    Actions renew(Answer const& why);
    // Not reached, or not now: the same again, later.
    Actions later(Then, Answer const&);
    Actions give_up(Answer const&, std::string trouble);
    void take(nlohmann::json const&, Time now);

    Options options_;
    Session session_;
    std::optional<Secrets> secrets_;
    Then then_ = Then::nothing;
    Duration wait_{};
    std::string said_; // why we wait, said once
    bool serving_ = false;
    bool given_up_ = false;
    int looks_ = 0;
    Time served_at_{};
    int soon_refused_ = 0; // how often in a row a new token was refused when it was hardly in use
    std::optional<Answer> why_renewed_;
};

} // namespace cox::matrix
