#include "adapters/net/certificate_words.hpp"

#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <vector>

namespace cox::net {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t most_names = 3;

// A stranger wrote this: nothing but plain characters, and not many.
std::string tame(std::string_view text) {
    std::string out{text.substr(0, longest_name)};
    for (auto& c : out) {
        if (c < 0x20 || c > 0x7e) c = '?';
    }
    return out;
}

std::string written(std::tm const& time) {
    char out[64];
    std::snprintf(out, sizeof out, "%04d-%02d-%02d %02d:%02d UTC", time.tm_year + 1900, time.tm_mon + 1, time.tm_mday,
                  time.tm_hour, time.tm_min);
    return out;
}

std::string written(ASN1_TIME const* time) {
    std::tm parts{};
    return time && ASN1_TIME_to_tm(time, &parts) == 1 ? written(parts) : "an unreadable date";
}

std::string now_written() {
    auto const now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    return written(parts);
}

std::string address(ASN1_OCTET_STRING const* octets) {
    auto const* const data = ASN1_STRING_get0_data(octets);
    namespace ip = boost::asio::ip;
    if (ASN1_STRING_length(octets) == 4) {
        ip::address_v4::bytes_type bytes{};
        std::copy_n(data, bytes.size(), bytes.begin());
        return ip::address_v4{bytes}.to_string();
    }
    if (ASN1_STRING_length(octets) == 16) {
        ip::address_v6::bytes_type bytes{};
        std::copy_n(data, bytes.size(), bytes.begin());
        return ip::address_v6{bytes}.to_string();
    }
    return {};
}

std::vector<std::string> names_of(X509* certificate) {
    std::vector<std::string> names;
    std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> const all{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        GENERAL_NAMES_free};
    for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
        auto const* const name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type == GEN_DNS) {
            auto const* const text = reinterpret_cast<char const*>(ASN1_STRING_get0_data(name->d.dNSName));
            names.push_back(tame({text, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName))}));
        } else if (name->type == GEN_IPADD) {
            if (auto text = address(name->d.iPAddress); !text.empty()) names.push_back(std::move(text));
        }
    }
    return names;
}

std::string is_for_another(X509* certificate, std::string const& host) {
    auto const names = names_of(certificate);
    if (names.empty()) return "the certificate names no host (no subject alternative name), so it is not for " + host;
    std::string list;
    for (std::size_t i = 0; i < names.size() && i < most_names; ++i)
        list += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > most_names) list += " and " + std::to_string(names.size() - most_names) + " more";
    return "the certificate is for " + list + ", not for " + host;
}

std::string issuer_of(X509* certificate) {
    char name[256] = "";
    auto* const issuer = X509_get_issuer_name(certificate);
    for (auto const part : {NID_commonName, NID_organizationName}) {
        if (X509_NAME_get_text_by_NID(issuer, part, name, sizeof name) > 0) return "\"" + tame(name) + "\"";
    }
    return "somebody without a name";
}

std::string weak_key(X509* certificate) {
    auto const* const key = X509_get0_pubkey(certificate);
    auto const bits = key ? EVP_PKEY_get_bits(key) : 0;
    return "the key of a certificate is too weak (" + std::to_string(bits) + " bits)";
}

} // namespace

std::string objection_to(x509_store_ctx_st* verifying, std::string const& host) {
    auto const error = X509_STORE_CTX_get_error(verifying);
    auto* const certificate = X509_STORE_CTX_get_current_cert(verifying);
    auto const otherwise = std::string{"the certificate was refused: "} + X509_verify_cert_error_string(error);
    if (!certificate) return otherwise;
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "the certificate expired on " + written(X509_get0_notAfter(certificate)) +
               " (this machine's clock says " + now_written() + ")";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "the certificate is not valid before " + written(X509_get0_notBefore(certificate)) +
               "; the clock of this machine may be wrong (it says " + now_written() + ")";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return is_for_another(certificate, host);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "the certificate is self-signed: nobody vouches for it but itself";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "the certificate was issued by " + issuer_of(certificate) + ", whom this machine does not trust";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL: return weak_key(certificate);
    case X509_V_ERR_CA_MD_TOO_WEAK: return "a certificate is signed with a hash that is too weak";
    case X509_V_ERR_INVALID_PURPOSE: return "the certificate is not meant for a server";
    case X509_V_ERR_INVALID_CA: return "the certificate was issued by one that may not issue any";
    default: return otherwise;
    }
}

} // namespace cox::net
