#include "adapters/net/outside_impl.hpp"

namespace cox::net {

std::expected<std::unique_ptr<Outside>, std::string> Outside::make(boost::asio::io_context& io,
                                                                   OutsideOptions options) {
    auto context = tls_context(options.extra_ca);
    if (!context) return std::unexpected{std::move(context.error())};
    auto impl = std::make_shared<Impl>(
        std::move(options.proxy), std::move(*context),
        Names{io, std::move(options.look_up), LastGood{std::move(options.name_cache)}, options.name_within});
    return std::unique_ptr<Outside>{new Outside{std::move(impl)}};
}

Outside::Outside(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}
Outside::~Outside() {
    impl_->names.leave();
}

} // namespace cox::net
