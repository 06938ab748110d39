#include "engine/feel/feel.hpp"

#include "engine/feel/machine.hpp"
#include "engine/feel/parser.hpp"

namespace kaigong::feel {

/// Fills what only a successful parse may fill.
class Parsing {
  public:
    template <class Parsed>
    static Result<Parsed> run(std::string_view text, const Scope& scope, NodePtr (Parser::*parse_all)(),
                              ParseFailure* failure) {
        if (text.size() > scope.limits.expression_bytes_max) {
            return error(Errc::too_large, "feel.limit_size", "表达式太长，请拆成几个名称分别计算。");
        }
        KAIGONG_TRY(tokens, tokens_of(text, failure));
        Parser parser(text, std::move(tokens), scope);
        Parsed parsed;
        parsed.root_ = (parser.*parse_all)();
        if (!parsed.root_) {
            if (failure != nullptr) *failure = parser.place();
            return parser.failure();
        }
        prepare(const_cast<Node&>(*parsed.root_));  // nobody else has seen it yet
        parsed.text_ = std::make_shared<const std::string>(text);
        return parsed;
    }
};

bool UnaryTests::is_any() const {
    return root_->op == Op::tests_any;
}

Result<Expression> parse(std::string_view text, const Scope& scope, ParseFailure* failure) {
    return Parsing::run<Expression>(text, scope, &Parser::parse_whole_expression, failure);
}

Result<UnaryTests> parse_unary_tests(std::string_view text, const Scope& scope, ParseFailure* failure) {
    return Parsing::run<UnaryTests>(text, scope, &Parser::parse_whole_tests, failure);
}

Value evaluate(const Expression& expression, const Context& variables, const Environment& environment) {
    Machine machine(environment);
    return machine.finished(machine.run(*expression.root(), Frame{.context = &variables}));
}

Value evaluate(const UnaryTests& tests, const Value& input, const Context& variables, const Environment& environment) {
    Machine machine(environment);
    return machine.finished(machine.run_tests(*tests.root(), input, Frame{.context = &variables}));
}

}  // namespace kaigong::feel
