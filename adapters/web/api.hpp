#pragma once
// What each path answers. No sockets, no waiting: answers come through a callback, now or later, exactly once.
#include "adapters/web/channels.hpp"
#include "adapters/web/desk.hpp"
#include "adapters/web/files.hpp"
#include "adapters/web/guard.hpp"
#include "adapters/web/http.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::web {

class Api {
public:
    using Reply = std::function<void(Response)>;

    Api(WebChannels&, Desk&, Guard, Files);

    void handle(Request const&, Reply);
    // What stands against a request before anything is done with it; /ws is judged by this alone.
    std::optional<Fault> objection(Request const& request) const { return guard_.objection(request); }

private:
    // One path. "*" stands for one segment, which the handler gets decoded.
    struct Route {
        std::string_view method;
        std::string_view pattern;
        void (Api::*handler)(Request const&, std::string segment, Reply);
    };
    static std::vector<Route> const& routes();

    void channels(Request const&, std::string, Reply);
    void channel(Request const&, std::string id, Reply);
    void say(Request const&, std::string id, Reply);
    void press(Request const&, std::string id, Reply);
    void people(Request const&, std::string, Reply);
    void commands(Request const&, std::string, Reply);
    void clock(Request const&, std::string, Reply);
    void advance(Request const&, std::string, Reply);
    void incidents(Request const&, std::string, Reply);
    void incident(Request const&, std::string id, Reply);
    void events(Request const&, std::string id, Reply);
    void login(Request const&, std::string, Reply);
    void socket(Request const&, std::string, Reply);
    void healthz(Request const&, std::string, Reply);
    void readyz(Request const&, std::string, Reply);
    void metrics(Request const&, std::string, Reply);

    WebChannels& channels_;
    Desk& desk_;
    Guard guard_;
    Files files_;
    std::string commands_; // never changes
};

} // namespace cox::web
