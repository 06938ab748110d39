#include "modules/approval/return_rules.hpp"

#include <algorithm>

#include "engine/bpmn/returning.hpp"
#include "modules/approval/states.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {
namespace {

Error before_acceptance() {
    return error(Errc::conflict, "approval.return_before_acceptance",
                 "这一步之后已经把结果告知申请人，不能再退回到那里。请选择之后的步骤。");
}

}  // namespace

std::vector<std::string> events_of(const bpmn::Element& element) {
    std::vector<std::string> events;
    for (const auto* step : element.kaigong_all("event")) {
        if (const auto name = step->attribute("name"); !name.empty()) events.emplace_back(name);
    }
    return events;
}

Result<bool> may_return_to(const bpmn::Definition& process, const bpmn::State& state, std::int64_t token,
                           const std::string& target) {
    const auto* element = process.find(target);
    const auto targets = bpmn::return_targets(process, state, token);
    if (element == nullptr || std::ranges::find(targets, target) == targets.end()) {
        return error(Errc::conflict, "approval.return_impossible",
                     "不能退回到这一步：它不在当前步骤之前。请刷新页面，从可退回的步骤中选择。");
    }
    KAIGONG_TRY(model, read_task_model(*element));
    if (model.is_for_applicant()) {
        return error(Errc::conflict, "approval.return_to_applicant",
                     "请申请人修改要用补正通知书一次性告知，不能直接退回给申请人。");
    }
    if (std::ranges::find(state.completed, target) == state.completed.end()) {
        return error(Errc::conflict, "approval.return_not_done", "本案还没有办过这一步，不能退回到那里。");
    }
    bool undoes_conclusion = false;
    for (const auto& between : bpmn::elements_between(process, state, token, target)) {
        for (const auto& event : events_of(*process.find(between))) {
            if (event != kAllItemsConcluded) return before_acceptance();
            undoes_conclusion = true;
        }
    }
    return undoes_conclusion;
}

std::vector<ReturnTarget> return_targets_of(const bpmn::Definition& process, const bpmn::State& state,
                                            std::int64_t token) {
    std::vector<ReturnTarget> targets;
    for (const auto& target : bpmn::return_targets(process, state, token)) {
        if (!may_return_to(process, state, token, target)) continue;
        const auto* element = process.find(target);
        const auto straight = bpmn::plan_return(process, state, token, target, bpmn::Onward::straight, "");
        targets.push_back({target, element->name.empty() ? target : element->name, straight.has_value()});
    }
    return targets;
}

}  // namespace kaigong::approval
