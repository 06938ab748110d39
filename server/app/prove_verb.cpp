// bpmn prove: the static proof from the command line (docs/process-proof.md).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "app/process_files.hpp"
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
        path.push_back(json::object{{"element", step.element},
                                    {"zh", step.zh},
                                    {"en", step.en},
                                    {"act", step.act},
                                    {"flows", json::array(step.flows.begin(), step.flows.end())}});
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

json::array problems_json(const std::vector<Problem>& problems) {
    json::array list;
    for (const Problem& problem : problems) list.push_back(problem_json(problem));
    return list;
}

json::object proof_json(const std::string& file, const std::string& process, const Proof& proof) {
    json::array findings;
    for (const Finding& finding : proof.findings) findings.push_back(finding_json(finding));
    return {{"file", file},
            {"process", process},
            {"verdict", to_string(proof.verdict())},
            {"states", proof.states},
            {"elements", proof.elements},
            {"elements_reached", proof.elements_reached},
            {"findings", std::move(findings)},
            {"gaps", problems_json(proof.gaps)}};
}

std::string way_of(const Finding& finding, std::string ProofStep::* words) {
    std::string way;
    for (const ProofStep& step : finding.path) way += (way.empty() ? "" : " → ") + step.*words;
    return way;
}

void print_verdict(const std::string& file, const Proof& proof) {
    switch (proof.verdict()) {
        case Proof::Verdict::proven:
            fmt::print("{} 已证明：{} 种状态全部看过，没有发现问题。\n", file, proof.states);
            return;
        case Proof::Verdict::faulty:
            fmt::print("{} 有 {} 处问题，请照上面的走法在图上走一遍，改正后重试。\n", file, proof.findings.size());
            return;
        case Proof::Verdict::gave_up:
            fmt::print("{} 没有证完：看过 {} 种状态，{} 个元素走到了 {} 个；看过的部分没有发现问题，其余未证明。\n",
                       file, proof.states, proof.elements, proof.elements_reached);
    }
}

void print(const std::string& file, const Proof& proof) {
    for (const Finding& finding : proof.findings) {
        fmt::print("{}:{} {} {}\n    {}\n", file, finding.line, finding.element, finding.code, finding.zh);
        if (!finding.path.empty()) fmt::print("    走法：{}\n", way_of(finding, &ProofStep::zh));
        fmt::print("    {}\n", finding.en);
        if (!finding.path.empty()) fmt::print("    way: {}\n", way_of(finding, &ProofStep::en));
    }
    for (const Problem& problem : proof.gaps) {
        fmt::print("{}:{} {} {}\n    {}\n    {}\n", file, problem.line, problem.element, problem.code, problem.zh,
                   problem.en);
    }
    print_verdict(file, proof);
}

/// The number of `--states-max`, or nothing when it is none.
std::optional<int> states_max_of(const Arguments& arguments) {
    const std::string text = option(arguments, "--states-max", std::to_string(kaigong::bpmn::ProofLimits{}.states_max));
    int number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
    return number;
}

/// An option that is not known, or stands without its value.
bool has_wrong_option(const Arguments& arguments) {
    constexpr std::array<std::string_view, 2> kWithValue{"--process", "--states-max"};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (!arguments[i].starts_with("--") || arguments[i] == "--json") continue;
        const bool takes_value = std::ranges::count(kWithValue, arguments[i]) > 0;
        ++i;
        if (!takes_value || i == arguments.size()) return true;
    }
    return false;
}

int exit_code(Proof::Verdict verdict) {
    if (verdict == Proof::Verdict::proven) return kDone;
    return verdict == Proof::Verdict::faulty ? kNegative : kRefused;
}

}  // namespace

int bpmn_prove(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json"});
    const auto states_max = states_max_of(arguments);
    if (words.size() != 2 || !states_max || has_wrong_option(arguments)) {
        fmt::print(stderr, "bpmn prove FILE [--process ID] [--states-max N] [--json]\n");
        return kWrongUse;
    }
    const auto text = text_or_file("@" + words[1]);
    if (!text) return refuse(text.error());
    const auto definition = kaigong::bpmn::parse(*text, option(arguments, "--process"), library_of({words[1]}));
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
