#include "adapters/web/api.hpp"

#include "../../support/fake_house.hpp"
#include "core/grammar.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace cox;
using namespace cox::web;
using nlohmann::json;

namespace {

using web::Request; // the core has a word of that name as well

EmbeddedFile const page[] = {{"adapters/web/page/index.html", "<!doctype html>"},
                             {"adapters/web/page/app.js", "export {};"}};

struct WebApiTest : testing::Test {
    test::FakeStore store;
    test::FakeInbox inbox{store};
    test::FakeDesk desk;
    WebChannels channels{store, [this](ChannelId const&) { return desk.now; }};
    std::optional<Api> api;

    void SetUp() override {
        make(std::nullopt);
        channels.start(inbox);
        channels.ensure("ops", {});
        store.settle();
    }
    void make(std::optional<std::string> token) {
        api.emplace(channels, desk, Guard{{"inc.example.com"}, std::move(token)}, Files{page});
    }

    Request request(std::string_view method, std::string_view target, std::string_view body = {}) {
        Request it;
        it.method = method;
        it.target = target;
        it.body = body;
        it.host = "127.0.0.1:8080";
        if (method == "POST") it.content_type = "application/json";
        return it;
    }
    Response ask(Request const& it) {
        std::optional<Response> got;
        api->handle(it, [&](Response response) { got = std::move(response); });
        store.settle();
        return std::move(got.value());
    }
    Response get(std::string_view target) { return ask(request("GET", target)); }
    Response post(std::string_view target, json const& body) {
        auto const text = body.dump();
        return ask(request("POST", target, text));
    }
    static std::string code(Response const& response) {
        auto const error = json::parse(response.body).at("error");
        EXPECT_FALSE(error.at("message").get<std::string>().empty());
        EXPECT_FALSE(error.at("hint").get<std::string>().empty());
        return error.at("code");
    }
    static std::string header(Response const& response, std::string_view name) {
        for (auto const& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return "";
    }
};

} // namespace

TEST_F(WebApiTest, channels_are_listed_with_their_incident_and_clock) {
    desk.open["ops"] = {7};
    auto const list = json::parse(get("/api/channels").body);
    EXPECT_EQ(list, json::parse(R"([{"id":"ops","name":"ops","topic":"","incident":"INC-7",
                                     "now":"2026-11-23T14:00:00.000Z","rate":0.0}])"));
}

TEST_F(WebApiTest, what_is_posted_is_in_the_channel_with_every_field_of_the_contract) {
    auto const answer = post("/api/channels/ops/messages", {{"user", "ana"}, {"text", "hi @bo"}, {"key", "k1"}});
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.body, R"({"id":"m2"})");
    auto const channel = json::parse(get("/api/channels/ops").body);
    EXPECT_EQ(channel.at("id"), "ops");
    EXPECT_EQ(channel.at("incident"), nullptr);
    EXPECT_EQ(channel.at("messages"), json::parse(R"([{"id":"m2","at":"2026-11-23T14:00:00.000Z","author":"ana",
        "name":"Ana","kind":"say","text":"hi @bo",
        "html":"hi <span class=\"mention\" data-user=\"bo\">@bo</span>",
        "private_to":null,"buttons":[],"edited_at":null}])"));
}

TEST_F(WebApiTest, messages_of_the_bot_carry_its_name_their_buttons_and_whom_they_are_for) {
    channels.deliver(
        {1, {1}, effect::Tell{ChannelId{"ops"}, {UserId{"ana"}, "Ana"}, "yours?", {{"accept A1", "Accept"}}}},
        [](Delivered const&) {});
    store.settle();
    auto const message = json::parse(get("/api/channels/ops").body).at("messages").at(0);
    EXPECT_EQ(message.at("author"), "coxswain");
    EXPECT_EQ(message.at("name"), "Coxswain");
    EXPECT_EQ(message.at("kind"), "private");
    EXPECT_EQ(message.at("private_to"), "ana");
    EXPECT_EQ(message.at("buttons"), json::parse(R"([{"id":"accept A1","label":"Accept"}])"));
}

TEST_F(WebApiTest, messages_after_one_are_those_after_it) {
    for (auto const* key : {"a", "b", "c"})
        post("/api/channels/ops/messages", {{"user", "ana"}, {"text", key}, {"key", key}});
    auto const list = json::parse(get("/api/channels/ops?after=m2").body).at("messages");
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[0].at("id"), "m3");
    EXPECT_EQ(code(get("/api/channels/ops?after=x")), "bad-message");
}

