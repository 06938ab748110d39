#include "modules/approval/asides.hpp"

#include <charconv>

#include "modules/approval/commitments.hpp"

namespace kaigong::approval {
namespace {

constexpr char kMark = '@';

Outcome outcome(std::string_view code, const char* label, const char* tone, Said said, const char* consequence) {
    Outcome one;
    one.code = code;
    one.label = label;
    one.tone = tone;
    one.said = said;
    one.consequence = consequence;
    return one;
}

}  // namespace

std::string aside_element(std::string_view kind, std::int64_t episode_no) {
    const auto element = kMark + std::string(kind);
    return episode_no == 0 ? element : element + "/" + std::to_string(episode_no);
}

bool is_aside(std::string_view element_id) {
    return element_id.starts_with(kMark);
}

std::int64_t episode_of_aside(std::string_view element_id) {
    const auto slash = element_id.rfind('/');
    std::int64_t number = 0;
    if (slash == std::string_view::npos) return number;
    const auto digits = element_id.substr(slash + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

TaskModel aside_model(const std::string& element_id) {
    TaskModel model;
    model.element_id = element_id;
    if (element_id == aside_element(kWithdrawal)) {
        model.name = "确认撤件";
        model.kind = kWithdrawal;
        model.legal_basis = "行政许可法 31、38";
        model.outcomes.push_back(outcome(kConfirmed, "确认撤件", "primary", Said::none,
                                         "办件到此结束，各部门正在办理的任务取消，并出具撤件确认书。"));
        return model;
    }
    if (element_id.starts_with(aside_element(kCommitmentCheck))) {
        model.name = "核查承诺";
        model.kind = kCommitmentCheck;
        model.legal_basis = "优化营商环境条例 40；行政许可法 69";
        model.outcomes.push_back(
            outcome(kCommitmentTrue, "属实", "primary", Said::approve, "承诺的内容已经核实，这份材料不再需要提交。"));
        model.outcomes.push_back(outcome(kCommitmentFalse, "不实", "danger", Said::reject,
                                         "发出责令补充材料通知书，记入办件记录；下一步依行政许可法第六十九条处理。"));
        model.outcomes.back().reason_required = true;
        return model;
    }
    model.name = "核对补交材料";
    model.kind = kOwedPaper;
    model.outcomes.push_back(
        outcome(kPaperAccepted, "符合要求", "primary", Said::approve, "容缺的材料已经补齐，不再需要补交。"));
    model.outcomes.push_back(
        outcome(kPaperRefused, "不符合要求", "danger", Said::reject, "申请人需要在原期限内重新补交。"));
    model.outcomes.back().reason_required = true;
    return model;
}

std::string window_group(const bpmn::Definition& process) {
    for (const auto& element : process.elements()) {
        if (element.kind != bpmn::Kind::user_task) continue;
        const auto model = read_task_model(element);
        if (model && model->kind == "accept" && !model->role.empty()) return model->department + ":" + model->role;
    }
    return "housing:acceptance_officer";
}

}  // namespace kaigong::approval
