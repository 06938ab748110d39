#include "engine/feel/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "engine/feel/regex_translation.hpp"

namespace kaigong::feel {

namespace {

constexpr std::size_t kPatternBytesMax = 4'096;
/// A search begins with few steps and is done again with more, so that a dear one is known while it is cheap still.
constexpr std::array<std::uint32_t, 3> kMatchSteps{2'000, 20'000, 200'000};
constexpr std::size_t kMatchStepsAStep = 4;
constexpr std::uint32_t kMatchDepthMax = 2'000;
constexpr std::uint32_t kHeapKibibytesMax = 4'096;
constexpr std::uint32_t kGroupsNestedMax = 100;
constexpr std::size_t kCachedPatterns = 64;
constexpr std::size_t kFewGroups = 15;
constexpr std::size_t kCompileSteps = 100;
constexpr std::size_t kCompiledBytesAStep = 6;

Error invalid_pattern(std::string_view problem) {
    return error(Errc::invalid_input, "feel.invalid_pattern",
                 fmt::format("正则表达式有误：{}，请改正后再试。", problem));
}

using CompileContext = std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)>;
using MatchContext = std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)>;
using MatchData = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;

Result<std::uint32_t> options_of(std::string_view flags) {
    std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY;
    for (const char flag : flags) {
        switch (flag) {
            case 's': options |= PCRE2_DOTALL; break;
            case 'm': options |= PCRE2_MULTILINE; break;
            case 'i': options |= PCRE2_CASELESS; break;
            case 'x': break;  // the translation takes the blanks out
            case 'q': options |= PCRE2_LITERAL; break;
            default: return invalid_pattern(fmt::format("不认识标志 {}，可用 s、m、i、x、q", flag));
        }
    }
    if ((options & PCRE2_LITERAL) != 0) {
        options &= ~(PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_DOLLAR_ENDONLY | PCRE2_UCP);
    }
    return options;
}

MatchContext bounded_context() {
    MatchContext context(pcre2_match_context_create(nullptr), &pcre2_match_context_free);
    pcre2_set_depth_limit(context.get(), kMatchDepthMax);
    pcre2_set_heap_limit(context.get(), kHeapKibibytesMax);
    return context;
}

}  // namespace

Result<Regex> Regex::compile(std::string_view pattern, std::string_view flags) {
    if (pattern.size() > kPatternBytesMax) return invalid_pattern("太长");
    KAIGONG_TRY(options, options_of(flags));
    std::string text(pattern);
    if ((options & PCRE2_LITERAL) == 0) {
        KAIGONG_TRY(translated, translated_pattern(pattern, flags.contains('x')));
        text = std::move(translated);
    }
    const CompileContext context(pcre2_compile_context_create(nullptr), &pcre2_compile_context_free);
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANYCRLF);
    pcre2_set_parens_nest_limit(context.get(), kGroupsNestedMax);
    int code = 0;
    PCRE2_SIZE at = 0;
    pcre2_code* compiled =
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &code, &at, context.get());
    if (compiled == nullptr) return invalid_pattern(fmt::format("第 {} 个字节附近", at));
    Regex regex;
    regex.code_ = std::shared_ptr<const void>(
        compiled, [](const void* owned) { pcre2_code_free(static_cast<pcre2_code*>(const_cast<void*>(owned))); });
    std::uint32_t groups = 0;
    pcre2_pattern_info(compiled, PCRE2_INFO_CAPTURECOUNT, &groups);
    regex.groups_ = groups;
    return regex;
}

std::size_t Regex::compiled_bytes() const {
    std::size_t bytes = 0;
    pcre2_pattern_info(static_cast<const pcre2_code*>(code_.get()), PCRE2_INFO_SIZE, &bytes);
    return bytes;
}

Result<std::optional<Regex::Match>> Regex::find(std::string_view text, std::size_t from, const Spend& spend) const {
    const auto* code = static_cast<const pcre2_code*>(code_.get());
    thread_local const MatchContext context = bounded_context();
    thread_local const MatchData few_groups(pcre2_match_data_create(kFewGroups + 1, nullptr), &pcre2_match_data_free);
    const MatchData many_groups(groups_ > kFewGroups ? pcre2_match_data_create_from_pattern(code, nullptr) : nullptr,
                                &pcre2_match_data_free);
    pcre2_match_data* const data = many_groups ? many_groups.get() : few_groups.get();
    int count = PCRE2_ERROR_MATCHLIMIT;
    for (const std::uint32_t steps : kMatchSteps) {
        pcre2_set_match_limit(context.get(), steps);
        count = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from, PCRE2_NO_UTF_CHECK,
                            data, context.get());
        if (count != PCRE2_ERROR_MATCHLIMIT || (spend && !spend(steps / kMatchStepsAStep))) break;
    }
    if (count == PCRE2_ERROR_NOMATCH) return std::optional<Match>();
    if (count < 0) {
        return error(Errc::too_large, "feel.limit_pattern", "正则表达式匹配步骤太多，已停止。请简化表达式或缩短文字。");
    }
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data);
    Match match(groups_ + 1);
    for (std::size_t group = 0; group <= groups_; ++group) {
        const PCRE2_SIZE begin = ends[2 * group];
        if (begin != PCRE2_UNSET) match[group] = {true, begin, ends[2 * group + 1]};
    }
    return std::optional<Match>(std::move(match));
}

Result<Regex> cached_regex(const std::string& pattern, const std::string& flags, const Regex::Spend& spend) {
    struct Entry {
        std::string pattern;
        std::string flags;
        Regex regex;
    };
    thread_local std::deque<Entry> recent;
    for (const Entry& entry : recent) {
        if (entry.pattern == pattern && entry.flags == flags) return entry.regex;
    }
    KAIGONG_TRY(regex, Regex::compile(pattern, flags));
    if (spend) spend(kCompileSteps + regex.compiled_bytes() / kCompiledBytesAStep);
    if (recent.size() >= kCachedPatterns) recent.pop_back();
    recent.push_front({pattern, flags, regex});
    return regex;
}

namespace {

/// PCRE2 knows Unicode's case mapping; its substitution `\U$0` is the one way to reach it.
std::string in_case(std::string_view text, std::string_view replacement) {
    static const auto kAll = [] {
        int code = 0;
        PCRE2_SIZE at = 0;
        return pcre2_compile(reinterpret_cast<PCRE2_SPTR>("(?s)^.*$"), PCRE2_ZERO_TERMINATED,
                             PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY, &code, &at, nullptr);
    }();
    // A letter and its other case need not have the same number of bytes; none grows beyond three times.
    std::string result(text.size() * 3 + 8, '\0');
    PCRE2_SIZE size = result.size();
    const int count = pcre2_substitute(kAll, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                                       PCRE2_SUBSTITUTE_EXTENDED | PCRE2_NO_UTF_CHECK, nullptr, nullptr,
                                       reinterpret_cast<PCRE2_SPTR>(replacement.data()), replacement.size(),
                                       reinterpret_cast<PCRE2_UCHAR*>(result.data()), &size);
    if (count < 0) return std::string(text);
    result.resize(size);
    return result;
}

}  // namespace

std::string in_upper_case(std::string_view text) {
    return in_case(text, "\\U$0");
}
std::string in_lower_case(std::string_view text) {
    return in_case(text, "\\L$0");
}

}  // namespace kaigong::feel
