#include "test_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <stdexcept>

namespace cox::fake_slack {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// "ws://127.0.0.1:40000/link/?…" and the like.
struct Place {
    tcp::endpoint endpoint;
    std::string target;
};

Place place_of(std::string const& url) {
    auto const host = url.find("//") + 2;
    auto const colon = url.find(':', host);
    auto const slash = url.find('/', host);
    auto const port = static_cast<unsigned short>(std::stoi(url.substr(colon + 1, slash - colon - 1)));
    return {{asio::ip::address_v4::loopback(), port}, url.substr(slash)};
}

} // namespace

HttpAnswer post(std::string const& url, std::string const& body, Sender const& sender) {
    auto const place = place_of(url);
    asio::io_context context;
    tcp::socket socket{context};
    socket.connect(place.endpoint);
    http::request<http::string_body> request{http::verb::post, place.target, 11};
    request.set(http::field::host, "127.0.0.1");
    request.set(http::field::content_type, sender.content_type);
    if (!sender.token.empty()) request.set(http::field::authorization, "Bearer " + sender.token);
    request.body() = body;
    request.prepare_payload();
    http::write(socket, request);

    http::response_parser<http::string_body> parser;
    parser.body_limit(64 << 20);
    beast::flat_buffer buffer;
    HttpAnswer answer;
    answer.failed = asio::error::timed_out;
    http::async_read(socket, buffer, parser, [&](error_code failed, std::size_t) { answer.failed = failed; });
    context.run_for(sender.within);
    if (answer.failed) return answer;
    answer.status = static_cast<int>(parser.get().result_int());
    answer.body = parser.get().body();
    for (auto const& field : parser.get())
        answer.headers[std::string{field.name_string()}] = std::string{field.value()};
    return answer;
}

HttpAnswer call(FakeSlack& slack, std::string const& method, json const& args, Sender const& sender) {
    return post(slack.api() + method, args.dump(), sender);
}

HttpAnswer call_form(FakeSlack& slack, std::string const& method, std::string const& form) {
    Sender sender;
    sender.content_type = "application/x-www-form-urlencoded";
    return post(slack.api() + method, form, sender);
}

Socket::Socket(FakeSlack& slack) {
    Sender sender;
    sender.token = "xapp-1-A0FAKE001-1-fake";
    connect(post(slack.api() + "apps.connections.open", "", sender).parsed().at("url"));
}

Socket::Socket(std::string const& url) {
    connect(url);
}

template <class Start>
error_code Socket::run(Start start) {
    std::optional<error_code> result;
    start([&](error_code failed, auto&&...) { result = failed; });
    context_.restart();
    context_.run_for(std::chrono::seconds{10});
    if (!result) throw std::runtime_error{"nothing came in ten seconds"};
    return *result;
}

void Socket::connect(std::string const& url) {
    auto const place = place_of(url);
    stream_.next_layer().connect(place.endpoint);
    beast::websocket::response_type response;
    run([&](auto done) { stream_.async_handshake(response, "127.0.0.1", place.target, done); });
    status_ = static_cast<int>(response.result_int());
    stream_.auto_fragment(false);
    stream_.text(true);
}

json Socket::read() {
    buffer_.clear();
    auto const failed = run([&](auto done) { stream_.async_read(buffer_, done); });
    if (failed) throw boost::system::system_error{failed};
    return json::parse(beast::buffers_to_string(buffer_.data()));
}

json Socket::read_hello() {
    auto hello = read();
    if (hello.value("type", "") != "hello") throw std::runtime_error{"no hello: " + hello.dump()};
    return hello;
}

error_code Socket::read_failure() {
    while (true) {
        buffer_.clear();
        if (auto const failed = run([&](auto done) { stream_.async_read(buffer_, done); })) return failed;
    }
}

void Socket::send(std::string const& text) {
    stream_.write(asio::buffer(text));
}

void Socket::send_in_pieces(std::string const& text) {
    auto const half = text.size() / 2;
    stream_.write_some(false, asio::buffer(text.data(), half));
    stream_.write_some(true, asio::buffer(text.data() + half, text.size() - half));
}

void Socket::acknowledge(json const& envelope, json payload) {
    json words = {{"envelope_id", envelope.at("envelope_id")}};
    if (!payload.is_null()) words["payload"] = std::move(payload);
    send(words.dump());
}

void Socket::close() {
    // Only the frame: async_close would wait for the other side to end the TCP connection.
    std::string const frame{"\x88\x82\x00\x00\x00\x00\x03\xe8", 8};
    asio::write(stream_.next_layer(), asio::buffer(frame));
}

bool Socket::anything_within(std::chrono::milliseconds wait) {
    bool came = false;
    buffer_.clear();
    stream_.next_layer().async_read_some(
        buffer_.prepare(1), [&](error_code failed, std::size_t) { came = failed != asio::error::operation_aborted; });
    context_.restart();
    context_.run_for(wait);
    bool const result = came;
    stream_.next_layer().cancel();
    context_.restart();
    context_.run();
    return result;
}

} // namespace cox::fake_slack
