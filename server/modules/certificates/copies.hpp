// Copies of a certificate for one purpose (复制件): new signed files that name the original, its purpose as a watermark
// on each page, and the digests in the log.
#pragma once

#include "modules/certificates/certificates.hpp"
#include "modules/certificates/store.hpp"

namespace kaigong::certificates {

struct CopyWish {
    std::string purpose;   ///< 「办理银行贷款」, at most 60 characters
    std::string made_for;  ///< who may use it, at most 60 characters
};

/// A request that may come twice.
struct CopyRequest {
    std::string permit_number;
    CopyWish wish;
    std::string idempotency_key;
    std::string body_hash;
};

class Copies {
  public:
    explicit Copies(const Parts& parts) : parts_(parts) {}

    /// Of the newest valid edition; again with the same key it goes on where it stopped. Fails with
    /// permits.not_found, certificates.not_ready, certificates.copies_exhausted (99 an edition), and as making files
    /// does.
    Result<store::CopyRow> make(const authz::Actor& actor, const CopyRequest& request);
    /// The texts of a copy, opened: `number`, `purpose`, `made_for`, `made_on`.
    Result<boost::json::object> object_of(const store::CopyRow& row) const;

  private:
    Result<store::EditionRow> edition(const std::string& permit_number) const;
    Result<store::CopyRow> begin(const authz::Actor& actor, const CopyRequest& request,
                                 const store::EditionRow& edition);
    Result<void> finish(const authz::Actor& actor, const store::EditionRow& edition, store::CopyRow& row);

    const Parts& parts_;
};

}  // namespace kaigong::certificates
