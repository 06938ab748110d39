#include <algorithm>

#include "engine/feel/parser.hpp"

namespace kaigong::feel {

NodePtr Parser::parse_if() {
    const std::size_t from = tokens_[at_++].offset;
    NodePtr question = parse_expression();
    if (!question || !expect("then")) return nullptr;
    NodePtr yes = parse_expression();
    if (!yes || !expect("else")) return nullptr;
    NodePtr no = parse_expression();
    return no ? make(Op::condition, from, {std::move(question), std::move(yes), std::move(no)}) : nullptr;
}

NodePtr Parser::parse_iteration(Op op) {
    auto node = make(op, tokens_[at_++].offset);
    const std::size_t mark = names_.mark();
    do {
        std::string name = take_spelled_name({"in"});
        if (name.empty()) return fail_here("循环变量的名称");
        if (!expect("in")) return nullptr;
        NodePtr domain = parse_domain();
        if (!domain) return nullptr;
        names_.add(name);
        node->names.push_back(std::move(name));
        node->children.push_back(std::move(domain));
    } while (take(","));
    if (op == Op::iteration) names_.add("partial");
    if (!expect(op == Op::iteration ? "return" : "satisfies")) return nullptr;
    NodePtr body = parse_expression();
    names_.back_to(mark);
    if (!body) return nullptr;
    const auto used = names_in(*body);
    if (op == Op::iteration && std::ranges::find(used, "partial") != used.end())
        node->free_names.emplace_back("partial");
    node->children.push_back(std::move(body));
    return node;
}

NodePtr Parser::parse_domain() {
    NodePtr start = parse_expression();
    if (!start || !at("..")) return start;
    const std::size_t offset = tokens_[at_++].offset;
    NodePtr end = parse_expression();
    return end ? make(Op::iteration_range, offset, {std::move(start), std::move(end)}) : nullptr;
}

NodePtr Parser::parse_function() {
    auto node = make(Op::function, current().offset);
    at_ += 2;  // "function" "("
    const std::size_t mark = names_.mark();
    if (!parse_parameters(*node)) return nullptr;
    if (at("external")) {
        names_.back_to(mark);
        return parse_external(node);
    }
    for (const std::string& name : node->names) names_.add(name);
    const bool outer_input = uses_input_;
    NodePtr body = parse_expression();
    uses_input_ = outer_input;
    names_.back_to(mark);
    if (!body) return nullptr;
    node->free_names = names_in(*body);
    std::erase_if(node->free_names,
                  [&](const std::string& name) { return std::ranges::find(node->names, name) != node->names.end(); });
    node->children.push_back(std::move(body));
    return node;
}

bool Parser::parse_parameters(Node& function) {
    while (!at(")")) {
        std::string name = take_spelled_name({":", ",", ")"});
        if (name.empty()) return fail_here("参数的名称") != nullptr;
        std::shared_ptr<const Type> type;
        if (take(":")) {
            type = parse_type();
            if (!type) return false;
        }
        function.names.push_back(std::move(name));
        function.types.push_back(std::move(type));
        if (!take(",")) break;
    }
    return expect(")");
}

namespace {

/// `java.lang.Math.max(int, int)` of `{java: {class: "java.lang.Math", method signature: "max(int, int)"}}`.
std::string name_of_external(const Node& mapping) {
    std::string name;
    const NodePtr* inner = mapping.children.empty() ? nullptr : &mapping.children.front();
    if (inner == nullptr || (*inner)->op != Op::context) return "external";
    for (const NodePtr& part : (*inner)->children) {
        if (part->op != Op::literal || !part->value.is(Kind::string)) continue;
        if (!name.empty()) name += '.';
        name += part->value.as_string();
    }
    return name;
}

}  // namespace

/// Functions outside FEEL (Java, PMML) can be written down and passed about, but calling one is null.
NodePtr Parser::parse_external(Mutable function) {
    ++at_;  // "external"
    if (!at("{")) return fail_here("外部函数的说明 {…}");
    const NodePtr mapping = parse_context();
    if (!mapping) return nullptr;
    function->op = Op::external_function;
    function->spelling = name_of_external(*mapping);
    return function;
}

std::shared_ptr<const Type> Parser::parse_type() {
    if (!spend()) return nullptr;
    const Level level(*this);
    if (level.is_too_deep()) return fail("feel.limit_depth", "类型嵌套太深，请减少层数");
    const auto match = known_type();
    if (!match) return fail_unknown("类型", "feel.unknown_type", nearest_type());
    at_ += match->tokens;
    std::shared_ptr<const Type> type;
    if (const auto found = scope_.types.find(match->name); found != scope_.types.end()) {
        type = found->second;
    } else {
        type = Type::by_name(match->name);
    }
    if (at("<")) {
        Type parameterised;
        parameterised.kind = type->kind;
        if (!parse_type_arguments(parameterised, match->name)) return nullptr;
        type = std::make_shared<const Type>(std::move(parameterised));
    }
    return type;
}

bool Parser::parse_type_arguments(Type& type, std::string_view name) {
    ++at_;  // "<"
    if (name == "function") return parse_function_signature(type);
    if (name == "context") return parse_context_fields(type) && expect(">");
    if (name != "list" && name != "range") return fail_here("没有参数的类型") != nullptr;
    type.element = parse_type();
    return type.element && expect(">");
}

bool Parser::parse_context_fields(Type& type) {
    while (!at(">")) {
        std::string name = take_spelled_name({":"});
        if (name.empty()) return fail_here("字段的名称") != nullptr;
        if (!expect(":")) return false;
        auto field = parse_type();
        if (!field) return false;
        type.fields.emplace_back(std::move(name), std::move(field));
        if (!take(",")) break;
    }
    return true;
}

bool Parser::parse_function_signature(Type& type) {
    while (!at(">") && !at("->")) {
        auto parameter = parse_type();
        if (!parameter) return false;
        type.parameters.push_back(std::move(parameter));
        if (!take(",")) break;
    }
    if (!expect(">") || !expect("->")) return false;
    type.result = parse_type();
    return type.result != nullptr;
}

}  // namespace kaigong::feel
