// A service task is a job of a named type: whoever owns the type does it and answers with CompleteJob or FailJob.
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

/// A model drawn elsewhere may say nothing of who does it: then the type is the element's id.
void read_service_task(const XmlElement& /*xml*/, Element& element, Problems& problems) {
    if (!element.job_type.empty()) return;
    element.job_type = element.id;
    problems.warn(element.id, element.line, "job_type_missing",
                  "服务任务没有写明作业类型，暂以元素编号为类型；请在扩展元素中加 <kaigong:job type=\"…\"/>。",
                  "The service task names no job type, its id is taken; add <kaigong:job type=\"…\"/>.");
}

void enter_service_task(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    open_activity(execution, token, JobCreated{token, element.id, element.job_type});
}

}  // namespace

const Handler kServiceTask{Kind::service_task, "serviceTask", {Trigger::none},
                           read_service_task,  nullptr,       enter_service_task};

}  // namespace kaigong::bpmn::elements
