#include "adapters/slack/check_online.hpp"

#include "adapters/slack/json.hpp"
#include "adapters/slack/scopes.hpp"

#include <boost/asio/io_context.hpp>

namespace cox::slack {
namespace {

using Result = OnlineCheck::Result;

bool is_networks_fault(Answer const& answer) {
    return answer.verdict == Verdict::again || answer.verdict == Verdict::unknown || answer.verdict == Verdict::wait;
}

void look_at_bot_token(Answer const& answer, OnlineCheck& check) {
    if (is_networks_fault(answer)) {
        check.result = Result::not_reached;
        check.lines.push_back("slack: not reached (" + in_words(answer) +
                              "); check the network, slack.proxy and this machine's "
                              "clock");
        return;
    }
    auto const json = read_object(answer.body, answer.body.size());
    if (!answer.ok() || !json) {
        check.result = Result::refused;
        check.lines.push_back("slack: the bot token is refused (" + in_words(answer) +
                              "); copy it anew from the app's page \"OAuth & Permissions\"");
        return;
    }
    check.lines.push_back("slack: the bot token is good: " + text_at(*json, "user") + " in " + text_at(*json, "team"));
    if (answer.scopes.empty()) {
        check.lines.emplace_back("slack: which rights it has cannot be told: the answer does not name them (no "
                                 "X-OAuth-Scopes; perhaps a proxy takes it out)");
        return;
    }
    auto const compared = compare_scopes(answer.scopes);
    for (auto const& scope : compared.missing) {
        check.result = Result::incomplete;
        check.lines.push_back("slack: the right " + std::string{scope.name} +
                              " is missing: " + std::string{scope.without} +
                              "; add it under \"OAuth & Permissions\" and install the app again");
    }
    for (auto const& name : compared.more_than_needed) {
        check.lines.push_back("slack: the right " + name + " is granted and not needed; it can be removed");
    }
}

void look_at_app_token(Answer const& answer, OnlineCheck& check) {
    if (answer.ok()) {
        check.lines.emplace_back("slack: the app-level token is good: Socket Mode opens");
        return;
    }
    bool const network = is_networks_fault(answer);
    if (check.result != Result::refused) check.result = network ? Result::not_reached : Result::refused;
    check.lines.push_back(network ? "slack: Socket Mode was not reached (" + in_words(answer) + "); try again"
                                  : "slack: the app-level token does not open Socket Mode (" + in_words(answer) +
                                        "); make one with connections:write under \"Basic Information\", and turn on "
                                        "\"Socket Mode\"");
}

} // namespace

OnlineCheck check_online(SlackOptions const& options, Tokens const& tokens) {
    OnlineCheck check;
    boost::asio::io_context io{1};
    auto const base = net::parse_url(options.api_url);
    auto outside = net::Outside::make(io, options.outside);
    if (!base || !outside) {
        check.result = Result::refused;
        check.lines.push_back("slack: " + (base ? outside.error() : base.error()));
        return check;
    }
    net::HttpClient http{io, **outside};
    WebApi api{io, http, *base, tokens};
    api.call({"auth.test", {}, "", 0, false}, [&](Answer const& bot) {
        look_at_bot_token(bot, check);
        if (check.result == Result::not_reached) return http.stop();
        api.open_connection([&](Answer const& app) {
            look_at_app_token(app, check);
            http.stop(); // or the kept connection would keep us
        });
    });
    io.run();
    return check;
}

} // namespace cox::slack
