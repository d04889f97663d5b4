#pragma once
// Calls of the client-server API, in order for each room, and not while the homeserver asks us to wait. Everything here
// runs on the network thread; answers come later, never inside call().
#include "adapters/matrix/answer.hpp"
#include "adapters/net/http_client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::matrix {

using Query = std::vector<std::pair<std::string, std::string>>;

// What a homeserver counts apart when it limits how often.
enum class Bucket { none, messages, invites, joins, new_rooms };

// How long an answer may take, and how large it may be.
enum class Patience { brief, quick, poll, first_sync };

struct Call {
    std::string method = "GET";
    std::vector<std::string> path; // its segments behind "/_matrix/client/v3", as they are: each is encoded
    Query query = {};
    std::string body = {}; // JSON; {} where it is empty and the method has a body
    std::string lane = {}; // the room whose calls go one after another; "" for none
    int urgency = 9;       // 0 goes first among those that wait for the homeserver's leave
    Bucket bucket = Bucket::none;
    // Sending it twice is sending it once: reads, states, and what has a transaction id.
    bool repeatable = true;
    bool needs_token = true; // and waits for one while there is none
    Patience patience = Patience::quick;
    // Even where there will be none for now: for what is lost if it is not read.
    bool waits_for_token = false;
    // Tried again for a while when it was not answered; for what nobody else tries again.
    bool insists = false;
    bool whole_path = false; // the path stands for itself: {"_matrix", "client", "versions"}
    std::string token = {};  // another than the one in use, for asking about that one
};

// The shapes that calls have.
Call get(std::vector<std::string> path, Query query = {});
Call post(std::vector<std::string> path, std::string body);
// `room` is also the lane.
Call send_event(std::string const& room, std::string type, std::string txn, std::string content);
Call put_state(std::string const& room, std::string type, std::string key, std::string content);

class Api {
public:
    using Done = std::function<void(Answer)>;
    struct Options {
        net::HttpLimits brief; // of what everybody waits for, and which is not needed
        net::HttpLimits quick;
        net::HttpLimits poll;       // whose first byte comes when something happens, or at the poll's own time-out
        net::HttpLimits first_sync; // of an account in many rooms
        // A call that would have to wait longer than this is answered with the 429 instead.
        Duration waits_at_most = std::chrono::minutes{1};
        int most_attempts = 8; // of one that is limited again and again
    };
    static Options default_options();

    // `base`: the homeserver, with or without a slash at the end.
    Api(boost::asio::io_context&, net::Outside&, net::Url base, Options = default_options());
    ~Api();

    void call(Call, Done);

    // Calls that need a token wait until there is one. One that the homeserver refuses for its token waits for the
    // next token and goes again.
    void set_token(std::string token);
    std::string const& token() const;
    // There will be none for now: whoever waits, and whoever asks from now on, has this for an answer, but for calls
    // that wait for a token all the same.
    void give_up(Answer);
    // Called when the token in use is refused (401), once for each token.
    std::function<void(Answer const&)> token_refused;

    // Called when the homeserver has kept us waiting for long in all, and not again for a while.
    std::function<void(std::chrono::seconds in_all)> slowed_down;

    net::Url const& base() const;
    void set_base(net::Url);
    // Calls that wait for their turn.
    std::size_t waiting() const;
    // What is under way is forgotten: nobody is called back.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace cox::matrix
