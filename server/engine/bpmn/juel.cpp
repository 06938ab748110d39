#include "engine/bpmn/juel.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace kaigong::bpmn {
namespace {

constexpr int kDepthMax = 50;

Error not_translatable(std::string_view what) {
    return error(Errc::invalid_input, "bpmn.expression_language",
                 fmt::format("表达式须用 FEEL 书写；${{…}} 里的“{}”不能换成 FEEL，请改写。", what));
}

struct Operator {
    std::string_view juel;
    std::string_view feel;
    int precedence;
};
// Longer spellings first. Arithmetic binds closest, as in both languages.
constexpr std::array kOperators{
    Operator{"&&", "and", 2},  Operator{"||", "or", 1}, Operator{"==", "=", 3}, Operator{"!=", "!=", 3},
    Operator{"<=", "<=", 4},   Operator{">=", ">=", 4}, Operator{"<", "<", 4},  Operator{">", ">", 4},
    Operator{"+", "+", 5},     Operator{"-", "-", 5},   Operator{"*", "*", 6},  Operator{"/", "/", 6},
    Operator{"and", "and", 2}, Operator{"or", "or", 1}, Operator{"eq", "=", 3}, Operator{"ne", "!=", 3},
    Operator{"le", "<=", 4},   Operator{"ge", ">=", 4}, Operator{"lt", "<", 4}, Operator{"gt", ">", 4},
    Operator{"div", "/", 6},
};

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool is_word(char c) {
    return is_letter(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

class Translator {
  public:
    explicit Translator(std::string_view text) : text_(text) {}

    Result<std::string> translate() {
        KAIGONG_TRY(whole, expression(0, 0));
        skip_blanks();
        if (!text_.empty()) return not_translatable(text_.substr(0, 20));
        return whole;
    }

  private:
    void skip_blanks() {
        while (!text_.empty() && std::isspace(static_cast<unsigned char>(text_.front())) != 0) text_.remove_prefix(1);
    }

    const Operator* next_operator() {
        skip_blanks();
        for (const Operator& one : kOperators) {
            if (!text_.starts_with(one.juel)) continue;
            const bool runs_on =
                is_letter(one.juel.front()) && text_.size() > one.juel.size() && is_word(text_[one.juel.size()]);
            if (!runs_on) return &one;
        }
        return nullptr;
    }

    /// Operators of at least this precedence, from the left.
    Result<std::string> expression(int precedence, int depth) {
        KAIGONG_TRY(left, operand(depth));
        for (const Operator* found = next_operator(); found != nullptr && found->precedence >= precedence;
             found = next_operator()) {
            text_.remove_prefix(found->juel.size());
            KAIGONG_TRY(right, expression(found->precedence + 1, depth + 1));
            left = fmt::format("({} {} {})", left, found->feel, right);
        }
        return left;
    }

    Result<std::string> operand(int depth) {
        skip_blanks();
        if (depth > kDepthMax) return not_translatable("嵌套过深");
        if (text_.empty()) return not_translatable("空");
        const char first = text_.front();
        if (first == '!' || (word() == "not")) return negated(first == '!' ? 1 : 3, depth);
        if (word() == "empty") return is_empty(depth);
        if (first == '-') {
            text_.remove_prefix(1);
            KAIGONG_TRY(inner, operand(depth + 1));
            return fmt::format("-({})", inner);
        }
        if (first == '(') return in_parentheses(depth);
        if (first == '\'' || first == '"') return literal(first);
        if (std::isdigit(static_cast<unsigned char>(first)) != 0) return number();
        return name();
    }

    std::string_view word() const {
        std::size_t end = 0;
        while (end < text_.size() && is_word(text_[end])) ++end;
        return text_.substr(0, end);
    }

    Result<std::string> negated(std::size_t length, int depth) {
        text_.remove_prefix(length);
        KAIGONG_TRY(inner, operand(depth + 1));
        return fmt::format("not({})", inner);
    }

    Result<std::string> is_empty(int depth) {
        text_.remove_prefix(5);
        KAIGONG_TRY(inner, operand(depth + 1));
        return fmt::format("({0} = null or (if {0} instance of string then {0} = \"\" else count({0}) = 0))", inner);
    }

    Result<std::string> in_parentheses(int depth) {
        text_.remove_prefix(1);
        KAIGONG_TRY(inner, expression(0, depth + 1));
        skip_blanks();
        if (!text_.starts_with(')')) return not_translatable("缺少右括号");
        text_.remove_prefix(1);
        return fmt::format("({})", inner);
    }

    Result<std::string> literal(char quote) {
        const std::size_t end = text_.find(quote, 1);
        const std::string_view content = text_.substr(1, end == std::string_view::npos ? end : end - 1);
        if (end == std::string_view::npos || content.find('\\') != std::string_view::npos ||
            content.find('"') != std::string_view::npos) {
            return not_translatable(text_.substr(0, 20));
        }
        text_.remove_prefix(end + 1);
        return fmt::format("\"{}\"", content);
    }

    Result<std::string> number() {
        std::size_t end = 0;
        while (end < text_.size() && (std::isdigit(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '.'))
            ++end;
        std::string digits(text_.substr(0, end));
        text_.remove_prefix(end);
        return digits;
    }

    /// `approved`, `owner.name`; a call or an index is not FEEL's.
    Result<std::string> name() {
        std::size_t end = 0;
        while (end < text_.size() && (is_word(text_[end]) || (text_[end] == '.' && end > 0))) ++end;
        const bool goes_on = end < text_.size() && (text_[end] == '(' || text_[end] == '[');
        if (end == 0 || goes_on || text_[end - 1] == '.') return not_translatable(text_.substr(0, 20));
        std::string path(text_.substr(0, end));
        text_.remove_prefix(end);
        return path;
    }

    std::string_view text_;
};

}  // namespace

bool is_juel(std::string_view text) {
    return (text.starts_with("${") || text.starts_with("#{")) && text.ends_with('}');
}

Result<std::string> feel_of_juel(std::string_view text) {
    return Translator(text.substr(2, text.size() - 3)).translate();
}

}  // namespace kaigong::bpmn
