#pragma once
// Our client of the Web API by itself: one call after the other.
#include "adapters/slack/json.hpp"
#include "adapters/slack/web_api.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace cox::test {

class Caller {
public:
    Caller(std::string const& api_url, std::string bot_token);

    slack::Answer call(std::string method, slack::Fields, bool writes = true);
    slack::Answer open_connection();
    // The answer's body; fails the test when the call was refused.
    nlohmann::json ask(std::string method, slack::Fields, bool writes = true);

private:
    template <class Start>
    slack::Answer answer_to(Start);

    boost::asio::io_context io_{1};
    std::unique_ptr<net::Outside> outside_;
    net::HttpClient http_;
    slack::WebApi api_;
};

} // namespace cox::test
