#include <array>

#include "engine/feel/parser.hpp"

namespace kaigong::feel {

NodePtr Parser::parse_whole_tests() {
    auto node = make(Op::tests, current().offset);
    if (at("-") && ahead(1).kind == Token::Kind::end) {
        node->op = Op::tests_any;
        ++at_;
        return node;
    }
    if (at("not") && ahead(1).is("(")) {
        const std::size_t before = at_;
        at_ += 2;
        node->op = Op::tests_not;
        if (parse_test_list(*node) && take(")") && current().kind == Token::Kind::end) return node;
        if (has_met_a_limit()) return nullptr;
        // `not(…) and …`: the function `not` within a longer expression.
        at_ = before;
        failure_.reset();
        node->op = Op::tests;
        node->children.clear();
    }
    if (!parse_test_list(*node)) return nullptr;
    if (current().kind != Token::Kind::end) return fail_here("逗号或结尾");
    return node;
}

bool Parser::parse_test_list(Node& tests) {
    do {
        NodePtr test = parse_test(true);
        if (!test) return false;
        tests.children.push_back(std::move(test));
    } while (take(","));
    return true;
}

std::optional<Range::Form> Parser::one_sided_form() const {
    if (current().kind != Token::Kind::symbol) return std::nullopt;
    const std::string& sign = current().text;
    if (sign == "<") return Range::Form::less;
    if (sign == "<=") return Range::Form::less_or_equal;
    if (sign == ">") return Range::Form::greater;
    if (sign == ">=") return Range::Form::greater_or_equal;
    if (sign == "=") return Range::Form::equal;
    if (sign == "!=") return Range::Form::not_equal;
    return std::nullopt;
}

NodePtr Parser::parse_one_sided() {
    auto node = make(Op::one_sided, current().offset);
    node->form = *one_sided_form();
    ++at_;
    NodePtr operand = parse_additive();
    if (!operand) return nullptr;
    node->children.push_back(std::move(operand));
    return node;
}

NodePtr Parser::parse_test(bool whole_expression) {
    if (one_sided_form()) return parse_one_sided();
    const bool outer_input = std::exchange(uses_input_, false);
    NodePtr test = whole_expression ? parse_expression() : parse_additive();
    const bool own_input = std::exchange(uses_input_, outer_input || uses_input_);
    if (!test || !own_input) return test;
    auto marked = std::make_shared<Node>(*test);
    marked->uses_input = true;
    return marked;
}

/// `x in 5`, `x in [1..5]`, `x in < 5`, `x in (1, < 5)`.
NodePtr Parser::parse_in(NodePtr value) {
    auto node = make(Op::in, tokens_[at_++].offset);
    node->children.push_back(std::move(value));
    if (at("(")) {
        const std::size_t before = at_;
        const auto failure = failure_;
        ++at_;
        const bool outer_end = std::exchange(range_end_, false);
        const bool parsed = parse_test_list(*node) && take(")");
        range_end_ = outer_end;
        if (parsed) return node;
        if (has_met_a_limit()) return nullptr;
        // Not a list of tests but a range that begins with a parenthesis: `(1..5]`.
        at_ = before;
        failure_ = failure;
        node->children.resize(1);
    }
    NodePtr test = parse_test(false);
    if (!test) return nullptr;
    node->children.push_back(std::move(test));
    return node;
}

}  // namespace kaigong::feel
