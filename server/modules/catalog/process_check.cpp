#include "modules/catalog/process_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/bpmn/bpmn.hpp"
#include "engine/bpmn/document.hpp"
#include "engine/bpmn/expression.hpp"
#include "engine/bpmn/proof/proof.hpp"
#include "modules/catalog/clause_library.hpp"
#include "modules/catalog/process_difference.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using bpmn::Element;
using bpmn::Problem;

/// Departments at work together have some hundred states; a draft that has more is told so instead of waited for.
constexpr int kStatesMax = 100'000;
/// `<kaigong:task kind="correct">`: the applicant's own, without department.
constexpr std::string_view kApplicant = "applicant";

const std::string& title_of(const Element& element) {
    return element.name.empty() ? element.id : element.name;
}

/// What only this matter knows: its departments and items, its letters, who writes which variable.
class MatterCheck {
  public:
    MatterCheck(const bpmn::Definition& process, const LoadedMatter& matter, std::vector<std::string> variables)
        : process_(process), matter_(matter) {
        // Who has work in the process of today has a part in the matter, also without an item of its own.
        for (const auto& element : matter.process().elements()) {
            if (const auto* task = element.kaigong("task")) departments_.emplace(task->attribute("department"));
        }
        scope_.free_variables = false;
        scope_.names = std::move(variables);
        for (const auto& item : matter.items()) departments_.insert(item.department);
    }

    std::vector<Problem> run() {
        for (const auto& element : process_.elements()) gather_names(element);
        for (const auto& element : process_.elements()) check_element(element);
        for (const auto& flow : process_.flows()) check_reads(flow.id, flow.line, flow.condition);
        return std::move(problems_);
    }

  private:
    void refuse(const std::string& element, int line, const char* code, std::string zh, std::string en) {
        problems_.push_back({Problem::Severity::error, element, line, code, std::move(zh), std::move(en)});
    }

    void know(const std::string& target) {
        if (!target.empty()) scope_.names.push_back(target.substr(0, target.find('.')));
    }

    void gather_names(const Element& element) {
        for (const auto& mapping : element.inputs) know(mapping.target);
        for (const auto& mapping : element.outputs) know(mapping.target);
        know(element.result_variable);
        if (element.repetition) {
            know(element.repetition->input_element);
            know(element.repetition->output_collection);
            know(element.repetition->output_variable);
            know("loopCounter");
        }
        // What comes with a message nobody has written down.
        const bool takes = element.kind == bpmn::Kind::receive_task || element.trigger == bpmn::Trigger::message ||
                           element.trigger == bpmn::Trigger::signal || element.trigger == bpmn::Trigger::error ||
                           element.trigger == bpmn::Trigger::escalation;
        takes_messages_ = takes_messages_ || takes;
    }

    void check_element(const Element& element) {
        check_reads(element.id, element.line, element.condition);
        if (element.timer) check_reads(element.id, element.line, element.timer->expression);
        if (element.repetition) {
            check_reads(element.id, element.line, element.repetition->collection);
            check_reads(element.id, element.line, element.repetition->cardinality);
        }
        if (const auto* event = element.kaigong("event")) {
            const auto letter = std::string(event->attribute("letter"));
            if (!letter.empty() && matter_.find_template(letter) == nullptr) {
                refuse(element.id, element.line, "catalog.letter_unknown",
                       fmt::format("步骤“{}”要出具的文书 {} 没有模板，请从列表中选择。", title_of(element), letter),
                       fmt::format("the matter has no letter {} that {} names", letter, element.id));
            }
        }
        if (element.kind == bpmn::Kind::user_task) check_workers(element);
    }

    void check_workers(const Element& element) {
        const auto* task = element.kaigong("task");
        const auto item = task == nullptr ? std::string() : std::string(task->attribute("item"));
        const auto& items = matter_.items();
        if (!item.empty() && std::ranges::find(items, item, &Item::item) == items.end()) {
            refuse(element.id, element.line, "catalog.item_unknown",
                   fmt::format("任务“{}”的部门事项 {} 不在本事项中，请从列表中选择。", title_of(element), item),
                   fmt::format("the matter has no item {} that {} names", item, element.id));
        }
        if (element.group.empty() || element.group == kApplicant) return;
        const auto colon = element.group.find(':');
        const auto department = element.group.substr(0, colon);
        const auto role = colon == std::string::npos ? std::string() : element.group.substr(colon + 1);
        if (!department.empty() && !departments_.contains(department)) {
            refuse(element.id, element.line, "catalog.department_unknown",
                   fmt::format("任务“{}”的部门 {} 不办理本事项，请从列表中选择。", title_of(element), department),
                   fmt::format("the department {} of {} has no part in the matter", department, element.id));
        }
        if (!role.empty() && !authz::parse_role(role)) {
            refuse(element.id, element.line, "catalog.role_unknown",
                   fmt::format("任务“{}”的角色 {} 不存在，没有人能领取。请从列表中选择。", title_of(element), role),
                   fmt::format("there is no role {} that {} names", role, element.id));
        }
    }

    void check_reads(const std::string& element, int line, const bpmn::Feel& expression) {
        if (expression == nullptr || takes_messages_) return;
        feel::ParseFailure failure;
        const auto parsed = feel::parse(expression->text(), scope_, &failure);
        if (parsed || parsed.error().reason != "feel.unknown_name") return;
        const auto hint = failure.nearest.empty() ? std::string() : fmt::format("是不是“{}”？", failure.nearest);
        refuse(element, line, "catalog.variable_unknown",
               fmt::format("“{}”读取的“{}”没有哪一步会写入，条件永远得不出结果。{}请改正。", expression->text(),
                           failure.found, hint),
               fmt::format("nothing writes what “{}” reads: {}", expression->text(), failure.found));
    }