TEST_F(WebApiTest, a_bad_request_is_answered_with_what_is_wrong_and_what_to_do) {
    auto const bad = [&](std::string_view body) { return ask(request("POST", "/api/channels/ops/messages", body)); };
    EXPECT_EQ(code(bad("{")), "bad-json");
    EXPECT_EQ(code(bad("[]")), "bad-json");
    EXPECT_EQ(code(bad(std::string(65, '[') + std::string(65, ']'))), "bad-json");
    EXPECT_EQ(code(bad(R"({"user":1,"text":"a","key":"k"})")), "bad-field");
    EXPECT_EQ(code(bad(R"({"user":"ana","text":"a"})")), "bad-field");
    EXPECT_EQ(bad(R"({"user":"ana","text":"","key":"k"})").status, 400);
    auto const missing = post("/api/channels/none/messages", {{"user", "ana"}, {"text", "a"}, {"key", "k"}});
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(code(missing), "no-such-channel");
    EXPECT_EQ(get("/api/channels/none").status, 404);
    auto const large =
        post("/api/channels/ops/messages", {{"user", "ana"}, {"text", std::string(20000, 'x')}, {"key", "k"}});
    EXPECT_EQ(large.status, 413);
    EXPECT_EQ(code(large), "text-too-long");
}

TEST_F(WebApiTest, a_wrong_method_names_the_right_ones) {
    auto const response = ask(request("DELETE", "/api/clock"));
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(header(response, "Allow"), "GET, HEAD, POST");
    EXPECT_EQ(ask(request("POST", "/app.js")).status, 405);
    EXPECT_EQ(ask(request("GET", "/api/channels/ops/messages")).status, 405);
    EXPECT_EQ(get("/nothing").status, 404);
}

TEST_F(WebApiTest, only_json_is_taken) {
    auto form = request("POST", "/api/channels/ops/messages", "{}");
    form.content_type = "text/plain";
    EXPECT_EQ(ask(form).status, 415);
    form.content_type = "Application/JSON; charset=utf-8";
    EXPECT_EQ(code(ask(form)), "bad-field");
}

TEST_F(WebApiTest, a_page_of_another_site_cannot_drive_it) {
    auto const body = json{{"user", "ana"}, {"text", "a"}, {"key", "k"}}.dump();
    auto it = request("POST", "/api/channels/ops/messages", body);
    it.origin = "http://evil.example";
    EXPECT_EQ(code(ask(it)), "other-origin");
    it.origin = "null";
    EXPECT_EQ(code(ask(it)), "other-origin");
    it.host = it.origin = "evil.example";
    EXPECT_EQ(code(ask(it)), "unknown-host");
    EXPECT_TRUE(inbox.received.empty());
    it.host = "127.0.0.1:8080";
    it.origin = "http://127.0.0.1:8080";
    EXPECT_EQ(ask(it).status, 202);

    auto socket = request("GET", "/ws");
    socket.upgrade = true;
    socket.origin = "http://evil.example";
    EXPECT_TRUE(api->objection(socket));
    socket.origin = "http://127.0.0.1:8080";
    EXPECT_FALSE(api->objection(socket));
}

TEST_F(WebApiTest, it_answers_to_the_names_of_loopback_and_those_configured) {
    auto const status = [&](std::string_view host) {
        auto it = request("GET", "/api/channels");
        it.host = host;
        return ask(it).status;
    };
    for (auto const* good : {"localhost", "LOCALHOST:80", "127.0.0.1", "127.8.9.1:1", "[::1]:8080", "inc.example.com"})
        EXPECT_EQ(status(good), 200) << good;
    for (auto const* bad : {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.1@evil",
                            "[::1]evil.example", "inc.example.com.evil"})
        EXPECT_EQ(status(bad), 403) << bad;
}

