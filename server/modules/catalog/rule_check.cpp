#include "modules/catalog/rule_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "base/json_members.hpp"
#include "engine/dmn/check.hpp"
#include "modules/catalog/clause_library.hpp"
#include "modules/catalog/rule_difference.hpp"
#include "modules/catalog/rule_explanation.hpp"
#include "modules/catalog/rule_model.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// One example needs about ten thousand.
constexpr std::size_t kExampleStepsMax = 2'000'000;
/// Five thousand examples of the construction permit take some five seconds.
constexpr std::chrono::seconds kExamplesTimeMax{60};

value number_or_null(std::size_t number) {
    return number == 0 ? value(nullptr) : value(static_cast<std::int64_t>(number));
}

std::string_view outcome_name(const std::string& outcome) {
    if (outcome == "pass") return "通过";
    if (outcome == "fail") return "不通过";
    if (outcome == "unchecked") return "暂不可查";
    return "不适用";
}

dmn::CheckProblem problem_of(std::string code, std::string zh, std::string en) {
    dmn::CheckProblem problem;
    problem.code = std::move(code);
    problem.zh = std::move(zh);
    problem.en = std::move(en);
    return problem;
}

class DraftCheck {
  public:
    DraftCheck(const DraftedRules& draft, const RulesInForce& in_force)
        : draft_(draft),
          in_force_(in_force),
          model_(dmn::parse(draft.rules)),
          rules_in_force_(rules_of(in_force.model)) {
        if (!model_) return;
        rules_ = rules_of(*model_);
        differing_ = decisions_that_differ(in_force.model, *model_);
        findings_differ_ = !same_logic(in_force.model, *model_, kFindingsDecision);
    }

    CheckedDraft run() {
        object json;
        json["problems"] = problems();
        json["tests"] = tests();
        json["coverage"] = coverage();
        json["difference"] = differences();
        if (!has_changed()) block("nothing_changed", "规则和用例与现行版本完全相同，不需要发布。");
        array blockers;
        CheckedDraft checked;
        for (auto& [code, text] : blockers_) {
            blockers.push_back({{"code", code}, {"text", text}});
            checked.blockers.push_back(text);
        }
        json["blockers"] = std::move(blockers);
        checked.json = std::move(json);
        return checked;
    }

  private:
    /// Each with the decision that holds it.
    static std::map<std::string, std::string> rules_of(const dmn::Model& model) {
        std::map<std::string, std::string> rules;
        for (auto& row : rule_rows(model)) rules.emplace(std::move(row.rule), std::move(row.decision));
        return rules;
    }

    void block(const char* code, std::string text) { blockers_.emplace_back(code, std::move(text)); }

    array problems() {
        std::vector<dmn::CheckProblem> found;
        if (!model_) {
            found.push_back(problem_of(model_.error().reason, model_.error().message, "the model can not be read"));
        } else {
            found = dmn::check(*model_);
            add_own_problems(found);
        }
        array list;
        std::size_t errors = 0;
        for (const auto& problem : found) {
            const bool is_error = problem.severity == dmn::CheckProblem::Severity::error;
            errors += is_error ? 1 : 0;
            list.push_back({{"severity", is_error ? "error" : "warning"},
                            {"code", problem.code},
                            {"element", problem.element},
                            {"decision", problem.decision},
                            {"decision_name", problem.decision_name},
                            {"rule", number_or_null(problem.rule)},
                            {"line", number_or_null(problem.line)},
                            {"column", number_or_null(problem.column)},
                            {"zh", problem.zh},
                            {"en", problem.en}});
        }
        if (errors > 0) block("problem_errors", fmt::format("规则有 {} 处错误，请先改正。", errors));
        return list;
    }

