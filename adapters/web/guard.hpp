#pragma once
// Who may talk to the server at all. A page of another site, open in the same browser, must not be able to drive a bot
// that listens on loopback: the names by which it is called and the origin of what is sent are checked.
#include "adapters/web/http.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::web {

class Guard {
public:
    Guard(std::vector<std::string> hosts, std::optional<std::string> token);

    std::optional<Fault> objection(Request const&) const;
    // POST /api/login: the cookie for a browser that gave the right token, "" when none is needed; none when it is
    // wrong.
    std::optional<std::string> cookie_for(std::string_view token) const;

private:
    bool known_host(std::string_view host) const;
    bool has_token(Request const&) const;

    std::vector<std::string> hosts_;
    std::optional<std::string> token_;
};

// "127.0.0.1", "::1", "localhost" and what else only reaches this machine.
bool is_loopback_name(std::string_view host);

} // namespace cox::web
