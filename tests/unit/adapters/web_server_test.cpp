// The server through real sockets on loopback: what only a socket can show.
#include "../../support/fake_house.hpp"
#include "adapters/web/web_network.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <future>
#include <thread>

using namespace cox;
using namespace cox::web;
namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using nlohmann::json;

namespace {

constexpr int deadline_seconds = 20; // of every read: long enough for a busy machine, and only met when a test fails

void set_deadline(tcp::socket& socket) {
    timeval const time{deadline_seconds, 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
};

// One connection that sends bytes as they are.
class Client {
public:
    explicit Client(unsigned short port) : socket_{context_} {
        socket_.connect({asio::ip::address_v4::loopback(), port});
        set_deadline(socket_);
    }
    void send(std::string const& bytes) { asio::write(socket_, asio::buffer(bytes)); }
    Answer read(bool with_body = true) {
        Answer answer;
        while (buffer_.find("\r\n\r\n") == std::string::npos) {
            if (!more()) return answer;
        }
        auto const end = buffer_.find("\r\n\r\n") + 4;
        answer.head = buffer_.substr(0, end);
        buffer_.erase(0, end);
        answer.status = std::stoi(answer.head.substr(9, 3));
        auto const length = answer.head.find("Content-Length: ");
        if (length == std::string::npos || !with_body) return answer;
        auto const size = std::stoul(answer.head.substr(length + 16));
        while (buffer_.size() < size) {
            if (!more()) return answer;
        }
        answer.body = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return answer;
    }
    // True when the server hung up, and nothing was left to read.
    bool at_end() {
        boost::system::error_code error;
        std::array<char, 64> bytes;
        auto const size = socket_.read_some(asio::buffer(bytes), error);
        return buffer_.empty() && size == 0 && (error == asio::error::eof || error == asio::error::connection_reset);
    }

private:
    bool more() {
        std::array<char, 16 * 1024> bytes;
        boost::system::error_code error;
        auto const size = socket_.read_some(asio::buffer(bytes), error);
        buffer_.append(bytes.data(), size);
        return !error;
    }

    asio::io_context context_;
    tcp::socket socket_;
    std::string buffer_;
};

std::string get(std::string_view path) {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::string post(std::string_view path, json const& body, std::string_view more_headers = "") {
    auto const text = body.dump();
    return "POST " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
           std::string{more_headers} + "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
}

json saying(std::string_view text, std::string_view key) {
    return {{"user", "ana"}, {"text", text}, {"key", key}};
}

class Socket {
public:
    explicit Socket(unsigned short port, int receive_buffer = 0) : stream_{context_} {
        auto& socket = stream_.next_layer();
        socket.open(tcp::v4());
        if (receive_buffer > 0) socket.set_option(asio::socket_base::receive_buffer_size{receive_buffer});
        socket.connect({asio::ip::address_v4::loopback(), port});
        set_deadline(socket);
        stream_.handshake("localhost", "/ws");
    }
    void send(json const& frame) { stream_.write(asio::buffer(frame.dump())); }
    // The next frame; null at the end.
    json read() {
        boost::beast::flat_buffer buffer;
        boost::system::error_code error;
        stream_.read(buffer, error);
        if (error) return nullptr;
        auto const data = buffer.cdata();
        return json::parse(std::string_view{static_cast<char const*>(data.data()), data.size()});
    }
    json read_until(std::string_view type) {
        for (;;) {
            auto frame = read();
            if (frame.is_null() || frame.at("type") == type) return frame;
        }
    }

private:
    asio::io_context context_;
    websocket::stream<tcp::socket> stream_;
};

struct WebServerTest : testing::Test {
    asio::io_context context;
    test::FakeStore store{[this](std::function<void()> call) { asio::post(context, std::move(call)); }};
    test::FakeInbox inbox{store};
    test::FakeDesk desk;
    std::unique_ptr<WebNetwork> web;
    unsigned short port = 0;
    std::thread thread;

    void SetUp() override {
        WebOptions options;
        options.port = 0;
        web =
            std::make_unique<WebNetwork>(context, store, desk, options, [this](ChannelId const&) { return desk.now; });
        web->network().start(inbox);
        web->ensure_channel("ops");
        port = web->listen().value();
        auto guard =
            std::make_shared<asio::executor_work_guard<asio::io_context::executor_type>>(context.get_executor());
        work = [guard] { guard->reset(); };
        thread = std::thread{[this] { context.run(); }};
        // The channel is durable once this is through.
        on_network([] {});
        on_network([] {});
    }
    void TearDown() override {
        on_network([this] {
            web->network().stop();
            web.reset();
        });
        work();
        // Ends only when nothing waits any more: no connection, no timer is left behind.
        thread.join();
    }
    // Runs a function on the network thread and waits for it.
    void on_network(std::function<void()> call) {
        std::promise<void> done;
        asio::post(context, [&] {
            call();
            done.set_value();
        });
        done.get_future().wait();
    }
    std::function<void()> work;
};

} // namespace

TEST_F(WebServerTest, requests_sent_at_once_are_answered_in_order_on_one_connection) {
    Client client{port};
    client.send(post("/api/channels/ops/messages", saying("a", "k1")) + get("/healthz") +
                post("/api/channels/ops/messages", saying("b", "k2")) + get("/api/channels/ops"));
    EXPECT_EQ(client.read().body, R"({"id":"m2"})");
    EXPECT_EQ(client.read().body, R"({"status":"ok"})");
    EXPECT_EQ(client.read().body, R"({"id":"m3"})");
    EXPECT_EQ(json::parse(client.read().body).at("messages").size(), 2u);
    client.send(get("/healthz"));
    EXPECT_EQ(client.read().status, 200);
}

TEST_F(WebServerTest, a_client_that_asks_to_close_is_answered_and_closed) {
    Client client{port};
    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.read().status, 200);
    EXPECT_TRUE(client.at_end());
}

TEST_F(WebServerTest, what_is_too_long_is_told_so) {
    Client body{port};
    body.send("POST /api/channels/ops/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              "Content-Length: 70000\r\n\r\n" +
              std::string(70000, 'x'));
    EXPECT_EQ(body.read().status, 413);
    EXPECT_TRUE(body.at_end());
    Client head{port};
    head.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(9000, 'x') + "\r\n\r\n");
    EXPECT_EQ(head.read().status, 431);
    Client junk{port};
    junk.send("hello there\r\n\r\n");
    auto const answer = junk.read();
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(json::parse(answer.body).at("error").at("code"), "bad-request");
}

