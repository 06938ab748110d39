// Copies of a certificate for one purpose (复制件): new signed files that name the original, its purpose as a watermark
// on each page, and the digests in the log.
#pragma once

#include "db/idempotency.hpp"
#include "modules/certificates/certificates.hpp"
#include "modules/certificates/store.hpp"

namespace kaigong::certificates {

/// An edition; each copy has four files.
inline constexpr std::int64_t kCopiesMax = 99;

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

    /// Of the newest valid edition. Again with the same key, or by the same account with the same wish while that copy
    /// is not finished, it goes on where it stopped, under the same number. Fails with permits.not_found, as
    /// `may_make`, and as making files does; what may mend by itself and what an administrator mends is `unavailable`,
    /// with words for who asked.
    Result<store::CopyRow> make(const authz::Actor& actor, const CopyRequest& request);
    /// Whether copies of this edition may be made, by whoever has the right. Fails with certificates.not_in_force,
    /// certificates.made_before_the_log, certificates.copies_exhausted.
    Result<void> may_make(const permits::Permit& permit, const store::EditionRow& edition) const;
    /// The texts of a copy, opened: `number`, `purpose`, `made_for`, `made_on`.
    Result<boost::json::object> object_of(const store::CopyRow& row) const;

  private:
    Result<void> may_begin(const permits::Permit& permit, const store::EditionRow& edition, const CopyWish& wish) const;
    Result<store::CopyRow> begin(const authz::Actor& actor, const db::IdempotentRequest& once, const CopyWish& wish,
                                 const store::EditionRow& edition);
    Result<std::optional<store::CopyRow>> find_begun(db::Session& session, const authz::Actor& actor,
                                                     const CopyWish& wish, const store::EditionRow& edition) const;
    Result<store::CopyRow> add(db::Session& session, const authz::Actor& actor, const CopyWish& wish,
                               const store::EditionRow& edition);
    Result<store::CopyRow> finish(const permits::Permit& permit, const store::CopyRow& row);
    Result<store::CopyRow> save_made(const store::CopyRow& row, const std::string& entry);

    const Parts& parts_;
};

}  // namespace kaigong::certificates
