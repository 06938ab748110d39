#include "engine/feel/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/feel/text.hpp"

namespace kaigong::feel {

namespace {

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

bool is_name_start(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
           static_cast<unsigned char>(letter) >= 0x80;
}

std::optional<char32_t> hex_value(std::string_view digits) {
    char32_t value = 0;
    for (const char letter : digits) {
        const char lower = static_cast<char>(letter | 0x20);
        if (is_digit(letter)) {
            value = value * 16 + static_cast<char32_t>(letter - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            value = value * 16 + static_cast<char32_t>(lower - 'a' + 10);
        } else {
            return std::nullopt;
        }
    }
    return value;
}

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}

    Result<std::vector<Token>> run(ParseFailure* failure) {
        if (!is_valid_utf8(text_)) {
            return syntax_error(ParseFailure{}, "feel.syntax", "文字编码不是 UTF-8，请另存为 UTF-8");
        }
        while (skip_blank()) {
            if (at_ >= text_.size()) {
                add(Token::Kind::end, at_, "");
                return std::move(tokens_);
            }
            if (!next()) break;
        }
        ParseFailure place = place_of(text_, failed_at_);
        place.expected = expected_;
        if (failure != nullptr) *failure = place;
        return syntax_error(place, "feel.syntax", failure_);
    }

  private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    void add(Token::Kind kind, std::size_t offset, std::string text) {
        tokens_.push_back({kind, std::move(text), offset, blank_});
        blank_ = false;
    }

    bool fail(std::size_t offset, std::string_view what, std::string_view expected) {
        failed_at_ = offset;
        failure_ = what;
        expected_ = expected;
        return false;
    }

    /// Spaces and comments; false when a comment has no end.
    bool skip_blank() {
        while (at_ < text_.size()) {
            std::size_t after = at_;
            if (is_space(next_code_point(text_, after))) {
                at_ = after;
            } else if (peek() == '/' && peek(1) == '/') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (peek() == '/' && peek(1) == '*') {
                const std::size_t end = text_.find("*/", at_ + 2);
                if (end == std::string_view::npos) return fail(at_, "注释没有结尾，请补上 */", "*/");
                at_ = end + 2;
            } else {
                return true;
            }
            blank_ = true;
        }
        return true;
    }

    bool next() {
        const char letter = peek();
        if (letter == '"') return string(Token::Kind::string, at_);
        if (letter == '@' && peek(1) == '"') {
            const std::size_t from = at_++;
            return string(Token::Kind::at_string, from);
        }
        if (is_digit(letter) || (letter == '.' && is_digit(peek(1)))) return number();
        if (is_name_start(letter)) return name();
        return symbol();
    }

    bool number() {
        const std::size_t from = at_;
        while (is_digit(peek())) ++at_;
        if (peek() == '.' && is_digit(peek(1))) {
            ++at_;
            while (is_digit(peek())) ++at_;
        }
        const bool sign = peek(1) == '+' || peek(1) == '-';
        if ((peek() == 'e' || peek() == 'E') && is_digit(peek(sign ? 2 : 1))) {
            at_ += sign ? 2 : 1;
            while (is_digit(peek())) ++at_;
        }
        add(Token::Kind::number, from, std::string(text_.substr(from, at_ - from)));
        return true;
    }

    bool name() {
        const std::size_t from = at_;
        while (at_ < text_.size() && (is_name_start(peek()) || is_digit(peek()))) {
            std::size_t after = at_;
            if (is_space(next_code_point(text_, after))) break;
            at_ = after;
        }
        add(Token::Kind::name, from, std::string(text_.substr(from, at_ - from)));
        return true;
    }

    bool symbol() {
        static constexpr std::array<std::string_view, 6> kPairs{"..", "**", "<=", ">=", "!=", "->"};
        for (const std::string_view pair : kPairs) {
            if (text_.substr(at_, 2) == pair) {
                add(Token::Kind::symbol, at_, std::string(pair));
                at_ += 2;
                return true;
            }
        }
        add(Token::Kind::symbol, at_, std::string(1, peek()));
        ++at_;
        return true;
    }

    bool string(Token::Kind kind, std::size_t from) {
        std::string content;
        ++at_;
        while (at_ < text_.size() && peek() != '"') {
            if (peek() == '\\') {
                escape(content);
            } else {
                content += text_[at_++];
            }
        }
        if (at_ >= text_.size()) return fail(from, "文字没有结尾，请补上双引号", "\"");
        ++at_;
        add(kind, from, std::move(content));
        return true;
    }

    /// Escapes that FEEL does not know (`\d` of a pattern) stay as they are, backslash included.
    void escape(std::string& content) {
        const char letter = peek(1);
        static constexpr std::string_view kLetters = "\"\\'ntr";
        static constexpr std::string_view kMeanings = "\"\\'\n\t\r";
        if (letter == 'u' || letter == 'U') {
            if (code_point_escape(content, letter == 'u' ? 4 : 6)) return;
        } else if (const std::size_t index = kLetters.find(letter); letter != '\0' && index != std::string_view::npos) {
            content += kMeanings[index];
            at_ += 2;
            return;
        }
        content += '\\';
        ++at_;
    }

    bool code_point_escape(std::string& content, std::size_t digits) {
        if (text_.size() - at_ < digits + 2) return false;
        const auto value = hex_value(text_.substr(at_ + 2, digits));
        if (!value || *value > 0x10FFFF) return false;
        char32_t code_point = *value;
        std::size_t used = digits + 2;
        if (code_point >= 0xD800 && code_point <= 0xDBFF && text_.substr(at_ + used, 2) == "\\u") {
            const auto low = hex_value(text_.substr(std::min(at_ + used + 2, text_.size()), 4));
            if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
                code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (*low - 0xDC00);
                used += 6;
            }
        }
        if (code_point >= 0xD800 && code_point <= 0xDFFF) code_point = kReplacement;
        append_code_point(code_point, content);
        at_ = std::min(at_ + used, text_.size());
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool blank_ = false;
    std::vector<Token> tokens_;
    std::size_t failed_at_ = 0;
    std::string failure_;
    std::string expected_;
};

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view text, ParseFailure* failure) {
    return Lexer(text).run(failure);
}

ParseFailure place_of(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    ParseFailure place;
    place.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
    place.column = code_points_in(before.substr(line_start)) + 1;
    return place;
}

Error syntax_error(const ParseFailure& place, std::string reason, std::string_view what) {
    return error(Errc::invalid_input, std::move(reason),
                 fmt::format("第 {} 行第 {} 列：{}。", place.line, place.column, what));
}

}  // namespace kaigong::feel