    /// What a model of DMN need not have, but a rule package must.
    void add_own_problems(std::vector<dmn::CheckProblem>& found) const {
        const auto decisions = model_->decisions();
        if (std::ranges::find(decisions, kFindingsDecision, &dmn::NamedElement::name) == decisions.end()) {
            found.push_back(problem_of("catalog.findings_missing",
                                       "模型里没有名为 findings 的决策，预审就没有结果。请恢复它。",
                                       "the decision findings is missing"));
        }
        std::map<std::string, std::string> seen;
        for (const auto& row : rule_rows(*model_)) {
            const auto [first, is_new] = seen.emplace(row.rule, row.decision);
            if (is_new) continue;
            auto problem =
                problem_of("catalog.rule_twice",
                           fmt::format("规则编号 {} 已在“{}”里用过，请换一个编号。", row.rule, first->second),
                           "the rule's number is used twice");
            problem.decision_name = row.decision;
            problem.rule = row.row;
            found.push_back(std::move(problem));
        }
        add_broken_clauses(found);
    }

    void add_broken_clauses(std::vector<dmn::CheckProblem>& found) const {
        if (in_force_.clauses == nullptr) return;
        std::vector<std::string> rules;
        rules.reserve(rules_.size());
        for (const auto& [rule, decision] : rules_) rules.push_back(rule);
        for (const auto& [clause, rule] : clauses_without_rule(*in_force_.clauses, rules)) {
            auto problem =
                problem_of("catalog.clause_without_rule",
                           fmt::format("条款库的 {} 是为规则 {} 引用的，这条规则已经没有了。请恢复规则，或者请管理员"
                                       "修改 clauses.json。",
                                       clause, rule),
                           "a clause of the library names a rule that is gone");
            problem.severity = dmn::CheckProblem::Severity::warning;
            found.push_back(std::move(problem));
        }
    }

    dmn::Outcome outcome_of(const dmn::Model& model, const RuleExample& example, bool explain, RuleResults& results) {
        feel::Environment environment;
        environment.limits.evaluation_steps_max = kExampleStepsMax;
        const auto context = feel::context_from_json(example.given, {.typed_by_suffix = true});
        auto decided = dmn::evaluate(model, kFindingsDecision, context, environment, {.explain = explain});
        results = read_results(decided);
        return decided ? std::move(*decided) : dmn::Outcome{};
    }

    object tests() {
        const auto end = std::chrono::steady_clock::now() + kExamplesTimeMax;
        std::int64_t passed = 0;
        std::int64_t failed = 0;
        array results;
        for (std::size_t index = 0; index < draft_.examples.size(); ++index) {
            const bool in_time = std::chrono::steady_clock::now() < end;
            auto result = in_time ? run_example(draft_.examples[index]) : not_run("超过时间没有运行，请减少用例。");
            result["index"] = static_cast<std::int64_t>(index);
            (result["ok"].as_bool() ? passed : failed) += 1;
            results.push_back(std::move(result));
        }
        if (failed > 0) block("tests_failed", fmt::format("有 {} 个用例不符合期望，请改正规则或用例。", failed));
        return {{"passed", passed}, {"failed", failed}, {"results", std::move(results)}};
    }

    static object not_run(std::string why) {
        return {{"outcome_in_force", nullptr},
                {"outcome", "not_applicable"},
                {"ok", false},
                {"explanation", array{}},
                {"message", std::move(why)}};
    }

    object run_example(const RuleExample& example) {
        if (!model_) return not_run("规则读不出来，没有运行。");
        RuleResults results;
        const auto decided = outcome_of(*model_, example, true, results);
        const auto outcome = results.outcome_of(example.rule);
        value before = nullptr;
        if (rules_in_force_.contains(example.rule)) {
            before = may_differ(example.rule) ? outcome_in_force(example) : outcome;
        }
        const bool known = rules_.contains(example.rule);
        const bool ok = known && results.failure.empty() && outcome == example.expect;
        return {{"outcome_in_force", before},
                {"outcome", outcome},
                {"ok", ok},
                {"explanation", explanation_json(ExplainedRules(decided.explanation).lines_of(example.rule, nullptr))},
                {"message", ok ? std::string() : message_of(example, results, known, outcome)}};
    }

    std::string outcome_in_force(const RuleExample& example) {
        RuleResults in_force;
        outcome_of(in_force_.model, example, false, in_force);
        return in_force.outcome_of(example.rule);
    }

