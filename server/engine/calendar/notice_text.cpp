#include "engine/calendar/notice_text.hpp"

#include <algorithm>
#include <array>

namespace kaigong::calendar {
namespace {

struct Replacement {
    std::string_view from;
    std::string_view to;
};

constexpr std::array kReplacements{
    Replacement{"０", "0"},      Replacement{"１", "1"},  Replacement{"２", "2"},  Replacement{"３", "3"},
    Replacement{"４", "4"},      Replacement{"５", "5"},  Replacement{"６", "6"},  Replacement{"７", "7"},
    Replacement{"８", "8"},      Replacement{"９", "9"},  Replacement{"（", "("},  Replacement{"）", ")"},
    Replacement{"，", ","},      Replacement{"：", ":"},  Replacement{"；", "。"}, Replacement{"　", ""},
    Replacement{"\xC2\xA0", ""}, Replacement{"～", "至"}, Replacement{"—", "至"},  Replacement{"﹕", ":"},
};

constexpr std::array<std::string_view, 10> kNumerals{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
constexpr std::array<std::string_view, 8> kWeekdays{"日", "一", "二", "三", "四", "五", "六", "天"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// 「一、」 … 「十一、」: how many bytes; 0 when there is none.
std::size_t item_mark(std::string_view text) {
    std::size_t at = 0;
    for (int numerals = 0; numerals < 2; ++numerals) {
        const auto found = std::ranges::find_if(
            kNumerals, [&](std::string_view numeral) { return text.substr(at).starts_with(numeral); });
        if (found == kNumerals.end()) break;
        at += found->size();
    }
    constexpr std::string_view kMark = "、";
    return at > 0 && text.substr(at).starts_with(kMark) ? at + kMark.size() : 0;
}

struct Number {
    int value = 0;
    std::size_t size = 0;
};

Number number_at(std::string_view text) {
    constexpr std::size_t kDigitsMax = 4;
    Number number;
    while (number.size < text.size() && number.size < kDigitsMax && is_digit(text[number.size])) {
        number.value = number.value * 10 + (text[number.size] - '0');
        ++number.size;
    }
    return number;
}

/// A number with its unit, taken from the front.
std::optional<int> take(std::string_view& text, std::string_view unit) {
    const auto number = number_at(text);
    if (number.size == 0 || !text.substr(number.size).starts_with(unit)) return std::nullopt;
    text.remove_prefix(number.size + unit.size());
    return number.value;
}

/// 「周三」 or 「星期日」 anywhere inside the bracket.
int weekday_in(std::string_view bracket) {
    for (const std::string_view word : {"星期", "周"}) {
        const auto at = bracket.find(word);
        if (at == std::string_view::npos) continue;
        const auto rest = bracket.substr(at + word.size());
        const auto found = std::ranges::find_if(kWeekdays, [&](auto name) { return rest.starts_with(name); });
        if (found == kWeekdays.end()) continue;
        return static_cast<int>(found - kWeekdays.begin()) % 7;
    }
    return -1;
}

/// Nothing, and `text` as it was, when no date begins here.
std::optional<WrittenDate> take_date(std::string_view& text) {
    constexpr std::string_view kDay = "日";
    std::string_view rest = text;
    WrittenDate date;
    date.year = take(rest, "年").value_or(0);
    date.month = take(rest, "月").value_or(0);
    const auto day = take(rest, kDay);
    if (!day) return std::nullopt;
    date.day = *day;
    if (rest.starts_with('(')) {
        const auto end = rest.find(')');
        if (end != std::string_view::npos) {
            date.weekday = weekday_in(rest.substr(1, end - 1));
            rest.remove_prefix(end + 1);
        }
    }
    date.text = std::string(text.substr(0, text.size() - rest.size()));
    text = rest;
    return date;
}

void end_sentence(std::vector<std::string>& sentences, std::string& sentence) {
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
    sentence.clear();
}

}  // namespace

std::string plain_notice(std::string_view text) {
    std::string plain;
    bool line_begins = true;
    while (!text.empty()) {
        const char c = text.front();
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
            line_begins |= c == '\n' || c == '\r';
            text.remove_prefix(1);
            continue;
        }
        const auto found =
            std::ranges::find_if(kReplacements, [&](const auto& one) { return text.starts_with(one.from); });
        if (found != kReplacements.end()) {
            plain += found->to;
            text.remove_prefix(found->from.size());
            continue;
        }
        if (line_begins && item_mark(text) > 0) plain += "。";
        line_begins = false;
        plain += c == ';' ? std::string_view("。") : text.substr(0, 1);
        text.remove_prefix(1);
    }
    return plain;
}

std::vector<std::string> sentences_of(std::string_view plain) {
    constexpr std::string_view kStop = "。";
    std::vector<std::string> sentences;
    std::string sentence;
    while (!plain.empty()) {
        if (plain.starts_with(kStop)) {
            end_sentence(sentences, sentence);
            plain.remove_prefix(kStop.size());
            continue;
        }
        sentence += plain.front();
        plain.remove_prefix(1);
    }
    end_sentence(sentences, sentence);
    return sentences;
}

std::vector<std::string_view> clauses_of(std::string_view sentence) {
    std::vector<std::string_view> clauses;
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        if (sentence[i] == '(') ++depth;
        if (sentence[i] == ')') --depth;
        if (sentence[i] != ',' || depth > 0) continue;
        clauses.push_back(sentence.substr(from, i - from));
        from = i + 1;
    }
    clauses.push_back(sentence.substr(from));
    return clauses;
}

std::optional<std::string> take_item_name(std::string_view& sentence) {
    constexpr std::size_t kNameBytesMax = 60;
    const auto mark = item_mark(sentence);
    const auto colon = sentence.find(':');
    if (mark == 0 || colon == std::string_view::npos || colon <= mark || colon - mark > kNameBytesMax) {
        return std::nullopt;
    }
    std::string name(sentence.substr(mark, colon - mark));
    sentence.remove_prefix(colon + 1);
    return name;
}

std::vector<WrittenDate> dates_of(std::string_view clause) {
    constexpr std::string_view kThrough = "至";
    std::vector<WrittenDate> dates;
    bool after_through = false;
    while (!clause.empty()) {
        if (is_digit(clause.front())) {
            if (auto date = take_date(clause)) {
                date->ends_range = after_through;
                after_through = false;
                dates.push_back(std::move(*date));
                continue;
            }
            clause.remove_prefix(number_at(clause).size);
            continue;
        }
        after_through = clause.starts_with(kThrough);
        clause.remove_prefix(after_through ? kThrough.size() : 1);
    }
    return dates;
}

std::optional<int> days_said(std::string_view clause) {
    constexpr std::string_view kDays = "天";
    for (std::size_t i = 0; i < clause.size(); ++i) {
        if (!is_digit(clause[i])) continue;
        const auto number = number_at(clause.substr(i));
        if (clause.substr(i + number.size).starts_with(kDays)) return number.value;
        i += number.size - 1;
    }
    return std::nullopt;
}

}  // namespace kaigong::calendar
