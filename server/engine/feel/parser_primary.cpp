#include "engine/feel/parser.hpp"

namespace kaigong::feel {

namespace {

/// A literal that names no zone is a constant.
std::optional<Value> constant_of_at_literal(const std::string& text) {
    if (const auto date = parse_date(text)) return Value(*date);
    if (auto date_time = parse_date_time(text, nullptr)) return Value(std::move(*date_time));
    if (auto time = parse_time(text, nullptr)) return Value(std::move(*time));
    if (const auto duration = parse_years_months(text)) return Value(*duration);
    if (const auto duration = parse_days_time(text)) return Value(*duration);
    return std::nullopt;
}

}  // namespace

NodePtr Parser::parse_primary() {
    if (!spend()) return nullptr;
    const Token& token = current();
    switch (token.kind) {
        case Token::Kind::number: {
            // A name may begin with a known number word (`2nd floor`) only when it is known.
            if (const auto match = known_name(); match && match->tokens > 1) return parse_name();
            auto node = make(Op::literal, token.offset);
            const auto value = Decimal::parse(token.text);
            node->value = value ? Value(*value) : Value::null("feel.number_out_of_range", "数字超出范围。");
            ++at_;
            return node;
        }
        case Token::Kind::string: {
            auto node = make(Op::literal, token.offset);
            node->value = Value(token.text);
            ++at_;
            return node;
        }
        case Token::Kind::at_string: return parse_at_literal();
        case Token::Kind::name: return parse_word();
        case Token::Kind::symbol:
            if (at("(")) return parse_parentheses();
            if (at("[") || at("]")) return parse_list_or_interval();
            if (at("{")) return parse_context();
            if (at("?")) {
                uses_input_ = true;
                auto node = make(Op::name, token.offset);
                node->names.emplace_back("?");
                ++at_;
                return node;
            }
            break;
        case Token::Kind::end: break;
    }
    return fail_here("一个值、名称或函数");
}

NodePtr Parser::parse_word() {
    const std::string& word = current().text;
    const auto match = known_name();
    if (match && match->tokens > 1) return parse_name();
    if (word == "true" || word == "false" || word == "null") return parse_literal_word(word);
    if (word == "function" && ahead(1).is("(")) return parse_function();
    if (word == "if" || word == "for" || word == "some" || word == "every") return parse_expression();
    if (is_reserved(word) && !match) return fail_here("一个值、名称或函数");
    return parse_name();
}

NodePtr Parser::parse_literal_word(std::string_view word) {
    auto node = make(Op::literal, current().offset);
    if (word != "null") node->value = Value(word == "true");
    ++at_;
    return node;
}

NodePtr Parser::parse_name() {
    last_name_ = at_;
    auto node = make(Op::name, current().offset);
    const auto match = known_name();
    if (filters_ > 0) {
        const auto member = known_member();
        if (member && (!match || member->tokens > match->tokens)) {
            node->names.push_back(member->name);
            at_ += member->tokens;
            return node;
        }
    }
    if (match) {
        node->names.push_back(match->name);
        node->builtin = find_builtin(match->name);
        const auto own = names_.longest(rest());
        node->is_known = own && own->name == match->name;
        at_ += match->tokens;
        return node;
    }
    const std::string& word = current().text;
    if (!scope_.free_variables && filters_ == 0) {
        return fail_unknown(ahead(1).is("(") ? "函数" : "名称", "feel.unknown_name", nearest_known(at_));
    }
    node->names.push_back(word);
    ++at_;
    return node;
}

NodePtr Parser::parse_at_literal() {
    const Token& token = current();
    auto node = make(Op::literal, token.offset);
    if (auto constant = constant_of_at_literal(token.text)) {
        node->value = std::move(*constant);
    } else {
        node->op = Op::at_literal;
        node->names.push_back(token.text);
    }
    ++at_;
    return node;
}

NodePtr Parser::parse_list_or_interval() {
    const bool start_included = at("[");
    const std::size_t from = tokens_[at_++].offset;
    auto list = make(Op::list, from);
    if (start_included && take("]")) return list;
    const bool outer_end = std::exchange(range_end_, false);
    do {
        NodePtr item = parse_expression();
        if (!item) return nullptr;
        if (list->children.empty() && at("..")) {
            range_end_ = outer_end;
            return parse_interval_from(from, start_included, item);
        }
        list->children.push_back(std::move(item));
    } while (take(","));
    range_end_ = outer_end;
    if (!start_included) return fail_here("“..”");
    return expect("]") ? list : nullptr;
}

NodePtr Parser::parse_parentheses() {
    const std::size_t from = tokens_[at_++].offset;
    if (one_sided_form()) {
        const NodePtr test = parse_one_sided();
        return test && expect(")") ? test : nullptr;
    }
    const bool outer_end = std::exchange(range_end_, false);
    const NodePtr inner = parse_expression();
    range_end_ = outer_end;
    if (!inner) return nullptr;
    if (at("..")) return parse_interval_from(from, false, inner);
    return expect(")") ? inner : nullptr;
}

NodePtr Parser::parse_interval_from(std::size_t from, bool start_included, NodePtr start) {
    ++at_;  // ".."
    const bool outer_end = std::exchange(range_end_, true);
    NodePtr end = parse_additive();
    range_end_ = outer_end;
    if (!end) return nullptr;
    auto node = make(Op::interval, from);
    node->start_included = start_included;
    node->end_included = at("]");
    if (!take("]") && !take(")") && !take("[")) return fail_here("区间的结尾 ]、) 或 [");
    node->children = {std::move(start), std::move(end)};
    return node;
}

bool Parser::filter_begins_here() {
    if (!range_end_) return true;
    // `[1..n[`: a bracket that closes a range and one that opens a filter look the same. It is a filter when one can be
    // read here and the range still finds its end behind it.
    const std::size_t before = at_;
    const auto failure = failure_;
    const NodePtr filter = parse_filter(make(Op::literal, current().offset));
    if (has_met_a_limit()) return false;
    const bool found = filter && (at("]") || at(")") || at("["));
    at_ = before;
    failure_ = failure;
    return found;
}

NodePtr Parser::parse_context() {
    auto node = make(Op::context, tokens_[at_++].offset);
    const std::size_t mark = names_.mark();
    const bool outer_end = std::exchange(range_end_, false);
    while (!at("}")) {
        std::string key;
        if (current().kind == Token::Kind::string) {
            key = tokens_[at_++].text;
        } else {
            key = take_spelled_name({":"});
            if (key.empty()) return fail_here("条目的名称");
        }
        if (!expect(":")) return nullptr;
        names_.add(key);  // known in its own value too: a function may call itself
        members_.add(key);
        NodePtr value = parse_expression();
        if (!value) return nullptr;
        node->names.push_back(std::move(key));
        node->children.push_back(std::move(value));
        if (!take(",")) break;
    }
    range_end_ = outer_end;
    names_.back_to(mark);
    return expect("}") ? node : nullptr;
}

NodePtr Parser::parse_path(NodePtr object) {
    auto node = make(Op::path, tokens_[at_++].offset);
    std::string member = take_member_name();
    if (member.empty()) return fail_here("“.”后面的名称");
    if (object->op == Op::name) node->spelling = object->names[0] + "." + member;
    if (!object->spelling.empty()) node->spelling = object->spelling + "." + member;
    node->names.push_back(std::move(member));
    node->children.push_back(std::move(object));
    return node;
}

NodePtr Parser::parse_filter(NodePtr list) {
    const std::size_t from = tokens_[at_++].offset;
    const bool outer_end = std::exchange(range_end_, false);
    ++filters_;
    const std::size_t mark = names_.mark();
    names_.add("item");
    NodePtr condition = parse_expression();
    names_.back_to(mark);
    --filters_;
    range_end_ = outer_end;
    if (!condition || !expect("]")) return nullptr;
    return make(Op::filter, from, {std::move(list), std::move(condition)});
}

NodePtr Parser::parse_call(NodePtr callee) {
    auto node = make(Op::call, tokens_[at_++].offset);
    node->builtin = callee->op == Op::name ? callee->builtin : nullptr;
    node->children.push_back(std::move(callee));
    const bool outer_end = std::exchange(range_end_, false);
    const bool named = spelled_name_size({":"}) > 0 && ahead(spelled_name_size({":"})).is(":");
    const bool parsed = at(")") || (named ? parse_named_arguments(*node) : parse_arguments(*node));
    range_end_ = outer_end;
    return parsed && expect(")") ? node : nullptr;
}

bool Parser::parse_named_arguments(Node& call) {
    do {
        std::string name = take_spelled_name({":"});
        if (name.empty()) return fail_here("参数的名称") != nullptr;
        if (!expect(":")) return false;
        NodePtr value = parse_expression();
        if (!value) return false;
        call.names.push_back(std::move(name));
        call.children.push_back(std::move(value));
    } while (take(","));
    return true;
}

bool Parser::parse_arguments(Node& call) {
    do {
        NodePtr value = parse_expression();
        if (!value) return false;
        call.children.push_back(std::move(value));
    } while (take(","));
    return true;
}

}  // namespace kaigong::feel
