// 双人操作: an act that does harm when one person errs, or means ill, is proposed by one and confirmed by another. This
// keeps proposals; it does not do the act, does not know who may, and writes no audit entry:
//
//     // who proposes, and who confirms later, was asked first: permissions.authorise(…),
//     Permissions::require_recent(…) KAIGONG_TRY(id, two_person::propose(session, {"permits.correct", "permit", number,
//     changes, reason}, by, now_ms)); audit.write(session, {…, "permits.propose_correction", …}); …
//     KAIGONG_TRY(proposal, two_person::confirm(session, id, "permits.correct", other, now_ms));
//     store::correct(session, proposal.content);           // in the same transaction: both or neither
//     audit.write(session, {…, "permits.correct", …});     // names both
//
// Every call works in the caller's transaction and holds the proposal's row until that ends: of two confirmations one
// is the first. An expired proposal can only be looked at, and no longer stands in the way of the next one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "authz/actor.hpp"
#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::authz::two_person {

/// A proposal that nobody looks at for so long was not needed.
inline constexpr std::int64_t kOpenForMs = 7LL * 24 * 3'600'000;
inline constexpr std::size_t kReasonBytesMax = 1'500;
inline constexpr std::size_t kContentBytesMax = 16'000;

struct Person {
    AccountId account_id;
    /// As others are shown him: 李窗口（综合窗口）.
    std::string name;
    /// Whether an account is known to be another one of the same human being: two do not make two persons of one.
    std::function<bool(db::Session& session, const AccountId& other)> is_also;
};

struct NewProposal {
    /// What is done when it is confirmed: an action of the permission table.
    std::string act;
    std::string subject_kind;  ///< `application`, `permit`, `account` …, as in the audit
    std::string subject_id;
    /// JSON of what exactly is to be done, so that what is confirmed is what was proposed. Personal values sealed.
    std::string content;
    std::string reason;
};

/// A row of `two_person_acts`.
struct Proposal {
    std::string proposal_id;
    std::int64_t version = 1;
    std::optional<std::string> open_key;
    std::string act;
    std::string subject_kind;
    std::string subject_id;
    std::string content;
    std::string reason;
    std::string proposed_by_id;
    std::string proposed_by;
    std::int64_t proposed_at_ms = 0;
    std::int64_t expires_at_ms = 0;
    std::string state;  ///< open, confirmed, refused, withdrawn; an open one past its end counts as expired
    std::optional<std::string> settled_by_id;
    std::optional<std::string> settled_by;
    std::optional<std::int64_t> settled_at_ms;
    std::optional<std::string> settle_reason;

    bool is_open(std::int64_t now_ms) const { return state == "open" && now_ms < expires_at_ms; }
};

/// Gives its id. Fails with authz.reason_missing, authz.reason_too_long, authz.proposal_too_large,
/// authz.proposal_is_open (this act is proposed for the subject already).
Result<std::string> propose(db::Session& session, const NewProposal& proposed, const Person& by, std::int64_t now_ms);

/// Settles it as confirmed and gives it; `act` is what the caller is about to do. Fails with authz.proposal_not_found
/// (also when it is of another act), authz.proposal_settled, authz.proposal_expired, authz.second_person_needed.
Result<Proposal> confirm(db::Session& session, const std::string& proposal_id, std::string_view act, const Person& by,
                         std::int64_t now_ms);

/// The second person says no. Fails as confirm does, and with authz.reason_missing, authz.reason_too_long.
Result<Proposal> refuse(db::Session& session, const std::string& proposal_id, std::string_view act, const Person& by,
                        const std::string& reason, std::int64_t now_ms);

/// Who proposed it takes it back. Fails with authz.proposal_not_found (also for others), authz.proposal_settled,
/// authz.proposal_expired.
Result<Proposal> withdraw(db::Session& session, const std::string& proposal_id, std::string_view act, const Person& by,
                          std::int64_t now_ms);

/// Of somebody whose account is blocked: nothing that he proposed waits any more. `by` is who blocked it.
void withdraw_all_of(db::Session& session, const AccountId& proposer, const Person& by, const std::string& reason,
                     std::int64_t now_ms);

std::optional<Proposal> find(db::Session& session, const std::string& proposal_id);
/// Open ones and others, the newest first, 100 at most.
std::vector<Proposal> of_subject(db::Session& session, const std::string& subject_kind, const std::string& subject_id);
/// What waits for a second person, the oldest first; an empty `after` is the beginning, else `proposal_id` of the last.
std::vector<Proposal> open_of_act(db::Session& session, const std::string& act, const std::string& after,
                                  std::int64_t now_ms, int limit);

}  // namespace kaigong::authz::two_person
