// The certificate and the key with which the server itself speaks TLS: read, checked, and read again when the files
// change. Connections keep what they began with.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.hpp"

namespace kaigong::http {

/// PEM files: the chain with the server's own certificate first, and its key without a passphrase.
struct TlsFiles {
    std::filesystem::path certificate = {};
    std::filesystem::path key = {};
    bool empty() const { return certificate.empty() && key.empty(); }
};

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

class TlsKeys {
  public:
    /// Fails with app.tls_file_missing, app.tls_key_too_open (others than its owner can read it),
    /// app.tls_certificate_unreadable, app.tls_key_unreadable, app.tls_key_of_another (it does not belong to the
    /// certificate).
    static Result<std::unique_ptr<TlsKeys>> open(TlsFiles files);
    TlsKeys(const TlsKeys&) = delete;
    TlsKeys& operator=(const TlsKeys&) = delete;
    ~TlsKeys() = default;

    /// For a new connection. Any thread.
    TlsContext current() const;
    /// Reads the files again when they are others than before, or the keys of the session tickets are old. What can't
    /// be used is logged (http.tls_kept) and the keys stay as they are. One thread at a time.
    void look();
    /// When the certificate ends: seconds since 1970.
    std::int64_t ends_at_s() const { return ends_at_s_; }

  private:
    /// What tells one state of the two files from another.
    struct Stamp {
        std::int64_t certificate_ns = 0;
        std::int64_t key_ns = 0;
        std::uint64_t certificate_inode = 0;
        std::uint64_t key_inode = 0;
        bool operator==(const Stamp&) const = default;
    };
    explicit TlsKeys(TlsFiles files) : files_(std::move(files)) {}
    static Stamp stamp_of(const TlsFiles& files);
    Result<void> read();

    TlsFiles files_;
    Stamp stamp_;
    std::chrono::steady_clock::time_point made_at_;
    mutable std::mutex mutex_;
    TlsContext current_;
    std::atomic<std::int64_t> ends_at_s_{0};
};

}  // namespace kaigong::http
