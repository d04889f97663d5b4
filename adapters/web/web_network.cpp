#include "adapters/web/web_network.hpp"

#include "adapters/web/api.hpp"
#include "adapters/web/channels.hpp"
#include "adapters/web/files.hpp"
#include "adapters/web/guard.hpp"
#include "adapters/web/live.hpp"
#include "adapters/web/server.hpp"

namespace cox::web {
namespace {

// A token that is set but empty protects nothing.
WebOptions cleaned(WebOptions options) {
    if (options.token && options.token->empty()) options.token.reset();
    return options;
}

Guard guard_of(WebOptions const& options) {
    auto hosts = options.hosts;
    if (options.address != "0.0.0.0" && options.address != "::") hosts.push_back(options.address);
    return Guard{std::move(hosts), options.token};
}

} // namespace

struct WebNetwork::Impl {
    Impl(boost::asio::io_context& context, store::Store& store, Desk& desk, WebOptions given, Clock clock)
        : options{cleaned(std::move(given))}, channels{store, std::move(clock)}, live{channels, desk},
          api{channels, desk, guard_of(options), Files{web_page_files()}}, server{context, api, live} {
        channels.listen_to(live);
        live.when_stopped([this] { server.stop(); });
    }

    WebOptions options;
    WebChannels channels;
    Live live;
    Api api;
    Server server;
};

WebNetwork::WebNetwork(boost::asio::io_context& context, store::Store& store, Desk& desk, WebOptions options,
                       std::function<Time(ChannelId const&)> clock)
    : impl_{std::make_unique<Impl>(context, store, desk, std::move(options), std::move(clock))} {}

WebNetwork::~WebNetwork() = default;

void WebNetwork::load(store::Found const& found) {
    impl_->channels.load(found);
}

std::expected<unsigned short, std::string> WebNetwork::listen() {
    auto const& options = impl_->options;
    if (!is_loopback_name(options.address) && !options.token) {
        return std::unexpected{"web.address: " + options.address +
                               " can be reached from other machines, so a token is needed; set COXSWAIN_WEB_TOKEN, or "
                               "use 127.0.0.1"};
    }
    return impl_->server.listen(options.address, options.port);
}

void WebNetwork::ensure_channel(std::string const& name, std::function<void(ChannelId)> done) {
    impl_->channels.ensure(name, std::move(done));
}

bool WebNetwork::has_channel(std::string const& name) const {
    return impl_->channels.channel(ChannelId{name}) != nullptr;
}

void WebNetwork::say(std::string channel, std::string user, std::string text, std::string key,
                     std::function<void(std::expected<std::string, std::string>)> done) {
    impl_->channels.say({std::move(channel), std::move(user), std::move(text), std::move(key)},
                        [done = std::move(done)](std::expected<std::string, Fault> const& id) {
                            if (!done) return;
                            if (id)
                                done(*id);
                            else
                                done(std::unexpected{id.error().message + " " + id.error().hint});
                        });
}

Network& WebNetwork::network() {
    return impl_->channels;
}

} // namespace cox::web
