// A throwaway authority for tests: keys, seal, log and witness of its own, and the four files of a certificate as it
// issues them (docs/proof-formats.md).
#pragma once

#include "crypto/testing/authority.hpp"
#include "crypto/timestamp.hpp"
#include "engine/tlog/note.hpp"
#include "formats/ofd/package.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kaigong::verify::testing {

/// 2026-12-02T07:32:00Z, and three days later.
inline constexpr std::int64_t kLoggedAtMs = 1'796'196'720'000;
inline constexpr std::int64_t kNowMs = kLoggedAtMs + 3 * 86'400'000LL;
inline constexpr const char* kPermitsOrigin = "permits.example/permits";

/// What one file carries.
struct Held {
    boost::json::object certificate;
    boost::json::object evidence;
    std::optional<boost::json::object> copy;

    boost::json::object content() const;
};

/// What a forger changes about the log.
struct LogChanges {
    /// Members of the entry; null takes one away.
    boost::json::object entry = {};
    std::string origin = kPermitsOrigin;
    /// Signs instead of the authority's log, and cosigns instead of its witness.
    const tlog::SignerKey* log = nullptr;
    const tlog::SignerKey* witness = nullptr;
    bool without_witness = false;
    std::int64_t cosigned_at_ms = kLoggedAtMs + 5'000;
    /// The checkpoint is of this many entries, fewer than the proof is about; 0: of all.
    std::uint64_t stale_size = 0;
};

boost::json::object certificate_object();
std::string identifier_of(int version);
/// Every value that pages must show, as `name value`.
std::vector<std::string> printed_lines(const boost::json::object& certificate);

class Desk {
  public:
    explicit Desk(const std::string& name);

    std::string trust_text(int witnesses_needed = 1) const;

    Held held(boost::json::object certificate, const LogChanges& changes = {}) const;

    std::string json_file(const Held& held, const crypto::testing::Identity* signer = nullptr) const;
    std::string xml_file(const Held& held, const crypto::testing::Identity* signer = nullptr) const;
    std::string pdf_file(const Held& held, const std::vector<std::string>& lines,
                         const crypto::TimestampSource& stamp = {},
                         const crypto::testing::Identity* signer = nullptr) const;
    std::string unsigned_pdf(const Held& held, const std::vector<std::string>& lines) const;
    /// `maker`: of the seal, which names whoever presses it.
    ofd::Package package(const Held& held, const std::vector<std::string>& lines,
                         const crypto::testing::Identity* maker = nullptr,
                         const crypto::testing::Identity* sealer = nullptr) const;
    ofd::Package unsealed_package(const Held& held, const std::vector<std::string>& lines) const;

    /// Whoever else the same authorities of certificates give some to.
    const crypto::testing::Authority& documents() const { return documents_; }
    const crypto::testing::Authority& seals() const { return seals_; }
    const crypto::testing::Identity& signer() const { return signer_; }
    /// On the list: whose certificate ended before the certificate was logged, and one for time stamps.
    const crypto::testing::Identity& former_signer() const { return former_; }
    const crypto::testing::Identity& clock() const { return clock_; }
    const crypto::testing::Identity& maker() const { return maker_; }
    const tlog::SignerKey& log() const { return log_; }
    const tlog::SignerKey& witness() const { return witness_; }

  private:
    std::vector<crypto::Certificate> chain_of(const crypto::testing::Identity& signer) const;

    crypto::testing::Authority documents_{crypto::SignatureAlgorithm::ecdsa_p256_sha256};
    crypto::testing::Authority seals_{crypto::SignatureAlgorithm::sm2_sm3};
    crypto::testing::Identity signer_;
    crypto::testing::Identity former_;
    crypto::testing::Identity clock_;
    crypto::testing::Identity sealer_;
    crypto::testing::Identity maker_;
    tlog::SignerKey log_;
    tlog::SignerKey witness_;
};

}  // namespace kaigong::verify::testing
