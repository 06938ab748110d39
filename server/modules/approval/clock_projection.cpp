#include "modules/approval/clock_projection.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "modules/approval/episodes.hpp"
#include "modules/approval/states.hpp"

namespace kaigong::approval {
namespace {

clock::Act act_of(const std::string& kind) {
    for (const auto act : {clock::Act::start, clock::Act::pause, clock::Act::resume, clock::Act::stop}) {
        if (clock::to_string(act) == kind) return act;
    }
    throw std::logic_error("approval: a clock entry of unknown kind: " + kind);
}

clock::PauseKind pause_kind_of(const std::string& reason) {
    // `request_correction` stands in ledgers of before there were other pauses.
    const bool corrects = reason == kCorrectionPause || reason == "request_correction";
    return corrects ? clock::PauseKind::applicant : clock::PauseKind::special;
}

clock::Entry entry_of(const store::ClockRow& row) {
    return {act_of(row.kind), row.at_ms, pause_kind_of(row.reason), row.reason};
}

clock::Reading read(int working_days, std::span<const clock::Entry> entries, const calendar::Calendar& calendar,
                    std::int64_t now_ms) {
    const auto at_ms = not_before_start(entries, now_ms);
    auto reading = clock::read_clock({clock::Unit::working_days, working_days}, entries, calendar, at_ms);
    if (!reading) throw std::logic_error("approval: a ledger that can't be read: " + reading.error().reason);
    return *reading;
}

/// 延长审批期限, in working days.
int extended_by(const std::vector<store::ClockRow>& ledger, std::int64_t now_ms) {
    int more = 0;
    for (const auto& row : ledger) {
        if (row.kind == kExtendEntry && row.at_ms <= now_ms) more += std::stoi(row.reason);
    }
    return more;
}

}  // namespace

std::int64_t not_before_start(std::span<const clock::Entry> entries, std::int64_t at_ms) {
    return entries.empty() ? at_ms : std::max(at_ms, entries.front().at_ms);
}

std::vector<clock::Entry> entries_of(const std::vector<store::ClockRow>& ledger) {
    std::vector<clock::Entry> entries;
    entries.reserve(ledger.size());
    for (const auto& row : ledger) {
        if (row.kind != kExtendEntry) entries.push_back(entry_of(row));
    }
    return entries;
}

CaseTime time_of(const catalog::OfficeCalendar& calendar, const catalog::Matter& matter,
                 const store::ProcedureRow& procedure) {
    const auto kept = procedure.promised_working_days;
    return {calendar.days_in(procedure.region_code), calendar.promise_days_in(procedure.region_code),
            kept ? static_cast<int>(*kept) : matter.promised_working_days()};
}

Clocks read_clocks(const catalog::Matter& matter, const std::vector<store::ClockRow>& ledger, const CaseTime& time,
                   std::int64_t now_ms) {
    const auto entries = entries_of(ledger);
    const int more = extended_by(ledger, now_ms);
    const int statutory = matter.statutory_working_days() + more;
    return {statutory, read(statutory, entries, time.days, now_ms),
            read(time.promised_working_days + more, entries, time.promise_days, now_ms)};
}

clock::Reading read_statutory(const catalog::Matter& matter, const std::vector<store::ClockRow>& ledger,
                              const calendar::Calendar& days, std::int64_t now_ms) {
    return read(matter.statutory_working_days() + extended_by(ledger, now_ms), entries_of(ledger), days, now_ms);
}

std::optional<clock::Reading> read_item_clock(int working_days, const std::vector<store::ClockRow>& ledger,
                                              const calendar::Calendar& calendar, std::int64_t now_ms) {
    if (ledger.empty()) return std::nullopt;
    std::vector<clock::Entry> entries;
    entries.reserve(ledger.size());
    for (const auto& row : ledger) entries.push_back(entry_of(row));
    // A department may be asked again after its conclusion; until it is, its clock has stopped.
    auto& last = entries.back();
    if (last.act == clock::Act::pause && last.reason == kConcludedPause) last.act = clock::Act::stop;
    return read(working_days, entries, calendar, now_ms);
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
