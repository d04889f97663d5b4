#pragma once
// Does what the session's machine says: asks the homeserver, keeps the session in the store, lets the calls go.
#include "adapters/matrix/api.hpp"
#include "adapters/matrix/session_machine.hpp"
#include "adapters/network/desk.hpp"
#include "adapters/store/store.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace cox::matrix {

// As they are now; asked again when the homeserver refuses the ones in use. None: they cannot be read.
using SecretsNow = std::function<std::optional<Secrets>()>;

class SessionKeeper {
public:
    struct Wiring {
        boost::asio::io_context& io;
        Api& api;
        store::Store& store;
        Desk& desk;
        SecretsNow secrets;
        std::function<void(Session const&)> serving;             // calls go from now on
        std::function<void(std::string const& trouble)> refused; // and why nothing goes
    };
    SessionKeeper(Wiring, SessionMachine::Options);

    void load(store::Found const&);
    void start();
    void stop();

private:
    void run(SessionMachine::Actions);
    void act_on(act::AskWellKnown const&);
    void act_on(act::AskWhoWeAre const&);
    void act_on(act::LogIn const&);
    void act_on(act::Refresh const&);
    void act_on(act::UseBase const&);
    void act_on(act::Save const&);
    void act_on(act::Serve const&);
    void act_on(act::GiveUp const&);
    void act_on(act::Wait const&);
    void act_on(act::LookAtSecrets const&);
    void act_on(act::Say const&);
    void log_in(act::LogIn const&);
    void after(Duration, std::function<void()>);
    template <class F>
    auto guarded(F f) {
        return [alive = std::weak_ptr<bool>{alive_}, f = std::move(f)]<class... Args>(Args&&... args) {
            if (alive.lock()) f(std::forward<Args>(args)...);
        };
    }

    Wiring wiring_;
    SessionMachine machine_;
    std::optional<Session> kept_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
