// 回避: who may not act in a case because of what he did in it, or because it is his own.
#pragma once

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

/// Who accepted does not review, recheck or decide; who reviewed does not recheck or decide; who rechecked does not
/// decide; and the other way round. Checking completeness excludes from nothing. An officer of the applicant's own
/// organisation, or of one that it came from, does nothing in the case (公务员法 76), nor does who applied himself.
/// `correct` is the applicant's and never excluded.
/// Fails with authz.excluded_by_past_duty or authz.excluded_own_case (forbidden).
Result<void> check_exclusion(const Actor& actor, Duty duty, std::span<const PastDuty> past,
                             std::string_view applicant_credit_code, std::string_view applicant_account_id = {});

}  // namespace kaigong::authz
