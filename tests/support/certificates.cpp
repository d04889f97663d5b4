#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace cox::testing {
namespace {

template <class T>
T* made(T* thing, char const* what) {
    if (!thing) throw std::runtime_error{std::string{"no "} + what};
    return thing;
}

void extend(X509* certificate, X509* issuer, int kind, std::string const& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* const extension = made(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), "extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate make(Wanted const& wanted, Certificate const* issuer) {
    static std::atomic<long> serial{1000};
    Certificate made_one;
    made_one.key = {
        made(wanted.rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(wanted.rsa_bits)) : EVP_EC_gen("P-256"), "key"),
        EVP_PKEY_free};
    made_one.certificate = {made(X509_new(), "certificate"), X509_free};
    auto* const certificate = made_one.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), std::chrono::seconds{wanted.valid_from}.count());
    X509_gmtime_adj(X509_getm_notAfter(certificate), std::chrono::seconds{wanted.valid_until}.count());
    X509_set_pubkey(certificate, made_one.key.get());
    auto* const subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                               reinterpret_cast<unsigned char const*>(wanted.common_name.c_str()), -1, -1, 0);
    auto* const signer = issuer ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));

    extend(certificate, signer, NID_basic_constraints, wanted.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!wanted.authority) extend(certificate, signer, NID_ext_key_usage, wanted.usage);
    std::string names;
    for (auto const& name : wanted.names)
        names += (names.empty() ? "" : ",") + name;
    if (!names.empty()) extend(certificate, signer, NID_subject_alt_name, names);

    auto* const signing_key = issuer ? issuer->key.get() : made_one.key.get();
    if (X509_sign(certificate, signing_key, EVP_get_digestbyname(wanted.digest.c_str())) == 0)
        throw std::runtime_error{"the certificate cannot be signed"};
    if (issuer) {
        made_one.chain.push_back(issuer->certificate);
        made_one.chain.insert(made_one.chain.end(), issuer->chain.begin(), issuer->chain.end());
    }
    return made_one;
}

} // namespace

std::string Certificate::pem() const {
    std::unique_ptr<BIO, decltype(&BIO_free)> const out{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_X509(out.get(), certificate.get());
    char* data = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Certificate self_signed(Wanted const& wanted) {
    return make(wanted, nullptr);
}

Certificate issued_by(Certificate const& issuer, Wanted const& wanted) {
    return make(wanted, &issuer);
}

Certificate authority(std::string const& name) {
    Wanted wanted;
    wanted.common_name = name;
    wanted.names = {};
    wanted.authority = true;
    return make(wanted, nullptr);
}

} // namespace cox::testing
