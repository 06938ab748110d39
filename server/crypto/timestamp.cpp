#include "crypto/timestamp.hpp"

#include "crypto/der.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/signed_data.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <algorithm>

#include "base/text.hpp"

namespace kaigong::crypto {
namespace {

using Token = std::unique_ptr<PKCS7, Release<PKCS7_free>>;
using Info = std::unique_ptr<TS_TST_INFO, Release<TS_TST_INFO_free>>;
using Response = std::unique_ptr<TS_RESP, Release<TS_RESP_free>>;
using OpensslCertificate = std::unique_ptr<X509, Release<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;
using Verification = std::unique_ptr<TS_VERIFY_CTX, Release<TS_VERIFY_CTX_free>>;
using Number = std::unique_ptr<ASN1_INTEGER, Release<ASN1_INTEGER_free>>;
struct StackRelease {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using Signers = std::unique_ptr<STACK_OF(X509), StackRelease>;

Error malformed() {
    return error(Errc::invalid_input, "crypto.timestamp_malformed",
                 "时间戳无法读取，可能已损坏，请重新取得时间戳或原始文件。");
}

Error wrong() {
    return error(Errc::invalid_input, "crypto.timestamp_wrong",
                 "时间戳与被签名的内容不符或签名无效，不能证明签名时间，请重新取得原始文件。");
}

/// Leaves nothing of a stranger's bytes in the thread's error queue.
struct ErrorQueue {
    ErrorQueue() = default;
    ErrorQueue(const ErrorQueue&) = delete;
    ErrorQueue& operator=(const ErrorQueue&) = delete;
    ~ErrorQueue() { ERR_clear_error(); }
};

/// One object that takes all of the bytes.
template <class Handle, auto read>
Handle decode(BytesView bytes) {
    const std::uint8_t* at = bytes.data();
    Handle object(bytes.size() > kTimestampBytesMax ? nullptr : read(nullptr, &at, static_cast<long>(bytes.size())));
    if (object != nullptr && at != bytes.data() + bytes.size()) object.reset();
    return object;
}

OpensslCertificate to_openssl(const Certificate& certificate) {
    return decode<OpensslCertificate, d2i_X509>(certificate.der);
}

Result<Certificate> from_openssl(X509* certificate) {
    std::uint8_t* buffer = nullptr;
    const int size = i2d_X509(certificate, &buffer);
    must(size > 0 ? 1 : 0, "i2d_X509");
    const Bytes bytes(buffer, buffer + size);
    OPENSSL_free(buffer);
    return read_certificate(bytes);
}

struct Opened {
    Token token;
    Timestamp timestamp;
    OpensslCertificate authority;
};

Result<Opened> open(BytesView bytes) {
    Opened result;
    result.token = decode<Token, d2i_PKCS7>(bytes);
    if (result.token == nullptr || PKCS7_type_is_signed(result.token.get()) == 0) return malformed();
    const Info info(PKCS7_to_TS_TST_INFO(result.token.get()));
    if (info == nullptr) return malformed();
    const ASN1_GENERALIZEDTIME* time = TS_TST_INFO_get_time(info.get());
    const BytesView text(ASN1_STRING_get0_data(time), static_cast<std::size_t>(ASN1_STRING_length(time)));
    const auto at_ms = der::parse_time(der::kGeneralizedTime, to_text(text));
    if (!at_ms) return malformed();
    result.timestamp.at_ms = *at_ms;
    const Signers signers(PKCS7_get0_signers(result.token.get(), nullptr, 0));
    if (signers == nullptr || sk_X509_num(signers.get()) != 1) return malformed();
    X509* const authority = sk_X509_value(signers.get(), 0);
    must(X509_up_ref(authority), "X509_up_ref");
    result.authority.reset(authority);
    KAIGONG_TRY(certificate, from_openssl(authority));
    result.timestamp.authority = std::move(certificate);
    return result;
}

Store store_of(std::span<const Certificate> roots) {
    Store store(X509_STORE_new());
    must(store != nullptr ? 1 : 0, "X509_STORE_new");
    for (const Certificate& root : roots) {
        const OpensslCertificate certificate = to_openssl(root);
        if (certificate != nullptr) must(X509_STORE_add_cert(store.get(), certificate.get()), "X509_STORE_add_cert");
    }
    return store;
}

/// A store in which the authority's own certificate is all that is trusted: judges everything but the chain.
Store store_of_itself(X509* authority) {
    Store store = store_of({});
    must(X509_STORE_add_cert(store.get(), authority), "X509_STORE_add_cert");
    must(X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN), "X509_STORE_set_flags");
    return store;
}

void judge_at(X509_STORE* store, std::int64_t at_ms) {
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), static_cast<time_t>(at_ms / 1000));
}