    const bpmn::Definition& process_;
    const LoadedMatter& matter_;
    feel::Scope scope_;
    std::set<std::string> departments_;
    bool takes_messages_ = false;
    std::vector<Problem> problems_;
};

class ProcessCheck {
  public:
    ProcessCheck(const DraftedProcess& draft, const ProcessInForce& in_force, const MatterFiles& base,
                 const ProcessRules& rules)
        : draft_(draft), in_force_(in_force), base_(base), rules_(rules) {}

    CheckedDraft run() {
        judge();
        CheckedDraft checked;
        array list;
        for (const auto& problem : problems_) list.push_back(problem);
        checked.json["problems"] = std::move(list);
        checked.json["proof"] = std::move(proof_);
        auto changes = differences();
        if (errors_ > 0) block("problem_errors", fmt::format("流程有 {} 处问题，请先改正。", errors_));
        if (changes.empty()) block("nothing_changed", "流程与现行版本完全相同，不需要发布。");
        checked.json["difference"] = std::move(changes);
        array blockers;
        for (auto& [code, text] : blockers_) {
            blockers.push_back({{"code", code}, {"text", text}});
            checked.blockers.push_back(text);
        }
        checked.json["blockers"] = std::move(blockers);
        return checked;
    }

  private:
    void block(const char* code, std::string text) { blockers_.emplace_back(code, std::move(text)); }

    void add(const Problem& problem, const std::vector<bpmn::ProofStep>& path = {}) {
        const bool is_error = problem.severity == Problem::Severity::error;
        errors_ += is_error ? 1 : 0;
        array way;
        for (const auto& step : path) way.push_back({{"element", step.element}, {"zh", step.zh}, {"en", step.en}});
        problems_.push_back({{"severity", is_error ? "error" : "warning"},
                             {"code", problem.code},
                             {"element", problem.element},
                             {"line", problem.line},
                             {"zh", problem.zh},
                             {"en", problem.en},
                             {"path", std::move(way)}});
    }

    /// One cause is one problem: what can't be read is not proven, what can't be proven is not judged by the office.
    void judge() {
        proof_ = nullptr;
        const auto library = process_library(draft_.called);
        const auto judgement = bpmn::check(draft_.process, "", library);
        for (const auto& problem : judgement.problems) {
            if (!is_pool(problem)) add(problem);
        }
        if (!judgement.deployable()) return;
        const auto process = bpmn::parse(draft_.process, "", library);
        if (!process) return;
        for (const auto& problem : rules_.check(*process)) add(problem);
        for (const auto& problem : MatterCheck(*process, in_force_.matter, rules_.variables_of(*process)).run()) {
            add(problem);
        }
        if (const auto* clauses = in_force_.matter.find_template("clauses")) {
            for (const auto& problem : check_opinions(*clauses, *process)) add(problem);
        }
        prove(*process);
    }

    /// A pool is drawn around the process and never executed; saying so helps nobody.
    bool is_pool(const Problem& problem) const {
        if (problem.code != "not_executed") return false;
        const auto document = bpmn::read_document(draft_.process);
        return document && std::ranges::any_of(document->root().children, [&](const auto& node) {
                   return node.name.local == "collaboration" && node.line == problem.line;
               });
    }

    void prove(const bpmn::Definition& process) {
        const auto proof = bpmn::prove(process, {.states_max = kStatesMax});
        for (const auto& finding : proof.findings) {
            add({Problem::Severity::error, finding.element, finding.line, "bpmn." + finding.code, finding.zh,
                 finding.en},
                finding.path);
        }
        for (auto gap : proof.gaps) {
            gap.severity = Problem::Severity::warning;
            add(gap);
        }
        proof_ = object{{"verdict", bpmn::to_string(proof.verdict())}, {"states", proof.states}};
    }

    array differences() const {
        const auto main_file = in_force_.matter.process_file();
        array lines = process_difference(text_of(in_force_.files, main_file), draft_.process);
        std::set<std::string> names;
        for (const auto* files : {&in_force_.files, &base_}) {
            for (const auto& [name, text] : *files) names.insert(name);
        }
        for (const auto& [name, text] : draft_.called) names.insert(name);
        for (const auto& name : names) {
            if (name == main_file) continue;
            const auto& after = is_process_file(name) ? draft_.called : base_;
            if (text_of(in_force_.files, name) == text_of(after, name)) continue;
            lines.push_back({{"kind", "changed"},
                             {"element", ""},
                             {"type", ""},
                             {"name", name},
                             {"text", fmt::format("“{}”与现行版本不同，会一起换成草稿的内容", name)}});
        }
        return lines;
    }

    static std::string text_of(const MatterFiles& files, const std::string& name) {
        const auto found = files.find(name);
        return found == files.end() ? std::string() : found->second;
    }

    const DraftedProcess& draft_;
    const ProcessInForce& in_force_;
    const MatterFiles& base_;
    const ProcessRules& rules_;
    std::vector<object> problems_;
    value proof_;
    int errors_ = 0;
    std::vector<std::pair<const char*, std::string>> blockers_;
};

}  // namespace

bool is_process_file(const std::string& name) {
    return name.ends_with(".bpmn");
}

CheckedDraft check_process(const DraftedProcess& draft, const ProcessInForce& in_force, const MatterFiles& base,
                           const ProcessRules& rules) {
    return ProcessCheck(draft, in_force, base, rules).run();
}

}  // namespace kaigong::catalog
