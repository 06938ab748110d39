#include <algorithm>
#include <array>

#include "engine/feel/parser.hpp"

namespace kaigong::feel {

namespace {

constexpr std::array<std::string_view, 17> kReserved{"and",    "or",        "in",       "between", "then", "else",
                                                     "return", "satisfies", "instance", "of",      "if",   "for",
                                                     "some",   "every",     "true",     "false",   "null"};
/// Words that end a member's name, so that `a.b and c` is not one name of three words.
constexpr std::array<std::string_view, 9> kAfterMember{"and",  "or",     "in",        "between", "then",
                                                       "else", "return", "satisfies", "instance"};
/// How much work a token may cause: reading the same words a second time is bounded by it.
constexpr std::size_t kWorkPerToken = 16;

void collect_names(const Node& node, std::vector<std::string>& names) {
    if (node.op == Op::name && std::ranges::find(names, node.names.front()) == names.end()) {
        names.push_back(node.names.front());
    }
    for (const std::string& name : node.free_names) {
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    if (node.op == Op::function) return;  // its free names say what it needs from outside
    for (const NodePtr& child : node.children) collect_names(*child, names);
}

Names names_of(std::span<const std::string_view> all) {
    Names names;
    for (const std::string_view name : all) names.add(name);
    return names;
}

std::optional<Names::Match> longer(std::optional<Names::Match> own, std::optional<Names::Match> builtin) {
    return own && (!builtin || own->tokens >= builtin->tokens) ? own : builtin;
}

/// The members of a scope cut into words: once for the expressions of a model, which all have the same.
std::shared_ptr<const Names> words_of_members(const std::vector<std::string>& members) {
    thread_local std::vector<std::string> last_members;
    thread_local std::shared_ptr<const Names> last_words;
    if (!last_words || last_members != members) {
        auto words = std::make_shared<Names>();
        for (const std::string& member : members) words->add(member);
        last_words = std::move(words);
        last_members = members;
    }
    return last_words;
}

bool is_name_sign(std::string_view sign) {
    return sign.size() == 1 && std::string_view(".-/'+*").contains(sign[0]);
}

}  // namespace

std::vector<std::string> names_in(const Node& node) {
    std::vector<std::string> names;
    collect_names(node, names);
    return names;
}

Parser::Parser(std::string_view text, std::vector<Token> tokens, const Scope& scope)
    : text_(text), tokens_(std::move(tokens)), scope_(scope), budget_(tokens_.size() * kWorkPerToken + 1'000) {
    for (const std::string& name : scope.names) names_.add(name);
    scope_members_ = words_of_members(scope.member_names);
    for (const auto& [name, type] : scope.types) types_.add(name);
}

const Names& Parser::builtin_name_words() {
    static const Names kBuiltins = names_of(builtin_names());
    return kBuiltins;
}

const Names& Parser::builtin_type_words() {
    static const Names kBuiltins = names_of(Type::names());
    return kBuiltins;
}

std::optional<Names::Match> Parser::known_name() const {
    return longer(names_.longest(rest()), builtin_name_words().longest(rest()));
}

std::optional<Names::Match> Parser::known_member() const {
    static const Names kBuiltins =
        names_of(std::array<std::string_view, 3>{"time offset", "start included", "end included"});
    return longer(longer(members_.longest(rest()), scope_members_->longest(rest())), kBuiltins.longest(rest()));
}

std::optional<Names::Match> Parser::known_type() const {
    return longer(types_.longest(rest()), builtin_type_words().longest(rest()));
}

bool Parser::take(std::string_view word) {
    if (!at(word)) return false;
    ++at_;
    return true;
}

bool Parser::expect(std::string_view word) {
    if (take(word)) return true;
    fail_here("“" + std::string(word) + "”");
    return false;
}

std::nullptr_t Parser::fail(std::string reason, std::string_view what, std::string_view expected,
                            const std::string& nearest) {
    if (failure_) return nullptr;
    place_ = place_of(text_, current().offset);
    place_.expected = expected;
    place_.found = current().text;
    place_.nearest = nearest;
    failure_ = syntax_error(place_, std::move(reason), what);
    return nullptr;
}

bool Parser::has_met_a_limit() const {
    return failure_ && failure_->reason.starts_with("feel.limit_");
}

std::nullptr_t Parser::fail_here(std::string_view expected) {
    std::string what = "这里应为" + std::string(expected) + "，但";
    what += current().kind == Token::Kind::end ? "表达式已到结尾" : "遇到“" + current().text + "”";
    // Two words in a row: together they may be a name that is known but for a slip.
    std::string nearest;
    if (current().kind == Token::Kind::name && at_ > 0) nearest = nearest_known(std::min(last_name_, at_ - 1)).name;
    if (!nearest.empty()) what += "；是否想写“" + nearest + "”";
    return fail("feel.syntax", what, expected, nearest);
}

std::nullptr_t Parser::fail_unknown(std::string_view kind, std::string reason, const Names::Nearest& nearest) {
    const std::string advice = nearest.name.empty() ? "请检查拼写" : "是否想写“" + nearest.name + "”";
    return fail(std::move(reason), "不认识" + std::string(kind) + "“" + current().text + "”，" + advice, kind,
                nearest.name);
}

Names::Nearest Parser::nearest_known(std::size_t from) const {
    constexpr std::size_t kWordsMax = 6;
    Names::Nearest best;
    std::string words;
    for (std::size_t at = from; at < std::min(from + kWordsMax, tokens_.size()); ++at) {
        if (tokens_[at].kind != Token::Kind::name) break;
        if (at > from) words += ' ';
        words += tokens_[at].text;
        names_.find_nearest(words, best);
        builtin_name_words().find_nearest(words, best);
    }
    return best;
}

Names::Nearest Parser::nearest_type() const {
    Names::Nearest best;
    types_.find_nearest(current().text, best);
    builtin_type_words().find_nearest(current().text, best);
    return best;
}

namespace {

/// Higher trees could not be evaluated, nor freed, within the stack.
constexpr std::uint32_t kTreeHeightMax = 1'000;

std::uint32_t height_of(const Node& node) {
    if (node.height > 0) return node.height;
    std::uint32_t height = 0;
    for (const NodePtr& child : node.children) height = std::max(height, height_of(*child));
    return height + 1;
}

}  // namespace

/// The node, unless the tree has grown too high: chains (`1 + 1 + …`) nest without any bracket.
NodePtr Parser::measured(NodePtr node) {
    if (!node) return nullptr;
    const std::uint32_t height = height_of(*node);
    if (height > kTreeHeightMax) return fail("feel.limit_depth", "表达式太长，请拆成几个名称分别计算");
    const_cast<Node&>(*node).height = height;  // NOLINT(*-const-cast): nobody else has seen it yet
    return node;
}

bool Parser::spend() {
    if (budget_ == 0) return fail("feel.limit_depth", "表达式太复杂，请拆成几个名称分别计算") != nullptr;
    --budget_;
    return true;
}

Parser::Mutable Parser::make(Op op, std::size_t offset) const {
    auto node = std::make_shared<Node>();
    node->op = op;
    node->offset = static_cast<std::uint32_t>(offset);
    return node;
}

NodePtr Parser::make(Op op, std::size_t offset, std::vector<NodePtr> children) const {
    auto node = make(op, offset);
    node->children = std::move(children);
    return node;
}

bool Parser::is_reserved(std::string_view word) {
    return std::ranges::find(kReserved, word) != kReserved.end();
}

std::size_t Parser::spelled_name_size(std::initializer_list<std::string_view> stops) const {
    std::size_t count = 0;
    while (at_ + count < tokens_.size()) {
        const Token& token = tokens_[at_ + count];
        const bool word = token.kind == Token::Kind::name || (token.kind == Token::Kind::number && count > 0);
        const bool sign = token.kind == Token::Kind::symbol && count > 0 && is_name_sign(token.text);
        const bool stop = std::ranges::any_of(stops, [&](std::string_view text) { return token.is(text); });
        if (stop || !(word || sign)) break;
        ++count;
    }
    return count;
}

std::string Parser::spelled(std::size_t count) const {
    std::string name;
    for (std::size_t index = 0; index < count; ++index) {
        const Token& token = tokens_[at_ + index];
        const bool sign = token.kind == Token::Kind::symbol;
        const bool after_sign = index > 0 && tokens_[at_ + index - 1].kind == Token::Kind::symbol;
        if (index > 0 && token.after_space && !sign && !after_sign) name += ' ';
        name += token.text;
    }
    return name;
}

std::string Parser::take_spelled_name(std::initializer_list<std::string_view> stops) {
    const std::size_t count = spelled_name_size(stops);
    std::string name = spelled(count);
    at_ += count;
    return name;
}

/// After a dot: the longest known member, else all the words in a row (no expression has two words in a row).
std::string Parser::take_member_name() {
    if (const auto match = known_member()) {
        at_ += match->tokens;
        return match->name;
    }
    std::size_t count = 0;
    while (ahead(count).kind == Token::Kind::name &&
           std::ranges::find(kAfterMember, ahead(count).text) == kAfterMember.end()) {
        ++count;
    }
    if (count == 0 && ahead(0).kind == Token::Kind::name) count = 1;
    std::string name = spelled(count);
    at_ += count;
    return name;
}

}  // namespace kaigong::feel
