#pragma once
// Why a conversation with another machine came to nothing, as a value.
#include <string>
#include <string_view>

namespace cox::net {

enum class Cause {
    refused_url, // not an address that we may ask: wrong scheme, plain http beyond loopback
    name,        // the name has no address, or nobody answered in time what it is
    connect,     // nobody listens, no way there, or no answer in time
    proxy,       // the proxy would not connect us; `reason` has its status
    certificate, // TLS: the certificate is not to be trusted; `reason` says in words what is wrong with it
    tls,         // TLS: anything else (a version below 1.2 among it)
    timeout,     // the peer took the request and did not answer in time
    lost,        // the connection went away
    protocol,    // what came is no HTTP or no WebSocket, or breaks a limit
    upgrade,     // a WebSocket was refused; `status` has the HTTP status
    stopped      // we are stopping
};
std::string_view word(Cause); // "certificate"

struct Failure {
    Cause cause = Cause::lost;
    std::string reason;         // for the operator; never holds a header, a query or a body
    bool may_have_acted = true; // false: surely nothing of the request was read by the peer
    int status = 0;             // upgrade and proxy: the HTTP status; of a WebSocket that the peer closed: its code
};

} // namespace cox::net
