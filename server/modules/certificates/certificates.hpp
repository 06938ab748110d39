// The document of a permit (证照): identifier, versions, the PDF, and the public pages where anybody checks it. Issuing
// is a recorded, roll-forward step machine (states.md §4): each step is saved before the next begins, and the public
// sees nothing before the last one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "authz/permissions.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "blob/store.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/resealing.hpp"
#include "crypto/signer.hpp"
#include "crypto/timestamp.hpp"
#include "crypto/x509.hpp"
#include "db/database.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/evidence/evidence.hpp"
#include "modules/permits/permits.hpp"

namespace kaigong::certificates {

class Certificates {
  public:
    Certificates() = default;
    Certificates(const Certificates&) = delete;
    Certificates& operator=(const Certificates&) = delete;
    virtual ~Certificates() = default;

    /// The job `certificates.make`: goes through the steps that are not done yet. Doing it again changes nothing.
    /// Fails with layout.… (a value that does not fit the form: the linter's word), certificates.authority_unknown,
    /// certificate.… (what the linter refuses to sign), certificates.issued_too_long_ago, and as `check_signing` and
    /// the keys do.
    virtual Result<void> make(const std::string& application_id) = 0;
    /// Serial numbers of the certificates that signed files before and stand in no list of the keys: what they signed
    /// is a stranger's by /ledger/trust.json.
    virtual Result<std::vector<std::string>> missing_signers() = 0;
    /// For the sweep of the blob store.
    virtual bool is_referenced(const std::string& sha256) = 0;
    /// JSON for programs and for the web client, HTML without script for everybody.
    virtual std::vector<http::Endpoint> routes() = 0;
};

/// Whose keys sign. Read-only after the start: any thread.
struct SigningKeys {
    std::shared_ptr<const crypto::Signer> document;  ///< PDF, XML, JSON: ECDSA P-256
    std::vector<crypto::Certificate> document_chain;
    std::shared_ptr<const crypto::Signer> seal;  ///< OFD: SM2
    std::vector<crypto::Certificate> seal_chain;
    /// SESeal (GB/T 38540), DER, by the credit code of the authority.
    std::map<std::string, crypto::Bytes, std::less<>> seals;
    /// What a verifier has to trust; they stand in /ledger/trust.json.
    std::vector<crypto::Certificate> document_roots;
    std::vector<crypto::Certificate> seal_roots;
    /// What signed before: it stays on the list of whom to trust, for certificates of then.
    std::vector<crypto::Certificate> former_signers;
    std::vector<crypto::Bytes> former_seals;
    crypto::TimestampSource stamp;  ///< RFC 3161; empty: without time stamps
};

/// Whether what these keys and the seals of these authorities sign at `now_ms` is what every verifier takes: asked
/// before anything irrevocable. Nothing is signed, no device and no other process is asked. Fails, in this order, with
/// what no time brings about (conflict): certificates.signing_key_unfit, certificates.signing_key_differs,
/// certificates.signing_certificate_unfit; and with what an administrator has to put in place (precondition_failed):
/// certificates.signing_certificate_expired, certificates.seal_missing, certificates.seal_broken,
/// certificates.seal_signer_not_listed, certificates.seal_maker_unknown, certificates.seal_expired.
Result<void> check_signing(const SigningKeys& keys, std::span<const std::string> issuer_codes, std::int64_t now_ms);

/// The first instants at which something of them is no longer in force, UTC milliseconds.
struct SigningEnds {
    std::int64_t document_ms = 0;
    std::int64_t seal_ms = 0;
    std::int64_t seals_ms = 0;  ///< of the seal that ends first
};
SigningEnds signing_ends(const SigningKeys& keys);

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    const Clock& clock;
    const crypto::KeyRing& key_ring;
    const catalog::Catalog& catalog;
    permits::Permits& permits;
    evidence::Evidence& evidence;
    blob::Store& blobs;
    audit::Audit& audit;
    const authz::Permissions& permissions;
    const SigningKeys* signing = nullptr;  ///< set
    std::string public_url;                ///< `https://…` without a slash at the end; stands in the QR
    bool sandbox = false;                  ///< certificates are marked 培训样证
    /// The page that judges files, as web/verify/ builds it; empty where the client is not built.
    std::string built_page = {};
    /// Told after the commit that changed what the public sees of a permit: answers kept in memory are then forgotten.
    std::function<void(const std::string& permit_number)> public_record_changed = {};
    /// Told after each step of issuing, by its name: measures, and tests that die there.
    std::function<void(const char* step)> after_step = {};
};
std::unique_ptr<Certificates> make_certificates(Parts parts);

/// Where the module keeps sealed values. The marks that are printed (link of the QR, anti-forgery code) stay under the
/// key of their day: paper can't be made anew.
std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring);

}  // namespace kaigong::certificates
