// For tests: a bureau that issues certificates of night work with the real catalogue and log, and keys of its own that
// fail when they are told to.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "blob/sealed_cipher.hpp"
#include "crypto/seal.hpp"
#include "crypto/testing/authority.hpp"
#include "db/testing/test_databases.hpp"
#include "modules/certificates/certificates.hpp"
#include "modules/certificates/store.hpp"

namespace kaigong::certificates::testing {

inline constexpr const char* kNumber = "330106202612020101";
inline constexpr const char* kApplication = "application-1";
inline constexpr std::int64_t kDecidedAtMs = 1'796'200'000'000;  // 2026-12-02 in the office
inline constexpr std::int64_t kDayMs = 86'400'000;

class OnePermit final : public permits::Permits {
  public:
    permits::Permit permit;

    Result<permits::Permit> load(db::Session&, const std::string&) override { return permit; }
    Result<permits::PublicPage> published(const permits::PublicQuery&) override { return permits::PublicPage{}; }
    void on_confidentiality(db::Session&, const std::string&, authz::Confidentiality) override {}
    Result<std::string> on_granted(db::Session&, const applications::Filing&, std::int64_t) override {
        throw std::logic_error("not asked");
    }
    Result<void> issue(const std::string&) override { throw std::logic_error("not asked"); }
    Result<permits::Permit> load_by_application(const std::string&) override { return permit; }
    Result<void> publish(db::Session&, const std::string&, std::int64_t now_ms) override {
        permit.state = "in_force";
        permit.published_at_ms = now_ms;
        return {};
    }
    Result<permits::Permit> load_for(const authz::Actor&, const std::string&) override { return permit; }
    std::vector<http::Endpoint> routes() override { return {}; }
};

class SilentRegisters final : public catalog::RegisterSource {
  public:
    catalog::RegisterAnswer ask(const std::string&, const catalog::PrecheckInput&) const override { return {}; }
};

/// A key that does what `before` says first.
class MoodyKey final : public crypto::Signer {
  public:
    explicit MoodyKey(std::shared_ptr<const crypto::Signer> key) : key_(std::move(key)) {}
    crypto::SignatureAlgorithm algorithm() const override { return key_->algorithm(); }
    const crypto::Bytes& public_key_info() const override { return key_->public_key_info(); }
    Result<crypto::Bytes> sign(crypto::BytesView message) const override {
        KAIGONG_CHECK(before());
        return key_->sign(message);
    }
    Result<void> ready() const override { return is_ready(); }
    std::function<Result<void>()> before = [] { return Result<void>(); };
    std::function<Result<void>()> is_ready = [] { return Result<void>(); };

  private:
    std::shared_ptr<const crypto::Signer> key_;
};

class IssuingOffice {
  public:
    IssuingOffice();

    Result<void> make() { return certificates_->make(kApplication); }
    /// `drafted` … `valid`; empty: nothing is begun.
    std::string state();
    /// Subjects of the log of permits, queued or placed.
    std::vector<std::string> logged();
    std::vector<store::SigningRow> signings();
    std::vector<store::FileRow> files(std::int64_t copy_number = 0);
    /// Puts others in the place of the keys: as an administrator does, and starts the program anew.
    void certify(std::int64_t not_before_ms, std::int64_t not_after_ms);
    void make_seal(std::int64_t valid_until_ms, const crypto::Certificate& signer,
                   const crypto::testing::Authority& authority =
                       crypto::testing::shared_authority(crypto::SignatureAlgorithm::sm2_sm3));
    std::string issuer_code() const;
    /// Another process on the same database, with the same keys.
    std::unique_ptr<Certificates> another() { return make_certificates(parts_); }
    const Parts& parts() const { return parts_; }

    FixedClock clock{kDecidedAtMs};
    db::testing::SqliteForTest storage{"catalog", "certificates", "audit", "evidence"};
    OnePermit permits;
    SigningKeys keys;
    std::shared_ptr<MoodyKey> document_key;
    std::shared_ptr<MoodyKey> seal_key;
    std::function<void(const std::string& step)> after_step = [](const std::string&) {};

