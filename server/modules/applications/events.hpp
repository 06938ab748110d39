// Facts of this module, as they stand in the outbox. Payloads carry ids and codes, never personal values.
#pragma once

namespace kaigong::applications {

/// {application_id, round, region_code, matter_code}. Aggregate `application`.
inline constexpr const char* kApplicationSubmitted = "ApplicationSubmitted";
/// {application_id, round}: the answer to an open correction came in.
inline constexpr const char* kApplicationResubmitted = "ApplicationResubmitted";
/// {application_id}: the applicant asks to end the case (撤件).
inline constexpr const char* kWithdrawalRequested = "WithdrawalRequested";
/// {application_id}: the applicant goes on after all, before the window confirmed.
inline constexpr const char* kWithdrawalTakenBack = "WithdrawalTakenBack";

/// {application_id, material_code}: a paper that was tolerated to be missing came in (容缺补交).
inline constexpr const char* kOwedPaperHandedIn = "OwedPaperHandedIn";

}  // namespace kaigong::applications
