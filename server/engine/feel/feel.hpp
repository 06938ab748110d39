// FEEL of DMN 1.5: parse once, evaluate many times. Pure: clock and zone data come in with the Environment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/feel/json.hpp"
#include "engine/feel/lexer.hpp"
#include "engine/feel/types.hpp"
#include "engine/feel/value.hpp"

namespace kaigong::feel {

/// Past a limit an evaluation ends with null and the reason `feel.limit_…`; parsing ends with an Error of that reason.
struct Limits {
    std::size_t expression_bytes_max = std::size_t{64} * 1024;
    std::size_t expression_depth_max = 200;
    std::size_t evaluation_steps_max = 200'000;
    /// Nested evaluations, calls included: bounds the stack.
    std::size_t evaluation_depth_max = 1'500;
    std::size_t list_items_max = 100'000;
    std::size_t string_bytes_max = std::size_t{1024} * 1024;
};

// The empty braces let callers name only some members: g++ warns of designated initialisers that leave others out.
// NOLINTBEGIN(readability-redundant-member-init)

class WorkingDays;

/// What an evaluation may know of the world. Without `now_at_ms`, `now()` and `today()` are null (`feel.no_clock`).
struct Environment {
    std::optional<std::int64_t> now_at_ms{};
    std::int32_t now_offset_seconds = 8 * 3'600;  // Asia/Shanghai
    const ZoneSource* zones = nullptr;
    /// For `add working days` and `working days between`; without it they are null (`feel.no_calendar`).
    const WorkingDays* working_days = nullptr;
    Limits limits{};
};

/// What is known while parsing. FEEL names may hold spaces and signs (`Years of Service`, `a-b`), so they are resolved
/// against these; the built-in functions are always known.
struct Scope {
    std::vector<std::string> names{};
    /// Names of context members anywhere (fields of types, keys), so that `applicant.monthly income` can be read.
    std::vector<std::string> member_names{};
    /// Types that `instance of` may name beside the built-in ones.
    std::map<std::string, std::shared_ptr<const Type>> types{};
    /// An unknown single word is a variable given at evaluation (absent = null), as in process expressions; else it is
    /// the parse error `feel.unknown_name`, which names the nearest known one.
    bool free_variables = true;
    Limits limits{};
};

// NOLINTEND(readability-redundant-member-init)

/// A parsed expression. Immutable, cheap to copy, safe to evaluate from several threads at once.
class Expression {
  public:
    const std::string& text() const { return *text_; }
    const std::shared_ptr<const Node>& root() const { return root_; }

  private:
    friend class Parsing;
    std::shared_ptr<const std::string> text_;
    std::shared_ptr<const Node> root_;
};

/// Parsed unary tests (`< 5, [10..20]`, `not("a")`, `-`): a question about one value, which is called `?`.
class UnaryTests {
  public:
    const std::string& text() const { return *text_; }
    const std::shared_ptr<const Node>& root() const { return root_; }
    bool is_any() const;

  private:
    friend class Parsing;
    std::shared_ptr<const std::string> text_;
    std::shared_ptr<const Node> root_;
};

/// Fails with `feel.syntax`, `feel.unknown_name`, `feel.unknown_type`, `feel.limit_…`; the message says line, column
/// and what was expected, for an unknown name also the nearest known one. `failure` gets the same in parts.
Result<Expression> parse(std::string_view text, const Scope& scope = {}, ParseFailure* failure = nullptr);
Result<UnaryTests> parse_unary_tests(std::string_view text, const Scope& scope = {}, ParseFailure* failure = nullptr);

/// Never fails: what cannot be computed is null with its reason.
Value evaluate(const Expression& expression, const Context& variables, const Environment& environment = {});
/// True, false or null: whether `input` satisfies the tests.
Value evaluate(const UnaryTests& tests, const Value& input, const Context& variables,
               const Environment& environment = {});

}  // namespace kaigong::feel
