// A service task is a job of a named type: whoever owns the type does it and answers with CompleteJob or FailJob.
#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

void check(const Process& /*process*/, const Element& element, Problems& problems) {
    if (!element.job_type.empty()) return;
    problems.refuse(element.id, element.line, "job_type_missing",
                    "服务任务没有写明作业类型,请在扩展元素中加 <kaigong:job type=\"…\"/>。",
                    "The service task names no job type; add <kaigong:job type=\"…\"/> to its extension elements.");
}

void enter(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    open_activity(execution, token, JobCreated{token, element.id, element.job_type});
}

}  // namespace

const Handler kServiceTask{Kind::service_task, "serviceTask", "", nullptr, check, enter};

}  // namespace kaigong::bpmn::elements
