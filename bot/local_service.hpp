#pragma once
// What other programs of this machine may ask over the local socket: to say something, and for an incident's log.
#include "adapters/local/local_socket.hpp"
#include "bot/loop.hpp"

namespace cox::bot {

class LocalService {
public:
    using HasChannel = std::function<bool(std::string const& name)>;

    LocalService(boost::asio::io_context&, std::filesystem::path socket, Loop&, store::Store&, Network& home,
                 HasChannel);

    std::expected<void, std::string> listen() { return server_.listen(); }

private:
    void answer(std::string const& line, LocalServer::Reply);
    void say(std::string const& as, std::string place, std::string const& text, LocalServer::Reply);
    void give_log(std::string const& incident, LocalServer::Reply);

    Loop& loop_;
    store::Store& store_;
    Network& home_;
    HasChannel has_channel_;
    std::uint64_t said_ = 0;
    std::string session_; // makes keys of this process differ from those of the last
    LocalServer server_;
};

} // namespace cox::bot
