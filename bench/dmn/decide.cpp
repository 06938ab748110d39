// Evaluates one decision over and over for some processor time; `./kaigong bench dmn` runs it beside its peer.
//   decide MODEL.dmn DECISION CASES SECONDS [explain]
// CASES: a `.json` array of variables, or one FEEL context a line. Prints {"decisions","cpu_seconds","results"}.
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/dmn/dmn.hpp"
#include "engine/feel/feel.hpp"

namespace {

using namespace kaigong;

std::string text_of(const std::string& path) {
    const std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw std::runtime_error("cannot read " + path);
    return std::move(text).str();
}

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
    return std::move(*result);
}

std::vector<feel::Context> cases_of(const std::string& path) {
    std::vector<feel::Context> cases;
    const std::string text = text_of(path);
    if (path.ends_with(".json")) {
        const auto list = must(feel::from_json_text(text, {.typed_by_suffix = true}));
        for (const auto& one : list.as_list()) cases.push_back(one.as_context());
        return cases;
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        cases.push_back(feel::evaluate(must(feel::parse(line)), {}).as_context());
    }
    return cases;
}

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void run(const std::vector<std::string>& arguments) {
    const auto model = must(dmn::parse(text_of(arguments[0])));
    const auto cases = cases_of(arguments[2]);
    const double seconds = std::stod(arguments[3]);
    const dmn::Options options{.explain = arguments.size() > 4 && arguments[4] == "explain"};
    const auto decide = [&](const feel::Context& variables) {
        return must(dmn::evaluate(model, arguments[1], variables, {}, options)).value;
    };
    std::string results;
    for (const auto& variables : cases) {
        results += fmt::format("{}{}", results.empty() ? "" : ",", feel::to_json_text(decide(variables)));
    }
    std::size_t decisions = 0;
    const double begun = cpu_seconds();
    double spent = 0;
    while (spent < seconds) {
        for (const auto& variables : cases) decisions += decide(variables).is_null() ? 0 : 1;
        spent = cpu_seconds() - begun;
    }
    fmt::print("{{\"decisions\":{},\"cpu_seconds\":{},\"results\":[{}]}}\n", decisions, spent, results);
}

}  // namespace

int main(int count, char** values) {
    try {
        if (count < 5) throw std::runtime_error("decide MODEL.dmn DECISION CASES SECONDS [explain]");
        run({values + 1, values + count});
        return 0;
    } catch (const std::exception& fault) {
        std::cerr << "decide: " << fault.what() << '\n';
        return 1;
    }
}
