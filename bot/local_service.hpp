#pragma once
// What other programs of this machine may ask over the local socket: to say something, and for an incident's log.
#include "adapters/local/local_socket.hpp"
#include "bot/loop.hpp"

namespace cox::bot {

class LocalService {
public:
    struct Wiring {
        Loop& loop;
        store::Store& store;
        std::function<bool(std::string const& name)> has_channel;     // the web network
        std::function<Network*(ChannelId const& channel)> network_of; // null: nobody's
    };

    LocalService(boost::asio::io_context&, std::filesystem::path socket, Wiring);

    std::expected<void, std::string> listen() { return server_.listen(); }

private:
    void answer(std::string const& line, LocalServer::Reply);
    void say(std::string const& as, std::string const& in, std::string const& text, LocalServer::Reply);
    // What --in means: a channel of the web network, or that of an open incident, by name or id. Else why it is none.
    std::expected<Channel, std::string> place_of(std::string in) const;
    std::expected<Person, std::string> speaker(Channel const& place, std::string const& as) const;
    void give_log(std::string const& incident, LocalServer::Reply);

    Wiring wiring_;
    std::uint64_t said_ = 0;
    std::string session_; // makes keys of this process differ from those of the last
    LocalServer server_;
};

} // namespace cox::bot