/// Signature, signing certificate, its use for time stamping, imprint: RFC 3161 2.4.2 as OpenSSL judges it.
bool fits(const Opened& opened, Store store, const Digest& imprint) {
    judge_at(store.get(), opened.timestamp.at_ms);
    const Verification context(TS_VERIFY_CTX_new());
    must(context != nullptr ? 1 : 0, "TS_VERIFY_CTX_new");
    TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_SIGNATURE | TS_VFY_VERSION | TS_VFY_IMPRINT);
    TS_VERIFY_CTX_set_store(context.get(), store.release());
    auto* const copy = static_cast<std::uint8_t*>(OPENSSL_memdup(imprint.data(), imprint.size()));
    must(copy != nullptr ? 1 : 0, "OPENSSL_memdup");
    TS_VERIFY_CTX_set_imprint(context.get(), copy, static_cast<long>(imprint.size()));
    return TS_RESP_verify_token(context.get(), opened.token.get()) == 1;
}

/// OpenSSL compares imprints by length and bytes only where the token names another hash of that length.
bool imprint_is_sha256(PKCS7* token) {
    const Info info(PKCS7_to_TS_TST_INFO(token));
    if (info == nullptr) return false;
    const X509_ALGOR* const algorithm = TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(info.get()));
    const ASN1_OBJECT* name = nullptr;
    X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
    return OBJ_obj2nid(name) == NID_sha256;
}

bool nonce_is(PKCS7* token, BytesView nonce) {
    const Info info(PKCS7_to_TS_TST_INFO(token));
    const Bytes written = der::unsigned_integer(nonce);
    const Number expected = decode<Number, d2i_ASN1_INTEGER>(written);
    const ASN1_INTEGER* const found = info == nullptr ? nullptr : TS_TST_INFO_get_nonce(info.get());
    return found != nullptr && expected != nullptr && ASN1_INTEGER_cmp(found, expected.get()) == 0;
}

Result<Opened> open_and_judge(BytesView token, const Digest& imprint) {
    KAIGONG_TRY(opened, open(token));
    if (!imprint_is_sha256(opened.token.get()) || !fits(opened, store_of_itself(opened.authority.get()), imprint)) {
        return wrong();
    }
    return std::move(opened);
}

/// PKIFreeText of a refusal, for the message.
std::string words_of(TS_STATUS_INFO* status) {
    std::string words;
    const STACK_OF(ASN1_UTF8STRING)* const texts = TS_STATUS_INFO_get0_text(status);
    for (int i = 0; i < sk_ASN1_UTF8STRING_num(texts); ++i) {
        const ASN1_UTF8STRING* const text = sk_ASN1_UTF8STRING_value(texts, i);
        words += to_text({ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))});
    }
    return printable(words, 200);
}

}  // namespace

Bytes timestamp_request(const Digest& imprint, BytesView nonce) {
    const Bytes message_imprint = der::sequence({sha256_identifier(), der::octet_string(imprint)});
    return der::sequence({der::integer(1), message_imprint, der::unsigned_integer(nonce), der::boolean(true)});
}

Result<Bytes> read_timestamp_response(BytesView response, const Digest& imprint, BytesView nonce) {
    const ErrorQueue queue;
    const Response read = decode<Response, d2i_TS_RESP>(response);
    if (read == nullptr) return malformed();
    TS_STATUS_INFO* const status = TS_RESP_get_status_info(read.get());
    const long code = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
    // 0 granted, 1 granted with modifications.
    if (code != 0 && code != 1) {
        return error(Errc::unavailable, "crypto.timestamp_refused",
                     fmt::format("时间戳服务没有出具时间戳（状态 {}：{}），请检查时间戳服务的配置后重试。", code,
                                 words_of(status)));
    }
    der::Reader outer(response);
    auto fields = outer.sequence();
    if (!fields || !fields->next(der::kSequence)) return malformed();
    const auto token = fields->next(der::kSequence);
    if (!token || !fields->finish()) return malformed();
    KAIGONG_TRY(opened, open_and_judge(token->whole, imprint));
    if (!nonce_is(opened.token.get(), nonce)) return wrong();
    return Bytes(token->whole.begin(), token->whole.end());
}

Result<Timestamp> read_timestamp(BytesView token, const Digest& imprint) {
    const ErrorQueue queue;
    KAIGONG_TRY(opened, open_and_judge(token, imprint));
    return std::move(opened.timestamp);
}

Result<Timestamp> verify_timestamp(BytesView token, const Digest& imprint, std::span<const Certificate> roots) {
    const ErrorQueue queue;
    KAIGONG_TRY(opened, open_and_judge(token, imprint));
    if (!fits(opened, store_of(roots), imprint)) {
        return error(Errc::invalid_input, "crypto.timestamp_unknown_authority",
                     fmt::format("时间戳由“{}”出具，不在受信任的时间戳机构之内，请核对信任文件。",
                                 printable(opened.timestamp.authority.subject_common_name)));
    }
    return std::move(opened.timestamp);
}

}  // namespace kaigong::crypto
