// A FEEL expression of a model, compiled at deployment. The only place where the process engine meets the FEEL engine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "engine/feel/feel.hpp"

namespace kaigong::bpmn {

class Expression {
  public:
    /// Takes `=approved` and `approved` alike. Fails with `bpmn.expression_language` (`${…}`, `#{…}`) and
    /// `bpmn.expression_syntax`.
    static Result<std::shared_ptr<const Expression>> compile(std::string_view text);

    /// The same for a script task, where `throw error(code)` is known.
    static Result<std::shared_ptr<const Expression>> compile_script(std::string_view text);

    feel::Value evaluate(const feel::Context& variables, std::int64_t now_ms,
                         const feel::WorkingDays* working_days) const;
    const std::string& text() const { return compiled_.text(); }

  private:
    static Result<std::shared_ptr<const Expression>> compile(std::string_view text, bool is_script);
    Expression(feel::Expression compiled, bool is_script) : compiled_(std::move(compiled)), is_script_(is_script) {}
    feel::Expression compiled_;
    bool is_script_ = false;
};

/// The code, when a script came to `throw error(code)`.
std::optional<std::string> thrown_error(const feel::Value& value);

}  // namespace kaigong::bpmn
