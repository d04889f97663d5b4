#include "api.hpp"

#include "limits.hpp"
#include "strict.hpp"
#include "sync.hpp"
#include "url_text.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace cox::fake_homeserver {
namespace {

using Kind = Fault::Kind;

struct Matched {
    Endpoint const* endpoint = nullptr;
    std::map<std::string, std::string> in_path;
    bool other_verb = false; // the path is known, the verb is not
};

std::optional<std::map<std::string, std::string>> match(std::string_view pattern, std::vector<std::string> path) {
    auto const wanted = segments_of(pattern);
    // An empty state key may be left out, with its slash or without.
    if (wanted.size() == path.size() + 1 && wanted.back() == "{key}") path.emplace_back();
    if (wanted.size() != path.size()) return std::nullopt;
    std::map<std::string, std::string> found;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (wanted[i].starts_with('{'))
            found[wanted[i].substr(1, wanted[i].size() - 2)] = decoded(path[i]);
        else if (wanted[i] != path[i])
            return std::nullopt;
    }
    return found;
}

Matched find_endpoint(Request const& request) {
    static std::array const tables{session_endpoints(), sending_endpoints(), room_endpoints(), reading_endpoints()};
    auto const path = segments_of(request.path());
    Matched matched;
    for (auto const& table : tables)
        for (auto const& each : table) {
            auto found = match(each.path, path);
            if (!found) continue;
            if (each.verb == request.verb) return {&each, std::move(*found), false};
            matched.other_verb = true;
        }
    return matched;
}

