// How invited parts stand: invited, filled, confirmed, and whether what was confirmed is still what stands in the form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modules/applications/drafts.hpp"
#include "modules/applications/part_store.hpp"

namespace kaigong::applications {

/// Invitations that one application may have in all, those that are over included.
inline constexpr int kPartsMax = 500;

struct StandingPart {
    store::PartRow row;
    /// invited, filled, confirmed, stale, expired, withdrawn; ended: the form was filed before the firm confirmed;
    /// unlisted: the firm is not in the list of firms (any more).
    std::string standing;
    /// Of the values that were confirmed, in clear; empty: never confirmed.
    std::string digest;
    /// No later invitation of this firm, in this role, to this part.
    bool is_latest = true;
};

/// Without a look at the values: for lists. A change of them counts the row's version up, so it sees that too.
std::string_view standing_of(const store::PartRow& row, std::int64_t now_ms);

/// In the order of the rows. Fails as opening a sealed value does.
Result<std::vector<StandingPart>> standing_parts(const crypto::KeyRing& key_ring, const catalog::InvitedParts& kinds,
                                                 const LoadedDraft& draft, std::vector<store::PartRow> rows,
                                                 std::int64_t now_ms);

/// The organisation that applies, and what its rights came from or went to: it fills in the form itself, and nobody
/// confirms to himself.
bool is_own_firm(const LoadedDraft& draft, const authz::Actor& applicant, const std::string& credit_code);

/// Fails with applications.part_not_confirmed where matter.json demands a firm's confirmation that is not there.
Result<void> check_confirmations(const catalog::InvitedParts& kinds, const LoadedDraft& draft,
                                 const authz::Actor& applicant, const std::vector<StandingPart>& parts);

/// For the rules: in the rows of `form` when each firm confirmed its own row, and how its invitation stands, in the
/// members that matter.json names. The applicant's own rows are `own`, as of now.
void put_confirmations(const catalog::InvitedParts& kinds, const LoadedDraft& draft, const authz::Actor& applicant,
                       const std::vector<StandingPart>& parts, std::int64_t now_ms, boost::json::object& form);

/// What a filing keeps of the parts, and what it was decided on.
struct FiledParts {
    std::vector<store::PartRow> seen;
    std::vector<store::FiledPartRow> rows;
};
Result<FiledParts> filed_parts_of(const crypto::KeyRing& key_ring, const std::vector<StandingPart>& parts,
                                  std::int64_t round, std::int64_t now_ms);
/// Nobody invited, saved, confirmed or withdrew meanwhile.
bool same_parts(const std::vector<store::PartRow>& seen, const std::vector<store::PartRow>& now);

/// In the transaction of a change of the form: whoever confirmed what it changed hears that it no longer holds, and who
/// is filling it in saves no longer over it. `but` is the part that was changed by its own firm.
/// A firm that is no longer in the list has its invitation no longer either, until it stands there again: gives those
/// that went or came back, as they are now.
std::vector<store::PartRow> count_changed_parts(db::Session& session, const catalog::InvitedParts& kinds,
                                                const LoadedDraft& after, const boost::json::object& before,
                                                const std::string& but = "");

/// For the audit log: of an invitation that went or came back.
const char* move_act(const store::PartRow& moved);
std::string move_summary(const store::PartRow& moved);

/// A confirmation's digest as it is stored, and as it was.
Result<std::string> sealed_digest(const crypto::KeyRing& key_ring, const std::string& part_id,
                                  const std::string& digest);

}  // namespace kaigong::applications
