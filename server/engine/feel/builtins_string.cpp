#include <array>

#include "engine/feel/builtins.hpp"
#include "engine/feel/machine.hpp"
#include "engine/feel/regex.hpp"
#include "engine/feel/text.hpp"

namespace kaigong::feel {

namespace {

Value as_null(const Error& failure) {
    return Value::null(failure.reason, failure.message);
}

Value wrong_position() {
    return Value::null("feel.wrong_position", "起始位置不能是 0，长度应是正数，请改正。");
}

/// Texts are taken apart letter by letter (check digits): those of one ASCII letter are made once.
Value short_text(std::string_view text) {
    static const auto kLetters = [] {
        std::array<Value, 128> letters;
        for (std::size_t at = 0; at < letters.size(); ++at) letters[at] = Value(std::string(1, static_cast<char>(at)));
        return letters;
    }();
    const bool is_letter = text.size() == 1 && static_cast<unsigned char>(text[0]) < kLetters.size();
    return is_letter ? kLetters[static_cast<unsigned char>(text[0])] : Value(text);
}

Value string_length(const Call& call) {
    return Value(static_cast<std::int64_t>(code_points_in(call[0].as_string())));
}

Value substring(const Call& call) {
    const std::string& text = call[0].as_string();
    const auto start = call[1].as_number().truncated_int64();
    const auto length = call.has(2) ? call[2].as_number().truncated_int64() : std::optional(std::int64_t{1} << 40U);
    if (!start || *start == 0 || !length || *length < 1) return wrong_position();
    const std::int64_t from = *start > 0 ? *start - 1 : static_cast<std::int64_t>(code_points_in(text)) + *start;
    if (from < 0) return Value("");
    const std::size_t begin = byte_of_code_point(text, static_cast<std::size_t>(from));
    const std::string_view rest = std::string_view(text).substr(begin);
    return short_text(rest.substr(0, byte_of_code_point(rest, static_cast<std::size_t>(*length))));
}

/// Mapping letters costs more than copying them.
constexpr std::size_t kBytesMappedAStep = 16;

Value upper_case(const Call& call) {
    if (!call.machine.spend(call[0].as_string().size() / kBytesMappedAStep)) return call.machine.exhausted();
    return call.machine.text(in_upper_case(call[0].as_string()));
}
Value lower_case(const Call& call) {
    if (!call.machine.spend(call[0].as_string().size() / kBytesMappedAStep)) return call.machine.exhausted();
    return call.machine.text(in_lower_case(call[0].as_string()));
}

Value substring_before(const Call& call) {
    const std::string& text = call[0].as_string();
    const std::size_t at = text.find(call[1].as_string());
    return Value(at == std::string::npos ? std::string_view() : std::string_view(text).substr(0, at));
}

Value substring_after(const Call& call) {
    const std::string& text = call[0].as_string();
    const std::size_t at = text.find(call[1].as_string());
    if (at == std::string::npos) return Value("");
    return Value(std::string_view(text).substr(at + call[1].as_string().size()));
}

Value contains(const Call& call) {
    return Value(call[0].as_string().contains(call[1].as_string()));
}
Value starts_with(const Call& call) {
    return Value(call[0].as_string().starts_with(call[1].as_string()));
}
Value ends_with(const Call& call) {
    return Value(call[0].as_string().ends_with(call[1].as_string()));
}

std::string flags_of(const Call& call, std::size_t index) {
    return call.has(index) ? call[index].as_string() : std::string();
}

Regex::Spend spending(const Call& call) {
    return [&machine = call.machine](std::size_t steps) { return machine.spend(steps); };
}

Value matches(const Call& call) {
    const auto regex = cached_regex(call[1].as_string(), flags_of(call, 2), spending(call));
    if (!regex) return as_null(regex.error());
    if (!call.machine.spend(call[0].as_string().size() / 16 + 4)) return call.machine.exhausted();
    const auto match = regex->find(call[0].as_string(), 0, spending(call));
    if (!match) return as_null(match.error());
    return Value(match->has_value());
}

/// Appends the replacement with `$1` filled in; false when `$` or `\` is used otherwise (XPath forbids it).
bool append_replacement(std::string_view replacement, std::string_view text, const Regex::Match& match,
                        std::string& result) {
    for (std::size_t at = 0; at < replacement.size(); ++at) {
        const char letter = replacement[at];
        const char next = at + 1 < replacement.size() ? replacement[at + 1] : '\0';
        if (letter == '\\') {
            if (next != '\\' && next != '$') return false;
            result += next;
            ++at;
        } else if (letter == '$') {
            if (next < '0' || next > '9') return false;
            std::size_t group = static_cast<std::size_t>(next - '0');
            // `$12` is group 12 only when there are so many, else group 1 and a 2.
            for (++at; at + 1 < replacement.size() && replacement[at + 1] >= '0' && replacement[at + 1] <= '9'; ++at) {
                const std::size_t longer = group * 10 + static_cast<std::size_t>(replacement[at + 1] - '0');
                if (longer >= match.size()) break;
                group = longer;
            }
            if (group < match.size() && match[group].found) {
                result += text.substr(match[group].begin, match[group].end - match[group].begin);
            }
        } else {
            result += letter;
        }
    }
    return true;
}

Value wrong_replacement() {
    return Value::null("feel.invalid_replacement", "替换文字里的 $ 后面应为分组号，\\ 后面应为 $ 或 \\，请改正。");
}

Value empty_match() {
    return Value::null("feel.invalid_pattern", "正则表达式能匹配空文字，不能用来替换或分割，请改正。");
}

/// Walks all matches; `each` gets the text before a match and the match. Null when done, else why it stopped.
template <class Each>
Value each_match(const Call& call, const Regex& regex, const std::string& text, std::size_t& last, const Each& each) {
    const auto empty = regex.find("", 0, spending(call));
    if (!empty) return as_null(empty.error());
    if (empty->has_value()) return empty_match();
    while (last <= text.size()) {
        if (!call.machine.spend(8)) return call.machine.exhausted();
        const auto match = regex.find(text, last, spending(call));
        if (!match) return as_null(match.error());
        if (!match->has_value()) break;
        const Regex::Group& whole = (**match)[0];
        if (whole.end == whole.begin) return empty_match();
        if (!each(std::string_view(text).substr(last, whole.begin - last), **match)) return wrong_replacement();
        last = whole.end;
    }
    return {};
}

Value replace(const Call& call) {
    const std::string& text = call[0].as_string();
    const auto regex = cached_regex(call[1].as_string(), flags_of(call, 3), spending(call));
    if (!regex) return as_null(regex.error());
    const bool is_literal = flags_of(call, 3).contains('q');
    const std::size_t bytes_max = call.machine.environment().limits.string_bytes_max;
    std::string result;
    std::size_t last = 0;
    Value stopped = each_match(call, *regex, text, last, [&](std::string_view before, const Regex::Match& match) {
        result += before;
        if (result.size() > bytes_max) return true;
        if (!is_literal) return append_replacement(call[2].as_string(), text, match, result);
        result += call[2].as_string();
        return true;
    });
    if (!stopped.null_code().empty()) return stopped;
    return call.machine.text(result + text.substr(last));
}

Value split(const Call& call) {
    const std::string& text = call[0].as_string();
    const auto regex = cached_regex(call[1].as_string(), "", spending(call));
    if (!regex) return as_null(regex.error());
    List parts;
    std::size_t last = 0;
    Value stopped = each_match(call, *regex, text, last, [&](std::string_view before, const Regex::Match&) {
        parts.emplace_back(before);
        return true;
    });
    if (!stopped.null_code().empty()) return stopped;
    parts.emplace_back(text.substr(last));
    return call.machine.list(std::move(parts));
}

Value string_join(const Call& call) {
    const std::string delimiter = flags_of(call, 1);
    const std::size_t bytes_max = call.machine.environment().limits.string_bytes_max;
    std::string result;
    bool first = true;
    for (const Value& item : call[0].as_list()) {
        if (item.is_null()) continue;
        if (!item.is(Kind::string))
            return Value::null("feel.wrong_arguments", "只能连接文字，请先用 string() 换成文字。");
        if (!first) result += delimiter;
        first = false;
        result += item.as_string();
        if (result.size() > bytes_max) break;
    }
    return call.machine.text(std::move(result));
}

constexpr std::array kStringTable{
    Definition{"string length", "string s", string_length},
    Definition{"substring", "string s, start position n, length n?", substring},
    Definition{"upper case", "string s", upper_case},
    Definition{"lower case", "string s", lower_case},
    Definition{"substring before", "string s, match s", substring_before},
    Definition{"substring after", "string s, match s", substring_after},
    Definition{"contains", "string s, match s", contains},
    Definition{"starts with", "string s, match s", starts_with},
    Definition{"ends with", "string s, match s", ends_with},
    Definition{"matches", "input s, pattern s, flags s?", matches},
    Definition{"replace", "input s, pattern s, replacement s, flags s?", replace},
    Definition{"split", "string s, delimiter s", split},
    Definition{"string join", "list l, delimiter s?", string_join},
};

}  // namespace

std::span<const Definition> string_builtins() {
    return kStringTable;
}

}  // namespace kaigong::feel
