#include "modules/approval/paper_view.hpp"

#include <algorithm>

#include "base/json_members.hpp"
#include "modules/approval/operations/paper_proposals.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;

array proposed_points_json(const std::vector<operations::NewPoint>& points) {
    array list;
    for (const auto& one : points) {
        list.push_back({{"field", text_or_null(one.field)},
                        {"material_code", text_or_null(one.material_code)},
                        {"what", one.what},
                        {"how_to_mend", one.how_to_mend},
                        {"legal_basis", one.legal_basis}});
    }
    return list;
}

array proposed_omissions_json(const std::vector<operations::Omission>& omissions) {
    array list;
    for (const auto& one : omissions) {
        list.push_back(
            {{"material_code", one.material_code}, {"working_days", one.working_days}, {"reason", one.reason}});
    }
    return list;
}

}  // namespace

const authz::two_person::Proposal* waiting_paper_act(const std::vector<authz::two_person::Proposal>& proposals,
                                                     const std::string& task_id, std::int64_t now_ms) {
    const auto found = std::ranges::find_if(
        proposals, [&](const auto& one) { return one.subject_id == task_id && one.is_open(now_ms); });
    return found == proposals.end() ? nullptr : &*found;
}

boost::json::value paper_act_json(const std::vector<authz::two_person::Proposal>& proposals, const store::TaskRow& task,
                                  const TaskModel& model, const authz::Actor& reader, std::int64_t now_ms) {
    const auto* waiting = task.state == "open" ? waiting_paper_act(proposals, task.task_id, now_ms) : nullptr;
    if (waiting == nullptr) return nullptr;
    const auto proposed = operations::read_proposed(*waiting);
    const auto& done = proposed.completion;
    const auto* outcome = model.find_outcome(done.outcome);
    array checked;
    for (const auto& code : done.checked) checked.emplace_back(code);
    return object{{"proposal_id", waiting->proposal_id},
                  {"proposed_by", waiting->proposed_by},
                  {"proposed_by_me", waiting->proposed_by_id == reader.account_id.text},
                  {"proposed_at_ms", waiting->proposed_at_ms},
                  {"expires_at_ms", waiting->expires_at_ms},
                  {"done_by_name", proposed.done_by_name},
                  {"done_by_me", proposed.done_by_id == reader.account_id.text},
                  {"happened_at_ms", proposed.happened_at_ms},
                  {"paper_reference", proposed.reference},
                  {"outcome", done.outcome},
                  {"outcome_label", outcome == nullptr ? done.outcome : outcome->label},
                  {"opinion", text_or_null(done.opinion)},
                  {"checklist", std::move(checked)},
                  {"points", proposed_points_json(done.points)},
                  {"omissions", proposed_omissions_json(done.omissions)},
                  {"chosen_name", text_or_null(proposed.chosen_name)}};
}

object paper_act_row_json(const authz::two_person::Proposal& proposal, const store::TaskRow& task) {
    const auto proposed = operations::read_proposed(proposal);
    return {{"proposal_id", proposal.proposal_id},
            {"task_id", task.task_id},
            {"application_number", task.application_number},
            {"works_name", task.works_name},
            {"step_name", task.name},
            {"proposed_by", proposal.proposed_by},
            {"happened_at_ms", proposed.happened_at_ms},
            {"expires_at_ms", proposal.expires_at_ms}};
}

}  // namespace kaigong::approval
