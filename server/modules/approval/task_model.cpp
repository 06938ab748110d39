#include "modules/approval/task_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "authz/actor.hpp"
#include "modules/approval/states.hpp"

namespace kaigong::approval {
namespace {

constexpr std::array kKinds{"check", "review", "recheck", "decide", "accept", "correct", "certificate"};
constexpr std::array kTones{"primary", "normal", "danger"};
constexpr std::array<std::string_view, 10> kTaskAttributes{
    "kind", "item", "group", "department", "role", "legalBasis", "fallbackRole", "assignee", "assign", "sections"};
constexpr std::array<std::string_view, 13> kOutcomeAttributes{
    "code",        "label",          "tone",           "when",          "event",
    "consequence", "reasonRequired", "pointsRequired", "pointsAllowed", "omissionsRequired",
    "vote",        "blockedText",    "chooses"};

Error malformed(const std::string& element_id, std::string_view what) {
    return error(Errc::invalid_input, "approval.task_malformed",
                 fmt::format("流程文件中的任务 {} 有误：{}。请修改流程文件后重新发布。", element_id, what));
}

std::string attribute_text(const bpmn::Extension& extension, std::string_view name) {
    return std::string(extension.attribute(name));
}

bool flag_of(const bpmn::Extension& extension, std::string_view name) {
    return extension.attribute(name) == "true";
}

/// What nobody reads would be taken for done.
Result<void> must_be_known(const std::string& element_id, const bpmn::Extension& extension,
                           std::span<const std::string_view> known) {
    for (const auto& attribute : extension.attributes) {
        if (!attribute.name_space.empty() || std::ranges::find(known, attribute.name) != known.end()) continue;
        return malformed(element_id, fmt::format("kaigong:{} 没有“{}”这个属性", extension.name, attribute.name));
    }
    return {};
}

/// Where the file does not say: what concludes an item by its event, all else by its tone.
std::optional<Said> read_said(const std::string& text, const Outcome& outcome) {
    if (text == "approve") return Said::approve;
    if (text == "reject") return Said::reject;
    if (text == "none") return Said::none;
    if (!text.empty()) return std::nullopt;
    if (outcome.event == "conclude_agree" || outcome.event == "agree_with_conditions") return Said::approve;
    if (outcome.event == "conclude_disagree" || outcome.tone == "danger") return Said::reject;
    return outcome.tone == "primary" ? Said::approve : Said::none;
}

Result<Outcome> read_outcome(const std::string& element_id, const bpmn::Extension& extension) {
    KAIGONG_CHECK(must_be_known(element_id, extension, kOutcomeAttributes));
    Outcome outcome;
    outcome.code = attribute_text(extension, "code");
    outcome.label = attribute_text(extension, "label");
    outcome.tone = attribute_text(extension, "tone");
    outcome.event = attribute_text(extension, "event");
    outcome.consequence = attribute_text(extension, "consequence");
    outcome.blocked_text = attribute_text(extension, "blockedText");
    outcome.chooses = attribute_text(extension, "chooses");
    outcome.reason_required = flag_of(extension, "reasonRequired");
    outcome.points_required = flag_of(extension, "pointsRequired");
    outcome.omissions_required = flag_of(extension, "omissionsRequired");
    outcome.points_allowed = flag_of(extension, "pointsAllowed") || outcome.points_required;
    if (outcome.tone.empty()) outcome.tone = "normal";
    if (outcome.code.empty() || outcome.label.empty()) return malformed(element_id, "有一个结果没有 code 或 label");
    if (std::ranges::find(kTones, outcome.tone) == kTones.end()) {
        return malformed(element_id, fmt::format("结果 {} 的 tone 只能是 primary、normal 或 danger", outcome.code));
    }
    const auto said = read_said(attribute_text(extension, "vote"), outcome);
    if (!said) {
        return malformed(element_id, fmt::format("结果 {} 的 vote 只能是 approve、reject 或 none", outcome.code));
    }
    outcome.said = *said;
    if (!outcome.event.empty() && !is_application_event(outcome.event) && !is_item_event(outcome.event)) {
        return malformed(element_id, fmt::format("结果 {} 的事件 {} 不在状态表中", outcome.code, outcome.event));
    }
    if (const auto when = extension.attribute("when"); !when.empty()) {
        const auto text = when.starts_with('=') ? when.substr(1) : when;
        auto parsed = feel::parse(text);
        if (!parsed) return malformed(element_id, fmt::format("结果 {} 的 when 不是 FEEL", outcome.code));
        outcome.when = std::move(*parsed);
    }
    return outcome;
}

Result<void> read_role(const bpmn::Extension& task, TaskModel& model) {
    const auto role = attribute_text(task, "role");
    model.fallback_role = attribute_text(task, "fallbackRole");
    if (!role.starts_with('=')) {
        model.role = role;
        if (model.fallback_role.empty() || authz::parse_role(model.fallback_role)) return {};
        return malformed(model.element_id, fmt::format("fallbackRole 没有“{}”这个岗位", model.fallback_role));
    }
    auto parsed = feel::parse(std::string_view(role).substr(1));
    if (!parsed) return malformed(model.element_id, "role 不是 FEEL");
    model.role_expression = std::move(*parsed);
    if (authz::parse_role(model.fallback_role)) return {};
    return malformed(model.element_id, "role 由 FEEL 算出时，要用 fallbackRole 写明算不出时由哪个岗位办理");
}

/// To whom the process gives it: one way, or none.
Result<void> read_assignment(const bpmn::Extension& task, TaskModel& model) {
    const auto assignee = attribute_text(task, "assignee");
    const auto way = attribute_text(task, "assign");
    if (!way.empty() && way != "least_loaded") {
        return malformed(model.element_id, fmt::format("assign 只能是 least_loaded，不能是“{}”", way));
    }
    model.least_loaded = !way.empty();
    if (model.least_loaded && !assignee.empty()) {
        return malformed(model.element_id, "assignee 和 assign 只能写一个：指定人员，或交给在办最少的人");
    }
    if (model.is_for_applicant() && (model.least_loaded || !assignee.empty())) {
        return malformed(model.element_id, "申请人的任务不能指定办理人，请去掉 assignee 和 assign");
    }
    if (!assignee.starts_with('=')) {
        model.assignee = assignee;
        return {};
    }
    auto parsed = feel::parse(std::string_view(assignee).substr(1));
    if (!parsed) return malformed(model.element_id, "assignee 不是 FEEL");
    model.assignee_expression = std::move(*parsed);
    return {};
}

/// Of several who decide one task, or of several steps, nobody's choice would count.
Result<void> check_choice(const bpmn::Element& element, const TaskModel& model) {
    const bool chooses =
        std::ranges::any_of(model.outcomes, [](const Outcome& outcome) { return !outcome.chooses.empty(); });
    if (!chooses || !element.repetition) return {};
    return malformed(element.id, "多实例任务的结果不能选定下一步的人（chooses），请由单独的任务选定");
}

constexpr std::array<std::pair<std::string_view, Countersign::Rule>, 4> kRules{{
    {"share", Countersign::Rule::share},
    {"count", Countersign::Rule::count},
    {"all", Countersign::Rule::all},
    {"first", Countersign::Rule::first},
}};

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        if (end > at) words.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

/// Beside its own attributes the votes have to be told apart, and the last of them must end the task.
Result<void> check_countersign(const bpmn::Element& element, const TaskModel& model) {
    if (!element.repetition || element.repetition->kind == bpmn::Repetition::Kind::loop) {
        return malformed(element.id, "会签（kaigong:countersign）只能用在多实例任务上");
    }
    if (!element.repetition->completion) {
        return malformed(element.id, fmt::format("会签要有完成条件 ={}_vote.fixed，结果确定后其余人不再表决",
                                                 variable_stem(element.id)));
    }
    if (model.approving_outcome() == nullptr || model.rejecting_outcome() == nullptr) {
        return malformed(element.id, "会签要有同意的结果，和唯一一个不同意的结果");
    }
    if (std::ranges::any_of(model.outcomes, &Outcome::points_allowed)) {
        return malformed(element.id, "会签的结果不能附补正要求，请由单独的核对任务提出");
    }
    return {};
}

Result<void> read_countersign(const bpmn::Element& element, TaskModel& model) {
    const auto* extension = element.kaigong("countersign");
    if (extension == nullptr) return {};
    Countersign rule;
    const auto name = attribute_text(*extension, "rule");
    const auto known = std::ranges::find(kRules, name, [](const auto& one) { return one.first; });
    if (known == kRules.end()) return malformed(element.id, "会签的 rule 只能是 share、count、all 或 first");
    rule.rule = known->second;
    const auto value = attribute_text(*extension, "value");
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), rule.value);
    const bool needs_value = rule.rule == Countersign::Rule::share || rule.rule == Countersign::Rule::count;
    const int value_max = rule.rule == Countersign::Rule::share ? 100 : 1'000;
    const bool is_number = fault == std::errc{} && end == value.data() + value.size();
    if (needs_value && (!is_number || rule.value < 1 || rule.value > value_max)) {
        return malformed(element.id, fmt::format("会签的 value 要写 1 到 {} 的整数", value_max));
    }
    rule.veto_roles = words_of(extension->attribute("vetoRoles"));
    for (const auto& role : rule.veto_roles) {
        if (!authz::parse_role(role)) return malformed(element.id, fmt::format("vetoRoles 中没有“{}”这个岗位", role));
    }
    model.countersign = std::move(rule);
    return check_countersign(element, model);
}

}  // namespace

