// What a process must keep to so that officers can work by it: a catalogue asks before it publishes one.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/bpmn/expression.hpp"
#include "modules/approval/approval.hpp"
#include "modules/approval/protected_variables.hpp"
#include "modules/approval/states.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {
namespace {

using bpmn::Definition;
using bpmn::Element;
using bpmn::Problem;

constexpr std::string_view kRecordJob = "approval.record";
constexpr std::string_view kLetterJob = "letters.issue";

class Inspection {
  public:
    Inspection(const Definition& process, const std::vector<std::string>& job_types)
        : process_(process), job_types_(job_types) {}

    std::vector<Problem> run() {
        for (const auto& element : process_.elements()) {
            if (element.kind == bpmn::Kind::user_task) check_task(element);
            if (!element.job_type.empty() || element.kind == bpmn::Kind::service_task) check_job(element);
        }
        return std::move(problems_);
    }

  private:
    void refuse(const Element& element, std::string code, std::string zh, std::string en) {
        problems_.push_back(
            {Problem::Severity::error, element.id, element.line, std::move(code), std::move(zh), std::move(en)});
    }

    void check_task(const Element& element) {
        const auto model = read_task_model(element);
        if (!model) {
            refuse(element, model.error().reason, model.error().message,
                   fmt::format("the task {} is not one that an officer can do", element.id));
            return;
        }
        check_codes(element, *model);
        check_choices(element, *model);
        check_ways(element, *model);
    }

    void check_codes(const Element& element, const TaskModel& model) {
        for (std::size_t i = 0; i < model.outcomes.size(); ++i) {
            const auto& code = model.outcomes[i].code;
            const auto twice = std::ranges::find(model.outcomes.begin(), model.outcomes.begin() + static_cast<long>(i),
                                                 code, &Outcome::code);
            if (twice == model.outcomes.begin() + static_cast<long>(i)) continue;
            refuse(element, "approval.outcome_twice",
                   fmt::format("任务“{}”有两个结果都用 {}，请给其中一个换一个代码。", element.name, code),
                   fmt::format("two outcomes of {} have the code {}", element.id, code));
        }
    }

    /// Who is chosen is chosen for a task of officers in the same file.
    void check_choices(const Element& element, const TaskModel& model) {
        const auto file = element.id.substr(0, element.id.rfind('/') + 1);
        for (const auto& outcome : model.outcomes) {
            if (outcome.chooses.empty()) continue;
            const auto* target = process_.find(file + outcome.chooses);
            const bool is_task = target != nullptr && target->kind == bpmn::Kind::user_task;
            const auto other = is_task ? read_task_model(*target) : Result<TaskModel>(model);
            if (is_task && other && !other->is_for_applicant() && target->id != element.id) continue;
            refuse(
                element, "approval.chosen_task_unknown",
                fmt::format("任务“{}”的结果“{}”要为 {} 选定办理人，但流程中没有这个由工作人员办理的任务。请改选一个。",
                            element.name, outcome.label, outcome.chooses),
                fmt::format("the outcome {} of {} chooses somebody for {}, which is no task of an officer",
                            outcome.code, element.id, outcome.chooses));
        }
    }

    /// A gateway that decides by nothing but this task's outcome must have a way for each.
    void check_ways(const Element& task, const TaskModel& model) {
        const auto variable = variable_stem(task.id) + "_outcome";
        for (const auto& gateway : process_.elements()) {
            const bool chooses =
                gateway.kind == bpmn::Kind::exclusive_gateway || gateway.kind == bpmn::Kind::inclusive_gateway;
            if (!chooses || gateway.default_flow >= 0 || gateway.outgoing.size() < 2) continue;
            const auto conditions = conditions_over(gateway, variable);
            if (conditions.empty()) continue;
            for (const auto& outcome : model.outcomes) {
                if (std::ranges::any_of(conditions, [&](const auto& one) { return holds(one, variable, outcome); })) {
                    continue;
                }
                refuse(task, "approval.outcome_without_way",
                       fmt::format("任务“{}”的结果“{}”（{}）到了“{}”没有出路。请在那里加一条条件流，或去掉这个结果。",
                                   task.name, outcome.label, outcome.code, name_of(gateway)),
                       fmt::format("the outcome {} of {} has no way at {}", outcome.code, task.id, gateway.id));
            }
        }
    }

    /// Of all its flows, when each has one that reads this variable and no other; else none.
    std::vector<feel::Expression> conditions_over(const Element& gateway, const std::string& variable) const {
        std::vector<feel::Expression> conditions;
        for (const int index : gateway.outgoing) {
            const auto& flow = process_.flow(index);
            if (flow.condition == nullptr) return {};
            auto parsed = feel::parse(flow.condition->text(), {.names = {variable}, .free_variables = false});
            if (!parsed) return {};
            conditions.push_back(std::move(*parsed));
        }
        return conditions;
    }

    static bool holds(const feel::Expression& condition, const std::string& variable, const Outcome& outcome) {
        const auto seen = feel::context_from_json({{variable, outcome.code}});
        return feel::evaluate(condition, seen).is_true();
    }

    static const std::string& name_of(const Element& element) {
        return element.name.empty() ? element.id : element.name;
    }

    void check_job(const Element& element) {
        const auto* event = element.kaigong("event");
        const auto name = event == nullptr ? std::string() : std::string(event->attribute("name"));
        const auto letter = event == nullptr ? std::string_view() : event->attribute("letter");
        if (std::ranges::find(job_types_, element.job_type) == job_types_.end()) {
            refuse(element, "approval.job_unknown",
                   element.job_type.empty()
                       ? fmt::format("步骤“{}”没有写明由程序做什么，请选择一种工作。", name_of(element))
                       : fmt::format("步骤“{}”的工作 {} 没有程序会做，请从列表中选择。", name_of(element),
                                     element.job_type),
                   fmt::format("nobody does the job {} of {}", element.job_type, element.id));
        }
        if (element.job_type == kRecordJob && name.empty()) {
            refuse(element, "approval.event_missing",
                   fmt::format("步骤“{}”要记录事件，却没有写明是哪一个，请选择。", name_of(element)),
                   fmt::format("{} records an event and names none", element.id));
        }
        if (!name.empty() && !is_application_event(name)) {
            refuse(element, "approval.event_unknown",
                   fmt::format("步骤“{}”的事件 {} 不在状态表中，请从列表中选择。", name_of(element), name),
                   fmt::format("no state table has the event {} of {}", name, element.id));
        }
        if (element.job_type == kLetterJob && letter.empty()) {
            refuse(element, "approval.letter_missing",
                   fmt::format("步骤“{}”要出具文书，却没有写明是哪一种，请选择。", name_of(element)),
                   fmt::format("{} issues a letter and names none", element.id));
        }
    }

    const Definition& process_;
    const std::vector<std::string>& job_types_;
    std::vector<Problem> problems_;
};

class RulesOfApproval final : public catalog::ProcessRules {
  public:
    explicit RulesOfApproval(std::vector<std::string> job_types) : job_types_(std::move(job_types)) {
        job_types_.emplace_back(kRecordJob);
    }

    std::vector<Problem> check(const Definition& process) const override {
        return Inspection(process, job_types_).run();
    }

    std::vector<std::string> variables_of(const Definition& process) const override {
        return protected_variables(process);
    }

  private:
    std::vector<std::string> job_types_;
};

}  // namespace

std::unique_ptr<catalog::ProcessRules> make_process_rules(std::vector<std::string> job_types) {
    return std::make_unique<RulesOfApproval>(std::move(job_types));
}

}  // namespace kaigong::approval
