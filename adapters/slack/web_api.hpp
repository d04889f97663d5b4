#pragma once
// Calls of Slack's Web API, each at its pace. Everything here runs on the network thread; answers come later, never
// inside call().
#include "adapters/net/http_client.hpp"
#include "adapters/slack/answer.hpp"
#include "adapters/slack/pace.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cox::slack {

struct Tokens {
    std::string app; // xapp-…: opens sockets
    std::string bot; // xoxb-…: everything else
};

// Names and values as a form has them; nested values are JSON text.
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Call {
    std::string method;
    Fields fields;
    std::string channel;  // whose lane it goes in; "" for none
    int urgency = 9;      // 0 goes first
    bool writes = true;   // whether a lost answer leaves open what happened; one that only reads is tried again
    bool insists = false; // so is one that insists, where it was surely not done: nobody else tries it again
};

class WebApi {
public:
    using Done = std::function<void(Answer)>;

    // `base`: "https://slack.com/api/", with or without the slash.
    // `at_once`: as many calls as the client has connections to a host.
    WebApi(boost::asio::io_context&, net::HttpClient&, net::Url base, Tokens,
           std::size_t at_once = net::HttpLimits{}.connections_per_host);

    void call(Call, Done);
    // apps.connections.open, with the app's own token.
    void open_connection(Done);
    // An address that Slack gave us for answers to one command; it is a secret.
    void respond(std::string const& response_url, std::string json, Done);

    void set_tokens(Tokens);
    Tokens const& tokens() const { return tokens_; }
    // Calls that wait for their turn.
    std::size_t waiting() const { return pace_.waiting(); }
    void stop();

    // Called once when Slack refuses the bot token, whatever was asked; whoever asks about the token (auth.test) has it
    // from the answer.
    std::function<void(Answer const&)> token_refused;

private:
    struct Waiting {
        Call call;
        Done done;
        int attempts = 0;
    };

    void pump();
    void send(Pace::Ticket);
    void answered(Pace::Ticket, Answer);
    void note_token(std::string const& method, Answer const&);
    Span pause(int attempts);
    void try_again(Pace::Ticket, Span after);
    net::HttpRequest request(std::string const& method, Fields const&, std::string const& token) const;

    boost::asio::io_context& io_;
    net::HttpClient& http_;
    net::Url base_;
    Tokens tokens_;
    // What Slack said when it refused the bot token: until there is another, or Slack takes this one again, it is the
    // answer to every call but the one that asks about the token.
    std::optional<Answer> refusal_;
    Pace pace_;
    Pace::Ticket next_ticket_ = 1;
    std::unordered_map<Pace::Ticket, Waiting> waiting_;
    boost::asio::steady_timer alarm_;
    std::minstd_rand random_{std::random_device{}()};
    bool pumping_ = false;
    bool stopped_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// "a=b&c=d", percent-encoded.
std::string form_encoded(Fields const&);

} // namespace cox::slack
