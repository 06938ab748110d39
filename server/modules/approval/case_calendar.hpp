// A case and the calendar: which of its days hang on it, and what is computed again when another year is published.
#pragma once

#include "engine/bpmn/bpmn.hpp"
#include "modules/approval/clock_projection.hpp"

namespace kaigong::approval {

/// The days of a case that people see.
struct CaseDays {
    std::string intake_due_on;  ///< empty once it is decided whether the application is accepted
    std::string due_on;         ///< empty while the clock stands still, or has stopped
    std::string promised_due_on;
    bool provisional = false;

    bool is_same_day(const CaseDays& other) const {
        return intake_due_on == other.intake_due_on && due_on == other.due_on &&
               promised_due_on == other.promised_due_on;
    }
};
CaseDays days_of(const catalog::Matter& matter, const store::ProcedureRow& procedure,
                 const std::vector<store::ClockRow>& ledger, const catalog::OfficeCalendar& calendar,
                 std::int64_t now_ms);

/// A timer that names an instant in a year whose days off nobody knows has no effect of its own; a duration counts no
/// working days.
bool hangs_on_unpublished_year(const bpmn::Definition& process, const calendar::Calendar& calendar,
                               const bpmn::OpenTimer& timer);

}  // namespace kaigong::approval
