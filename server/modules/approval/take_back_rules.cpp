#include "modules/approval/take_back_rules.hpp"

#include <algorithm>

#include "engine/bpmn/returning.hpp"
#include "modules/approval/return_rules.hpp"

namespace kaigong::approval {
namespace {

Error impossible() {
    return error(Errc::conflict, "approval.take_back_impossible",
                 "这一步已经不能撤回。需要更正的，请联系正在办理的人退回。");
}

Error acted_on() {
    return error(Errc::conflict, "approval.take_back_acted_on",
                 "后面已经有人办理，不能撤回。需要更正的，请联系正在办理的人退回。");
}

/// Others have done what was opened by it, or since.
bool has_been_acted_on(const bpmn::Definition& process, const store::TaskRow& task,
                       const std::vector<store::TaskRow>& tasks) {
    const auto behind = bpmn::elements_behind(process, task.element_id);
    return std::ranges::any_of(tasks, [&](const store::TaskRow& later) {
        const bool is_later = later.created_at_ms >= task.completed_at_ms.value_or(0) && later.task_id != task.task_id;
        return is_later && (later.state == "completed" || is_decided(later)) &&
               std::ranges::find(behind, later.element_id) != behind.end();
    });
}

Result<TakeBack> take_back_decision(const store::TaskRow& task, const Signers& signers) {
    const bool somebody_signed = std::ranges::any_of(signers.of(task.task_id), [](const auto& signer) {
        return signer.asked.relation == kAfter && signer.task.state == "completed";
    });
    return somebody_signed ? Result<TakeBack>(acted_on()) : TakeBack{};
}

}  // namespace

std::optional<std::int64_t> standing_behind(const bpmn::Definition& process, const bpmn::State& state,
                                            const std::string& element) {
    for (const auto& [token, at] : state.tokens) {
        if (bpmn::plan_return(process, state, token, element, bpmn::Onward::again, "")) return token;
    }
    return std::nullopt;
}

Result<TakeBack> may_take_back(const bpmn::Definition& process, const bpmn::State& state, const std::string& account_id,
                               const store::TaskRow& task, const std::vector<store::TaskRow>& tasks,
                               const Signers& signers) {
    const bool is_done = task.state == "completed" || is_decided(task);
    if (!is_done || task.actor_id != account_id) {
        return error(Errc::conflict, "approval.take_back_not_yours", "只有办结这一步的人才能撤回，请刷新页面查看。");
    }
    KAIGONG_CHECK(must_be_of_the_process(task, signers));
    if (is_decided(task)) return take_back_decision(task, signers);
    const auto* element = process.find(task.element_id);
    if (element == nullptr || element->repetition || state.status != bpmn::Status::running) return impossible();
    if (has_been_acted_on(process, task, tasks)) return acted_on();
    const auto token = standing_behind(process, state, task.element_id);
    if (!token) return impossible();
    KAIGONG_TRY(undoes_conclusion, may_return_to(process, state, *token, task.element_id));
    return TakeBack{*token, undoes_conclusion};
}

}  // namespace kaigong::approval
