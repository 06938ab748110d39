#include "engine/bpmn/expression.hpp"

#include <fmt/format.h>

#include "engine/bpmn/juel.hpp"
#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {
namespace {

// One expression of a process chooses a way; it needs far less than a decision table, and a command has many of them.
constexpr std::size_t kStepsMax = 20'000;

constexpr std::string_view kThrowError = "throw error";

/// Gives a context that nobody else can mean: what it is called with, under a name of two words.
const feel::Value& throw_error_function() {
    static const feel::Value function = [] {
        const auto compiled = feel::parse("function(code) {\"throw error\": code}");
        return feel::evaluate(*compiled, {}, {});
    }();
    return function;
}

}  // namespace

Result<Feel> Expression::compile(std::string_view text) {
    return compile(text, false);
}

Result<Feel> Expression::compile_script(std::string_view text) {
    return compile(text, true);
}

Result<Feel> Expression::compile(std::string_view text, bool is_script) {
    text = trimmed(text);
    if (text.starts_with("${") || text.starts_with("#{")) {
        if (!is_juel(text)) {
            return error(Errc::invalid_input, "bpmn.expression_language", "表达式须用 FEEL 书写，${…} 没有写完。");
        }
        KAIGONG_TRY(translated, feel_of_juel(text));
        return compile("=" + translated, is_script);
    }
    if (text.starts_with('=')) text.remove_prefix(1);
    feel::Scope scope;
    if (is_script) scope.names.emplace_back(kThrowError);
    auto compiled = feel::parse(trimmed(text), scope);
    if (!compiled) return error(Errc::invalid_input, "bpmn.expression_syntax", compiled.error().message);
    return Feel(new Expression(std::move(*compiled), is_script));
}

feel::Value Expression::evaluate(const feel::Context& variables, std::int64_t now_ms,
                                 const feel::WorkingDays* working_days) const {
    feel::Environment environment;
    environment.now_at_ms = now_ms;
    environment.working_days = working_days;
    environment.limits.evaluation_steps_max = kStepsMax;
    if (!is_script_) return feel::evaluate(compiled_, variables, environment);
    feel::Context with_throw = variables;
    with_throw.put(feel::Key(std::string(kThrowError)), throw_error_function());
    return feel::evaluate(compiled_, with_throw, environment);
}

std::optional<std::string> thrown_error(const feel::Value& value) {
    if (value.kind() == feel::Kind::list) {
        for (const feel::Value& item : value.as_list()) {
            if (auto code = thrown_error(item)) return code;
        }
    }
    if (value.kind() != feel::Kind::context) return std::nullopt;
    const feel::Value* code = value.as_context().find(kThrowError);
    if (code != nullptr && code->kind() == feel::Kind::string) return std::string(code->as_string());
    return std::nullopt;
}

}  // namespace kaigong::bpmn
