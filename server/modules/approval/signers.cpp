#include "modules/approval/signers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "modules/approval/asides.hpp"

namespace kaigong::approval {
namespace {

template <class Keep>
std::vector<Signers::Signer> only(std::vector<Signers::Signer> signers, Keep keep) {
    std::erase_if(signers, [&](const auto& one) { return !keep(one); });
    return signers;
}

Outcome answer(std::string_view code, std::string label, std::string tone, Said said, std::string consequence) {
    Outcome outcome;
    outcome.code = code;
    outcome.label = std::move(label);
    outcome.tone = std::move(tone);
    outcome.said = said;
    outcome.consequence = std::move(consequence);
    outcome.reason_required = said != Said::approve;
    return outcome;
}

}  // namespace

Signers::Signers(const std::vector<store::SignerRow>& asked, const std::vector<store::TaskRow>& tasks) {
    for (const auto& one : asked) {
        const auto task = std::ranges::find(tasks, one.task_id, &store::TaskRow::task_id);
        if (task != tasks.end()) signers_.push_back({one, *task});
    }
}

const store::SignerRow* Signers::question_of(const std::string& task_id) const {
    for (const auto& one : signers_) {
        if (one.task.task_id == task_id) return &one.asked;
    }
    return nullptr;
}

std::vector<Signers::Signer> Signers::of(const std::string& parent_task_id) const {
    return only(signers_, [&](const Signer& one) { return one.asked.parent_task_id == parent_task_id; });
}

std::vector<Signers::Signer> Signers::pending_of(const std::string& parent_task_id) const {
    return only(of(parent_task_id),
                [](const Signer& one) { return one.task.state == "open" || one.task.state == "planned"; });
}

std::vector<Signers::Signer> Signers::awaited_by(const std::string& parent_task_id) const {
    return only(pending_of(parent_task_id), [](const Signer& one) { return one.asked.relation != kAfter; });
}

std::vector<Signers::Signer> Signers::pending_after(const std::string& parent_task_id) const {
    return only(pending_of(parent_task_id), [](const Signer& one) { return one.asked.relation == kAfter; });
}

TaskModel signer_model(TaskModel parent, std::string_view relation) {
    parent.outcomes.clear();
    parent.checklist.clear();
    parent.countersign.reset();
    if (relation == kDelegate) {
        parent.outcomes.push_back(
            answer(kAnswered, "提出意见", "primary", Said::none, "意见交给委派您的人，由他作出决定。"));
        return parent;
    }
    const bool is_after = relation == kAfter;
    parent.outcomes.push_back(answer(kSignerAgrees, "同意", "primary", Said::approve,
                                     is_after ? "所有后加签的人都同意后，这一步才算通过。"
                                              : "全部前加签的人办完后，任务回到加签您的人，由他作出决定。"));
    parent.outcomes.push_back(
        answer(kSignerDisagrees, "不同意", "danger", Said::reject,
               is_after ? "这一步即按不同意办结，其余后加签不再进行。" : "您的意见交给加签您的人，由他作出决定。"));
    return parent;
}

bool is_decided(const store::TaskRow& task) {
    return task.state == "open" && task.outcome.has_value();
}

Result<void> must_not_wait_for_signers(const store::TaskRow& task, const Signers& signers) {
    std::vector<std::string> names;
    for (const auto& one : signers.awaited_by(task.task_id)) names.push_back(one.task.assignee_name.value_or(""));
    if (names.empty()) return {};
    return error(
        Errc::conflict, "approval.waits_for_signers",
        fmt::format("正在等{}的意见，收到后再办理这一步；不再需要的，请先减签或收回委派。", fmt::join(names, "、")));
}

Result<void> must_be_undecided(const store::TaskRow& task) {
    if (!is_decided(task)) return {};
    return error(Errc::conflict, "approval.task_decided",
                 fmt::format("您已作出“{}”的意见，正在等后加签的人办理。需要改变的，请先撤回。",
                             task.outcome_label.value_or("")));
}

Result<void> must_be_of_the_process(const store::TaskRow& task, const Signers& signers) {
    if (is_aside(task.element_id)) {
        return error(Errc::conflict, "approval.task_beside_the_process",
                     "这个任务不是审批流程中的一步，只能办理、转办或释放。");
    }
    if (signers.question_of(task.task_id) == nullptr) return {};
    return error(Errc::conflict, "approval.signer_only_answers",
                 "这个任务是征求您的意见，只能提出意见或转办给他人。其他操作请由征求意见的人办理。");
}

}  // namespace kaigong::approval
