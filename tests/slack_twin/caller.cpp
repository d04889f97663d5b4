#include "caller.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

namespace cox::test {

using namespace std::chrono_literals;

Caller::Caller(std::string const& api_url, std::string bot_token)
    : outside_{net::Outside::make(io_, {}).value()}, http_{io_, *outside_},
      api_{io_, http_, net::parse_url(api_url).value(), slack::Tokens{"xapp-twin", std::move(bot_token)}} {}

template <class Start>
slack::Answer Caller::answer_to(Start start) {
    std::optional<slack::Answer> got;
    start([&got](slack::Answer answer) { got = std::move(answer); });
    auto const deadline = std::chrono::steady_clock::now() + 20s;
    io_.restart();
    while (!got && std::chrono::steady_clock::now() < deadline)
        io_.run_one_for(20ms);
    if (!got) throw std::runtime_error{"a call that is never answered"};
    return *got;
}

slack::Answer Caller::call(std::string method, slack::Fields fields, bool writes) {
    return answer_to([&](auto done) { api_.call({std::move(method), std::move(fields), "", 0, writes}, done); });
}

slack::Answer Caller::open_connection() {
    return answer_to([&](auto done) { api_.open_connection(done); });
}

nlohmann::json Caller::ask(std::string method, slack::Fields fields, bool writes) {
    auto const answer = call(method, std::move(fields), writes);
    EXPECT_TRUE(answer.ok()) << method << ": " << answer.error << " " << answer.needed << " " << answer.detail;
    auto const json = slack::read_object(answer.body, answer.body.size());
    return json.value_or(nlohmann::json::object());
}

} // namespace cox::test
