#include "adapters/net/names.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace cox::net {
namespace {

namespace asio = boost::asio;
namespace ip = asio::ip;
using Addresses = std::vector<ip::address>;
using Moment = std::chrono::steady_clock::time_point;

constexpr int most_look_ups = 4;
constexpr std::size_t most_addresses = 16;

std::vector<std::string> ask_system(std::string const& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* first = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &first) != 0) return {};
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const all{first, ::freeaddrinfo};
    std::vector<std::string> found;
    for (auto const* each = first; each; each = each->ai_next) {
        char text[NI_MAXHOST];
        if (::getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
            found.emplace_back(text);
    }
    return found;
}

// In the order of the system's preference, but by turns of IPv6 and IPv4, so that one of them that leads nowhere costs
// one try (RFC 8305, section 4).
Addresses by_turns(std::vector<std::string> const& found) {
    Addresses kinds[2];
    std::optional<bool> first_is_v6;
    for (auto const& text : found) {
        boost::system::error_code error;
        auto const address = ip::make_address(text, error);
        if (error) continue;
        if (!first_is_v6) first_is_v6 = address.is_v6();
        kinds[address.is_v6() == *first_is_v6 ? 0 : 1].push_back(address);
    }
    Addresses out;
    for (std::size_t i = 0; i < std::max(kinds[0].size(), kinds[1].size()); ++i) {
        for (auto const& kind : kinds) {
            if (i < kind.size() && out.size() < most_addresses) out.push_back(kind[i]);
        }
    }
    return out;
}

struct Waiter {
    explicit Waiter(asio::io_context& io) : timer{io} {}
    asio::steady_timer timer;
    std::optional<Addresses> answer;
};

struct Question {
    std::uint64_t number = 0;
    Moment asked;
    std::vector<std::weak_ptr<Waiter>> waiters;
};

// The way from a look-up's thread back to the network's, as long as that is there.
struct WayBack {
    std::mutex mutex;
    asio::io_context* io = nullptr;

    template <class Call>
    void post(Call&& call) {
        std::lock_guard const lock{mutex};
        if (io) asio::post(*io, std::forward<Call>(call));
    }
};

} // namespace

// On the network thread, but for `way_back`.
struct Names::Desk : std::enable_shared_from_this<Desk> {
    Desk(asio::io_context& context, LookUp call, LastGood good, std::chrono::milliseconds span)
        : io{context}, look_up{std::move(call)}, last_good{std::move(good)}, within{span} {
        way_back->io = &io;
    }

    bool ask(std::string const& host, std::shared_ptr<Waiter> const&);
    void answered(std::string const& host, std::uint64_t number, Addresses);

    asio::io_context& io;
    LookUp look_up;
    LastGood last_good;
    std::chrono::milliseconds within;
    std::shared_ptr<WayBack> way_back = std::make_shared<WayBack>();
    std::map<std::string, Question> open;
    std::uint64_t last_number = 0;
    int running = 0;
};

// False when that would be one look-up too many.
bool Names::Desk::ask(std::string const& host, std::shared_ptr<Waiter> const& waiter) {
    auto const now = std::chrono::steady_clock::now();
    auto const at = open.find(host);
    if (at != open.end() && now - at->second.asked < within) {
        at->second.waiters.push_back(waiter);
        return true;
    }
    if (running >= most_look_ups) return false;

    auto const number = ++last_number;
    // What the thread uses is its own: this object may be gone when the look-up comes back.
    auto work = [host, number, call = look_up, back = way_back, desk = weak_from_this()] {
        Addresses found;
        try {
            found = by_turns(call(host));
        } catch (std::exception const&) {
            // No memory, most likely: as good as no answer.
        }
        back->post([host, number, desk, found = std::move(found)]() mutable {
            if (auto const self = desk.lock()) self->answered(host, number, std::move(found));
        });
    };
    try {
        std::thread{std::move(work)}.detach();
    } catch (std::system_error const&) {
        return false;
    }
    ++running;
    auto& question = open[host];
    question.number = number;
    question.asked = now;
    question.waiters.push_back(waiter);
    return true;
}

void Names::Desk::answered(std::string const& host, std::uint64_t number, Addresses found) {
    --running;
    auto const at = open.find(host);
    // Late, and somebody asked again since; but an answer is an answer.
    auto const last = at != open.end() && at->second.number == number;
    if (at == open.end() || (!last && found.empty())) return;
    for (auto const& weak : at->second.waiters) {
        auto const waiter = weak.lock();
        if (!waiter || waiter->answer) continue;
        waiter->answer = found;
        waiter->timer.cancel();
    }
    if (last) open.erase(at);
}

Names::Names(asio::io_context& io, LookUp look_up, LastGood last_good, std::chrono::milliseconds within)
    : desk_{std::make_shared<Desk>(io, look_up ? std::move(look_up) : ask_system, std::move(last_good), within)} {}

void Names::leave() {
    std::lock_guard const lock{desk_->way_back->mutex};
    desk_->way_back->io = nullptr;
}

asio::awaitable<Names::Found> Names::find(std::string host, std::shared_ptr<Line> line) {
    auto const desk = desk_;
    boost::system::error_code no_address;
    auto const literal = ip::make_address(host, no_address);
    if (!no_address) co_return Addresses{literal};
    // Nobody is asked about this name: it is this machine by definition (RFC 6761), whatever a file says.
    if (host == "localhost") co_return Addresses{ip::address_v4::loopback(), ip::address_v6::loopback()};

    auto const waiter = std::make_shared<Waiter>(desk->io);
    auto const asked = desk->ask(host, waiter);
    if (asked) {
        line->abandon = [waiter] { waiter->timer.cancel(); };
        waiter->timer.expires_after(desk->within);
        co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
        line->abandon = nullptr;
    }
    if (waiter->answer && !waiter->answer->empty()) co_return *waiter->answer;
    auto known = desk->last_good.of(host);
    if (!known.empty()) co_return known;
    if (waiter->answer) co_return std::unexpected{host + " has no address"};
    co_return std::unexpected{"nobody answered in time what the address of " + host + " is"};
}

void Names::proved(std::string const& host, ip::address const& address) {
    boost::system::error_code no_address;
    ip::make_address(host, no_address);
    if (no_address && host != "localhost") desk_->last_good.remember(host, address);
}

} // namespace cox::net
