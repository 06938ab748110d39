#include "modules/approval/countersign.hpp"

#include <algorithm>

#include "engine/bpmn/behaviors/variables.hpp"

namespace kaigong::approval {
namespace {

int approvals_needed(const Countersign& rule, int voters) {
    switch (rule.rule) {
        case Countersign::Rule::share: return (rule.value * voters + 99) / 100;
        case Countersign::Rule::count: return rule.value;
        case Countersign::Rule::all: return voters;
        case Countersign::Rule::first: return 1;
    }
    return voters;
}

int number_of(const boost::json::object& object, std::string_view name) {
    return static_cast<int>(object.at(name).as_int64());
}

/// Of the whole, of which the task is one instance.
std::int64_t activation_of(const bpmn::State& state, const store::TaskRow& task) {
    const auto token = state.tokens.find(task.token);
    return token == state.tokens.end() ? 0 : token->second.scope;
}

}  // namespace

Verdict verdict_of(const Countersign& rule, const Tally& tally) {
    if (tally.vetoed) return {true, false};
    if (rule.rule == Countersign::Rule::first && tally.approve + tally.reject > 0) return {true, tally.approve > 0};
    const int needed = approvals_needed(rule, tally.voters);
    const int left = tally.voters - tally.approve - tally.reject - tally.abstain;
    if (tally.approve >= needed) return {true, true};
    return {tally.approve + left < needed, false};
}

std::string vote_variable(const std::string& element_id) {
    return variable_stem(element_id) + "_vote";
}

boost::json::object vote_json(const Vote& vote) {
    boost::json::array voted;
    for (const auto& account : vote.voted) voted.emplace_back(account);
    return {{"activation", vote.activation}, {"approve", vote.tally.approve},     {"reject", vote.tally.reject},
            {"abstain", vote.tally.abstain}, {"voters", vote.tally.voters},       {"vetoed", vote.tally.vetoed},
            {"fixed", vote.verdict.fixed},   {"approved", vote.verdict.approved}, {"voted", std::move(voted)}};
}

Vote vote_of(const bpmn::Definition& process, const bpmn::State& state, const store::TaskRow& task) {
    Vote vote;
    vote.activation = activation_of(state, task);
    if (const auto repeat = state.repeats.find(vote.activation); repeat != state.repeats.end()) {
        const auto items = static_cast<std::int64_t>(repeat->second.items.size());
        vote.tally.voters = static_cast<int>(items - repeat->second.dropped);
    }
    if (vote.activation == 0) return vote;
    const auto seen = bpmn::visible_variables(process, state, vote.activation);
    const auto* held = seen.if_contains(vote_variable(task.element_id));
    if (held == nullptr || !held->is_object()) return vote;
    const auto& object = held->as_object();
    if (object.at("activation").as_int64() != vote.activation) return vote;
    vote.tally.approve = number_of(object, "approve");
    vote.tally.reject = number_of(object, "reject");
    vote.tally.abstain = number_of(object, "abstain");
    vote.tally.vetoed = object.at("vetoed").as_bool();
    for (const auto& account : object.at("voted").as_array()) vote.voted.emplace_back(account.as_string());
    return vote;
}

Vote vote_with(Vote vote, const Countersign& rule, const std::string& account_id, const std::string& role, Said said) {
    auto& count = said == Said::approve  ? vote.tally.approve
                  : said == Said::reject ? vote.tally.reject
                                         : vote.tally.abstain;
    count += 1;
    const bool has_veto = std::ranges::find(rule.veto_roles, role) != rule.veto_roles.end();
    vote.tally.vetoed = vote.tally.vetoed || (said == Said::reject && has_veto);
    vote.voted.push_back(account_id);
    vote.verdict = verdict_of(rule, vote.tally);
    return vote;
}

Result<void> must_not_have_voted(const TaskModel& model, const bpmn::Definition& process, const bpmn::State& state,
                                 const store::TaskRow& task, const std::vector<std::string>& accounts) {
    if (!model.countersign) return {};
    const auto vote = vote_of(process, state, task);
    if (std::ranges::find_first_of(vote.voted, accounts) == vote.voted.end()) return {};
    return error(Errc::conflict, "approval.has_voted", "这次会签您已经表决过，每人一票。其余的请由其他人办理。");
}

}  // namespace kaigong::approval
