// bpmn: judge models, write them again, run them, from the command line.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>

#include "app/bpmn_run_verb.hpp"
#include "app/process_files.hpp"
#include "app/verbs.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "engine/bpmn/document.hpp"

namespace kaigong::app {
namespace {

namespace json = boost::json;
using kaigong::bpmn::Problem;

constexpr std::string_view kBpmnUse =
    "bpmn check FILE… [--process ID] [--json]\n"
    "bpmn roundtrip FILE [--json]\n"
    "bpmn prove FILE [--process ID] [--states-max N] [--json]\n"
    "bpmn run FILE [--process ID] [--vars JSON|@FILE] [--complete all|SCRIPT.json] [--advance P2D]…\n"
    "         [--message NAME=JSON]… [--signal NAME=JSON]… [--decisions FILE.dmn]… [--start-at ISO]\n"
    "         [--incident-is-error] [--trace]                  without --process all of the file together\n";

json::object problem_as_json(const Problem& problem) {
    const bool is_error = problem.severity == Problem::Severity::error;
    return {{"element", problem.element}, {"line", problem.line}, {"code", problem.code},
            {"zh", problem.zh},           {"en", problem.en},     {"severity", is_error ? "error" : "warning"}};
}

void print_problem(std::FILE* to, const std::string& file, const Problem& problem) {
    fmt::print(to, "{}:{} {} {}\n", file, problem.line, problem.element, problem.zh);
}

int check_file(const std::string& file, const std::string& process, const kaigong::bpmn::Library& library,
               bool as_json) {
    const auto text = text_or_file("@" + file);
    if (!text) return refuse(text.error());
    const auto judgement = kaigong::bpmn::check(*text, process, library);
    json::array problems;
    for (const Problem& problem : judgement.problems) {
        if (!as_json) print_problem(stdout, file, problem);
        problems.push_back(problem_as_json(problem));
    }
    if (as_json) {
        fmt::print("{}\n", json::serialize(json::object{
                               {"file", file}, {"ok", judgement.deployable()}, {"problems", std::move(problems)}}));
    }
    return judgement.deployable() ? kDone : kNegative;
}

/// The worst of all; a file that can't be read does not hide what is wrong with the others.
int check(const Arguments& files, const std::string& process, bool as_json) {
    const auto library = library_of(files);
    int worst = kDone;
    for (const std::string& file : files) worst = std::max(worst, check_file(file, process, library, as_json));
    return worst;
}

int refuse_document(const std::string& file, const Problem& problem, bool as_json) {
    if (as_json) {
        fmt::print("{}\n", json::serialize(json::object{
                               {"file", file}, {"ok", false}, {"problems", json::array{problem_as_json(problem)}}}));
    } else {
        print_problem(stderr, file, problem);
    }
    return kRefused;
}

/// Reads again what was written and compares, so that a loss is never silent.
std::optional<std::string> loss(const kaigong::bpmn::Document& document, const std::string& written) {
    const auto again = kaigong::bpmn::read_document(written);
    if (again) return kaigong::bpmn::first_difference(document, *again);
    // The characters are the same, but some are written as references and take more room.
    if (again.error().code == "too_large") return std::nullopt;
    return again.error().en;
}

int roundtrip(const std::string& file, bool as_json) {
    const auto text = text_or_file("@" + file);
    if (!text) return refuse(text.error());
    const auto document = kaigong::bpmn::read_document(*text);
    if (!document) return refuse_document(file, document.error(), as_json);
    const std::string written = kaigong::bpmn::write_document(*document);
    const auto difference = loss(*document, written);
    if (as_json) {
        json::array differences;
        if (difference) differences.emplace_back(*difference);
        fmt::print(
            "{}\n",
            json::serialize(json::object{
                {"file", file}, {"ok", !difference}, {"differences", std::move(differences)}, {"xml", written}}));
    } else {
        std::fwrite(written.data(), 1, written.size(), stdout);
        if (difference) fmt::print(stderr, "写出的文件与原文件不同：{}\n", *difference);
    }
    return difference ? kNegative : kDone;
}

}  // namespace

int bpmn(const Arguments& arguments) {
    const auto words = positional(arguments, {kRunFlags.begin(), kRunFlags.end()});
    const bool as_json = flag(arguments, "--json");
    const std::string verb = words.empty() ? "" : words.front();
    if (verb == "check" && words.size() >= 2)
        return check({words.begin() + 1, words.end()}, option(arguments, "--process"), as_json);
    if (verb == "prove") return bpmn_prove(arguments);
    if (verb == "roundtrip" && words.size() == 2) return roundtrip(words[1], as_json);
    if (verb == "run" && words.size() == 2 && !has_wrong_run_option(arguments)) return run_process(words[1], arguments);
    fmt::print(stderr, "{}", kBpmnUse);
    return kWrongUse;
}

}  // namespace kaigong::app
