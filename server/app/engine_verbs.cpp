// calendar, feel, dmn, bpmn: the engines from the command line.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <charconv>
#include <filesystem>

#include "app/verbs.hpp"
#include "base/civil_date.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "engine/calendar/calendar.hpp"
#include "engine/dmn/dmn.hpp"
#include "engine/dmn/tck.hpp"
#include "engine/feel/feel.hpp"

namespace kaigong::app {
namespace {

constexpr kaigong::feel::JsonReading kDatesBySuffix{.typed_by_suffix = true};

Result<kaigong::calendar::Calendar> shipped_calendar() {
    std::vector<kaigong::calendar::YearTable> tables;
    for (const auto& entry : std::filesystem::directory_iterator("catalog/shared/holidays")) {
        KAIGONG_TRY(text, text_or_file("@" + entry.path().string()));
        KAIGONG_TRY(table, kaigong::calendar::year_table_from_text(text));
        tables.push_back(std::move(table));
    }
    return kaigong::calendar::Calendar::of(tables);
}

Result<kaigong::feel::Context> variables_of(const Arguments& arguments) {
    std::string given = "{}";
    for (const char* name : {"--vars", "--context", "--input"}) {
        if (auto text = option(arguments, name); !text.empty()) given = std::move(text);
    }
    KAIGONG_TRY(text, text_or_file(given));
    return kaigong::feel::context_from_json_text(text, kDatesBySuffix);
}

void print_value(const kaigong::feel::Value& value, bool json) {
    if (json) {
        fmt::print("{}\n", kaigong::feel::to_json_text(value));
    } else {
        fmt::print("{}\n", value.to_text());
    }
    if (value.is_null() && !value.null_code().empty())
        fmt::print(stderr, "{}（{}）\n", value.null_reason(), value.null_code());
}

}  // namespace

int calendar(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json"});
    const auto date = words.size() == 3 && words[0] == "due" ? parse_date(words[1]) : std::nullopt;
    int days = 0;
    const bool counted =
        date && std::from_chars(words[2].data(), words[2].data() + words[2].size(), days).ec == std::errc{};
    if (!counted || days < 0 || days > kaigong::calendar::kPeriodDaysMax) {
        fmt::print(stderr, "calendar due YYYY-MM-DD WORKING_DAYS\n");
        return kWrongUse;
    }
    const auto known = shipped_calendar();
    if (!known) return refuse(known.error());
    const auto due = known->add_working_days(*date, days);
    if (flag(arguments, "--json")) {
        fmt::print("{}\n", boost::json::serialize(boost::json::object{{"due_on", to_string(due.value)},
                                                                      {"provisional", due.provisional}}));
    } else {
        fmt::print("{}{}\n", to_string(due.value), due.provisional ? " provisional" : "");
    }
    return kDone;
}

int feel(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json"});
    if (words.size() != 2 || words[0] != "eval") {
        fmt::print(stderr, "feel eval EXPRESSION [--vars JSON|@FILE] [--json]\n");
        return kWrongUse;
    }
    const auto variables = variables_of(arguments);
    if (!variables) return refuse(variables.error());
    const auto text = text_or_file(words[1]);
    if (!text) return refuse(text.error());
    const auto expression = kaigong::feel::parse(*text);
    if (!expression) return refuse(expression.error());
    print_value(kaigong::feel::evaluate(*expression, *variables), flag(arguments, "--json"));
    return kDone;
}

namespace {

/// `{"passed","total","suites":[{"name","passed","total"}]}`; 1 when a case failed.
int test_dmn_folder(const std::string& folder, bool json) {
    const auto suites = kaigong::dmn::tck::run_folder(folder, {});
    if (!suites) return refuse(suites.error());
    std::size_t passed = 0;
    std::size_t total = 0;
    boost::json::array list;
    for (const auto& suite : *suites) {
        passed += suite.passed;
        total += suite.total;
        list.push_back({{"name", suite.name}, {"passed", suite.passed}, {"total", suite.total}});
        if (json) continue;
        if (suite.passed != suite.total) fmt::print("{}: {}/{}\n", suite.name, suite.passed, suite.total);
        for (const auto& failure : suite.failures) {
            fmt::print("  {} {}: 应为 {}，得到 {}\n", failure.test_case, failure.result, failure.expected,
                       failure.actual);
        }
    }
    if (json) {
        fmt::print("{}\n", boost::json::serialize(
                               boost::json::object{{"passed", passed}, {"total", total}, {"suites", std::move(list)}}));
    } else {
        fmt::print("{} 个用例，{} 个通过\n", total, passed);
    }
    return passed == total ? kDone : kNegative;
}

}  // namespace

int dmn(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json"});
    if (words.size() == 2 && words[0] == "test") return test_dmn_folder(words[1], flag(arguments, "--json"));
    if (words.size() != 3 || words[0] != "eval") {
        fmt::print(stderr, "dmn eval FILE DECISION [--vars JSON|@FILE] [--json]\ndmn test FOLDER [--json]\n");
        return kWrongUse;
    }
    const auto variables = variables_of(arguments);
    if (!variables) return refuse(variables.error());
    const auto text = text_or_file("@" + words[1]);
    if (!text) return refuse(text.error());
    const auto model = kaigong::dmn::parse(*text);
    if (!model) return refuse(model.error());
    const auto outcome = kaigong::dmn::evaluate(*model, words[2], *variables);
    if (!outcome) return refuse(outcome.error());
    print_value(outcome->value, flag(arguments, "--json"));
    return kDone;
}

int bpmn(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json"});
    if (words.size() != 2 || words[0] != "check") {
        fmt::print(stderr, "bpmn check FILE [--json]\n");
        return kWrongUse;
    }
    const auto text = text_or_file("@" + words[1]);
    if (!text) return refuse(text.error());
    const auto judgement = kaigong::bpmn::check(*text);
    boost::json::array problems;
    for (const auto& problem : judgement.problems) {
        if (!flag(arguments, "--json"))
            fmt::print("{}:{} {} {}\n", words[1], problem.line, problem.element, problem.zh);
        problems.push_back({{"element", problem.element},
                            {"line", problem.line},
                            {"code", problem.code},
                            {"zh", problem.zh},
                            {"en", problem.en}});
    }
    if (flag(arguments, "--json")) {
        fmt::print("{}\n", boost::json::serialize(boost::json::object{
                               {"file", words[1]}, {"ok", judgement.deployable()}, {"problems", problems}}));
    }
    return judgement.deployable() ? kDone : kNegative;
}

}  // namespace kaigong::app
