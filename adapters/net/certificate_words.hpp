#pragma once
// What is wrong with a certificate, so that a person understands it and knows what to do.
#include <string>

struct x509_store_ctx_st;

namespace cox::net {

// What OpenSSL, which is verifying a chain for this host, has just refused.
std::string objection_to(x509_store_ctx_st*, std::string const& host);

} // namespace cox::net
