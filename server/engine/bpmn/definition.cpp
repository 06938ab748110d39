#include "engine/bpmn/definition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/process.hpp"
#include "engine/bpmn/reader.hpp"
#include "engine/bpmn/validation.hpp"

namespace kaigong::bpmn {
namespace {

struct Reading {
    Judgement judgement;
    Process process;
};

Reading read(std::string_view xml, std::string_view process_id) {
    Reading reading;
    Problems problems(reading.judgement.problems);
    const XmlElement root = read_xml(xml, reading.judgement.problems);
    if (!reading.judgement.problems.empty()) return reading;
    if (!root.is_model("definitions")) {
        problems.refuse(root.name, root.line, "not_bpmn",
                        "这不是 BPMN 2.0 流程文件,请选择流程设计器导出的 .bpmn 文件。",
                        "The root element is not BPMN 2.0 definitions.");
        return reading;
    }
    check_file(root, problems);
    const XmlElement* chosen = choose_process(root, process_id, problems);
    if (chosen == nullptr) return reading;
    reading.judgement.process_id = chosen->attribute("id");
    reading.process = read_process(*chosen, problems);
    check_process(reading.process, problems);
    return reading;
}

}  // namespace

std::string_view Extension::attribute(std::string_view attribute_name) const {
    for (const ForeignAttribute& attribute : attributes) {
        if (attribute.name == attribute_name) return attribute.value;
    }
    return {};
}

std::vector<const Extension*> Element::kaigong_all(std::string_view extension_name) const {
    std::vector<const Extension*> found;
    for (const Extension& extension : extensions) {
        if (extension.name_space == kKaigongNamespace && extension.name == extension_name) found.push_back(&extension);
    }
    return found;
}

const Extension* Element::kaigong(std::string_view extension_name) const {
    const auto found = kaigong_all(extension_name);
    return found.empty() ? nullptr : found.front();
}

const std::string& Definition::process_id() const {
    return process_->id;
}
const std::string& Definition::name() const {
    return process_->name;
}
const std::vector<Element>& Definition::elements() const {
    return process_->elements;
}
const std::vector<Flow>& Definition::flows() const {
    return process_->flows;
}
int Definition::start() const {
    return process_->start;
}
const std::vector<Problem>& Definition::warnings() const {
    return process_->warnings;
}

int Definition::index_of(std::string_view element_id) const {
    const auto found = process_->element_index.find(std::string(element_id));
    return found == process_->element_index.end() ? -1 : found->second;
}

int Definition::flow_index_of(std::string_view flow_id) const {
    const auto found = process_->flow_index.find(std::string(flow_id));
    return found == process_->flow_index.end() ? -1 : found->second;
}

const Element* Definition::find(std::string_view element_id) const {
    const int index = index_of(element_id);
    return index < 0 ? nullptr : &element(index);
}

std::string_view to_string(Kind kind) {
    switch (kind) {
        case Kind::start_event: return "startEvent";
        case Kind::end_event: return "endEvent";
        case Kind::terminate_end_event: return "terminateEndEvent";
        case Kind::task: return "task";
        case Kind::manual_task: return "manualTask";
        case Kind::user_task: return "userTask";
        case Kind::service_task: return "serviceTask";
        case Kind::business_rule_task: return "businessRuleTask";
        case Kind::exclusive_gateway: return "exclusiveGateway";
        case Kind::inclusive_gateway: return "inclusiveGateway";
        case Kind::parallel_gateway: return "parallelGateway";
        case Kind::sub_process: return "subProcess";
        case Kind::boundary_timer: return "boundaryTimer";
    }
    return "";
}

bool Judgement::deployable() const {
    return std::all_of(problems.begin(), problems.end(),
                       [](const Problem& problem) { return problem.severity == Problem::Severity::warning; });
}

Judgement check(std::string_view xml, std::string_view process_id) {
    return read(xml, process_id).judgement;
}

Result<Definition> parse(std::string_view xml, std::string_view process_id) {
    Reading reading = read(xml, process_id);
    if (reading.judgement.deployable()) {
        reading.process.warnings = std::move(reading.judgement.problems);
        return Definition(std::make_shared<const Process>(std::move(reading.process)));
    }
    Error refused =
        error(Errc::invalid_input, "bpmn.not_deployable", "流程文件有问题,不能部署。请按列出的元素逐项修改。");
    for (const Problem& problem : reading.judgement.problems) {
        if (problem.severity == Problem::Severity::warning) continue;
        refused.fields.push_back(
            {fmt::format("{}:{}", problem.line, problem.element), "bpmn." + problem.code, problem.zh});
    }
    return refused;
}

}  // namespace kaigong::bpmn