Response json_response(int status, json const& body) {
    return {.status = status, .body = body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

Response response_of(Homeserver const& server, Refused const& refused) {
    json body{{"errcode", refused.errcode}, {"error", refused.error}};
    body.update(refused.more);
    auto response = json_response(refused.status, body);
    if (refused.status == 429) say_when(response, body, server, refused.more.value("retry_after_ms", std::int64_t{0}));
    return response;
}

json parsed_body(Request const& request, Endpoint const& endpoint) {
    bool const carries = request.verb == "POST" || request.verb == "PUT";
    if (!carries || endpoint.body != Endpoint::Body::object) return json::object();
    auto body = json::parse(request.body, nullptr, false);
    if (body.is_discarded()) {
        bool const half_a_pair = request.body.contains("\\ud8") || request.body.contains("\\uD8") ||
                                 request.body.contains("\\udc") || request.body.contains("\\uDC");
        if (half_a_pair) throw Refused{500, "M_UNKNOWN", "Internal server error"};
        throw Refused{400, "M_NOT_JSON", "Content not JSON."};
    }
    if (!body.is_object()) throw Refused{400, "M_BAD_JSON", "Content must be a JSON object."};
    return body;
}

// "" where there is none.
std::string token_of(Request const& request) {
    constexpr std::string_view bearer = "Bearer ";
    return request.authorization.starts_with(bearer) ? request.authorization.substr(bearer.size()) : "";
}

// The service itself, unless the query names whom it speaks for.
Session* session_of(Homeserver& server, Service& service, Call const& call) {
    auto const asked = call.query.find("user_id");
    auto const& user = asked == call.query.end() ? service.sender : asked->second;
    bool const is_named = user == service.sender || std::ranges::find(service.users, user) != service.users.end();
    if (!is_named)
        throw Refused{403, "M_FORBIDDEN", "Application service cannot masquerade as this user (" + user + ")."};
    if (!server.world.account(user))
        throw Refused{403, "M_FORBIDDEN", "Application service has not registered this user (" + user + ")"};
    auto& session = service.sessions[user];
    session.token = call.token;
    session.user = user;
    return &session;
}

Session* session_of(Homeserver& server, Call const& call) {
    if (call.token.empty()) throw Refused{401, "M_MISSING_TOKEN", "Missing access token"};
    auto const service = server.world.services.find(call.token);
    if (service != server.world.services.end()) return session_of(server, service->second, call);
    auto const at = server.world.sessions.find(call.token);
    auto const unknown = [](bool soft) {
        return Refused{401, "M_UNKNOWN_TOKEN", "Invalid access token passed.", {{"soft_logout", soft}}};
    };
    if (at == server.world.sessions.end()) throw unknown(false);
    auto& session = at->second;
    if (session.expires_at_ms != 0 && session.expires_at_ms <= server.now_ms()) session.fate = Session::Fate::soft;
    if (session.fate != Session::Fate::alive) throw unknown(session.fate == Session::Fate::soft);
    // Once the new token is used, the one that it came for is dead.
    if (!session.replaces.empty()) server.world.sessions.erase(std::exchange(session.replaces, {}));
    return &session;
}

// One question from its arrival to its answer.
class Asked {
public:
    Asked(Homeserver& server, std::shared_ptr<Request const> request, std::shared_ptr<Waiting> waiting)
        : server_{server}, request_{std::move(request)}, waiting_{std::move(waiting)}, at_{server.log.calls.size()} {}

    static void begin(std::shared_ptr<Asked> const& self) {
        auto& server = self->server_;
        auto const& request = *self->request_;
        auto matched = find_endpoint(request);
        auto const query = query_of(request.query());
        server.log.calls.push_back({.at_ms = server.now_ms(),
                                    .endpoint = matched.endpoint ? std::string{matched.endpoint->name} : "",
                                    .verb = request.verb,
                                    .target = request.target,
                                    .query = query,
                                    .in_path = matched.in_path,
                                    .body = json::parse(request.body, nullptr, false)});
        if (self->call().body.is_discarded()) self->call().body = nullptr;
        if (!matched.endpoint) {
            auto const status = matched.other_verb ? 405 : 404;
            return self->refuse({status, "M_UNRECOGNIZED", "Unrecognized request"});
        }
        check_request(server, request, *matched.endpoint);
        self->fault_ = server.faults.take(matched.endpoint->name, matched.in_path["type"]);
        bool const undone = self->fault_ && !self->fault_->lets_answer_pass() && !self->fault_->done;
        if (undone) return self->answer_instead();
        try {
            self->handle(self, *matched.endpoint,
                         {.server = server,
                          .endpoint = matched.endpoint->name,
                          .in_path = std::move(matched.in_path),
                          .query = query,
                          .body = {},
                          .token = token_of(request)});
        } catch (Refused const& refused) {
            self->refuse(refused);
        } catch (json::exception const& wrong) {
            self->refuse({400, "M_BAD_JSON", wrong.what()});
        }
    }

private:
    Called& call() { return server_.log.calls[at_]; }

    void handle(std::shared_ptr<Asked> const& self, Endpoint const& endpoint, Call asked) {
        if (endpoint.needs == Endpoint::Needs::token) {
            asked.session = session_of(server_, asked);
            call().user = asked.session->user;
        }
        asked.body = parsed_body(*request_, endpoint);
        bool const sends = endpoint.name == "send" || endpoint.name == "state" || endpoint.name == "redact";
        if (sends) {
            check_content(asked);
            pour(server_, asked.user());
        }
        if (endpoint.handle) return give(endpoint.handle(asked));
        SyncQuirks quirks;
        if (fault_ && fault_->kind == Kind::repeated) quirks.repeats = fault_->how.value("events", 1);
        if (fault_ && fault_->kind == Kind::backwards) quirks.backwards = true;
        start_sync(
            asked, waiting_, quirks, [self](json answer) { self->give(std::move(answer)); },
            [self](Refused const& refused) { self->refuse(refused); });
    }

    void refuse(Refused const& refused) {
        call().answer = refused.errcode;
        finish(response_of(server_, refused));
    }

    void give(json answer) {
        if (fault_ && !fault_->lets_answer_pass()) return answer_instead();
        if (fault_ && fault_->kind == Kind::huge)
            answer["padding"] = std::string(fault_->how.value("bytes", std::size_t{9} << 20), 'x');
        call().answer = "ok";
        auto response = json_response(200, answer);
        if (fault_) travel(response);
        finish(std::move(response));
    }

    // How an answer that is right travels all the same.
    void travel(Response& response) {
        using Way = Response::Way;
        response.pace = std::chrono::milliseconds{fault_->how.value("ms", 0)};
        if (fault_->kind == Kind::truncated) response.way = Way::cut;
        if (fault_->kind == Kind::drip) response.way = Way::drip;
        if (fault_->kind == Kind::slow || fault_->kind == Kind::drip || fault_->kind == Kind::truncated)
            call().answer = fault_->how.value("kind", "");
    }

    void answer_instead() {
        auto const& how = fault_->how;
        call().answer = how.value("kind", "");
        Response response;
        switch (fault_->kind) {
        case Kind::limited: {
            json body{{"errcode", "M_LIMIT_EXCEEDED"}, {"error", "Too Many Requests"}};
            response.status = 429;
            say_when(response, body, server_, how.value("retry_after_ms", std::int64_t{1000}),
                     how.value("by", server_.settings.limited_by));
            break;
        }
        case Kind::error: {
            json body{{"errcode", how.value("errcode", "M_UNKNOWN")}, {"error", how.value("error", "no")}};
            body.update(how.value("answer", json::object()));
            response = json_response(how.value("status", 400), body);
            break;
        }
        case Kind::instead: response = json_response(200, how.value("answer", json::object())); break;
        case Kind::status:
            response.status = how.value("status", 502);
            response.body = how.value("body", "<html><body><h1>Bad Gateway</h1></body></html>");
            response.type = how.value("type", "text/html");
            response.chunked = false;
            break;
        case Kind::hold: response.way = Response::Way::never; break;
        case Kind::reset: response.way = Response::Way::reset; break;
        default: break;
        }
        finish(std::move(response));
    }

    void finish(Response response) {
        bool const is_heard = response.way == Response::Way::whole || response.way == Response::Way::drip;
        call().status = is_heard ? response.status : 0;
        waiting_->answer(std::move(response));
        server_.changed();
    }

    Homeserver& server_;
    std::shared_ptr<Request const> request_;
    std::shared_ptr<Waiting> waiting_;
    std::size_t at_; // in the log
    std::optional<Fault> fault_;
};

} // namespace

void answer_client(Homeserver& server, std::shared_ptr<Request const> request, std::shared_ptr<Waiting> waiting) {
    Asked::begin(std::make_shared<Asked>(server, std::move(request), std::move(waiting)));
}

} // namespace cox::fake_homeserver
