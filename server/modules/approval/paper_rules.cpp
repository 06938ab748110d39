#include "modules/approval/paper_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/chinese_format.hpp"

namespace kaigong::approval {
namespace {

constexpr std::array<std::string_view, 11> kActsBeside{"claim",       "release",         "urge",        "given",
                                                       "expedite",    "answer_expedite", kEnterPaper,   kProposePaper,
                                                       kConfirmPaper, kDenyPaper,        kWithdrawPaper};
constexpr std::array<std::string_view, 13> kNotesBeside{
    "task_urged",         "case_copied",      "deadline_warning",   "timer_failed",          "calendar_missing",
    "days_moved",         "task_given",       "task_not_given",     "expedite_order_issued", "expedite_order_answered",
    "paper_act_proposed", "paper_act_denied", "paper_act_withdrawn"};

bool is_in(const auto& list, std::string_view one) {
    return std::ranges::find(list, one) != list.end();
}

struct Last {
    std::int64_t at_ms = 0;
    std::string what;

    void see(std::int64_t other_at_ms, const std::string& other) {
        if (other_at_ms < at_ms) return;
        at_ms = other_at_ms;
        what = other;
    }
};

Last last_of(const RecordOfCase& record) {
    Last last;
    for (const auto& act : record.acts) {
        if (!is_in(kActsBeside, act.act)) last.see(act.at_ms, "");
    }
    for (const auto& task : record.tasks) {
        if (task.completed_at_ms) last.see(*task.completed_at_ms, task.name);
    }
    for (const auto& entry : record.timeline) {
        if (!is_in(kNotesBeside, entry.kind)) last.see(entry.at_ms, entry.title);
    }
    return last;
}

Error too_early(const std::string& since, std::int64_t at_ms) {
    return invalid_field("happened_at_ms", "approval.paper_act_too_early",
                         since + "（" + instant_text(at_ms) +
                             "）。补录的时间不能早于它：请核对纸面时间；确实更早的，按不早于它的时间补录，"
                             "并在意见中写明纸面日期。");
}

}  // namespace

Result<void> must_have_happened(std::int64_t happened_at_ms, std::int64_t now_ms) {
    if (happened_at_ms <= now_ms) return {};
    return invalid_field("happened_at_ms", "approval.paper_act_in_future",
                         "办理时间还没有到，请填写纸面上的实际时间；现在办理的，请直接办结，不用补录。");
}

Result<void> must_fit_record(std::int64_t happened_at_ms, const store::TaskRow& task, const RecordOfCase& record) {
    if (happened_at_ms < task.created_at_ms) return too_early("“" + task.name + "”这时还没有开始", task.created_at_ms);
    const auto last = last_of(record);
    if (happened_at_ms >= last.at_ms) return {};
    return too_early(last.what.empty() ? "此后本案还有办理记录" : "此后本案有“" + last.what + "”", last.at_ms);
}

Result<void> must_not_cross_timer(std::int64_t happened_at_ms, std::optional<std::int64_t> last_fired_at_ms) {
    if (!last_fired_at_ms || *last_fired_at_ms <= happened_at_ms) return {};
    return error(Errc::conflict, "approval.paper_act_across_timer",
                 "此后（" + instant_text(*last_fired_at_ms) +
                     "）本案已有期限届满并发生效力，不能改成在它之前办理。请直接办理现在的任务，"
                     "在意见中写明纸面办理的情况；需要纠正届满效力的，由部门负责人退回后重新办理。");
}

}  // namespace kaigong::approval
