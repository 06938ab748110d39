// A script task computes a FEEL expression and puts the result into its variable. `throw error("CODE")`, known only
// here, raises a BPMN error. With a job type, whoever owns the type does it.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/throwing.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

/// A language that is not FEEL is refused by its name; models of other tools that say nothing are read as FEEL.
bool is_feel(std::string_view format) {
    return format.empty() || format.find("feel") != std::string_view::npos ||
           format.find("FEEL") != std::string_view::npos;
}

void read_script_task(const XmlElement& xml, Element& element, Problems& problems) {
    const XmlElement* script = xml.child("script");
    if (!element.job_type.empty() || element.script != nullptr || script == nullptr || script->text.empty()) return;
    if (!is_feel(xml.attribute("scriptFormat"))) {
        problems.refuse(
            element.id, script->line, "script_language",
            fmt::format("脚本语言 {} 不支持，请改用 FEEL。", xml.attribute("scriptFormat")),
            fmt::format("The script language {} is not supported; scripts are FEEL.", xml.attribute("scriptFormat")));
        return;
    }
    auto compiled = Expression::compile_script(script->text);
    if (compiled) {
        element.script = std::move(*compiled);
        return;
    }
    problems.refuse(element.id, script->line, "bad_expression", compiled.error().message,
                    "The script is not a FEEL expression.");
}

void enter_script_task(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (!element.job_type.empty()) {
        open_activity(execution, token, JobCreated{token, element.id, element.job_type});
        return;
    }
    if (!map_inputs(execution, token)) return;
    if (element.script == nullptr) return leave(execution, token);
    const feel::Value value = execution.evaluate(*element.script, token);
    if (const auto code = thrown_error(value)) return throw_error(execution, token, *code);
    if (value.is_null() && !value.null_reason().empty()) {
        return execution.raise(token, "bpmn.script_failed",
                               fmt::format("脚本没有算出结果：{}。请补上用到的变量后重试。", value.null_reason()));
    }
    if (!element.result_variable.empty()) {
        take_results(execution, token, {{element.result_variable, feel::to_json(value)}});
    }
    leave(execution, token);
}

}  // namespace

const Handler kScriptTask{Kind::script_task, "scriptTask", {Trigger::none},
                          read_script_task,  nullptr,      enter_script_task};

}  // namespace kaigong::bpmn::elements