    bool may_differ(const std::string& rule) const {
        const auto decision = rules_.find(rule);
        return findings_differ_ || decision == rules_.end() || differing_.contains(decision->second);
    }

    static std::string message_of(const RuleExample& example, const RuleResults& results, bool known,
                                  const std::string& outcome) {
        if (!results.failure.empty()) return results.failure;
        if (!known) return fmt::format("规则里没有 {}，请核对编号。", example.rule);
        return fmt::format("期望“{}”，得出“{}”。", outcome_name(example.expect), outcome_name(outcome));
    }

    object coverage() {
        std::map<std::string, std::set<std::string>> expected;
        for (const auto& example : draft_.examples) {
            expected[example.rule].insert(example.expect == "not_applicable" ? "pass" : example.expect);
        }
        array uncovered;
        std::vector<std::string> new_uncovered;
        for (const auto& [rule, decision] : rules_) {
            const auto& outcomes = expected[rule];
            if (outcomes.contains("pass") && outcomes.contains("fail")) continue;
            uncovered.emplace_back(rule);
            if (!rules_in_force_.contains(rule)) new_uncovered.push_back(rule);
        }
        if (!new_uncovered.empty()) {
            block("rule_without_tests", fmt::format("新规则 {} 还缺一个“通过”和一个“不通过”的用例，请补上。",
                                                    fmt::join(new_uncovered, "、")));
        }
        return {{"rules", static_cast<std::int64_t>(rules_.size())},
                {"covered", static_cast<std::int64_t>(rules_.size() - uncovered.size())},
                {"uncovered", std::move(uncovered)}};
    }

    array differences() const {
        array list;
        if (model_) {
            for (const auto& line : difference(in_force_.model, *model_)) {
                list.push_back({{"kind", line.kind},
                                {"decision", line.decision},
                                {"decision_name", line.decision_name},
                                {"rule", number_or_null(line.rule)},
                                {"column_name", text_or_null(line.column_name)},
                                {"before", text_or_null(line.before)},
                                {"after", text_or_null(line.after)},
                                {"text", line.text}});
            }
        }
        for (const auto& name : other_files_that_differ()) {
            list.push_back({{"kind", "changed"},
                            {"decision", ""},
                            {"decision_name", ""},
                            {"rule", nullptr},
                            {"column_name", nullptr},
                            {"before", nullptr},
                            {"after", nullptr},
                            {"text", fmt::format("“{}”会换成草稿所依据版本的内容，与现行版本不同", name)}});
        }
        return list;
    }

    bool is_of_rules(const std::string& name) const {
        return name == draft_.rules_file || name == examples_name(draft_.rules_file);
    }

    std::set<std::string> other_files_that_differ() const {
        std::set<std::string> names;
        const auto compare = [&](const MatterFiles& files, const MatterFiles& others) {
            for (const auto& [name, text] : files) {
                const auto other = others.find(name);
                if (!is_of_rules(name) && (other == others.end() || other->second != text)) names.insert(name);
            }
        };
        compare(draft_.base_files, in_force_.files);
        compare(in_force_.files, draft_.base_files);
        return names;
    }

    bool has_changed() const {
        const auto text_in_force = [&](const std::string& name) {
            const auto found = in_force_.files.find(name);
            return found == in_force_.files.end() ? std::string() : found->second;
        };
        if (draft_.rules != text_in_force(draft_.rules_file) || !other_files_that_differ().empty()) return true;
        const auto examples = examples_of_text(text_in_force(examples_name(draft_.rules_file)));
        return examples_json(examples) != examples_json(draft_.examples);
    }

    const DraftedRules& draft_;
    const RulesInForce& in_force_;
    Result<dmn::Model> model_;
    std::map<std::string, std::string> rules_;
    std::map<std::string, std::string> rules_in_force_;
    std::set<std::string> differing_;
    bool findings_differ_ = false;
    std::vector<std::pair<const char*, std::string>> blockers_;
};

}  // namespace

CheckedDraft check_rules(const DraftedRules& draft, const RulesInForce& in_force) {
    return DraftCheck(draft, in_force).run();
}

}  // namespace kaigong::catalog
