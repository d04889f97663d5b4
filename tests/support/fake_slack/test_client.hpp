#pragma once
// The app's side, as little of it as the tests of the fake need. Whatever does not come within ten seconds throws.
#include "fake_slack.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <optional>
#include <string>

namespace cox::fake_slack {

struct HttpAnswer {
    boost::system::error_code failed; // no whole answer came
    int status = 0;
    std::string body;
    std::map<std::string, std::string> headers;

    json parsed() const { return json::parse(body, nullptr, false); }
    std::string error() const { return parsed().value("error", ""); }
};

struct Sender {
    std::string token = "xoxb-1-fake";
    std::string content_type = "application/json; charset=utf-8";
    std::chrono::milliseconds within{10'000};
};

HttpAnswer post(std::string const& url, std::string const& body, Sender const& = {});
// A method of the Web API, with its arguments as JSON.
HttpAnswer call(FakeSlack&, std::string const& method, json const& args, Sender const& = {});
// The same as a form: "channel=C1&limit=2".
HttpAnswer call_form(FakeSlack&, std::string const& method, std::string const& form);

// A connection of Socket Mode.
class Socket {
public:
    explicit Socket(FakeSlack&);
    explicit Socket(std::string const& url);

    // Of the upgrade; 101 when it went well.
    int status() const { return status_; }
    json read(); // the next frame
    json read_hello();
    boost::system::error_code read_failure(); // reads until it fails
    void send(std::string const& text);
    void send_in_pieces(std::string const& text);
    void acknowledge(json const& envelope, json payload = {});
    void close();
    std::uint16_t close_code() const { return stream_.reason().code; }
    // Whether something comes within `wait`: a byte, or the end of the TCP connection.
    bool anything_within(std::chrono::milliseconds wait);

private:
    void connect(std::string const& url);
    template <class Start>
    boost::system::error_code run(Start start);

    boost::asio::io_context context_;
    boost::beast::websocket::stream<boost::asio::ip::tcp::socket, false> stream_{context_};
    boost::beast::flat_buffer buffer_;
    int status_ = 0;
};

} // namespace cox::fake_slack
