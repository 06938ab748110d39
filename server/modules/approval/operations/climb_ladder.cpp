#include <fmt/format.h>

#include "base/text.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/expedite_rules.hpp"
#include "modules/approval/operations/expediting.hpp"
#include "modules/approval/warning_steps.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr const char* kDemand = "本件已到督办时点，请尽快办理，并说明原因和预计办结时间。";
constexpr const char* kConsequence = "逾期不办理、不回复的，报分管领导，并计入考核。";

std::string_view audience_of(clock::Warning warning) {
    switch (warning) {
        case clock::Warning::tell_section_head: return "section_head";
        case clock::Warning::tell_deputy_leader: return "deputy_leader";
        case clock::Warning::remind_holder:
        case clock::Warning::expedite_order: return "holder";
    }
    return "";
}

std::string what_was_done(clock::Warning warning, const std::string& holder) {
    switch (warning) {
        case clock::Warning::remind_holder: return "提醒" + holder;
        case clock::Warning::tell_section_head: return "告知科室负责人";
        case clock::Warning::tell_deputy_leader: return "告知分管领导";
        case clock::Warning::expedite_order: return "向" + holder + "发督办单";
    }
    return "";
}

/// One case at one instant.
class Climb {
  public:
    Climb(db::Session& session, CaseWork& work, const catalog::Matter& matter, std::int64_t now_ms)
        : session_(session), work_(work), matter_(matter), now_ms_(now_ms), ladder_(ladder_of(matter)) {}

    Result<int> all() {
        const auto& id = work_.procedure().application_id;
        const auto statutory = read_statutory(matter_, store::clock_of(session_, id), work_.calendar(), now_ms_);
        const auto reading = clock::read_ladder(ladder_, statutory, work_.calendar(), now_ms_);
        int count = 0;
        for (const auto& task : store::tasks_of(session_, id)) {
            if (task.state != "open" || task.kind == "correct") continue;
            for (std::size_t i = 0; i < reading.due; ++i) count += one(task, i, to_string(*statutory.due_on));
        }
        return count;
    }

  private:
    int one(const store::TaskRow& task, std::size_t step, const std::string& due_on) {
        const auto warning = ladder_[step].warning;
        if (!store::insert_warning(
                session_, {task.task_id, static_cast<std::int64_t>(step) + 1, task.application_id,
                           task.application_number, task.works_name, task.name, task.region_code, department_of(task),
                           std::string(clock::to_string(warning)), std::string(audience_of(warning)),
                           task.assignee_name, due_on, now_ms_})) {
            return 0;
        }
        if (warning == clock::Warning::expedite_order && !store::open_order_of_task(session_, task.task_id)) {
            const auto order = order_of(session_, work_, matter_, task, std::nullopt,
                                        {kDemand, kConsequence, kLadderAnswerDays}, now_ms_);
            if (!store::insert_order(session_, order)) throw std::logic_error("approval: a task with two open orders");
        }
        const auto holder = task.assignee_name.value_or("承办部门");
        work_.note(
            "deadline_warning",
            beginning_of(fmt::format("时限预警：{}（{}）", what_was_done(warning, holder), task.name), kNoteTitleMax),
            fmt::format("本件截止日 {}。", due_on), false);
        return 1;
    }

    db::Session& session_;
    CaseWork& work_;
    const catalog::Matter& matter_;
    std::int64_t now_ms_;
    clock::Ladder ladder_;
};

}  // namespace

Result<int> climb_ladder(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                         std::int64_t now_ms) {
    if (!store::lock_procedure_with_step_due(session, application_id, now_ms)) return 0;
    KAIGONG_TRY(work, open_locked_case(session, surroundings, application_id, system_performer(), now_ms));
    const auto& procedure = work.procedure();
    KAIGONG_TRY(matter, surroundings.catalog.load_matter(procedure.matter_code, procedure.catalog_version));
    KAIGONG_TRY(count, Climb(session, work, *matter, now_ms).all());
    if (count > 0) work.audit("approval.climb_ladder", fmt::format("时限预警 {} 项", count));
    KAIGONG_CHECK(work.save());
    return count;
}

}  // namespace kaigong::approval::operations
