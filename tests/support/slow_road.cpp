#include "slow_road.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <set>

namespace cox::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);

struct Journey {
    explicit Journey(tcp::socket accepted) : from{std::move(accepted)}, to{from.get_executor()} {}

    void end() {
        boost::system::error_code ignored;
        from.close(ignored);
        to.close(ignored);
    }
    tcp::socket from;
    tcp::socket to;
};

} // namespace

struct SlowRoad::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io, std::uint16_t port, RoadWorks const& the_works)
        : acceptor{io, {asio::ip::address_v4::loopback(), 0}}, target{port}, works{the_works} {}

    // Is given itself, which may be let go before this begins.
    asio::awaitable<void> accept(std::shared_ptr<Impl>) {
        for (;;) {
            auto [error, socket] = co_await acceptor.async_accept(tupled);
            if (error) co_return;
            ++connections;
            auto const journey = std::make_shared<Journey>(std::move(socket));
            tcp::endpoint const end{asio::ip::address_v4::loopback(), target};
            auto const [not_there] = co_await journey->to.async_connect(end, tupled);
            if (not_there) continue;
            journeys.insert(journey);
            asio::co_spawn(acceptor.get_executor(), carry(journey, journey->from, journey->to), asio::detached);
            asio::co_spawn(acceptor.get_executor(), carry(journey, journey->to, journey->from), asio::detached);
        }
    }

    asio::awaitable<void> carry(std::shared_ptr<Journey> journey, tcp::socket& from, tcp::socket& to) {
        auto const self = shared_from_this();
        asio::steady_timer pause{from.get_executor()};
        char room[4096];
        for (;;) {
            auto const into = asio::buffer(room);
            auto const [ended, size] = co_await from.async_read_some(into, tupled);
            if (ended) break;
            auto const stalls = ++pieces % works.stall_every == 0;
            pause.expires_after(stalls ? works.delay + works.stall : works.delay);
            co_await pause.async_wait(tupled);
            auto const out = asio::buffer(room, size);
            auto const [broken, written] = co_await asio::async_write(to, out, tupled);
            if (broken) break;
        }
        journey->end();
        journeys.erase(journey);
    }

    tcp::acceptor acceptor;
    std::uint16_t target;
    RoadWorks works;
    std::set<std::shared_ptr<Journey>> journeys;
    int connections = 0;
    int pieces = 0;
};

SlowRoad::SlowRoad(asio::io_context& io, std::uint16_t to, RoadWorks works)
    : impl_{std::make_shared<Impl>(io, to, works)} {
    asio::co_spawn(io, impl_->accept(impl_), asio::detached);
}

SlowRoad::~SlowRoad() {
    boost::system::error_code ignored;
    impl_->acceptor.close(ignored);
    for (auto const& journey : impl_->journeys)
        journey->end();
}

std::uint16_t SlowRoad::port() const {
    return impl_->acceptor.local_endpoint().port();
}
int SlowRoad::connections() const {
    return impl_->connections;
}

} // namespace cox::testing