  private:
    crypto::KeyRing key_ring_ = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    SilentRegisters registers_;
    authz::Permissions permissions_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<blob::Store> blobs_;
    std::unique_ptr<audit::Audit> audit_;
    std::unique_ptr<evidence::Evidence> evidence_;
    Parts parts_;
    std::unique_ptr<Certificates> certificates_;
};

inline constexpr std::array<std::uint8_t, 32> kLogSeed{3, 1, 4};

inline tlog::SignerKey log_key(const char* log) {
    return *tlog::SignerKey::from_seed(std::string("test.example/") + log, tlog::SignatureType::ed25519, kLogSeed);
}

inline permits::Permit night_permit(const catalog::Catalog& catalog) {
    permits::Permit permit;
    permit.permit_number = kNumber;
    permit.application_id = kApplication;
    permit.region_code = "330106";
    permit.state = "numbered";
    permit.matter_code = "night-construction";
    permit.catalog_version = catalog.load_matter("night-construction").value()->version();
    permit.issuing_authority = catalog.find_authority("330106")->name;
    permit.issued_on = to_string(office_date(kDecidedAtMs));
    permit.start_due_on = "2027-03-02";
    permit.works_name = "翠苑小学扩建工程";
    permit.owner_name = "西湖区教育建设中心";
    permit.record = {{"works_address", "西湖区文三路 1 号"}};
    permit.numbered_at_ms = kDecidedAtMs;
    return permit;
}

inline IssuingOffice::IssuingOffice()
    : catalog_(catalog::open_catalog(*storage, KAIGONG_SOURCE_DIR "/catalog", clock, registers_).value()),
      blobs_(blob::Store::open(storage.folder().file("blobs"), blob::sealed_cipher(key_ring_)).value()),
      audit_(audit::make_audit(*storage)),
      evidence_(evidence::make_evidence(
          {*storage, clock, storage.folder().file("ledger"), log_key("permits"), log_key("audit")})),
      parts_{.database = *storage,
             .clock = clock,
             .key_ring = key_ring_,
             .catalog = *catalog_,
             .permits = permits,
             .evidence = *evidence_,
             .blobs = *blobs_,
             .audit = *audit_,
             .permissions = permissions_,
             .signing = &keys,
             .public_url = "https://example.invalid",
             .sandbox = true,
             .public_record_changed = {},
             .after_step = [this](const char* step) { after_step(step); }},
      certificates_(make_certificates(parts_)) {
    permissions_.add(permits::permissions());
    permits.permit = night_permit(*catalog_);
    certify(crypto::testing::kValidFromMs, crypto::testing::kValidUntilMs);
}

inline void IssuingOffice::certify(std::int64_t not_before_ms, std::int64_t not_after_ms) {
    using crypto::SignatureAlgorithm;
    const auto identity = [&](SignatureAlgorithm algorithm, std::shared_ptr<MoodyKey>& key,
                              std::vector<crypto::Certificate>& chain, std::vector<crypto::Certificate>& roots) {
        const auto& authority = crypto::testing::shared_authority(algorithm);
        auto wanted = crypto::testing::wanted("示例签章", 9, false);
        wanted.not_before_ms = not_before_ms;
        wanted.not_after_ms = not_after_ms;
        auto made = authority.identity(wanted);
        key = std::make_shared<MoodyKey>(std::move(made.key));
        chain = {made.certificate, authority.issuer()};
        roots = {authority.root()};
    };
    identity(SignatureAlgorithm::ecdsa_p256_sha256, document_key, keys.document_chain, keys.document_roots);
    identity(SignatureAlgorithm::sm2_sm3, seal_key, keys.seal_chain, keys.seal_roots);
    keys.document = document_key;
    keys.seal = seal_key;
    make_seal(crypto::testing::kValidUntilMs, keys.seal_chain.front());
}

inline void IssuingOffice::make_seal(std::int64_t valid_until_ms, const crypto::Certificate& signer,
                                     const crypto::testing::Authority& authority) {
    const auto maker = authority.identity("示例制章", 7);
    crypto::NewSeal seal;
    seal.vendor = "KAIGONG";
    seal.seal_id = "33010600000001";
    seal.name = "示例印章";
    seal.signers = {signer};
    seal.created_at_ms = crypto::testing::kValidFromMs;
    seal.valid_from_ms = crypto::testing::kValidFromMs;
    seal.valid_until_ms = valid_until_ms;
    seal.picture = {"PNG", {0x89, 0x50, 0x4E, 0x47}, 41, 41};
    keys.seals[issuer_code()] = crypto::make_seal(seal, maker.certificate, *maker.key).value();
}

inline std::string IssuingOffice::issuer_code() const {
    return catalog_->find_authority("330106")->credit_code;
}

inline std::string IssuingOffice::state() {
    const auto row = storage->read([](db::Session& session) { return store::find_latest(session, kNumber); }).value();
    return row ? row->state : "";
}

inline std::vector<std::string> IssuingOffice::logged() {
    return storage
        ->read([](db::Session& session) {
            return session.rows<std::string>(
                "SELECT subject FROM evidence_entries WHERE log = 'permits' ORDER BY subject");
        })
        .value();
}

inline std::vector<store::SigningRow> IssuingOffice::signings() {
    return storage
        ->read([](db::Session& session) {
            const auto edition = store::find_latest(session, kNumber);
            return store::signings_of(session, edition->certificate_identifier);
        })
        .value();
}

inline std::vector<store::FileRow> IssuingOffice::files(std::int64_t copy_number) {
    return storage
        ->read([&](db::Session& session) {
            const auto edition = store::find_latest(session, kNumber);
            return store::files_of(session, edition->certificate_identifier, copy_number);
        })
        .value();
}

}  // namespace kaigong::certificates::testing
