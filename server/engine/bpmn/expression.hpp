// A FEEL expression of a model, compiled at deployment. The only place where the process engine meets the FEEL engine.
#pragma once

#include <cstdint>
#include <memory>
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

    feel::Value evaluate(const feel::Context& variables, std::int64_t now_ms) const;
    const std::string& text() const { return compiled_.text(); }

  private:
    explicit Expression(feel::Expression compiled) : compiled_(std::move(compiled)) {}
    feel::Expression compiled_;
};

}  // namespace kaigong::bpmn
