#include "modules/approval/case_calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "modules/approval/case_work.hpp"
#include "modules/approval/store_calendar.hpp"

namespace kaigong::approval {
namespace {

constexpr std::string_view kDaysMoved = "days_moved";
/// Tasks of a case whose clock stands still come after all others in every list, and are not late.
constexpr std::int64_t kNeverDueAtMs = 8'640'000'000'000'000;

std::string in_words(const std::string& day) {
    const auto date = parse_date(day);
    return date ? fmt::format("{}年{}月{}日", date->year, date->month, date->day) : "不计";
}

void add_move(std::vector<std::string>& moves, std::string_view what, const std::string& from, const std::string& to) {
    if (from != to) moves.push_back(fmt::format("{}由{}改为{}", what, in_words(from), in_words(to)));
}

/// As the case was saved last.
CaseDays saved_days(const store::ProcedureRow& procedure, const std::string& intake_due_on) {
    return {intake_due_on, procedure.due_on.value_or(""), procedure.promised_due_on.value_or(""),
            procedure.provisional};
}

}  // namespace

CaseDays days_of(const catalog::Matter& matter, const store::ProcedureRow& procedure,
                 const std::vector<store::ClockRow>& ledger, const catalog::OfficeCalendar& calendar,
                 std::int64_t now_ms) {
    const auto time = time_of(calendar, matter, procedure);
    const auto clocks = read_clocks(matter, ledger, time, now_ms);
    const auto intake = intake_due(matter, time.days, procedure.received_at_ms);
    const auto text = [](const clock::Reading& reading) {
        return reading.due_on && !reading.stopped ? to_string(*reading.due_on) : std::string();
    };
    CaseDays days{"", text(clocks.statutory), text(clocks.promised), false};
    days.provisional = !clocks.statutory.stopped && (clocks.statutory.provisional || clocks.promised.provisional);
    if (!waits_for_acceptance(procedure) || procedure.correction_opened_at_ms) return days;
    days.intake_due_on = to_string(intake.last_day);
    days.provisional |= intake.provisional;
    return days;
}

bool hangs_on_unpublished_year(const bpmn::Definition& process, const calendar::Calendar& calendar,
                               const bpmn::OpenTimer& timer) {
    const auto* event = process.find(timer.element);
    if (event == nullptr || !event->timer || event->timer->kind != bpmn::TimerRule::Kind::date) return false;
    return !calendar.is_published(office_date(timer.due_at_ms).year);
}

Result<void> CaseWork::follow_calendar() {
    if (state_.status != bpmn::Status::running) return {};
    const auto known = store::calendar_number_of(session_, procedure_.application_id).value_or(0);
    // Another process published a moment ago and saved this case by it: this one reads it within a second.
    if (known > calendar_->number) {
        return error(Errc::unavailable, "approval.calendar_being_read", "放假安排刚刚更新，请过一两秒再试一次。");
    }
    if (known == calendar_->number) return {};
    const auto acting = std::exchange(performer_, system_performer());
    const auto before = procedure_;
    procedure_.intake_due_at_ms = intake_due(*matter_, calendar(), procedure_.received_at_ms).at_ms;
    KAIGONG_CHECK(
        run(bpmn::RecomputeTimers{{{"intake_due_at", office_instant(procedure_.intake_due_at_ms)}}}, Writer::office));
    project_clocks();
    tell_moved_days(before, known);
    performer_ = acting;
    return {};
}

/// One entry that names each day that moved, and the years that were published since.
void CaseWork::tell_moved_days(const store::ProcedureRow& before, std::int64_t known_number) {
    std::vector<std::string> moves;
    if (waits_for_acceptance(procedure_) && !procedure_.correction_opened_at_ms) {
        const auto last_day = [](std::int64_t at_ms) { return to_string(office_date(at_ms)); };
        add_move(moves, "视为受理之日", last_day(before.intake_due_at_ms), last_day(procedure_.intake_due_at_ms));
    }
    const auto from = saved_days(before, "");
    const auto to = saved_days(procedure_, "");
    const bool stopped = has_ended(application_state()) || procedure_.decided_at_ms.has_value();
    if (!stopped) {
        add_move(moves, "截止日", from.due_on, to.due_on);
        add_move(moves, "承诺办结日", from.promised_due_on, to.promised_due_on);
    }
    if (moves.empty()) return;
    std::vector<int> years;
    for (const auto& [year, number] : calendar_->published) {
        if (number > known_number) years.push_back(year);
    }
    std::vector<std::string> causes;
    if (!years.empty()) causes.push_back(fmt::format("国务院公布了{}年放假安排", fmt::join(years, "、")));
    const auto local = calendar_->local.find(procedure_.region_code);
    if (local != calendar_->local.end() && local->second.number > known_number) {
        causes.emplace_back("本地工作日有调整");
    }
    note(std::string(kDaysMoved), fmt::format("{}：{}", fmt::join(moves, "，"), fmt::join(causes, "，")),
         "时限按公布的工作日重新计算，已经过去的工作日不受影响。", true);
    audit("approval.follow_calendar",
          fmt::format("{}，重新计算时限：{}", fmt::join(causes, "，"), fmt::join(moves, "，")));
}

void CaseWork::project_clocks() {
    const auto ledger = store::clock_of(session_, procedure_.application_id);
    const auto clocks = read_clocks(*matter_, ledger, time_of(*calendar_, *matter_, procedure_), now_ms_);
    const auto before = procedure_.due_at_ms;
    const auto text = [](const auto& day) { return day ? std::optional(to_string(*day)) : std::nullopt; };
    procedure_.due_at_ms = clocks.statutory.due_at_ms;
    procedure_.due_on = text(clocks.statutory.due_on);
    procedure_.promised_due_on = text(clocks.promised.due_on);
    procedure_.provisional = clocks.statutory.provisional;
    const auto orders_by = procedure_.due_at_ms.value_or(kNeverDueAtMs);
    if (!procedure_.due_at_ms || procedure_.due_at_ms != before) {
        store::move_open_tasks(session_, procedure_.application_id, orders_by);
    }
}

void CaseWork::keep_calendar() {
    const auto& id = procedure_.application_id;
    if (state_.status != bpmn::Status::running) return store::delete_case_calendar(session_, id);
    const auto timers = bpmn::waiting_for(state_).timers;
    const bool provisional =
        days_of(*matter_, procedure_, store::clock_of(session_, id), *calendar_, now_ms_).provisional ||
        std::ranges::any_of(timers, [&](const auto& timer) {
            return hangs_on_unpublished_year(matter_->process(), calendar(), timer);
        });
    store::save_case_calendar(session_, id, calendar_->number, provisional);
}

}  // namespace kaigong::approval
