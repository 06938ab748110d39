// dmn: evaluate a decision, check a model, run suites of tests, from the command line.
#include <fmt/format.h>

#include "app/decision_files.hpp"
#include "app/rule_verbs.hpp"
#include "engine/dmn/check.hpp"
#include "engine/dmn/dmn.hpp"
#include "engine/dmn/tck.hpp"

namespace kaigong::app {

namespace {

namespace json = boost::json;

constexpr std::string_view kDmnUse =
    "dmn eval FILE --decision NAME [--vars JSON|@FILE] [--explain] [--json]\n"
    "dmn check FILE [--json]\n"
    "dmn test FOLDER… [--json]\n";

json::array reads_as_json(const std::vector<dmn::Read>& reads) {
    json::array list;
    for (const auto& read : reads) {
        list.push_back({{"path", read.path},
                        {"value", feel::to_json(read.value)},
                        {"null_reason", read.value.null_reason().empty() ? json::value(nullptr)
                                                                         : json::value(read.value.null_reason())}});
    }
    return list;
}

json::object table_as_json(const dmn::TableExplanation& table) {
    json::array inputs;
    for (const auto& input : table.inputs) {
        inputs.push_back(
            {{"text", input.text}, {"value", feel::to_json(input.value)}, {"reads", reads_as_json(input.reads)}});
    }
    json::array rules;
    for (const auto& match : table.matches) {
        json::array outputs;
        for (const auto& output : match.outputs) {
            outputs.push_back({{"name", output.name},
                               {"text", output.text},
                               {"value", feel::to_json(output.value)},
                               {"reads", reads_as_json(output.reads)}});
        }
        json::array annotations(match.annotations.begin(), match.annotations.end());
        rules.push_back(
            {{"rule", match.rule}, {"id", match.rule_id}, {"annotations", annotations}, {"outputs", outputs}});
    }
    return {{"element", table.element},
            {"inputs", inputs},
            {"rules", rules},
            {"result", feel::to_json(table.result)},
            {"null_reason",
             table.result.null_reason().empty() ? json::value(nullptr) : json::value(table.result.null_reason())}};
}

json::object explanation_as_json(const dmn::Outcome& outcome) {
    json::array tables;
    for (const auto& table : outcome.explanation.tables) tables.push_back(table_as_json(table));
    json::array decisions;
    for (const auto& decision : outcome.explanation.decisions) {
        decisions.push_back({{"decision", decision.decision}, {"value", feel::to_json(decision.value)}});
    }
    return {{"value", feel::to_json(outcome.value)}, {"tables", tables}, {"decisions", decisions}};
}

void print_reads(const std::vector<dmn::Read>& reads) {
    for (const auto& read : reads) {
        fmt::print("        {} = {}{}\n", read.path, read.value.to_text(),
                   read.value.null_reason().empty() ? "" : fmt::format("（{}）", read.value.null_reason()));
    }
}

void print_explanation(const dmn::Outcome& outcome) {
    for (const auto& table : outcome.explanation.tables) {
        fmt::print("{}\n", table.element);
        for (const auto& input : table.inputs) fmt::print("    {} = {}\n", input.text, input.value.to_text());
        if (table.matches.empty()) fmt::print("    没有规则符合\n");
        for (const auto& match : table.matches) {
            fmt::print("    规则 {} {}\n", match.rule, match.rule_id);
            for (const auto& output : match.outputs) {
                fmt::print("      {}: {} = {}\n", output.name, output.text, output.value.to_text());
                print_reads(output.reads);
            }
        }
    }
}

int evaluate(const Arguments& arguments, const std::string& file, const std::string& decision) {
    const bool as_json = flag(arguments, "--json");
    const bool explain = flag(arguments, "--explain");
    const auto variables = variables_of(arguments);
    if (!variables) return refuse_as(variables.error(), as_json);
    const auto model = load_model(file);
    if (!model) return refuse_as(model.error(), as_json);
    const auto outcome = dmn::evaluate(*model, decision, *variables, rule_environment(), {.explain = explain});
    if (!outcome) return refuse_as(outcome.error(), as_json);
    if (explain && as_json) {
        fmt::print("{}\n", json::serialize(explanation_as_json(*outcome)));
        return kDone;
    }
    if (explain) print_explanation(*outcome);
    print_value(outcome->value, as_json);
    return kDone;
}

json::object problem_as_json(const dmn::CheckProblem& problem) {
    const bool is_error = problem.severity == dmn::CheckProblem::Severity::error;
    return {{"element", problem.element},
            {"decision", problem.decision},
            {"decision_name", problem.decision_name},
            {"rule", problem.rule},
            {"line", problem.line},
            {"column", problem.column},
            {"code", problem.code},
            {"zh", problem.zh},
            {"en", problem.en},
            {"severity", is_error ? "error" : "warning"}};
}

int check(const std::string& file, bool as_json) {
    const auto model = load_model(file);
    if (!model) return refuse_as(model.error(), as_json);
    const auto found = dmn::check(*model);
    const bool sound = !dmn::has_errors(found);
    json::array problems;
    for (const auto& problem : found) {
        if (as_json) {
            problems.push_back(problem_as_json(problem));
        } else {
            const bool is_error = problem.severity == dmn::CheckProblem::Severity::error;
            fmt::print("{} {} {}（{}）\n", is_error ? "错误" : "提醒", problem.element, problem.zh, problem.code);
        }
    }
    if (as_json) {
        fmt::print("{}\n", json::serialize(json::object{{"file", file}, {"ok", sound}, {"problems", problems}}));
    } else if (found.empty()) {
        fmt::print("没有发现问题\n");
    }
    return sound ? kDone : kNegative;
}

struct Totals {
    std::size_t passed = 0, total = 0, refused = 0;
    json::array suites, failures;
};

Result<void> add_folder(const std::string& folder, bool as_json, Totals& totals) {
    KAIGONG_TRY(suites, dmn::tck::run_folder(folder, rule_environment()));
    for (const auto& suite : suites) {
        totals.passed += suite.passed;
        totals.total += suite.total;
        totals.refused += suite.refused;
        totals.suites.push_back(
            {{"name", suite.name}, {"passed", suite.passed}, {"total", suite.total}, {"refused", suite.refused}});
        if (!as_json && suite.passed != suite.total) fmt::print("{}: {}/{}\n", suite.name, suite.passed, suite.total);
        for (const auto& failure : suite.failures) {
            totals.failures.push_back({{"suite", suite.name},
                                       {"test_case", failure.test_case},
                                       {"result", failure.result},
                                       {"expected", failure.expected},
                                       {"actual", failure.actual}});
            if (as_json) continue;
            fmt::print("  {} {}: 应为 {}，得到 {}\n", failure.test_case, failure.result, failure.expected,
                       failure.actual);
        }
    }
    return {};
}

/// 1 when a case failed. A refused case (an external function) is neither passed nor failed, and not in the total.
int test(const Arguments& folders, bool as_json) {
    Totals totals;
    for (const auto& folder : folders) {
        if (auto added = add_folder(folder, as_json, totals); !added) return refuse_as(added.error(), as_json);
    }
    if (as_json) {
        fmt::print("{}\n", json::serialize(json::object{{"passed", totals.passed},
                                                        {"total", totals.total},
                                                        {"refused", totals.refused},
                                                        {"suites", totals.suites},
                                                        {"failures", totals.failures}}));
    } else {
        fmt::print("{} 个用例，{} 个通过；{} 个调用外部函数，按规定不执行\n", totals.total, totals.passed,
                   totals.refused);
    }
    return totals.passed == totals.total ? kDone : kNegative;
}

}  // namespace

int dmn(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json", "--explain"});
    const bool as_json = flag(arguments, "--json");
    const std::string verb = words.empty() ? "" : words.front();
    if (verb == "test" && words.size() >= 2) return test({words.begin() + 1, words.end()}, as_json);
    if (verb == "check" && words.size() == 2) return check(words[1], as_json);
    // The name may also stand without `--decision`.
    const std::string decision = option(arguments, "--decision", words.size() == 3 ? words.back() : "");
    if (verb == "eval" && words.size() >= 2 && words.size() <= 3 && !decision.empty()) {
        return evaluate(arguments, words[1], decision);
    }
    fmt::print(stderr, "{}", kDmnUse);
    return kWrongUse;
}

}  // namespace kaigong::app
