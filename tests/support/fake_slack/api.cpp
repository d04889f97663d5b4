#include "api.hpp"

#include "deeds.hpp"
#include "methods.hpp"

#include <algorithm>
#include <functional>

namespace cox::fake_slack {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view api_prefix = "/api/";
constexpr std::string_view open_method = "apps.connections.open";
constexpr std::string_view post_method = "chat.postMessage";

std::string text_of(json const& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Response refusal(std::string const& error, json more = json::object()) {
    more["ok"] = false;
    more["error"] = error;
    return {.body = text_of(more)};
}

Response limited(json const& retry_after) {
    auto response = refusal("ratelimited");
    response.status = 429;
    if (!retry_after.is_null())
        response.headers.emplace_back("Retry-After",
                                      retry_after.is_string() ? retry_after.get<std::string>() : retry_after.dump());
    return response;
}

bool is_json(Request const& request) {
    return request.content_type.starts_with("application/json");
}

// The arguments, and the error of a body that cannot be read.
std::pair<Args, std::string> args_of(Request const& request, Method const* method) {
    auto args = form_args(request.query());
    if (request.verb == "GET" || request.body.empty()) return {args, ""};
    if (!is_json(request)) {
        auto const form = form_args(request.body);
        for (auto const& [name, value] : form.all().items())
            args.set(name, value.get<std::string>());
        return {args, ""};
    }
    auto const body = json::parse(request.body, nullptr, false);
    if (body.is_discarded()) return {args, "invalid_json"};
    if (!body.is_object()) return {args, "json_not_object"};
    // A method that knows no JSON sees nothing of it.
    if (method && !method->takes_json) return {args, ""};
    return {Args{body}, ""};
}

struct Token {
    std::string kind;  // "bot", "app", "wrong", "none", "query"
    std::string error; // why it is no good for anything
};

Token token_of(Settings const& settings, Request const& request, Args const& args) {
    std::string_view given = request.authorization;
    bool const in_header = given.starts_with("Bearer ");
    auto const value = in_header ? std::string{given.substr(7)} : args.text("token");
    if (form_args(request.query()).has("token")) return {"query", "invalid_auth"};
    if (value.empty()) return {"none", "not_authed"};
    if (value == settings.bot_token) return {"bot", ""};
    // The app-level token counts in the header alone.
    if (value == settings.app_token && in_header) return {"app", ""};
    if (settings.bot_token.ends_with(":" + value))
        return {"bot", settings.bot_token.substr(0, settings.bot_token.find(':'))};
    return {"wrong", "invalid_auth"};
}

std::string wrong_with_token(Token const& token, std::string_view wanted) {
    if (!token.error.empty()) return token.error;
    return token.kind == wanted ? "" : "not_allowed_token_type";
}

bool may(std::vector<std::string> const& scopes, std::string_view any_of) {
    while (!any_of.empty()) {
        auto const bar = any_of.find('|');
        if (std::ranges::find(scopes, any_of.substr(0, bar)) != scopes.end()) return true;
        any_of = bar == std::string_view::npos ? "" : any_of.substr(bar + 1);
    }
    return false;
}

std::string joined(std::vector<std::string> const& scopes) {
    std::string text;
    for (auto const& scope : scopes)
        text += (text.empty() ? "" : ",") + scope;
    return text;
}

bool is_over_rate(Slack& slack, Args const& args) {
    auto* const channel = slack.world.channel(args.text("channel"));
    if (!channel || slack.settings.posts_per_second == 0) return false;
    auto const now = slack.clock.now_ms();
    std::erase_if(channel->posted_ms, [&](std::int64_t at) { return now - at >= 1000; });
    if (channel->posted_ms.size() >= static_cast<std::size_t>(slack.settings.posts_per_second)) return true;
    channel->posted_ms.push_back(now);
    return false;
}

Response run(Slack& slack, Method const& method, Args const& args) {
    if (!method.scope.empty() && !may(slack.settings.scopes, method.scope)) {
        auto const needed = std::string{method.scope.substr(0, method.scope.find('|'))};
        return refusal("missing_scope", {{"needed", needed}, {"provided", joined(slack.settings.scopes)}});
    }
    json missing = json::array();
    for (auto const& name : method.required)
        if (!args.all().contains(name) || args.all()[std::string{name}].is_null())
            missing.push_back("[ERROR] missing required field: " + std::string{name});
    if (!missing.empty()) return refusal("invalid_arguments", {{"response_metadata", {{"messages", missing}}}});
    if (method.name == post_method && is_over_rate(slack, args)) return limited(1);
    auto answer = method.handle(slack, args);
    answer["ok"] = true;
    Response response{.body = text_of(answer)};
    response.headers.emplace_back("X-Accepted-OAuth-Scopes", std::string{method.scope});
    return response;
}

Response honest(Slack& slack, Method const* method, std::string_view name, Token const& token, Args const& args) {
    bool const opens = name == open_method;
    if (!opens && !method) return refusal("unknown_method", {{"req_method", std::string{name}}});
    if (auto const wrong = wrong_with_token(token, opens ? "app" : "bot"); !wrong.empty()) return refusal(wrong);
    try {
        if (opens) return {.body = text_of({{"ok", true}, {"url", slack.sockets.new_url()}})};
        auto response = run(slack, *method, args);
        response.headers.emplace_back("X-OAuth-Scopes", joined(slack.settings.scopes));
        return response;
    } catch (Refused const& refused) {
        return refusal(refused.error, refused.more);
    } catch (json::exception const& wrong_type) {
        return refusal("invalid_arguments",
                       {{"response_metadata", {{"messages", {std::string{"[ERROR] "} + wrong_type.what()}}}}});
    }
}

// The answer as a fault has it. Before some of them the deed is done.
Response spoilt(Fault const& fault, std::function<Response()> const& deed) {
    using Kind = Fault::Kind;
    auto const& how = fault.how;
    milliseconds const pace{how.value("ms", 1000)};
    Response answer;
    if (fault.done || fault.kind == Kind::slow || fault.kind == Kind::drip || fault.kind == Kind::truncated)
        answer = deed();
    switch (fault.kind) {
    case Kind::limited: return limited(how.contains("retry_after") ? how["retry_after"] : json(1));
    case Kind::error: return refusal(how.value("error", "internal_error"), how.value("answer", json::object()));
    case Kind::status: {
        Response response{.status = how.value("status", 503),
                          .body = how.value("body", "<html><body>Something is wrong here.</body></html>"),
                          .type = how.value("type", "text/html")};
        if (how.contains("location")) response.headers.emplace_back("Location", how["location"]);
        return response;
    }
    case Kind::hold: answer.way = Response::Way::never; return answer;
    case Kind::reset: answer.way = Response::Way::reset; return answer;
    case Kind::truncated: answer.way = Response::Way::cut; return answer;
    case Kind::slow: answer.pace = pace; return answer;
    case Kind::drip:
        answer.way = Response::Way::drip;
        answer.pace = pace;
        return answer;
    case Kind::huge: {
        std::string const padding(how.value("bytes", std::size_t{9} << 20), 'x');
        return {.body = R"({"ok":true,"padding":")" + padding + "\"}"};
    }
    case Kind::upgrade:
    case Kind::duplicate:
    case Kind::ack_lost:
    case Kind::mid_frame: break;
    }
    return answer;
}

std::string outcome(Response const& response, std::optional<Fault> const& fault) {
    if (fault) return "fault: " + fault->how.value("kind", "");
    auto const body = json::parse(response.body, nullptr, false);
    if (!body.is_object()) return response.body;
    return body.value("ok", false) ? "ok" : body.value("error", "");
}

void note(Slack& slack, Called call, Response const& response, std::optional<Fault> const& fault) {
    bool const none = response.way == Response::Way::never || response.way == Response::Way::reset;
    call.status = none ? 0 : response.status;
    call.answer = outcome(response, fault);
    slack.log.calls.push_back(std::move(call));
    slack.changed();
}

} // namespace

