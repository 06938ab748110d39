#include "http/tls_keys.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/asio/ssl.hpp>
#include <cstring>
#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/log.hpp"

namespace kaigong::http {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::size_t kPemBytesMax = 256UL * 1024;
/// A ticket of TLS 1.2 is as secret as the key that sealed it; with the context that key is made anew.
constexpr std::chrono::hours kTicketKeyAge{12};
constexpr long kTicketSeconds = 2L * 60 * 60;
/// Forward secret, with authenticated encryption, for TLS 1.2; those of TLS 1.3 all are.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kCurves = "X25519:P-256:P-384";
constexpr std::string_view kSessionsOf = "kaigong";
constexpr std::string_view kHttp11 = "\x08http/1.1";

Result<std::string> pem_of(const std::filesystem::path& file, std::string_view setting) {
    std::ifstream in(file, std::ios::binary);
    std::string text(kPemBytesMax, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.gcount() == 0 || in.gcount() == static_cast<std::streamsize>(kPemBytesMax)) {
        return error(Errc::unavailable, "app.tls_file_missing",
                     fmt::format("配置 {} 指的文件 {} 读不出来，请核对路径和权限。", setting, file.string()));
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

Result<void> check_key_permissions(const std::filesystem::path& key) {
    struct stat about{};
    if (::stat(key.c_str(), &about) != 0 || (about.st_mode & 077U) == 0) return {};
    return error(Errc::forbidden, "app.tls_key_too_open",
                 fmt::format("TLS 私钥文件 {} 可以被其他用户读取，请改成只有本用户可读(0600)。", key.string()));
}

// A client that names protocols and not this one would be answered in a language it does not expect (RFC 7301 3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
    unsigned char* found = nullptr;
    const auto* ours = reinterpret_cast<const unsigned char*>(kHttp11.data());
    const auto answer =
        SSL_select_next_proto(&found, length, ours, static_cast<unsigned int>(kHttp11.size()), offered, offered_length);
    *chosen = found;
    return answer == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool harden(ssl::context& context) {
    auto* native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_PRIORITIZE_CHACHA);
    // Tickets instead of sessions kept here: what clients remember costs the server nothing.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(native, 1);
    SSL_CTX_set_timeout(native, kTicketSeconds);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    return SSL_CTX_set_cipher_list(native, kCiphers) == 1 && SSL_CTX_set1_groups_list(native, kCurves) == 1 &&
           SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>(kSessionsOf.data()),
                                          static_cast<unsigned int>(kSessionsOf.size())) == 1;
}

std::int64_t end_of(const ssl::context& context) {
    std::tm parts{};
    const X509* own = SSL_CTX_get0_certificate(const_cast<ssl::context&>(context).native_handle());
    if (own == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(own), &parts) != 1) return 0;
    return ::timegm(&parts);
}

Result<TlsContext> context_of(const TlsFiles& files) {
    KAIGONG_TRY(chain, pem_of(files.certificate, "server.tls_certificate"));
    KAIGONG_TRY(key, pem_of(files.key, "server.tls_key"));
    KAIGONG_CHECK(check_key_permissions(files.key));
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    boost::system::error_code failure;
    // Without this the program would ask at its terminal for the passphrase of a sealed key.
    const auto no_passphrase = [](std::size_t, ssl::context::password_purpose) { return std::string(); };
    context->set_password_callback(no_passphrase, failure);
    context->use_certificate_chain(boost::asio::buffer(chain), failure);
    if (failure) {
        return error(Errc::invalid_input, "app.tls_certificate_unreadable",
                     fmt::format("{} 中没有可用的证书（PEM，本机证书在前），请核对 server.tls_certificate。",
                                 files.certificate.string()));
    }
    context->use_private_key(boost::asio::buffer(key), ssl::context::pem, failure);
    // OpenSSL compares the key with the certificate that is there already.
    const bool of_another =
        failure && ERR_GET_REASON(static_cast<unsigned long>(failure.value())) == X509_R_KEY_VALUES_MISMATCH;
    if (of_another || (!failure && SSL_CTX_check_private_key(context->native_handle()) != 1)) {
        return error(Errc::invalid_input, "app.tls_key_of_another",
                     "TLS 私钥与证书不配对，请核对 server.tls_certificate 和 server.tls_key。");
    }
    if (failure) {
        return error(Errc::invalid_input, "app.tls_key_unreadable",
                     fmt::format("{} 不是可用的 PEM 私钥（不能带口令），请核对 server.tls_key。", files.key.string()));
    }
    if (!harden(*context)) throw std::runtime_error("OpenSSL does not know the ciphers of this server");
    return context;
}

}  // namespace

Result<std::unique_ptr<TlsKeys>> TlsKeys::open(TlsFiles files) {
    std::unique_ptr<TlsKeys> keys(new TlsKeys(std::move(files)));
    KAIGONG_CHECK(keys->read());
    return keys;
}

TlsKeys::Stamp TlsKeys::stamp_of(const TlsFiles& files) {
    struct stat certificate{};
    struct stat key{};
    if (::stat(files.certificate.c_str(), &certificate) != 0 || ::stat(files.key.c_str(), &key) != 0) return {};
    const auto nanoseconds = [](const timespec& at) { return at.tv_sec * 1'000'000'000LL + at.tv_nsec; };
    return {nanoseconds(certificate.st_mtim), nanoseconds(key.st_mtim), certificate.st_ino, key.st_ino};
}

// The stamp is taken before the files are read: a change in between is seen by the next look.
Result<void> TlsKeys::read() {
    stamp_ = stamp_of(files_);
    made_at_ = std::chrono::steady_clock::now();
    KAIGONG_TRY(context, context_of(files_));
    ends_at_s_ = end_of(*context);
    if (ends_at_s_ < std::time(nullptr)) {
        log_event(LogLevel::warning, "http.tls_certificate_ended", {{"ended_at_s", ends_at_s_.load()}});
    }
    const std::scoped_lock lock(mutex_);
    current_ = std::move(context);
    return {};
}

TlsContext TlsKeys::current() const {
    const std::scoped_lock lock(mutex_);
    return current_;
}

void TlsKeys::look() {
    const bool is_old = std::chrono::steady_clock::now() - made_at_ > kTicketKeyAge;
    const bool changed = !(stamp_of(files_) == stamp_);
    if (!is_old && !changed) return;
    if (const auto done = read(); !done) {
        log_error(LogLevel::error, "http.tls_kept", done.error());
    } else if (changed) {
        log_event(LogLevel::info, "http.tls_reloaded", {{"ends_at_s", ends_at_s_.load()}});
    }
}

}  // namespace kaigong::http
