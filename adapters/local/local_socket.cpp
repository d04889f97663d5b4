#include "adapters/local/local_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <sys/stat.h>

#include <chrono>

namespace cox {
namespace {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;
using Error = boost::system::error_code;

constexpr auto request_deadline = std::chrono::seconds{10};
constexpr auto answer_deadline = std::chrono::seconds{30};

// One request and its answer. Keeps itself alive through its callbacks.
class Conversation : public std::enable_shared_from_this<Conversation> {
public:
    Conversation(Protocol::socket socket, LocalServer::Handler& handler)
        : socket_{std::move(socket)}, deadline_{socket_.get_executor()}, handler_{handler} {}

    void start() {
        deadline_.expires_after(request_deadline);
        deadline_.async_wait([self = shared_from_this()](Error error) {
            if (!error) self->socket_.close();
        });
        asio::async_read_until(socket_, asio::dynamic_buffer(line_, longest_local_line), '\n',
                               [self = shared_from_this()](Error error, std::size_t size) {
                                   self->deadline_.cancel();
                                   if (error) return;
                                   self->line_.resize(size - 1);
                                   self->handler_(std::move(self->line_),
                                                  [self](std::string answer) { self->answer(std::move(answer)); });
                               });
    }

private:
    void answer(std::string text) {
        answer_ = std::move(text) + "\n";
        asio::async_write(socket_, asio::buffer(answer_), [self = shared_from_this()](Error, std::size_t) {
            Error ignored;
            self->socket_.shutdown(Protocol::socket::shutdown_both, ignored);
        });
    }

    Protocol::socket socket_;
    asio::steady_timer deadline_;
    LocalServer::Handler& handler_;
    std::string line_;
    std::string answer_;
};

// Whether somebody answers at the socket.
bool alive(asio::io_context& io, std::filesystem::path const& path) {
    Protocol::socket socket{io};
    Error error;
    socket.connect(Protocol::endpoint{path.string()}, error);
    return !error;
}

} // namespace

struct LocalServer::Impl : std::enable_shared_from_this<Impl> {
    asio::io_context& io;
    std::filesystem::path path;
    Handler handler;
    Protocol::acceptor acceptor{io};
    bool listening = false;

    Impl(asio::io_context& context, std::filesystem::path where, Handler call)
        : io{context}, path{std::move(where)}, handler{std::move(call)} {}

    void accept() {
        acceptor.async_accept([self = shared_from_this()](Error error, Protocol::socket socket) {
            if (error) return;
            std::make_shared<Conversation>(std::move(socket), self->handler)->start();
            self->accept();
        });
    }
};

LocalServer::LocalServer(asio::io_context& io, std::filesystem::path path, Handler handler)
    : impl_{std::make_shared<Impl>(io, std::move(path), std::move(handler))} {}

LocalServer::~LocalServer() {
    Error ignored;
    impl_->acceptor.close(ignored);
    std::error_code gone;
    if (impl_->listening) std::filesystem::remove(impl_->path, gone);
}

std::expected<void, std::string> LocalServer::listen() {
    auto const& path = impl_->path;
    auto const name = path.string();
    // The kernel's limit on a socket's name.
    if (name.size() > 107)
        return std::unexpected{name + " is longer than a socket's name may be; choose a shorter data folder"};
    if (alive(impl_->io, path)) return std::unexpected{name + " is in use by another process"};
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    Error error;
    impl_->acceptor.open(Protocol{}, error);
    auto const before = ::umask(0177);
    if (!error) impl_->acceptor.bind(Protocol::endpoint{name}, error);
    ::umask(before);
    if (!error) impl_->acceptor.listen(16, error);
    if (error) return std::unexpected{name + ": " + error.message()};
    impl_->listening = true;
    impl_->accept();
    return {};
}

std::expected<std::string, LocalFailure> ask_local(std::filesystem::path const& path, std::string_view line) {
    asio::io_context io;
    Protocol::socket socket{io};
    Error failure;
    if (path.string().size() > 107) return std::unexpected{LocalFailure::nobody_there};
    socket.connect(Protocol::endpoint{path.string()}, failure);
    if (failure) return std::unexpected{LocalFailure::nobody_there};

    auto const request = std::string{line} + "\n";
    std::string answer;
    bool complete = false;
    asio::async_write(socket, asio::buffer(request), [&](Error error, std::size_t) {
        if (error) return;
        asio::async_read_until(socket, asio::dynamic_buffer(answer), '\n', [&](Error read_error, std::size_t size) {
            if (read_error) return;
            answer.resize(size - 1);
            complete = true;
        });
    });
    io.run_for(answer_deadline);
    if (!complete) return std::unexpected{LocalFailure::no_answer};
    return answer;
}

} // namespace cox
