#include "engine/feel/regex_translation.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cstdint>
#include <optional>
#include <vector>

namespace kaigong::feel {

namespace {

struct Block {
    std::string_view name;
    std::uint32_t first;
    std::uint32_t last;
};

/// Blocks of Unicode that `\p{Is…}` may name: those that papers of an office can hold.
constexpr std::array<Block, 24> kBlocks{{
    {"BasicLatin", 0x0000, 0x007F},
    {"Latin-1Supplement", 0x0080, 0x00FF},
    {"LatinExtended-A", 0x0100, 0x017F},
    {"LatinExtended-B", 0x0180, 0x024F},
    {"IPAExtensions", 0x0250, 0x02AF},
    {"Greek", 0x0370, 0x03FF},
    {"GreekandCoptic", 0x0370, 0x03FF},
    {"Cyrillic", 0x0400, 0x04FF},
    {"Hebrew", 0x0590, 0x05FF},
    {"Arabic", 0x0600, 0x06FF},
    {"Thai", 0x0E00, 0x0E7F},
    {"Tibetan", 0x0F00, 0x0FFF},
    {"Mongolian", 0x1800, 0x18AF},
    {"GeneralPunctuation", 0x2000, 0x206F},
    {"LetterlikeSymbols", 0x2100, 0x214F},
    {"NumberForms", 0x2150, 0x218F},
    {"MathematicalOperators", 0x2200, 0x22FF},
    {"CJKSymbolsandPunctuation", 0x3000, 0x303F},
    {"Hiragana", 0x3040, 0x309F},
    {"Katakana", 0x30A0, 0x30FF},
    {"CJKUnifiedIdeographsExtensionA", 0x3400, 0x4DBF},
    {"CJKUnifiedIdeographs", 0x4E00, 0x9FFF},
    {"HangulSyllables", 0xAC00, 0xD7A3},
    {"HalfwidthandFullwidthForms", 0xFF00, 0xFFEF},
}};

constexpr std::string_view kNameStart = R"(_:A-Za-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D})"
                                        R"(\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF})"
                                        R"(\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF})";
constexpr std::string_view kNameMore = R"(\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040})";
constexpr std::size_t kNestingDepthMax = 50;

bool is_blank(char letter) {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

class Translator {
  public:
    Translator(std::string_view pattern, bool free_spacing) : rest_(pattern), free_spacing_(free_spacing) {}

    Result<std::string> run() {
        while (!rest_.empty() && problem_.empty()) piece();
        if (problem_.empty() && !open_groups_.empty()) problem_ = "括号没有闭合";
        if (!problem_.empty()) {
            return error(Errc::invalid_input, "feel.invalid_pattern",
                         fmt::format("正则表达式有误：{}，请改正后再试。", problem_));
        }
        return std::move(result_);
    }

  private:
    char peek(std::size_t ahead = 0) const { return ahead < rest_.size() ? rest_[ahead] : '\0'; }
    char take() {
        const char letter = rest_.front();
        rest_.remove_prefix(1);
        return letter;
    }
    void fail(std::string_view problem) {
        if (problem_.empty()) problem_ = problem;
    }

    void piece() {
        const char letter = take();
        switch (letter) {
            case ' ':
            case '\t':
            case '\n':
            case '\r':
                if (!free_spacing_) result_ += letter;
                return;
            case '\\': return escape(false);
            case '[': return class_expression(0);
            case '(': return open_group();
            case ')': return close_group();
            case '*':
            case '+':
            case '?': return quantifier(std::string(1, letter));
            case '{': return counted();
            case ']':
            case '}': return fail("多出一个闭合的括号");
            case '#': result_ += "\\#"; return;
            default: result_ += letter;
        }
    }

    void open_group() {
        if (peek() == '?') {
            if (peek(1) != ':') return fail("不支持 (? 开头的写法");
            rest_.remove_prefix(2);
            result_ += "(?:";
            open_groups_.push_back(0);
        } else {
            if (peek() == '*') return fail("量词 * 前面没有内容");
            result_ += '(';
            open_groups_.push_back(++groups_);
        }
    }

    void close_group() {
        if (open_groups_.empty()) return fail("多出一个闭合的括号");
        if (open_groups_.back() != 0) closed_groups_.push_back(open_groups_.back());
        open_groups_.pop_back();
        result_ += ')';
    }

    /// A quantifier may be followed by `?` (reluctant), never by another one: PCRE2 would read `++` as possessive.
    void quantifier(const std::string& text) {
        skip_blanks();
        result_ += text;
        if (peek() == '?') result_ += take();
        skip_blanks();
        if (peek() == '*' || peek() == '+' || peek() == '?') fail("两个量词连在一起");
    }

    void counted() {
        std::string text = "{";
        while (!rest_.empty() && peek() != '}') {
            const char letter = take();
            if (free_spacing_ && is_blank(letter)) continue;
            if (std::isdigit(static_cast<unsigned char>(letter)) == 0 && letter != ',') return fail("{} 里应为次数");
            text += letter;
        }
        if (rest_.empty() || text.size() == 1 || text[1] == ',') return fail("{} 里应为次数");
        take();
        quantifier(text + "}");
    }

    void skip_blanks() {
        while (free_spacing_ && is_blank(peek())) take();
    }

    void escape(bool in_class) {
        if (!in_class) skip_blanks();
        if (rest_.empty()) return fail("反斜杠后面没有内容");
        const char letter = take();
        if (letter >= '0' && letter <= '9') return back_reference(letter, in_class);
        switch (letter) {
            case 'i': return name_class(kNameStart, "", false, in_class);
            case 'I': return name_class(kNameStart, "", true, in_class);
            case 'c': return name_class(kNameStart, kNameMore, false, in_class);
            case 'C': return name_class(kNameStart, kNameMore, true, in_class);
            case 'p':
            case 'P': return category(letter);
            case 's': result_ += in_class ? " \\t\\n\\r" : "[ \\t\\n\\r]"; return;
            case 'S': result_ += in_class ? "\\S" : "[^ \\t\\n\\r]"; return;
            case 'w': result_ += in_class ? "\\p{L}\\p{M}\\p{N}\\p{S}" : "[^\\p{P}\\p{Z}\\p{C}]"; return;
            case 'W': result_ += in_class ? "\\p{P}\\p{Z}\\p{C}" : "[\\p{P}\\p{Z}\\p{C}]"; return;
            case 'd': result_ += "\\p{Nd}"; return;
            case 'D': result_ += "\\P{Nd}"; return;
            default: break;
        }
        if (std::string_view("nrt\\|.?*+(){}-[]^$#").contains(letter)) {
            result_ += '\\';
            result_ += letter;
            return;
        }
        fail(fmt::format("不认识 \\{}", letter));
    }

    void back_reference(char first, bool in_class) {
        if (in_class || first == '0') return fail("这里不能引用分组");
        std::size_t number = static_cast<std::size_t>(first - '0');
        while (std::isdigit(static_cast<unsigned char>(peek())) != 0) {
            const std::size_t longer = number * 10 + static_cast<std::size_t>(peek() - '0');
            if (longer > groups_) break;
            number = longer;
            take();
        }
        for (const std::size_t closed : closed_groups_) {
            if (closed == number) {
                result_ += fmt::format("\\g{{{}}}", number);
                return;
            }
        }
        fail(fmt::format("没有第 {} 个分组", number));
    }

    void name_class(std::string_view letters, std::string_view more, bool negated, bool in_class) {
        if (in_class && negated) return fail("[] 里不能用 \\I 和 \\C");
        if (in_class) {
            result_ += letters;
            result_ += more;
        } else {
            result_ += fmt::format("[{}{}{}]", negated ? "^" : "", letters, more);
        }
    }

    void category(char letter) {
        std::string name;
        if (rest_.empty() || take() != '{') return fail("\\p 后面应为 {名称}");
        while (!rest_.empty() && peek() != '}') {
            const char next = take();
            if (!(free_spacing_ && is_blank(next))) name += next;
        }
        if (rest_.empty()) return fail("\\p 后面应为 {名称}");
        take();
        if (!name.starts_with("Is")) {
            const bool known = (name.size() == 1 || name.size() == 2) &&
                               std::string_view("LMNPZSC").contains(name[0]) &&
                               (name.size() == 1 || std::islower(static_cast<unsigned char>(name[1])) != 0);
            if (!known) return fail("不认识字符类别 " + name);
            result_ += fmt::format("\\{}{{{}}}", letter, name);
            return;
        }
        for (const Block& block : kBlocks) {
            if (block.name == std::string_view(name).substr(2)) return block_class(block, letter == 'P');
        }
        fail("不认识字符区块 " + name);
    }

    void block_class(const Block& block, bool negated) {
        // Inside a class PCRE2 takes ranges only, so the complement is written as the two ranges around the block.
        const std::string before = block.first == 0 ? "" : fmt::format("\\x{{0}}-\\x{{{:X}}}", block.first - 1);
        const std::string inside = fmt::format("\\x{{{:X}}}-\\x{{{:X}}}", block.first, block.last);
        const std::string after = fmt::format("\\x{{{:X}}}-\\x{{10FFFF}}", block.last + 1);
        const std::string ranges = negated ? before + after : inside;
        result_ += class_depth_ > 0 ? ranges : "[" + ranges + "]";
    }

    /// `[…]`, with XML Schema's subtraction `[a-z-[aeiou]]` as a look-ahead in front: (?![aeiou])[a-z].
    void class_expression(std::size_t depth) {
        if (depth > kNestingDepthMax) return fail("[] 嵌套太深");
        const std::size_t from = result_.size();
        ++class_depth_;
        result_ += '[';
        if (peek() == '^') result_ += take();
        bool empty = true;
        std::string subtracted;
        while (!rest_.empty() && peek() != ']' && problem_.empty()) {
            if (peek() == '-' && peek(1) == '[') {
                rest_.remove_prefix(2);
                const std::size_t inner_from = result_.size();
                class_expression(depth + 1);
                subtracted = result_.substr(inner_from);
                result_.resize(inner_from);
                if (peek() != ']') fail("字符集相减后面应为 ]");
                break;
            }
            class_letter();
            empty = false;
        }
        --class_depth_;
        if (rest_.empty() || empty) return fail("[] 没有内容或没有闭合");
        take();
        result_ += ']';
        if (!subtracted.empty()) {
            result_.insert(from, "(?:(?!" + subtracted + ")");
            result_ += ')';
        }
    }

    void class_letter() {
        const char letter = take();
        if (letter == '\\') return escape(true);
        if (letter == '[') return fail("[] 里的 [ 请写成 \\[");
        // A blank too: XPath's flag x drops blanks outside of classes only.
        result_ += letter;
    }

    std::string_view rest_;
    bool free_spacing_;
    std::string result_;
    std::string problem_;
    std::size_t groups_ = 0;
    std::size_t class_depth_ = 0;
    std::vector<std::size_t> open_groups_;
    std::vector<std::size_t> closed_groups_;
};

}  // namespace

Result<std::string> translated_pattern(std::string_view pattern, bool free_spacing) {
    return Translator(pattern, free_spacing).run();
}

}  // namespace kaigong::feel
