// A user task waits for CompleteTask.
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

void enter_user_task(Execution& execution, std::int64_t token) {
    open_activity(execution, token, TaskOpened{token, execution.token(token).element});
}

}  // namespace

const Handler kUserTask{Kind::user_task, "userTask", {Trigger::none}, nullptr, nullptr, enter_user_task};

}  // namespace kaigong::bpmn::elements