Response answer_api(Slack& slack, Request const& request) {
    auto const name = std::string{request.path().substr(api_prefix.size())};
    auto const* const method = find_method(name);
    auto [args, unreadable] = args_of(request, method);
    auto const token = token_of(slack.settings, request, args);
    args.erase("token");
    Called call{.at_ms = slack.clock.now_ms(),
                .method = name,
                .verb = request.verb,
                .content_type = request.content_type,
                .token = token.kind,
                .args = args.all(),
                .answer = ""};
    auto const deed = [&] {
        return unreadable.empty() ? honest(slack, method, name, token, args) : refusal(unreadable);
    };
    auto const fault = slack.faults.take(name);
    auto const response = fault ? spoilt(*fault, deed) : deed();
    note(slack, std::move(call), response, fault);
    return response;
}

bool is_response_url(std::string_view path) {
    return path.starts_with("/commands/") || path.starts_with("/actions/") || path.starts_with("/app/");
}

Response answer_response_url(Slack& slack, Request const& request) {
    auto const path = std::string{request.path()};
    auto const body = json::parse(request.body, nullptr, false);
    Called call{.at_ms = slack.clock.now_ms(),
                .method = "response_url",
                .verb = request.verb,
                .content_type = request.content_type,
                .token = request.authorization.empty() ? "none" : "wrong",
                .args = body.is_discarded() ? json(request.body) : body,
                .answer = ""};
    call.args["response_url"] = path;
    auto const deed = [&]() -> Response {
        auto* const url = slack.permits.response_url(path);
        auto const gone = [](std::string const& why) {
            auto response = refusal(why);
            response.status = 404;
            return response;
        };
        if (!url) return gone("no_such_url");
        if (slack.clock.now_ms() - url->made_ms > slack.settings.response_url_lives_ms) return gone("expired_url");
        if (url->uses >= slack.settings.response_url_uses) return gone("used_url");
        if (!body.is_object()) {
            auto response = refusal("invalid_payload");
            response.status = 400;
            return response;
        }
        ++url->uses;
        answer_interaction(slack, *url, "response_url", body);
        return {.body = "ok", .type = "text/html"};
    };
    auto const fault = slack.faults.take("response_url");
    auto const response = fault ? spoilt(*fault, deed) : deed();
    note(slack, std::move(call), response, fault);
    return response;
}

} // namespace cox::fake_slack