TEST_F(WebApiTest, with_a_token_the_api_needs_it_and_the_page_does_not) {
    make("s3cret;value");
    auto const refused = get("/api/channels");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(header(refused, "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(code(refused), "no-token");
    EXPECT_EQ(get("/").status, 200);
    EXPECT_EQ(get("/healthz").status, 200);

    auto it = request("GET", "/api/channels");
    it.authorization = "Bearer s3cret;value";
    EXPECT_EQ(ask(it).status, 200);
    for (auto const* wrong :
         {"Bearer s3cret;valuX", "Bearer s3cret", "Bearer s3cret;values3cret;value", "s3cret;value"}) {
        it.authorization = wrong;
        EXPECT_EQ(ask(it).status, 401) << wrong;
    }
}

TEST_F(WebApiTest, logging_in_gives_a_browser_a_cookie_that_works) {
    make("s3cret;value");
    EXPECT_EQ(post("/api/login", {{"token", "wrong"}}).status, 401);
    auto const response = post("/api/login", {{"token", "s3cret;value"}});
    EXPECT_EQ(response.status, 200);
    auto const cookie = header(response, "Set-Cookie");
    EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
    EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
    auto it = request("GET", "/api/channels");
    auto const sent = "other=1; " + cookie.substr(0, cookie.find(';'));
    it.cookie = sent;
    EXPECT_EQ(ask(it).status, 200);
    it.cookie = "coxswain_token=00";
    EXPECT_EQ(ask(it).status, 401);
}

TEST_F(WebApiTest, time_moves_only_on_a_manual_clock) {
    auto const moved = post("/api/clock", {{"advance", "10m"}});
    EXPECT_EQ(json::parse(moved.body), (json{{"now", "2026-11-23T14:10:00.000Z"}}));
    EXPECT_EQ(code(post("/api/clock", {{"advance", "soon"}})), "bad-span");
    EXPECT_EQ(json::parse(get("/api/clock").body),
              json::parse(R"({"now":"2026-11-23T14:10:00.000Z","rate":0.0,"manual":true,)"
                          R"("zone":{"name":"CET","ahead_s":3600}})"));
    desk.manual = false;
    EXPECT_EQ(post("/api/clock", {{"advance", "10m"}}).status, 409);
}

TEST_F(WebApiTest, incidents_and_their_log_come_from_the_desk) {
    EXPECT_EQ(get("/api/incidents").body, R"([{"id":"INC-2"},{"id":"INC-1"}])");
    EXPECT_EQ(get("/api/incidents/INC-1").body, R"({"id":"INC-1","title":"checkout"})");
    EXPECT_EQ(get("/api/incidents/1").status, 200);
    EXPECT_EQ(get("/api/incidents/1/events").body, R"([{"seq":1},{"seq":2}])");
    for (auto const* missing : {"/api/incidents/9", "/api/incidents/9/events", "/api/incidents/x"})
        EXPECT_EQ(get(missing).status, 404) << missing;
}

TEST_F(WebApiTest, everybody_who_spoke_or_was_mentioned_is_listed) {
    post("/api/channels/ops/messages", {{"user", "bo"}, {"text", "ask @ana"}, {"key", "k"}});
    EXPECT_EQ(get("/api/people").body, R"([{"id":"ana","name":"Ana"},{"id":"bo","name":"Bo"}])");
}

TEST_F(WebApiTest, the_vocabulary_is_that_of_the_parser) {
    auto const list = json::parse(get("/api/commands").body);
    ASSERT_EQ(list.size(), grammar().size());
    EXPECT_EQ(list[0].at("verb"), grammar()[0].verb);
    for (auto const* name : {"aliases", "usage", "does", "example", "built"})
        EXPECT_TRUE(list[0].contains(name));
}

TEST_F(WebApiTest, probes_say_how_it_is) {
    EXPECT_EQ(get("/healthz").body, R"({"status":"ok"})");
    EXPECT_EQ(get("/readyz").status, 200);
    desk.ready = false;
    auto const response = get("/readyz");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(json::parse(response.body), json::parse(R"({"ready":false,"reasons":["starting"]})"));
    EXPECT_EQ(get("/metrics").body, "coxswain_up 1\n");
}

TEST_F(WebApiTest, files_are_sent_once_and_then_only_when_they_changed) {
    auto const first = get("/");
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.type, "text/html; charset=utf-8");
    EXPECT_EQ(first.content(), "<!doctype html>");
    EXPECT_EQ(get("/app.js?v=1").type, "text/javascript; charset=utf-8");
    auto again = request("GET", "/");
    auto const tag = header(first, "ETag");
    again.if_none_match = tag;
    EXPECT_EQ(ask(again).status, 304);
    auto const other = header(get("/app.js"), "ETag");
    again.if_none_match = other;
    EXPECT_EQ(ask(again).status, 200);
}

TEST_F(WebApiTest, every_answer_carries_the_headers_that_protect_a_browser) {
    std::string head;
    write_head(head, get("/nothing"), true);
    for (auto const* needed : {"Content-Security-Policy: default-src 'none';", "X-Content-Type-Options: nosniff",
                               "Referrer-Policy: no-referrer", "Cache-Control: no-store", "HTTP/1.1 404 Not Found"})
        EXPECT_NE(head.find(needed), std::string::npos) << needed;
    head.clear();
    write_head(head, get("/"), true);
    EXPECT_EQ(head.find("no-store"), std::string::npos);
}

TEST_F(WebApiTest, a_plain_request_to_the_socket_is_told_to_upgrade) {
    auto const response = get("/ws");
    EXPECT_EQ(response.status, 426);
    EXPECT_EQ(header(response, "Upgrade"), "websocket");
}
