#include "formats/layout/pattern.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace kaigong::layout {
namespace {

namespace json = boost::json;

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && text[0] >= 'a' && text[0] <= 'z' &&
           std::ranges::all_of(text,
                               [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::string text_of(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    return {};
}

/// The code point at `at`, which is stepped over. The text is valid UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(at);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length && at + i < text.size(); ++i) code = (code << 6) | (byte(at + i) & 0x3FU);
    at += length;
    return code;
}

/// Control characters have no glyph; direction and zero-width marks let a paper show something else than it says.
bool is_refused(char32_t code) {
    return (code < 0x20 && code != '\n') || (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
           (code >= 0xE0000 && code <= 0xE007F);
}

struct TextCheck {
    std::size_t characters = 0;
    bool refused = false;
};

TextCheck check_text(std::string_view text) {
    TextCheck check;
    for (std::size_t at = 0; at < text.size(); ++check.characters) {
        check.refused = is_refused(next_code_point(text, at)) || check.refused;
    }
    return check;
}

/// `name`, `list.field`, either with `|otherwise`.
std::optional<PatternPart> parse_placeholder(std::string_view inside, bool bold) {
    const std::size_t bar = inside.find('|');
    std::string_view name = inside.substr(0, bar);
    PatternPart part;
    part.bold = bold;
    if (bar != std::string_view::npos) part.otherwise = inside.substr(bar + 1);
    if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
        part.field = name.substr(dot + 1);
        if (!is_name(part.field)) return std::nullopt;
        name = name.substr(0, dot);
    }
    if (!is_name(name)) return std::nullopt;
    part.name = name;
    return part;
}

std::string joined(const json::array& items, std::string_view field) {
    std::string text;
    for (const json::value& item : items) {
        const auto* value = item.is_object() ? item.get_object().if_contains(field) : nullptr;
        if (value == nullptr) continue;
        if (!text.empty()) text += "、";
        text += text_of(*value);
    }
    return text;
}

Result<void> check_one(const Placeholder& declared, const json::value* value, const std::string& path) {
    const bool absent = value == nullptr || value->is_null();
    if (!absent && !value->is_string() && !value->is_int64() && !value->is_uint64()) {
        return invalid_field(path, "layout.value_malformed", fmt::format("“{}”应为文字。", declared.title));
    }
    const std::string text = absent ? "" : text_of(*value);
    if (declared.required && text.empty()) {
        return invalid_field(path, "layout.value_missing", fmt::format("缺少“{}”，请补填后重试。", declared.title));
    }
    if (!count_code_points(text)) {
        return invalid_field(path, "layout.value_malformed", fmt::format("“{}”不是有效的文字。", declared.title));
    }
    const TextCheck check = check_text(text);
    if (check.characters > declared.characters_max) {
        return invalid_field(path, "layout.value_too_long",
                             fmt::format("“{}”最多 {} 个字，请缩短后重试。", declared.title, declared.characters_max));
    }
    if (check.refused) {
        return invalid_field(path, "layout.character_refused",
                             fmt::format("“{}”含有不可见的控制字符，请重新输入。", declared.title));
    }
    return {};
}

Result<void> check_list(const Placeholder& declared, const json::value* value) {
    const bool absent = value == nullptr || value->is_null();
    if (!absent && !value->is_array()) {
        return invalid_field(declared.name, "layout.value_malformed", fmt::format("“{}”应为列表。", declared.title));
    }
    const std::size_t count = absent ? 0 : value->get_array().size();
    if (declared.required && count == 0) {
        return invalid_field(declared.name, "layout.value_missing",
                             fmt::format("缺少“{}”，请补填后重试。", declared.title));
    }
    if (count > declared.items_max) {
        return invalid_field(declared.name, "layout.too_many_items",
                             fmt::format("“{}”最多 {} 条，请合并或分开出具。", declared.title, declared.items_max));
    }
    for (std::size_t i = 0; i < count; ++i) {
        const json::value& item = value->get_array()[i];
        if (!item.is_object()) {
            return invalid_field(fmt::format("{}[{}]", declared.name, i), "layout.value_malformed",
                                 fmt::format("“{}”的每一条应为一组内容。", declared.title));
        }
        for (const Placeholder& field : declared.fields) {
            KAIGONG_CHECK(check_one(field, item.get_object().if_contains(field.name),
                                    fmt::format("{}[{}].{}", declared.name, i, field.name)));
        }
    }
    return {};
}

}  // namespace

std::optional<Pattern> parse_pattern(std::string_view text) {
    Pattern pattern;
    bool bold = false;
    std::string literal;
    const auto flush = [&] {
        if (!literal.empty()) pattern.push_back({std::exchange(literal, {}), {}, bold, {}, {}});
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if ((c == '{' || c == '}') && next == c) {
            literal.push_back(c);
            ++i;
        } else if (c == '{') {
            const std::size_t end = text.find('}', i);
            if (end == std::string_view::npos) return std::nullopt;
            auto part = parse_placeholder(text.substr(i + 1, end - i - 1), bold);
            if (!part) return std::nullopt;
            flush();
            pattern.push_back(std::move(*part));
            i = end;
        } else if (c == '}') {
            return std::nullopt;
        } else if (c == '*' && next == '*') {
            flush();
            bold = !bold;
            ++i;
        } else {
            literal.push_back(c);
        }
    }
    flush();
    if (bold) return std::nullopt;
    return pattern;
}

std::optional<Condition> parse_condition(std::string_view text) {
    Condition condition;
    const std::size_t sign = text.find_first_of("<>");
    std::string_view name = text.substr(0, sign);
    if (sign != std::string_view::npos) {
        const bool at_most = text.substr(sign).starts_with("<=");
        if (!at_most && text[sign] == '<') return std::nullopt;
        condition.test = at_most ? Test::at_most : Test::more_than;
        const std::string_view number = text.substr(sign + (at_most ? 2 : 1));
        const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), condition.size);
        if (fault != std::errc{} || end != number.data() + number.size()) return std::nullopt;
    } else if (name.starts_with('!')) {
        condition.test = Test::absent;
        name.remove_prefix(1);
    }
    auto part = parse_placeholder(name, false);
    if (!part || !part->otherwise.empty()) return std::nullopt;
    condition.name = std::move(part->name);
    condition.field = std::move(part->field);
    return condition;
}

