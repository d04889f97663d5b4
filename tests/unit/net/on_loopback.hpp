#pragma once
// What the tests of the outside share: one thread, names that lead to loopback, an authority to be trusted.
#include "../../support/bad_peer.hpp"
#include "../../support/temp_folder.hpp"
#include "adapters/net/http_client.hpp"
#include "adapters/net/outside.hpp"

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <optional>

namespace cox::net {

using testing::BadPeer;
using testing::Certificate;
using testing::Frame;
using testing::Script;
using testing::TempFolder;
using testing::Wanted;
namespace step = testing::step;

inline Certificate const& trusted_authority() {
    static auto const authority = testing::authority("The Tests' Authority");
    return authority;
}
inline Certificate good_certificate() {
    return testing::issued_by(trusted_authority(), {});
}

class OnLoopback : public ::testing::Test {
protected:
    // Every name leads to loopback, and the tests' authority is trusted.
    OutsideOptions options() {
        OutsideOptions made;
        made.extra_ca = folder.path() / "authority.pem";
        std::ofstream{*made.extra_ca} << trusted_authority().pem();
        made.look_up = [](std::string const&) { return std::vector<std::string>{"127.0.0.1"}; };
        return made;
    }
    std::unique_ptr<Outside> outside_of(OutsideOptions made) {
        auto outside = Outside::make(io, std::move(made));
        if (!outside) throw std::runtime_error{outside.error()};
        return std::move(*outside);
    }
    std::unique_ptr<Outside> outside() { return outside_of(options()); }

    // Runs until it is so; false when that takes more than ten seconds.
    template <class Done>
    [[nodiscard]] bool run_until(Done&& done) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!done()) {
            if (io.stopped()) io.restart();
            if (std::chrono::steady_clock::now() > deadline) return false;
            io.run_one_until(deadline);
        }
        return true;
    }

    // Everything that must not get into a log is marked.
    static HttpRequest request(std::string const& url) {
        HttpRequest made;
        made.url = parse_url(url).value();
        made.headers = {{"Authorization", "Bearer mark-of-a-secret"}};
        made.body = "mark-of-a-secret";
        return made;
    }
    static std::string at(BadPeer const& peer, std::string const& scheme_and_host,
                          std::string const& target = "/api/x?ticket=mark-of-a-secret") {
        return scheme_and_host + ":" + std::to_string(peer.port()) + target;
    }

    HttpResult ask(HttpClient& client, HttpRequest question) {
        std::optional<HttpResult> answer;
        client.send(std::move(question), [&](HttpResult result) { answer = std::move(result); });
        EXPECT_FALSE(answer) << "answered inside send()";
        if (!run_until([&] { return answer.has_value(); })) throw std::runtime_error{"never answered"};
        auto const& reason = *answer ? std::string{} : answer->error().reason;
        EXPECT_EQ(reason.find("secret"), std::string::npos) << reason;
        return std::move(*answer);
    }
    HttpResult ask(HttpClient& client, std::string const& url) { return ask(client, request(url)); }

    TempFolder folder;
    boost::asio::io_context io;
};

} // namespace cox::net
