// 回避: who may not act in a case because of what he did in it, or because it is his own.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "authz/actor.hpp"
#include "base/result.hpp"

namespace kaigong::authz {

/// The kinds of user task of the process model. `check` is the completeness check before acceptance.
enum class Duty { check, review, recheck, decide, accept, correct, certificate };

std::string_view to_string(Duty duty);
std::optional<Duty> parse_duty(std::string_view text);

/// One act that is done in the case.
struct PastDuty {
    AccountId account_id;
    Duty duty;
};

/// Whose case it is.
struct Applicant {
    /// Empty where somebody applied for himself.
    std::string credit_code;
    std::string account_id;
    /// Whether the human being behind an account applied, or acts for who applied, by another account: two accounts do
    /// not make a stranger of him. It is always there.
    std::function<bool(const AccountId& account_id)> has_stake;
    /// Whether two accounts are one human being's: what he did by one of them he did. Empty: nobody has two.
    std::function<bool(const AccountId& one, const AccountId& other)> same_person = {};
};

/// Who accepted does not review, recheck or decide; who reviewed does not recheck or decide; who rechecked does not
/// decide; and the other way round. Checking completeness excludes from nothing. An officer of the applicant's own
/// organisation, or of one that it came from, does nothing in the case (公务员法 76), nor does who applied himself, by
/// whichever account.
/// `correct` is the applicant's and never excluded.
/// Fails with authz.excluded_by_past_duty or authz.excluded_own_case (forbidden).
Result<void> check_exclusion(const Actor& actor, Duty duty, std::span<const PastDuty> past, const Applicant& applicant);

}  // namespace kaigong::authz
