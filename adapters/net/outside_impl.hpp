#pragma once
// What Outside hides: the parts that make connections, shared with connections that outlive it by a moment.
#include "adapters/net/names.hpp"
#include "adapters/net/outside.hpp"
#include "adapters/net/tls.hpp"

namespace cox::net {

struct Outside::Impl {
    std::optional<Proxy> proxy;
    TlsContext tls;
    Names names;
};

} // namespace cox::net
