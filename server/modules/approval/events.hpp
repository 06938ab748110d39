// Facts of this module, as they stand in the outbox. Payloads carry ids and codes, never personal values.
#pragma once

namespace kaigong::approval {

/// {application_id, job_id, type, letter_kind?, round}: work for the module that owns the type; it answers with
/// Approval::complete_job or fail_job. Aggregate `application`.
inline constexpr const char* kJobCreated = "JobCreated";
/// {application_id, letter_kind, round}: a letter is due to the applicant.
inline constexpr const char* kLetterDue = "LetterDue";
/// {application_id, state, event}: the application's state changed (states.md §1).
inline constexpr const char* kApplicationStateChanged = "ApplicationStateChanged";

}  // namespace kaigong::approval
