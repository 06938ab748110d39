#include "modules/approval/clock_projection.hpp"

#include <stdexcept>

#include "modules/approval/states.hpp"

namespace kaigong::approval {
namespace {

clock::Act act_of(const std::string& kind) {
    for (const auto act : {clock::Act::start, clock::Act::pause, clock::Act::resume, clock::Act::stop}) {
        if (clock::to_string(act) == kind) return act;
    }
    throw std::logic_error("approval: a clock entry of unknown kind: " + kind);
}

clock::Reading read(int working_days, std::span<const clock::Entry> entries, const calendar::Calendar& calendar,
                    std::int64_t now_ms) {
    auto reading = clock::read_clock({clock::Unit::working_days, working_days}, entries, calendar, now_ms);
    if (!reading) throw std::logic_error("approval: a ledger that can't be read: " + reading.error().reason);
    return *reading;
}

}  // namespace

Clocks read_clocks(const catalog::Matter& matter, const std::vector<store::ClockRow>& ledger,
                   const calendar::Calendar& calendar, std::int64_t now_ms) {
    std::vector<clock::Entry> entries;
    entries.reserve(ledger.size());
    for (const auto& row : ledger) {
        entries.push_back({act_of(row.kind), row.at_ms, clock::PauseKind::applicant, row.reason});
    }
    return {read(matter.statutory_working_days(), entries, calendar, now_ms),
            read(matter.promised_working_days(), entries, calendar, now_ms)};
}

IntakeDue intake_due(const catalog::Matter& matter, const calendar::Calendar& calendar, std::int64_t received_at_ms) {
    const auto received_on = office_date(received_at_ms);
    const auto last = calendar.add_working_days(received_on, matter.intake_working_days());
    const auto next = calendar.add_working_days(received_on, matter.intake_working_days() + 1);
    return {office_midnight_ms(next.value), last.value, next.provisional};
}

std::string office_instant(std::int64_t midnight_ms) {
    return to_string(office_date(midnight_ms)) + "T00:00:00+08:00";
}

bool waits_for_acceptance(const store::ProcedureRow& procedure) {
    return procedure.state == to_string(ApplicationState::submitted) && !procedure.accepted_at_ms;
}

}  // namespace kaigong::approval
