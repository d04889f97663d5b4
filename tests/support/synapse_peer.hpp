#pragma once
// A real Synapse for tests in C++: started by tests/support/synapse/serve.py, and ended with this object. It takes a
// second to start, so one serves all tests of a program.
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace cox::test {

class SynapsePeer {
public:
    struct User {
        std::string id;
        std::string token;
        std::string password;
    };

    SynapsePeer();
    ~SynapsePeer();
    SynapsePeer(SynapsePeer const&) = delete;
    SynapsePeer& operator=(SynapsePeer const&) = delete;
    // The one of this program, started when it is first asked for.
    static SynapsePeer& shared();

    std::string const& url() const { return url_; }
    // A new account: `name` and a number that makes it one.
    User user(std::string_view name);
    // {"errcode":…} is an answer like any other. `path` is behind "/_matrix/client/v3".
    nlohmann::json ask(User const&, std::string_view method, std::string const& path, nlohmann::json const& body = {});

private:
    nlohmann::json tell(std::string const& line);
    std::string read_line();
    void end();

    int to_ = -1;   // its standard input
    int from_ = -1; // its standard output
    int process_ = 0;
    std::string read_;
    std::string url_;
    int made_ = 0;
};

std::string percent_encoded(std::string_view segment);

} // namespace cox::test
