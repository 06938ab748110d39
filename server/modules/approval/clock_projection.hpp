// From the ledger's rows to what people see: the one place where approval asks engine/clock.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/calendar/calendar.hpp"
#include "engine/clock/clock.hpp"
#include "modules/approval/store.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// 延长审批期限 in the ledger: the row's reason is the number of working days more (行政许可法 42).
inline constexpr std::string_view kExtendEntry = "extend";

struct Clocks {
    int budget_working_days = 0;  ///< of the statutory limit, with what it was extended by
    clock::Reading statutory;     ///< 建筑法 8: seven working days from receipt
    clock::Reading promised;      ///< 承诺时限, beside it and never instead of it
};

/// Clocks of the machines that serve one database differ by moments: a case that just began on one is read on the other
/// as of its beginning.
std::int64_t not_before_start(std::span<const clock::Entry> entries, std::int64_t at_ms);

/// As engine/clock reads them.
std::vector<clock::Entry> entries_of(const std::vector<store::ClockRow>& ledger);

/// What a case is counted by: the days of the authority of its region, and what was promised when it was filed. Lives
/// no longer than the calendar.
struct CaseTime {
    const calendar::Calendar& days;
    const calendar::Calendar& promise_days;
    int promised_working_days = 0;
};
CaseTime time_of(const catalog::OfficeCalendar& calendar, const catalog::Matter& matter,
                 const store::ProcedureRow& procedure);

/// Readings of a case at `now_ms`. The ledger was written by this module, so a ledger that can't be read is a bug.
Clocks read_clocks(const catalog::Matter& matter, const std::vector<store::ClockRow>& ledger, const CaseTime& time,
                   std::int64_t now_ms);
/// The statutory one alone, by the days of the case's region.
clock::Reading read_statutory(const catalog::Matter& matter, const std::vector<store::ClockRow>& ledger,
                              const calendar::Calendar& days, std::int64_t now_ms);

/// The same of one department's item; nothing before it was opened. States.md I1–I16.
std::optional<clock::Reading> read_item_clock(int working_days, const std::vector<store::ClockRow>& ledger,
                                              const calendar::Calendar& calendar, std::int64_t now_ms);

/// The instant from which an application without any letter counts as accepted: the beginning of the working day after
/// the last one for telling what is missing (行政许可法 32(4)).
struct IntakeDue {
    std::int64_t at_ms = 0;
    CivilDate last_day;
    bool provisional = false;
};
IntakeDue intake_due(const catalog::Matter& matter, const calendar::Calendar& calendar, std::int64_t received_at_ms);
/// ISO 8601 with the office's offset, as a process file reads `intake_due_at`.
std::string office_instant(std::int64_t midnight_ms);
/// Nobody has told the applicant yet whether his application is accepted.
bool waits_for_acceptance(const store::ProcedureRow& procedure);

}  // namespace kaigong::approval
