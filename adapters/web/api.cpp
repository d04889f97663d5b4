#include "adapters/web/api.hpp"

#include "adapters/web/json.hpp"
#include "adapters/web/rows.hpp"
#include "core/grammar.hpp"
#include "core/parse_time.hpp"

namespace cox::web {
namespace {

constexpr std::size_t newest_messages = 500;
constexpr std::size_t most_messages_after = 1000;

Response json_response(std::string body, int status = 200) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

std::string array_of(std::vector<std::string> const& objects) {
    std::string out = "[";
    for (auto const& object : objects) {
        if (out.size() > 1) out += ',';
        out += object;
    }
    return out += ']';
}

std::string command_table() {
    auto rows = nlohmann::json::array();
    for (auto const& row : grammar()) {
        rows.push_back({{"verb", row.verb},
                        {"aliases", row.aliases},
                        {"usage", row.usage},
                        {"does", row.does},
                        {"example", row.example},
                        {"built", row.built}});
    }
    return write_json(rows);
}

// None when the path does not fit; the decoded segment that stands for "*" otherwise.
std::optional<std::string> segment_of(std::string_view path, std::string_view pattern) {
    auto const star = pattern.find('*');
    if (star == pattern.npos) {
        if (path != pattern) return std::nullopt;
        return "";
    }
    auto const before = pattern.substr(0, star);
    auto const after = pattern.substr(star + 1);
    if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after))
        return std::nullopt;
    auto const segment = path.substr(before.size(), path.size() - before.size() - after.size());
    if (segment.find('/') != segment.npos) return std::nullopt;
    return percent_decoded(segment);
}

Fault no_channel(std::string const& id) {
    return {404, "no-such-channel", "There is no channel #" + id.substr(0, 80) + ".",
            "GET /api/channels lists the channels there are."};
}

Fault no_incident(std::string const& id) {
    return {404, "no-such-incident", "There is no incident " + id.substr(0, 40) + ".",
            "GET /api/incidents lists the incidents there are."};
}

// The body as an object whose `fields` are strings.
std::expected<nlohmann::json, Fault> object_with(Request const& request, std::initializer_list<char const*> fields) {
    auto body = read_json(request.body);
    if (!body || !body->is_object()) {
        return std::unexpected{
            Fault{400, "bad-json", "The body is not a JSON object.", "Send an object such as {\"user\":\"ana\"}."}};
    }
    for (auto const* field : fields) {
        if (string_of(*body, field)) continue;
        return std::unexpected{Fault{400, "bad-field", std::string{"`"} + field + "` is missing or not a string.",
                                     "Send it as a JSON string."}};
    }
    return std::move(*body);
}

WebChannels::Answer accepted(Api::Reply reply) {
    return [reply = std::move(reply)](std::expected<std::string, Fault> const& id) {
        reply(id ? json_response("{\"id\":\"" + *id + "\"}", 202) : response_of(id.error()));
    };
}

bool is_json(std::string_view content_type) {
    constexpr std::string_view json = "application/json";
    auto type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' '))
        type.remove_suffix(1);
    auto const same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
    return type.size() == json.size() && std::equal(type.begin(), type.end(), json.begin(), same);
}

} // namespace

std::vector<Api::Route> const& Api::routes() {
    static std::vector<Route> const table{
        {"POST", "/api/channels/*/messages", &Api::say},
        {"POST", "/api/channels/*/press", &Api::press},
        {"GET", "/api/channels/*", &Api::channel},
        {"GET", "/api/channels", &Api::channels},
        {"GET", "/api/people", &Api::people},
        {"GET", "/api/commands", &Api::commands},
        {"GET", "/api/clock", &Api::clock},
        {"POST", "/api/clock", &Api::advance},
        {"GET", "/api/incidents", &Api::incidents},
        {"GET", "/api/incidents/*", &Api::incident},
        {"GET", "/api/incidents/*/events", &Api::events},
        {"POST", "/api/login", &Api::login},
        {"GET", "/ws", &Api::socket},
        {"GET", "/healthz", &Api::healthz},
        {"GET", "/readyz", &Api::readyz},
        {"GET", "/metrics", &Api::metrics},
    };
    return table;
}

