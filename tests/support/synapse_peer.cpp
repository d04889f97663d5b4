#include "synapse_peer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <cctype>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace cox::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// Installing it, where nobody has done so yet, takes longest.
constexpr auto longest = std::chrono::minutes{5};

struct Pipe {
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    }
    std::array<int, 2> ends{};
};

} // namespace

SynapsePeer::SynapsePeer() {
    Pipe const in;
    Pipe const out;
    posix_spawn_file_actions_t files{};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in.ends[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out.ends[1], STDOUT_FILENO);
    std::string python = "python3";
    std::string script = COXSWAIN_SOURCE_DIR "/tests/support/synapse/serve.py";
    std::array<char*, 3> arguments{python.data(), script.data(), nullptr};
    auto const failed = ::posix_spawnp(&process_, "python3", &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    ::close(in.ends[0]);
    ::close(out.ends[1]);
    to_ = in.ends[1];
    from_ = out.ends[0];
    try {
        if (failed != 0) throw std::runtime_error{"python3 does not start"};
        url_ = nlohmann::json::parse(read_line()).at("url");
    } catch (...) {
        end();
        throw;
    }
}

SynapsePeer::~SynapsePeer() {
    end();
}

// It ends with its input.
void SynapsePeer::end() {
    ::close(to_);
    ::close(from_);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
}

SynapsePeer& SynapsePeer::shared() {
    static SynapsePeer one;
    return one;
}

std::string SynapsePeer::read_line() {
    auto const deadline = std::chrono::steady_clock::now() + longest;
    while (!read_.contains('\n')) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd waiting{from_, POLLIN, 0};
        std::array<char, 4096> bytes{};
        auto const ready = left.count() > 0 && ::poll(&waiting, 1, static_cast<int>(left.count())) > 0;
        auto const size = ready ? ::read(from_, bytes.data(), bytes.size()) : 0;
        if (size <= 0) throw std::runtime_error{"Synapse says nothing"};
        read_.append(bytes.data(), static_cast<std::size_t>(size));
    }
    auto const end = read_.find('\n');
    auto line = read_.substr(0, end);
    read_.erase(0, end + 1);
    return line;
}

nlohmann::json SynapsePeer::tell(std::string const& words) {
    auto const line = words + "\n";
    if (::write(to_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw std::runtime_error{"Synapse does not listen"};
    return nlohmann::json::parse(read_line());
}

SynapsePeer::User SynapsePeer::user(std::string_view name) {
    auto const made = tell("register " + std::string{name} + std::to_string(++made_));
    return {made.at("user_id"), made.at("access_token"), made.at("password")};
}

nlohmann::json SynapsePeer::ask(User const& user, std::string_view method, std::string const& path,
                                nlohmann::json const& body) {
    asio::io_context context;
    boost::beast::tcp_stream stream{context};
    auto const port = static_cast<unsigned short>(std::stoi(url_.substr(url_.rfind(':') + 1)));
    stream.connect({asio::ip::address_v4::loopback(), port});
    http::request<http::string_body> request{http::string_to_verb({method.data(), method.size()}),
                                             "/_matrix/client/v3" + path, 11};
    request.set(http::field::host, "localhost");
    request.set(http::field::authorization, "Bearer " + user.token);
    request.set(http::field::content_type, "application/json");
    if (!body.is_null()) request.body() = body.dump();
    request.prepare_payload();
    http::write(stream, request);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(stream, buffer, response);
    return nlohmann::json::parse(response.body());
}

std::string percent_encoded(std::string_view segment) {
    std::string text;
    for (char const each : segment) {
        bool const is_plain = std::isalnum(static_cast<unsigned char>(each)) || std::string_view{"-._~"}.contains(each);
        if (is_plain) {
            text += each;
            continue;
        }
        constexpr std::string_view digits = "0123456789ABCDEF";
        auto const byte = static_cast<unsigned char>(each);
        text += '%';
        text += digits[byte / 16];
        text += digits[byte % 16];
    }
    return text;
}

} // namespace cox::test
