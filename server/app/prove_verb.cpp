// bpmn prove: the static proof from the command line (docs/process-proof.md).
#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "app/verbs.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "engine/bpmn/proof/proof.hpp"

namespace kaigong::app {
namespace {

namespace json = boost::json;
using kaigong::bpmn::Finding;
using kaigong::bpmn::Problem;
using kaigong::bpmn::Proof;
using kaigong::bpmn::ProofStep;

json::object finding_json(const Finding& finding) {
    json::array path;
    for (const ProofStep& step : finding.path) {
        path.push_back(json::object{{"element", step.element}, {"zh", step.zh}, {"en", step.en}});
    }
    return {{"code", finding.code}, {"element", finding.element}, {"line", finding.line},
            {"zh", finding.zh},     {"en", finding.en},           {"path", std::move(path)}};
}

json::object problem_json(const Problem& problem) {
    return {{"code", problem.code},
            {"element", problem.element},
            {"line", problem.line},
            {"zh", problem.zh},
            {"en", problem.en}};
}

json::object proof_json(const std::string& file, const std::string& process, const Proof& proof) {
    json::array findings;
    json::array gaps;
    for (const Finding& finding : proof.findings) findings.push_back(finding_json(finding));
    for (const Problem& gap : proof.gaps) gaps.push_back(problem_json(gap));
    return {{"file", file},
            {"process", process},
            {"verdict", to_string(proof.verdict())},
            {"states", proof.states},
            {"findings", std::move(findings)},
            {"gaps", std::move(gaps)}};
}

std::string way_of(const Finding& finding, std::string ProofStep::* words) {
    std::string way;
    for (const ProofStep& step : finding.path) way += (way.empty() ? "" : " → ") + step.*words;
    return way;
}

void print(const std::string& file, const Proof& proof) {
    for (const Finding& finding : proof.findings) {
        fmt::print("{}:{} {} {}\n    {}\n", file, finding.line, finding.element, finding.code, finding.zh);
        if (!finding.path.empty()) fmt::print("    走法：{}\n", way_of(finding, &ProofStep::zh));
        fmt::print("    {}\n", finding.en);
        if (!finding.path.empty()) fmt::print("    way: {}\n", way_of(finding, &ProofStep::en));
    }
    for (const Problem& gap : proof.gaps) fmt::print("{}:{} {} {}\n    {}\n", file, gap.line, gap.code, gap.zh, gap.en);
    if (proof.verdict() == Proof::Verdict::proven) {
        fmt::print("{} 已证明：{} 种状态全部看过，没有发现问题。\n", file, proof.states);
    }
}

/// The number of `--states-max`, or nothing when it is none.
std::optional<int> states_max_of(const Arguments& arguments) {
    const std::string text = option(arguments, "--states-max", std::to_string(kaigong::bpmn::ProofLimits{}.states_max));
    int number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
    return number;
}

int exit_code(Proof::Verdict verdict) {
    if (verdict == Proof::Verdict::proven) return kDone;
    return verdict == Proof::Verdict::faulty ? kNegative : kRefused;
}

}  // namespace

int bpmn_prove(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json"});
    const auto states_max = states_max_of(arguments);
    if (words.size() != 2 || !states_max) {
        fmt::print(stderr, "bpmn prove FILE [--process ID] [--states-max N] [--json]\n");
        return kWrongUse;
    }
    const auto text = text_or_file("@" + words[1]);
    if (!text) return refuse(text.error());
    const auto definition = kaigong::bpmn::parse(*text, option(arguments, "--process"));
    if (!definition) return refuse(definition.error());
    const Proof proof = prove(*definition, {.states_max = *states_max});
    if (flag(arguments, "--json")) {
        fmt::print("{}\n", json::serialize(proof_json(words[1], definition->process_id(), proof)));
    } else {
        print(words[1], proof);
    }
    return exit_code(proof.verdict());
}

}  // namespace kaigong::app
