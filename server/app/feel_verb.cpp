// feel: an expression, unary tests about a value, or a file of them, from the command line.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "app/rule_verbs.hpp"

namespace kaigong::app {

namespace {

constexpr std::string_view kFeelUse =
    "feel EXPRESSION [--vars JSON|@FILE] [--unary VALUE] [--json]\n"
    "feel --batch FILE.jsonl            one {\"expr\",\"vars\",\"unary\"} a line; - reads standard input\n";

/// The value that unary tests are about: JSON, or else FEEL, so that dates can be given.
Result<feel::Value> input_of(const std::string& text, const feel::Context& variables) {
    if (auto value = feel::from_json_text(text, variable_reading())) return std::move(*value);
    KAIGONG_TRY(expression, feel::parse(text, scope_of(variables)));
    auto value = feel::evaluate(expression, variables, rule_environment());
    if (!value.is_null() || text == "null") return value;
    return error(Errc::invalid_input, "app.value_unreadable",
                 fmt::format("--unary 的值 {} 既不是 JSON 也不是 FEEL；文字要加双引号，例如 '\"urban\"'。", text));
}

Result<feel::Value> result_of(const std::string& text, const feel::Context& variables, const feel::Value* input) {
    if (input == nullptr) {
        KAIGONG_TRY(expression, feel::parse(text, scope_of(variables)));
        return feel::evaluate(expression, variables, rule_environment());
    }
    KAIGONG_TRY(tests, feel::parse_unary_tests(text, scope_of(variables)));
    return feel::evaluate(tests, *input, variables, rule_environment());
}

Error wrong_line() {
    return error(Errc::invalid_input, "app.line_unreadable",
                 "这一行应是 JSON 对象 {\"expr\": 文字, \"vars\": 对象, \"unary\": 值}，请改正。");
}

Result<feel::Value> result_of_line(const std::string& line) {
    KAIGONG_TRY(given, feel::context_from_json_text(line, variable_reading()));
    const feel::Value* text = given.find("expr");
    const feel::Value* variables = given.find("vars");
    const bool has_variables = variables != nullptr && !variables->is_null();
    if (text == nullptr || !text->is(feel::Kind::string)) return wrong_line();
    if (has_variables && !variables->is(feel::Kind::context)) return wrong_line();
    return result_of(text->as_string(), has_variables ? variables->as_context() : feel::Context(), given.find("unary"));
}

int run_batch(const std::string& path) {
    std::ifstream file;
    if (path != "-") file.open(path);
    std::istream& lines = path == "-" ? std::cin : file;
    if (!lines) {
        return refuse(error(Errc::not_found, "app.file_missing", fmt::format("没有文件 {}，请核对路径后重试。", path)));
    }
    for (std::string line; std::getline(lines, line);) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        if (const auto value = result_of_line(line)) {
            fmt::print("{{\"value\":{}}}\n", feel::to_json_text(*value));
        } else {
            const boost::json::object answer{{"error", fault_as_json(value.error().reason, value.error().message)}};
            fmt::print("{}\n", boost::json::serialize(answer));
        }
        std::fflush(stdout);
    }
    return kDone;
}

int run_one(const std::string& argument, const Arguments& arguments) {
    const bool json = flag(arguments, "--json");
    const auto variables = variables_of(arguments);
    if (!variables) return refuse_as(variables.error(), json);
    const auto text = text_or_file(argument);
    if (!text) return refuse_as(text.error(), json);
    Result<feel::Value> input{feel::Value()};
    const bool has_input = flag(arguments, "--unary");
    if (has_input) input = input_of(option(arguments, "--unary"), *variables);
    if (!input) return refuse_as(input.error(), json);
    const auto value = result_of(*text, *variables, has_input ? &*input : nullptr);
    if (!value) return refuse_as(value.error(), json);
    print_value(*value, json);
    return kDone;
}

}  // namespace

int feel(const Arguments& arguments) {
    auto words = positional(arguments, {"--json"});
    if (words.size() == 2 && words.front() == "eval") words.erase(words.begin());
    const std::string batch = option(arguments, "--batch");
    if (words.empty() && !batch.empty()) return run_batch(batch);
    const bool wants_value = flag(arguments, "--unary") && option(arguments, "--unary").empty();
    if (words.size() == 1 && batch.empty() && !wants_value) return run_one(words.front(), arguments);
    fmt::print(stderr, "{}", kFeelUse);
    return kWrongUse;
}

}  // namespace kaigong::app
