#include "engine/bpmn/definition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/bpmn/process.hpp"
#include "engine/bpmn/reader.hpp"
#include "engine/bpmn/validation.hpp"

namespace kaigong::bpmn {
namespace {

struct Reading {
    Judgement judgement;
    Process process;
};

/// Reads the processes that are called, and those that these call, behind the one that was chosen.
class Binder {
  public:
    Binder(const XmlElement& root, const Library& library, Reading& reading)
        : root_(root), library_(library), reading_(reading) {}

    void bind() {
        // The list grows while it is walked: what is called may call.
        for (std::size_t i = 0; i < reading_.process.elements.size(); ++i) {
            const Element element = reading_.process.elements[i];
            if (element.kind != Kind::call_activity) continue;
            if (element.called.expression != nullptr) {
                bind_all_of_file();
            } else if (!element.called.empty()) {
                bind_one(element.called.literal);
            }
        }
    }

  private:
    void bind_all_of_file() {
        for (const XmlElement& child : root_.children) {
            if (child.is_model("process")) bind_one(std::string(child.attribute("id")));
        }
    }

    void bind_one(const std::string& id) {
        Process& process = reading_.process;
        if (process.called.contains(id)) return;
        Problems problems(reading_.judgement.problems);
        if (const XmlElement* in_file = find_process(root_, id)) {
            return read_process(*in_file, root_, "", process, problems);
        }
        if (const auto task = process_of_global_task(root_, id)) {
            return read_process(*task, root_, "", process, problems);
        }
        const auto text = library_ ? library_(id) : std::nullopt;
        if (!text) return;
        const XmlElement other = read_xml(*text, reading_.judgement.problems);
        const XmlElement* found = find_process(other, id);
        if (found != nullptr) read_process(*found, other, id + "/", process, problems);
    }

    const XmlElement& root_;
    const Library& library_;
    Reading& reading_;
};

Reading read(std::string_view xml, std::string_view process_id, const Library& library) {
    Reading reading;
    Problems problems(reading.judgement.problems);
    const XmlElement root = read_xml(xml, reading.judgement.problems);
    if (!reading.judgement.problems.empty()) return reading;
    if (!root.is_model("definitions")) {
        problems.refuse(root.name, root.line, "not_bpmn",
                        "这不是 BPMN 2.0 流程文件，请选择流程设计器导出的 .bpmn 文件。",
                        "The root element is not BPMN 2.0 definitions.");
        return reading;
    }
    check_file(root, problems);
    const XmlElement* chosen = choose_process(root, process_id, problems);
    if (chosen == nullptr) return reading;
    reading.judgement.process_id = chosen->attribute("id");
    reading.process.id = chosen->attribute("id");
    reading.process.name = chosen->attribute("name");
    read_process(*chosen, root, "", reading.process, problems);
    Binder(root, library, reading).bind();
    check_process(reading.process, problems);
    return reading;
}

/// Ids of the processes that a file deploys; none when it can't be read.
std::vector<std::string> ids_to_deploy(std::string_view xml) {
    std::vector<Problem> problems;
    const XmlElement root = read_xml(xml, problems);
    std::vector<std::string> ids;
    if (!problems.empty()) return ids;
    for (const XmlElement* process : processes_to_deploy(root)) ids.emplace_back(process->attribute("id"));
    return ids;
}

Error refusal(const Judgement& judgement) {
    Error refused =
        error(Errc::invalid_input, "bpmn.not_deployable", "流程文件有问题，不能部署。请按列出的元素逐项修改。");
    for (const Problem& problem : judgement.problems) {
        if (problem.severity == Problem::Severity::warning) continue;
        refused.fields.push_back(
            {fmt::format("{}:{}", problem.line, problem.element), "bpmn." + problem.code, problem.zh});
    }
    return refused;
}

template <class E, std::size_t N>
std::string_view name_in(const std::array<std::string_view, N>& names, E value) {
    return names.at(static_cast<std::size_t>(value));
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
const Element* Definition::called(std::string_view id) const {
    const auto found = process_->called.find(id);
    return found == process_->called.end() ? nullptr : &element(found->second);
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
    constexpr std::array<std::string_view, static_cast<std::size_t>(Kind::call_activity) + 1> kNames{
        "process",
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "subProcess",
        "eventSubProcess",
        "transaction",
        "adHocSubProcess",
        "callActivity"};
    return name_in(kNames, kind);
}

std::string_view to_string(Trigger trigger) {
    constexpr std::array<std::string_view, static_cast<std::size_t>(Trigger::terminate) + 1> kNames{
        "none",        "timer",        "message", "signal", "error",    "escalation",
        "conditional", "compensation", "cancel",  "link",   "terminate"};
    return name_in(kNames, trigger);
}

bool Judgement::deployable() const {
    return std::all_of(problems.begin(), problems.end(),
                       [](const Problem& problem) { return problem.severity == Problem::Severity::warning; });
}

Judgement check(std::string_view xml, std::string_view process_id, const Library& library) {
    const std::vector<std::string> processes = process_id.empty() ? ids_to_deploy(xml) : std::vector<std::string>{};
    if (processes.size() < 2) return read(xml, process_id, library).judgement;
    Judgement whole;
    for (const std::string& id : processes) {
        Judgement one = read(xml, id, library).judgement;
        if (whole.process_id.empty()) whole.process_id = std::move(one.process_id);
        for (Problem& problem : one.problems) {
            // What is said of the file is said once.
            if (std::ranges::find(whole.problems, problem) == whole.problems.end())
                whole.problems.push_back(std::move(problem));
        }
    }
    return whole;
}

Result<Definition> parse(std::string_view xml, std::string_view process_id, const Library& library) {
    Reading reading = read(xml, process_id, library);
    if (!reading.judgement.deployable()) return refusal(reading.judgement);
    reading.process.warnings = std::move(reading.judgement.problems);
    return Definition(std::make_shared<const Process>(std::move(reading.process)));
}

Result<std::vector<Definition>> parse_all(std::string_view xml, const Library& library) {
    std::vector<std::string> ids = ids_to_deploy(xml);
    if (ids.size() < 2) ids = {""};
    if (const Judgement judgement = check(xml, "", library); !judgement.deployable()) return refusal(judgement);
    std::vector<Definition> definitions;
    for (const std::string& id : ids) {
        KAIGONG_TRY(definition, parse(xml, id, library));
        definitions.push_back(std::move(definition));
    }
    return definitions;
}

}  // namespace kaigong::bpmn