std::string_view to_string(Countersign::Rule rule) {
    return std::ranges::find(kRules, rule, [](const auto& one) { return one.second; })->first;
}

const Outcome* TaskModel::approving_outcome() const {
    const auto found =
        std::ranges::find_if(outcomes, [](const Outcome& outcome) { return outcome.said == Said::approve; });
    return found == outcomes.end() ? nullptr : &*found;
}

const Outcome* TaskModel::find_outcome(const std::string& code) const {
    const auto found = std::ranges::find(outcomes, code, &Outcome::code);
    return found == outcomes.end() ? nullptr : &*found;
}

const Outcome* TaskModel::rejecting_outcome() const {
    const auto rejects = [](const Outcome& outcome) { return outcome.said == Said::reject; };
    const auto found = std::ranges::find_if(outcomes, rejects);
    return found == outcomes.end() || std::ranges::count_if(outcomes, rejects) != 1 ? nullptr : &*found;
}

Result<TaskModel> read_task_model(const bpmn::Element& element) {
    TaskModel model;
    model.element_id = element.id;
    model.name = element.name;
    const auto* task = element.kaigong("task");
    if (task == nullptr) return malformed(element.id, "没有 kaigong:task");
    model.kind = attribute_text(*task, "kind");
    model.item = attribute_text(*task, "item");
    model.department = attribute_text(*task, "department");
    KAIGONG_CHECK(must_be_known(element.id, *task, kTaskAttributes));
    KAIGONG_CHECK(read_role(*task, model));
    KAIGONG_CHECK(read_assignment(*task, model));
    model.legal_basis = attribute_text(*task, "legalBasis");
    if (std::ranges::find(kKinds, model.kind) == kKinds.end()) {
        return malformed(element.id, fmt::format("kind 不能是“{}”", model.kind));
    }
    if (!model.is_for_applicant() && (model.department.empty() || (model.role.empty() && !model.role_expression))) {
        return malformed(element.id, "没有写明 department 和 role，无人可以办理");
    }
    for (const auto* extension : element.kaigong_all("outcome")) {
        KAIGONG_TRY(outcome, read_outcome(element.id, *extension));
        model.outcomes.push_back(std::move(outcome));
    }
    if (model.outcomes.empty() && !model.is_for_applicant()) return malformed(element.id, "没有任何结果可选");
    for (const auto* extension : element.kaigong_all("checkpoint")) {
        model.checklist.push_back({attribute_text(*extension, "code"), attribute_text(*extension, "text")});
    }
    KAIGONG_CHECK(read_countersign(element, model));
    KAIGONG_CHECK(check_choice(element, model));
    return model;
}

std::string variable_stem(const std::string& element_id) {
    return element_id.substr(element_id.rfind('/') + 1);
}

std::string chosen_variable(const std::string& element_id) {
    return variable_stem(element_id) + "_chosen";
}

Result<std::vector<TaskModel>> read_task_models(const bpmn::Definition& definition) {
    std::vector<TaskModel> models;
    for (const auto& element : definition.elements()) {
        if (element.kind != bpmn::Kind::user_task) continue;
        KAIGONG_TRY(model, read_task_model(element));
        models.push_back(std::move(model));
    }
    return models;
}

}  // namespace kaigong::approval
