#include "adapters/net/failure.hpp"

namespace cox::net {

std::string_view word(Cause cause) {
    switch (cause) {
    case Cause::refused_url: return "refused address";
    case Cause::name: return "name";
    case Cause::connect: return "connect";
    case Cause::proxy: return "proxy";
    case Cause::certificate: return "certificate";
    case Cause::tls: return "tls";
    case Cause::timeout: return "timeout";
    case Cause::lost: return "lost";
    case Cause::protocol: return "protocol";
    case Cause::upgrade: return "upgrade";
    case Cause::stopped: return "stopped";
    }
    return "lost";
}

} // namespace cox::net
