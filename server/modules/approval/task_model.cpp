#include "modules/approval/task_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "modules/approval/states.hpp"

namespace kaigong::approval {
namespace {

constexpr std::array kKinds{"check", "review", "recheck", "decide", "accept", "correct", "certificate"};
constexpr std::array kTones{"primary", "normal", "danger"};

Error malformed(const std::string& element_id, std::string_view what) {
    return error(Errc::invalid_input, "approval.task_malformed",
                 fmt::format("流程文件中的任务 {} 有误：{}。请修改流程文件后重新发布。", element_id, what));
}

std::string text_of(const bpmn::Extension& extension, std::string_view name) {
    return std::string(extension.attribute(name));
}

bool flag_of(const bpmn::Extension& extension, std::string_view name) {
    return extension.attribute(name) == "true";
}

/// Where the file does not say: what concludes an item by its event, all else by its tone.
std::optional<Vote> read_vote(const std::string& text, const Outcome& outcome) {
    if (text == "approve") return Vote::approve;
    if (text == "reject") return Vote::reject;
    if (text == "none") return Vote::none;
    if (!text.empty()) return std::nullopt;
    if (outcome.event == "conclude_agree" || outcome.event == "agree_with_conditions") return Vote::approve;
    if (outcome.event == "conclude_disagree" || outcome.tone == "danger") return Vote::reject;
    return outcome.tone == "primary" ? Vote::approve : Vote::none;
}

Result<Outcome> read_outcome(const std::string& element_id, const bpmn::Extension& extension) {
    Outcome outcome;
    outcome.code = text_of(extension, "code");
    outcome.label = text_of(extension, "label");
    outcome.tone = text_of(extension, "tone");
    outcome.event = text_of(extension, "event");
    outcome.consequence = text_of(extension, "consequence");
    outcome.blocked_text = text_of(extension, "blockedText");
    outcome.reason_required = flag_of(extension, "reasonRequired");
    outcome.points_required = flag_of(extension, "pointsRequired");
    outcome.points_allowed = flag_of(extension, "pointsAllowed") || outcome.points_required;
    if (outcome.tone.empty()) outcome.tone = "normal";
    if (outcome.code.empty() || outcome.label.empty()) return malformed(element_id, "有一个结果没有 code 或 label");
    if (std::ranges::find(kTones, outcome.tone) == kTones.end()) {
        return malformed(element_id, fmt::format("结果 {} 的 tone 只能是 primary、normal 或 danger", outcome.code));
    }
    const auto vote = read_vote(text_of(extension, "vote"), outcome);
    if (!vote) {
        return malformed(element_id, fmt::format("结果 {} 的 vote 只能是 approve、reject 或 none", outcome.code));
    }
    outcome.vote = *vote;
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

}  // namespace

const Outcome* TaskModel::find_outcome(const std::string& code) const {
    const auto found = std::ranges::find(outcomes, code, &Outcome::code);
    return found == outcomes.end() ? nullptr : &*found;
}

const Outcome* TaskModel::rejecting_outcome() const {
    const auto rejects = [](const Outcome& outcome) { return outcome.vote == Vote::reject; };
    const auto found = std::ranges::find_if(outcomes, rejects);
    return found == outcomes.end() || std::ranges::count_if(outcomes, rejects) != 1 ? nullptr : &*found;
}

Result<TaskModel> read_task_model(const bpmn::Element& element) {
    TaskModel model;
    model.element_id = element.id;
    model.name = element.name;
    const auto* task = element.kaigong("task");
    if (task == nullptr) return malformed(element.id, "没有 kaigong:task");
    model.kind = text_of(*task, "kind");
    model.item = text_of(*task, "item");
    model.department = text_of(*task, "department");
    model.role = text_of(*task, "role");
    model.legal_basis = text_of(*task, "legalBasis");
    if (std::ranges::find(kKinds, model.kind) == kKinds.end()) {
        return malformed(element.id, fmt::format("kind 不能是“{}”", model.kind));
    }
    if (!model.is_for_applicant() && (model.department.empty() || model.role.empty())) {
        return malformed(element.id, "没有写明 department 和 role，无人可以办理");
    }
    for (const auto* extension : element.kaigong_all("outcome")) {
        KAIGONG_TRY(outcome, read_outcome(element.id, *extension));
        model.outcomes.push_back(std::move(outcome));
    }
    if (model.outcomes.empty() && !model.is_for_applicant()) return malformed(element.id, "没有任何结果可选");
    for (const auto* extension : element.kaigong_all("checkpoint")) {
        model.checklist.push_back({text_of(*extension, "code"), text_of(*extension, "text")});
    }
    return model;
}

std::string variable_stem(const std::string& element_id) {
    return element_id.substr(element_id.rfind('/') + 1);
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
