#include "modules/approval/choice.hpp"

#include "modules/approval/access.hpp"

namespace kaigong::approval {

std::string role_for(const TaskModel& model, const boost::json::object& sees) {
    if (!model.role_expression) return model.role;
    const auto role = feel::evaluate(*model.role_expression, feel::context_from_json(sees));
    const auto text = role.is(feel::Kind::string) ? std::string(role.as_string()) : std::string();
    return authz::parse_role(text) ? text : model.fallback_role;
}

Result<Choice> choice_of(const bpmn::Definition& process, const boost::json::object& variables,
                         const store::TaskRow& task, const Outcome& outcome, const authz::AccountId& done_by,
                         std::vector<store::TaskRow> tasks) {
    const auto file = task.element_id.substr(0, task.element_id.rfind('/') + 1);
    const auto* element = process.find(file + outcome.chooses);
    if (element == nullptr) {
        return error(Errc::conflict, "approval.chosen_task_unknown",
                     "流程中没有要选定办理人的任务，请联系管理员检查流程配置。");
    }
    KAIGONG_TRY(model, read_task_model(*element));
    Choice choice{{}, std::move(tasks)};
    choice.task.application_id = task.application_id;
    choice.task.element_id = model.element_id;
    choice.task.name = model.name;
    choice.task.kind = model.kind;
    choice.task.item = model.item;
    choice.task.candidate_group = model.department + ":" + role_for(model, variables);
    choice.task.region_code = task.region_code;
    choice.task.state = "open";
    for (auto& one : choice.tasks) {
        if (one.task_id != task.task_id) continue;
        one.state = "completed";
        one.actor_id = done_by.text;
    }
    return choice;
}

}  // namespace kaigong::approval
