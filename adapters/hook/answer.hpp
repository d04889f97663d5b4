#pragma once
// What a receiver's answer means for the outbox.
#include "adapters/net/http_client.hpp"
#include "adapters/network/network.hpp"
#include "core/time.hpp"

namespace cox::hook {

// 2xx is sent. 408, 429, 5xx and whatever the network did is tried again: after a lost answer it may be heard twice,
// and its Idempotency-Key tells. Every other status stays as it is, a redirect too: it would take the secret's
// signature to an address that nobody wrote down.
Delivered read_answer(net::HttpResult const&, Time now);

} // namespace cox::hook
