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
/// {application_id?, address}: a message is kept for whoever waits at that address (waiting_events.hpp). Aggregate
/// `application`, of a message from outside `message`. This and the next three are this module's own affair.
inline constexpr const char* kMessageSent = "MessageSent";
/// {application_id?, address}: somebody began to wait there, or it has to be looked at once more.
inline constexpr const char* kMessageAwaited = "MessageAwaited";
/// {application_id, name, thrown_at_ms, after}: a case threw a signal; those up to `after` were told.
inline constexpr const char* kSignalThrown = "SignalThrown";
/// {application_id, name, thrown_at_ms}: it reaches this case.
inline constexpr const char* kSignalDue = "SignalDue";

/// {number, after}: running cases after `after` may stand as a calendar before that publication made them. Aggregate
/// `calendar`. This module's own affair.
inline constexpr const char* kCasesOutdated = "CasesOutdated";

}  // namespace kaigong::approval
