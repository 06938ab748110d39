#include "engine/feel/parser.hpp"

#include <array>

namespace kaigong::feel {

namespace {

struct Operator {
    std::string_view sign;
    Op op;
};

const Operator* operator_at(const Token& token, std::span<const Operator> operators) {
    if (token.kind != Token::Kind::symbol) return nullptr;
    for (const Operator& candidate : operators) {
        if (token.text == candidate.sign) return &candidate;
    }
    return nullptr;
}

constexpr std::array<Operator, 6> kComparisons{{{"=", Op::equal},
                                                {"!=", Op::not_equal},
                                                {"<", Op::less},
                                                {"<=", Op::less_or_equal},
                                                {">", Op::greater},
                                                {">=", Op::greater_or_equal}}};
constexpr std::array<Operator, 2> kAdditions{{{"+", Op::add}, {"-", Op::subtract}}};
constexpr std::array<Operator, 2> kMultiplications{{{"*", Op::multiply}, {"/", Op::divide}}};

}  // namespace

NodePtr Parser::parse_whole_expression() {
    NodePtr root = parse_expression();
    if (root && current().kind != Token::Kind::end) return fail_here("运算符或结尾");
    return root;
}

NodePtr Parser::parse_expression() {
    const Level level(*this);
    if (level.is_too_deep()) return fail("feel.limit_depth", "表达式嵌套太深，请拆成几个名称分别计算");
    NodePtr node;
    if (at("if") && !ahead(1).is(":")) {
        node = parse_if();
    } else if (at("for")) {
        node = parse_iteration(Op::iteration);
    } else if (at("some")) {
        node = parse_iteration(Op::some);
    } else if (at("every")) {
        node = parse_iteration(Op::every);
    } else {
        node = parse_disjunction();
    }
    return measured(std::move(node));
}

NodePtr Parser::parse_disjunction() {
    NodePtr left = parse_conjunction();
    while (left && at("or")) {
        const std::size_t offset = tokens_[at_++].offset;
        const NodePtr right = parse_conjunction();
        left = right ? measured(make(Op::logical_or, offset, {left, right})) : nullptr;
    }
    return left;
}

NodePtr Parser::parse_conjunction() {
    NodePtr left = parse_comparison();
    while (left && at("and")) {
        const std::size_t offset = tokens_[at_++].offset;
        const NodePtr right = parse_comparison();
        left = right ? measured(make(Op::logical_and, offset, {left, right})) : nullptr;
    }
    return left;
}

NodePtr Parser::parse_comparison() {
    NodePtr left = parse_additive();
    while (left) {
        if (at("between")) {
            left = measured(parse_between(left));
        } else if (at("in")) {
            left = measured(parse_in(left));
        } else if (const Operator* found = operator_at(current(), kComparisons)) {
            const std::size_t offset = tokens_[at_++].offset;
            const NodePtr right = parse_additive();
            left = right ? measured(make(found->op, offset, {left, right})) : nullptr;
        } else {
            break;
        }
    }
    return left;
}

NodePtr Parser::parse_between(NodePtr value) {
    const std::size_t offset = tokens_[at_++].offset;
    const NodePtr low = parse_additive();
    if (!low || !expect("and")) return nullptr;
    const NodePtr high = parse_additive();
    return high ? make(Op::between, offset, {std::move(value), low, high}) : nullptr;
}

NodePtr Parser::parse_additive() {
    NodePtr left = parse_multiplicative();
    while (const Operator* found = left ? operator_at(current(), kAdditions) : nullptr) {
        const std::size_t offset = tokens_[at_++].offset;
        const NodePtr right = parse_multiplicative();
        left = right ? measured(make(found->op, offset, {left, right})) : nullptr;
    }
    return left;
}

NodePtr Parser::parse_multiplicative() {
    NodePtr left = parse_power();
    while (const Operator* found = left ? operator_at(current(), kMultiplications) : nullptr) {
        const std::size_t offset = tokens_[at_++].offset;
        const NodePtr right = parse_power();
        left = right ? measured(make(found->op, offset, {left, right})) : nullptr;
    }
    return left;
}

NodePtr Parser::parse_power() {
    NodePtr left = parse_negation();
    while (left && at("**")) {
        const std::size_t offset = tokens_[at_++].offset;
        const NodePtr right = parse_negation();
        left = right ? measured(make(Op::power, offset, {left, right})) : nullptr;
    }
    return left;
}

NodePtr Parser::parse_negation() {
    if (!at("-")) return parse_instance_of();
    const std::size_t offset = tokens_[at_++].offset;
    const Level level(*this);
    if (level.is_too_deep()) return fail("feel.limit_depth", "负号太多，请删去多余的");
    const NodePtr operand = parse_negation();
    if (!operand) return nullptr;
    if (operand->op == Op::literal && operand->value.is(Kind::number)) {
        auto literal = make(Op::literal, offset);
        literal->value = Value(-operand->value.as_number());
        return literal;
    }
    return make(Op::negate, offset, {operand});
}

NodePtr Parser::parse_instance_of() {
    NodePtr value = parse_postfix();
    while (value && at("instance") && ahead(1).is("of")) {
        auto node = make(Op::instance_of, current().offset);
        at_ += 2;
        auto type = parse_type();
        if (!type) return nullptr;
        node->children.push_back(value);
        node->types.push_back(std::move(type));
        value = measured(std::move(node));
    }
    return value;
}

NodePtr Parser::parse_postfix() {
    NodePtr node = parse_primary();
    while (node) {
        if (at(".")) {
            node = measured(parse_path(node));
        } else if (at("[") && filter_begins_here()) {
            node = measured(parse_filter(node));
        } else if (at("(")) {
            node = measured(parse_call(node));
        } else {
            break;
        }
    }
    return node;
}

}  // namespace kaigong::feel
