#include "engine/bpmn/expression.hpp"

#include <fmt/format.h>

#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {
namespace {

// One expression of a process chooses a way; it needs far less than a decision table, and a command has many of them.
constexpr std::size_t kStepsMax = 20'000;

}  // namespace

Result<std::shared_ptr<const Expression>> Expression::compile(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with("${") || text.starts_with("#{")) {
        return error(Errc::invalid_input, "bpmn.expression_language", "表达式须用 FEEL 书写,不支持 ${…}。");
    }
    if (text.starts_with('=')) text.remove_prefix(1);
    auto compiled = feel::parse(trimmed(text));
    if (!compiled) return error(Errc::invalid_input, "bpmn.expression_syntax", compiled.error().message);
    return std::shared_ptr<const Expression>(new Expression(std::move(*compiled)));
}

feel::Value Expression::evaluate(const feel::Context& variables, std::int64_t now_ms) const {
    feel::Environment environment;
    environment.now_at_ms = now_ms;
    environment.limits.evaluation_steps_max = kStepsMax;
    return feel::evaluate(compiled_, variables, environment);
}

}  // namespace kaigong::bpmn