Scope Scope::item(std::string list, const json::object& fields, std::size_t index) const {
    Scope inner = *this;
    inner.list_ = std::move(list);
    inner.item_ = &fields;
    inner.index_ = index;
    return inner;
}

Scope Scope::page(std::size_t number, std::size_t count) const {
    Scope inner = *this;
    inner.page_ = number;
    inner.pages_ = count;
    return inner;
}

std::string Scope::value(std::string_view name) const {
    if (item_ != nullptr) {
        if (const auto* found = item_->if_contains(name)) return text_of(*found);
        if (name == "index") return std::to_string(index_);
    }
    if (page_ != 0 && name == "page") return std::to_string(page_);
    if (page_ != 0 && name == "pages") return std::to_string(pages_);
    const auto* found = values_.if_contains(name);
    return found == nullptr ? std::string() : text_of(*found);
}

std::string Scope::text(const PatternPart& placeholder) const {
    std::string result;
    if (placeholder.field.empty()) {
        result = value(placeholder.name);
    } else if (const auto* items = list(placeholder.name)) {
        result = placeholder.field == "count" ? std::to_string(items->size()) : joined(*items, placeholder.field);
    }
    return result.empty() ? placeholder.otherwise : result;
}

std::size_t Scope::size(const Condition& condition) const {
    const auto* items = list(condition.name);
    if (items != nullptr && condition.field.empty()) return items->size();
    return count_code_points(text({{}, condition.name, false, condition.field, {}})).value_or(0);
}

bool Scope::holds(const Condition& condition) const {
    const auto part_holds = [&](const Condition& part) { return holds(part); };
    switch (condition.test) {
        case Test::present: return size(condition) > 0;
        case Test::absent: return size(condition) == 0;
        case Test::more_than: return size(condition) > condition.size;
        case Test::at_most: return size(condition) <= condition.size;
        case Test::all_of: return std::ranges::all_of(condition.parts, part_holds);
        case Test::any_of: return std::ranges::any_of(condition.parts, part_holds);
    }
    throw std::logic_error("unknown test");
}

const json::array* Scope::list(std::string_view name) const {
    const auto* found = values_.if_contains(name);
    return found == nullptr ? nullptr : found->if_array();
}

std::string Scope::field_path(std::string_view name) const {
    if (item_ != nullptr && item_->contains(name)) return fmt::format("{}[{}].{}", list_, index_ - 1, name);
    return std::string(name);
}

RichText fill(const Pattern& pattern, const Scope& scope) {
    RichText text;
    std::size_t longest = 0;
    for (const PatternPart& part : pattern) {
        std::string words = part.name.empty() ? part.literal : scope.text(part);
        if (!part.name.empty() && (text.field.empty() || words.size() > longest)) {
            text.field = scope.field_path(part.name);
            longest = words.size();
        }
        text.spans.push_back({std::move(words), part.bold});
    }
    return text;
}

std::string fill_plain(const Pattern& pattern, const Scope& scope) {
    std::string text;
    for (const PatternPart& part : pattern) text += part.name.empty() ? part.literal : scope.text(part);
    return text;
}

Result<void> check_values(const std::vector<Placeholder>& declared, const json::object& values) {
    for (const Placeholder& placeholder : declared) {
        const auto* value = values.if_contains(placeholder.name);
        KAIGONG_CHECK(placeholder.list ? check_list(placeholder, value)
                                       : check_one(placeholder, value, placeholder.name));
    }
    return {};
}

}  // namespace kaigong::layout
