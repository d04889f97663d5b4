#include "twin.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cox::test {
namespace {

constexpr auto ready_within = std::chrono::seconds{30};

std::string at_home(std::string_view file) {
    return std::string{COXSWAIN_SOURCE_DIR "/tests/slack_twin/"}.append(file);
}

// The twin does not choose one itself.
unsigned short free_port() {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor const acceptor{io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    return acceptor.local_endpoint().port();
}

} // namespace

Twin::Twin() : port_{free_port()} {
    auto const node = at_home("node_modules/node/bin/node");
    if (!std::filesystem::exists(node)) throw std::runtime_error{node + " is missing; run `npm ci` in its folder"};
    std::array<std::string, 11> words{node,
                                      at_home("node_modules/emulate/dist/index.js"),
                                      "start",
                                      "--service",
                                      "slack",
                                      "--host",
                                      "127.0.0.1",
                                      "--port",
                                      std::to_string(port_),
                                      "--seed",
                                      at_home("seed.yaml")};
    std::array<char*, words.size() + 1> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i)
        arguments[i] = words[i].data();

    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error{"no pipe for the twin"};
    auto const parent = ::getpid();
    child_ = ::fork();
    if (child_ == 0) {
        // Should the test die without a word, the twin does not outlive it.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        bool const orphan = ::getppid() != parent;
        if (orphan || ::dup2(ends[1], STDOUT_FILENO) < 0 || ::dup2(ends[1], STDERR_FILENO) < 0) ::_exit(1);
        ::close(ends[0]);
        ::close(ends[1]);
        ::execv(arguments[0], arguments.data());
        ::_exit(1);
    }
    ::close(ends[1]);
    output_ = ends[0];
    try {
        wait_until_ready();
    } catch (...) {
        stop();
        throw;
    }
}

Twin::~Twin() {
    stop();
}

void Twin::wait_until_ready() {
    using std::chrono::steady_clock;
    auto const deadline = steady_clock::now() + ready_within;
    std::string said;
    while (!said.contains("Ready.")) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
        pollfd waiting{output_, POLLIN, 0};
        std::array<char, 512> part{};
        bool const more = left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) > 0;
        auto const size = more ? ::read(output_, part.data(), part.size()) : 0;
        if (size <= 0) throw std::runtime_error{"the twin does not come up; it has said: " + said};
        said.append(part.data(), static_cast<std::size_t>(size));
    }
}

void Twin::stop() {
    if (child_ > 0) {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    ::close(output_);
}

} // namespace cox::test
