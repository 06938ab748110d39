#include "engine/feel/value_text.hpp"

#include <algorithm>
#include <cctype>

namespace kaigong::feel {

namespace {

void append_quoted(const std::string& value, std::string& text) {
    text += '"';
    for (const char letter : value) {
        switch (letter) {
            case '"': text += "\\\""; break;
            case '\\': text += "\\\\"; break;
            case '\n': text += "\\n"; break;
            case '\r': text += "\\r"; break;
            case '\t': text += "\\t"; break;
            default: text += letter;
        }
    }
    text += '"';
}

bool is_plain_name(const std::string& key) {
    const auto allowed = [](unsigned char letter) {
        return letter >= 0x80 || std::isalnum(letter) != 0 || letter == '_' || letter == ' ';
    };
    return !key.empty() && key.front() != ' ' && key.back() != ' ' &&
           std::isdigit(static_cast<unsigned char>(key.front())) == 0 && std::ranges::all_of(key, allowed);
}

void append_list(const List& list, std::string& text) {
    text += '[';
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (at > 0) text += ", ";
        append_text(list[at], true, text);
    }
    text += ']';
}

void append_context(const Context& context, std::string& text) {
    text += '{';
    bool first = true;
    for (const auto& [key, value] : context) {
        if (!first) text += ", ";
        first = false;
        if (is_plain_name(key)) {
            text += key.text();
        } else {
            append_quoted(key.text(), text);
        }
        text += ": ";
        append_text(value, true, text);
    }
    text += '}';
}

void append_range(const Range& range, std::string& text) {
    const auto one_sided = [&](std::string_view sign, const Value& end) {
        text += '(';
        text += sign;
        text += ' ';
        append_text(end, true, text);
        text += ')';
    };
    switch (range.form) {
        case Range::Form::less: return one_sided("<", range.end);
        case Range::Form::less_or_equal: return one_sided("<=", range.end);
        case Range::Form::greater: return one_sided(">", range.start);
        case Range::Form::greater_or_equal: return one_sided(">=", range.start);
        case Range::Form::equal: return one_sided("=", range.start);
        case Range::Form::not_equal: return one_sided("!=", range.start);
        case Range::Form::interval: break;
    }
    text += range.start_included ? '[' : '(';
    append_text(range.start, true, text);
    text += "..";
    append_text(range.end, true, text);
    text += range.end_included ? ']' : ')';
}

}  // namespace

void append_text(const Value& value, bool quoted, std::string& text) {
    switch (value.kind()) {
        case Kind::null: text += "null"; break;
        case Kind::boolean: text += value.as_bool() ? "true" : "false"; break;
        case Kind::number: text += value.as_number().to_string(); break;
        case Kind::string: quoted ? append_quoted(value.as_string(), text) : void(text += value.as_string()); break;
        case Kind::date: text += to_string(value.as_date()); break;
        case Kind::time: text += to_string(value.as_time()); break;
        case Kind::date_time: text += to_string(value.as_date_time()); break;
        case Kind::years_months: text += to_string(value.as_years_months()); break;
        case Kind::days_time: text += to_string(value.as_days_time()); break;
        case Kind::list: append_list(value.as_list(), text); break;
        case Kind::context: append_context(value.as_context(), text); break;
        case Kind::range: append_range(value.as_range(), text); break;
        case Kind::function: text += "function"; break;
    }
}

}  // namespace kaigong::feel
