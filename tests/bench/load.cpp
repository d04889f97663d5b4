// Responders at work, as fast as the bot lets them: bench_load PORT CONNECTIONS SECONDS
// Each connection commands an incident in a channel of its own and sends its next command when the last is answered.
// Prints {"commands","seconds","p50_ms","p99_ms","max_ms","refused"}.
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void give_up(std::string const& why) {
    std::cerr << "bench_load: " << why << '\n';
    std::exit(69);
}

struct Answer {
    int status = 0;
    std::string body;
};

// One keep-alive connection, one request at a time.
class Connection {
public:
    explicit Connection(unsigned short port) : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int const on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(fd_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) give_up("cannot connect");
    }
    ~Connection() { ::close(fd_); }
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    int fd() const { return fd_; }

    void send(std::string_view method, std::string const& path, std::string const& body) {
        request_.assign(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        if (!body.empty()) {
            request_.append("Content-Type: application/json\r\nContent-Length: ").append(std::to_string(body.size()));
            request_.append("\r\n");
        }
        request_.append("\r\n").append(body);
        for (std::size_t at = 0; at < request_.size();) {
            auto const size = ::send(fd_, request_.data() + at, request_.size() - at, MSG_NOSIGNAL);
            if (size <= 0) give_up("the connection broke while sending");
            at += static_cast<std::size_t>(size);
        }
    }

    // Reads what is there. True when the answer is whole.
    bool receive(Answer& answer) {
        auto const size = ::recv(fd_, room_.data(), room_.size(), 0);
        if (size <= 0) give_up("the connection broke while receiving");
        received_.append(room_.data(), static_cast<std::size_t>(size));
        auto const head = received_.find("\r\n\r\n");
        if (head == std::string::npos) return false;
        auto const field = received_.find("Content-Length: ");
        std::size_t length = 0;
        if (field < head) std::from_chars(received_.data() + field + 16, received_.data() + head, length);
        if (received_.size() < head + 4 + length) return false;
        std::from_chars(received_.data() + 9, received_.data() + 12, answer.status);
        answer.body = received_.substr(head + 4, length);
        received_.clear();
        return true;
    }

    Answer ask(std::string_view method, std::string const& path, std::string const& body = {}) {
        send(method, path, body);
        Answer answer;
        while (!receive(answer)) {
        }
        return answer;
    }

private:
    int fd_;
    std::string request_;
    std::string received_;
    std::array<char, 16384> room_;
};

std::string line_of(std::string_view text, int responder, std::uint64_t number) {
    std::string body = "{\"user\":\"ana\",\"key\":\"k";
    body.append(std::to_string(responder)).append("-").append(std::to_string(number)).append("\",\"text\":\"");
    return body.append(text).append("\"}");
}

std::string command(std::uint64_t n) {
    auto const number = std::to_string(n);
    switch (n % 8) {
    case 0: return "/impact ~" + number + " payments fail in the web app";
    case 1: return "/note error rate of gateway " + number + " went up";
    case 2: return "/hyp release 4." + number + " raised the time-out rate suspected";
    case 3: return "/act check gateway " + number + " @me eta 10m";
    case 4: return "/done A" + std::to_string((n + 4) / 8) + " nothing unusual";
    case 5: return "/need roll back 4." + number + " or wait";
    case 6: return "/decide roll back 4." + number + " because it grows";
    default: return "/update release 4." + number + " is rolled back";
    }
}

struct Responder {
    explicit Responder(unsigned short port) : connection{port} {}
    Connection connection;
    std::string path; // of its channel's messages
    std::uint64_t sent = 0;
    Clock::time_point sent_at;
};

// Opens the responder's incident and waits for its channel.
void declare(Responder& responder, int number) {
    auto const title = "load " + std::to_string(number);
    auto const answer = responder.connection.ask("POST", "/api/channels/ops/messages",
                                                 line_of("/declare 1 " + title, number, 1u << 31));
    if (answer.status != 202)
        give_up("the declaration is answered " + std::to_string(answer.status) + ": " + answer.body);
    auto const deadline = Clock::now() + std::chrono::seconds{30};
    while (Clock::now() < deadline) {
        auto const rows = nlohmann::json::parse(responder.connection.ask("GET", "/api/channels").body);
        for (auto const& row : rows) {
            auto const id = row["id"].get<std::string>();
            if (!id.starts_with("inc-") || !id.ends_with("-load-" + std::to_string(number))) continue;
            if (row["incident"].is_null()) continue;
            responder.path = "/api/channels/" + id + "/messages";
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    give_up(title + " got no channel");
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: bench_load PORT CONNECTIONS SECONDS\n";
        return 64;
    }
    auto const port = static_cast<unsigned short>(std::atoi(argv[1]));
    auto const count = std::atoi(argv[2]);
    auto const span = std::chrono::seconds{std::atoi(argv[3])};

    std::vector<std::unique_ptr<Responder>> responders;
    auto const poll = ::epoll_create1(0);
    for (int n = 0; n < count; ++n) {
        auto& responder = *responders.emplace_back(std::make_unique<Responder>(port));
        declare(responder, n);
        epoll_event event{.events = EPOLLIN, .data = {.u64 = static_cast<std::uint64_t>(n)}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, responder.connection.fd(), &event);
    }
    // Their alerts and topics are out of the way before the clock starts.
    std::this_thread::sleep_for(std::chrono::seconds{1});
    std::cout << "ready" << std::endl;

    std::vector<double> took_ms;
    took_ms.reserve(1'000'000);
    std::uint64_t refused = 0;
    auto const send_next = [](Responder& responder, int n) {
        auto const number = responder.sent++;
        responder.sent_at = Clock::now();
        responder.connection.send("POST", responder.path, line_of(command(number), n, number));
    };
    auto const began = Clock::now();
    auto const end = began + span;
    for (int n = 0; n < count; ++n)
        send_next(*responders[static_cast<std::size_t>(n)], n);
    std::array<epoll_event, 64> events;
    while (Clock::now() < end) {
        auto const ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 100);
        for (int at = 0; at < ready; ++at) {
            auto const n = static_cast<int>(events[static_cast<std::size_t>(at)].data.u64);
            auto& responder = *responders[static_cast<std::size_t>(n)];
            Answer answer;
            if (!responder.connection.receive(answer)) continue;
            took_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - responder.sent_at).count());
            refused += answer.status != 202 ? 1 : 0;
            send_next(responder, n);
        }
    }
    auto const seconds = std::chrono::duration<double>(Clock::now() - began).count();
    if (took_ms.empty()) give_up("nothing was answered");
    std::ranges::sort(took_ms);
    auto const at = [&](double share) {
        return took_ms[static_cast<std::size_t>(share * static_cast<double>(took_ms.size() - 1))];
    };
    std::cout << nlohmann::json{{"commands", took_ms.size()}, {"seconds", seconds},       {"p50_ms", at(0.5)},
                                {"p99_ms", at(0.99)},         {"max_ms", took_ms.back()}, {"refused", refused}}
              << std::endl;
    ::close(poll);
    return 0;
}