TEST_F(WebServerTest, a_client_that_waits_to_be_told_is_told_to_continue) {
    Client client{port};
    auto const whole = post("/api/channels/ops/messages", saying("a", "k1"), "Expect: 100-continue\r\n");
    auto const end = whole.find("\r\n\r\n") + 4;
    client.send(whole.substr(0, end));
    EXPECT_EQ(client.read().status, 100);
    client.send(whole.substr(end));
    EXPECT_EQ(client.read().status, 202);
}

TEST_F(WebServerTest, head_is_get_without_a_body) {
    Client client{port};
    client.send("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/healthz"));
    auto const head = client.read(false);
    EXPECT_NE(head.head.find("Content-Length: 15"), std::string::npos);
    EXPECT_EQ(client.read().body, R"({"status":"ok"})");
}

TEST_F(WebServerTest, everybody_who_watches_sees_what_is_said) {
    Socket one{port};
    Socket two{port};
    for (auto* each : {&one, &two}) {
        EXPECT_EQ(each->read().at("type"), "hello");
        each->send({{"type", "subscribe"}, {"channel", "*"}, {"after", "m0"}});
    }
    one.send({{"type", "say"}, {"channel", "ops"}, {"user", "ana"}, {"text", "hi"}, {"key", "k1"}});
    EXPECT_EQ(one.read_until("ok").at("id"), "m2");
    EXPECT_EQ(two.read_until("message").at("message").at("text"), "hi");
    Client client{port};
    client.send(post("/api/channels/ops/messages", saying("by post", "k2")));
    EXPECT_EQ(client.read().status, 202);
    EXPECT_EQ(two.read_until("message").at("message").at("text"), "by post");
}

TEST_F(WebServerTest, a_page_of_another_site_cannot_open_the_socket) {
    Client client{port};
    client.send(
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    auto const answer = client.read();
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(json::parse(answer.body).at("error").at("code"), "other-origin");
}

TEST_F(WebServerTest, a_watcher_that_does_not_read_is_dropped_and_the_others_are_not) {
    Socket slow{port, 4096};
    Socket good{port};
    for (auto* each : {&slow, &good}) {
        each->send({{"type", "subscribe"}, {"channel", "ops"}});
        // Answered in order: the subscription holds once this is.
        each->send({{"type", "say"}, {"channel", "ops"}, {"user", "ana"}, {"text", "ready"}, {"key", "r1"}});
        each->read_until("ok");
    }
    constexpr int count = 600;
    for (int op = 1; op <= count; ++op) {
        on_network([&] {
            effect::Post post{ChannelId{"ops"}, effect::PostKind::word, std::string(16 * 1024, 'x'), {}};
            web->network().deliver({op, {}, std::move(post)}, [](Delivered const&) {});
        });
        while (good.read_until("message").at("message").at("author") != "coxswain") {
        }
    }
    int read = 0;
    while (!slow.read_until("message").is_null())
        ++read;
    EXPECT_LT(read, count);
}

TEST_F(WebServerTest, one_connection_too_many_is_told_so_and_there_is_room_again_later) {
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 256; ++i) {
        clients.push_back(std::make_unique<Client>(port));
        clients.back()->send(get("/healthz"));
        ASSERT_EQ(clients.back()->read().status, 200);
    }
    Client more{port};
    auto const answer = more.read();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(json::parse(answer.body).at("error").at("code"), "too-many-connections");
    clients.front()->send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(clients.front()->read().status, 200);
    clients.front().reset();
    int status = 0;
    for (int tries = 0; tries < 1000 && status != 200; ++tries) {
        Client again{port};
        again.send(get("/healthz"));
        status = again.read().status;
    }
    EXPECT_EQ(status, 200);
}

TEST_F(WebServerTest, a_port_that_is_taken_is_named_and_so_is_what_to_do) {
    asio::io_context other;
    WebOptions options;
    options.port = port;
    WebNetwork second{other, store, desk, options, [this](ChannelId const&) { return desk.now; }};
    auto const listening = second.listen();
    ASSERT_FALSE(listening);
    EXPECT_EQ(listening.error(), "127.0.0.1:" + std::to_string(port) +
                                     " is used by another program; stop that one, or choose another port with --port "
                                     "(0 takes any that is free)");
}

TEST(WebServer, beyond_loopback_it_needs_a_token) {
    asio::io_context context;
    test::FakeStore store;
    test::FakeDesk desk;
    WebOptions options;
    options.address = "0.0.0.0";
    options.token = "";
    WebNetwork web{context, store, desk, options, [](ChannelId const&) { return Time{}; }};
    auto const listening = web.listen();
    ASSERT_FALSE(listening);
    EXPECT_NE(listening.error().find("COXSWAIN_WEB_TOKEN"), std::string::npos);
}