Api::Api(WebChannels& channels, Desk& desk, Guard guard, Files files)
    : channels_{channels}, desk_{desk}, guard_{std::move(guard)}, files_{std::move(files)}, commands_{command_table()} {
}

void Api::handle(Request const& request, Reply reply) {
    if (auto fault = guard_.objection(request)) {
        auto response = response_of(*fault);
        if (fault->status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return reply(std::move(response));
    }
    auto const path = request.path();
    // HEAD is GET without a body, which the server leaves out.
    auto const method = request.method == "HEAD" ? "GET" : request.method;
    std::string allowed;
    auto const allow = [&](std::string_view also) {
        if (!allowed.empty()) allowed += ", ";
        allowed += also == "GET" ? "GET, HEAD" : also;
    };
    for (auto const& route : routes()) {
        auto segment = segment_of(path, route.pattern);
        if (!segment) continue;
        if (route.method != method) {
            allow(route.method);
            continue;
        }
        if (method == "POST" && !is_json(request.content_type)) {
            return reply(response_of({415, "not-json", "Only JSON is taken here.",
                                      "Send `Content-Type: application/json` and a JSON body."}));
        }
        return (this->*route.handler)(request, std::move(*segment), std::move(reply));
    }
    if (auto file = files_.get(request)) {
        if (method == "GET") return reply(std::move(*file));
        allow("GET");
    }
    if (allowed.empty()) {
        return reply(response_of({404, "no-such-path", "There is nothing at this path.",
                                  "The page is at /, the API begins with GET /api/channels."}));
    }
    auto response = response_of({405, "wrong-method", "This path does not take that method.", "Use " + allowed + "."});
    response.headers.emplace_back("Allow", allowed);
    reply(std::move(response));
}

void Api::channels(Request const&, std::string, Reply reply) {
    auto rows = nlohmann::json::array();
    for (auto const* each : channels_.channels())
        rows.push_back(row_of(*each, desk_));
    reply(json_response(write_json(rows)));
}

void Api::channel(Request const& request, std::string id, Reply reply) {
    if (!channels_.channel(ChannelId{id})) return reply(response_of(no_channel(id)));
    std::optional<std::int64_t> after;
    auto const given = query_value(request.target, "after");
    if (!given.empty()) {
        after = message_id(given);
        if (!after) {
            return reply(response_of(
                {400, "bad-message", "`after` is no message.", "Send the id of a message, such as after=m12."}));
        }
    }
    channels_.read(ChannelId{id}, after, after ? most_messages_after : newest_messages,
                   [this, id, reply = std::move(reply)](std::vector<Message> const& messages) {
                       auto row = row_of(*channels_.channel(ChannelId{id}), desk_);
                       auto& list = row["messages"] = nlohmann::json::array();
                       for (auto const& message : messages)
                           list.push_back(shown(message, channels_.people()));
                       reply(json_response(write_json(row)));
                   });
}

void Api::say(Request const& request, std::string id, Reply reply) {
    auto const body = object_with(request, {"user", "text", "key"});
    if (!body) return reply(response_of(body.error()));
    channels_.say({std::move(id), *string_of(*body, "user"), *string_of(*body, "text"), *string_of(*body, "key")},
                  accepted(std::move(reply)));
}

void Api::press(Request const& request, std::string id, Reply reply) {
    auto const body = object_with(request, {"user", "message", "button", "key"});
    if (!body) return reply(response_of(body.error()));
    channels_.press({std::move(id), *string_of(*body, "user"), *string_of(*body, "message"),
                     *string_of(*body, "button"), *string_of(*body, "key")},
                    accepted(std::move(reply)));
}

void Api::people(Request const&, std::string, Reply reply) {
    auto rows = nlohmann::json::array();
    for (auto const& person : channels_.people().all())
        rows.push_back({{"id", person.id.value}, {"name", person.name}});
    reply(json_response(write_json(rows)));
}

void Api::commands(Request const&, std::string, Reply reply) {
    reply(json_response(commands_));
}

void Api::clock(Request const&, std::string, Reply reply) {
    auto const clock = desk_.clock({});
    reply(json_response(
        write_json({{"now", rfc3339(clock.now)},
                    {"rate", clock.rate},
                    {"manual", desk_.manual_clock()},
                    {"zone", {{"name", clock.zone}, {"ahead_s", clock.ahead_of_utc / std::chrono::seconds{1}}}}})));
}

void Api::advance(Request const& request, std::string, Reply reply) {
    if (!desk_.manual_clock()) {
        return reply(response_of({409, "clock-runs", "This clock runs by itself.",
                                  "Start `coxswain demo --clock manual` to move time by hand."}));
    }
    auto const body = object_with(request, {"advance"});
    if (!body) return reply(response_of(body.error()));
    auto const by = parse_span(*string_of(*body, "advance"));
    if (!by || *by < Duration::zero()) {
        return reply(response_of(
            {400, "bad-span", "`advance` is no span of time.", "Send one such as \"10m\", \"1h30m\" or \"90s\"."}));
    }
    desk_.advance(*by, [reply = std::move(reply)](Time now) {
        reply(json_response(write_json({{"now", rfc3339(now)}})));
    });
}

void Api::incidents(Request const&, std::string, Reply reply) {
    reply(json_response(array_of(desk_.incidents())));
}

void Api::incident(Request const&, std::string id, Reply reply) {
    auto const incident = incident_id(id);
    if (!incident) return reply(response_of(no_incident(id)));
    desk_.incident(*incident, [id, reply = std::move(reply)](std::optional<std::string> json) {
        reply(json ? json_response(std::move(*json)) : response_of(no_incident(id)));
    });
}

void Api::events(Request const&, std::string id, Reply reply) {
    auto const incident = incident_id(id);
    if (!incident) return reply(response_of(no_incident(id)));
    desk_.events(*incident, [id, reply = std::move(reply)](std::optional<std::vector<std::string>> const& events) {
        reply(events ? json_response(array_of(*events)) : response_of(no_incident(id)));
    });
}

void Api::login(Request const& request, std::string, Reply reply) {
    auto const body = object_with(request, {"token"});
    if (!body) return reply(response_of(body.error()));
    auto cookie = guard_.cookie_for(*string_of(*body, "token"));
    if (!cookie) {
        return reply(response_of(
            {401, "wrong-token", "That is not the token.", "Ask the operator, who set it as COXSWAIN_WEB_TOKEN."}));
    }
    auto response = json_response(R"({"status":"ok"})");
    if (!cookie->empty()) response.headers.emplace_back("Set-Cookie", std::move(*cookie));
    reply(std::move(response));
}

void Api::socket(Request const&, std::string, Reply reply) {
    auto response = response_of(
        {426, "not-a-websocket", "This path only speaks WebSocket.", "Connect with a WebSocket client (RFC 6455)."});
    response.headers.emplace_back("Upgrade", "websocket");
    reply(std::move(response));
}

void Api::healthz(Request const&, std::string, Reply reply) {
    reply(json_response(R"({"status":"ok"})"));
}

void Api::readyz(Request const&, std::string, Reply reply) {
    auto const readiness = desk_.readiness();
    reply(json_response(write_json({{"ready", readiness.ready}, {"reasons", readiness.reasons}}),
                        readiness.ready ? 200 : 503));
}

void Api::metrics(Request const&, std::string, Reply reply) {
    auto response = json_response(desk_.metrics());
    response.type = "text/plain; version=0.0.4; charset=utf-8";
    reply(std::move(response));
}

} // namespace cox::web
