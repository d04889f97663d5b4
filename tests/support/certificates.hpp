#pragma once
// Certificates made on the spot, good ones and all kinds of bad ones.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace cox::testing {

struct Wanted {
    std::string common_name = "slack.test";
    std::vector<std::string> names = {"DNS:slack.test"}; // none: no subject alternative name at all
    std::chrono::hours valid_from{-24};                  // from now
    std::chrono::hours valid_until{24 * 30};
    int rsa_bits = 0; // 0: a P-256 key
    std::string digest = "SHA256";
    bool authority = false;
    std::string usage = "serverAuth";
};

struct Certificate {
    std::shared_ptr<evp_pkey_st> key;
    std::shared_ptr<x509_st> certificate;
    std::vector<std::shared_ptr<x509_st>> chain; // sent along with it

    std::string pem() const; // the certificate alone
};

Certificate self_signed(Wanted const&);
// Signed by another, which may or may not be an authority.
Certificate issued_by(Certificate const& issuer, Wanted const&);
Certificate authority(std::string const& name);

} // namespace cox::testing
