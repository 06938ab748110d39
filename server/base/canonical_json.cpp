#include "base/canonical_json.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>
#include <vector>

namespace kaigong {
namespace {

/// 2^53 − 1: what every reader of JSON holds exactly.
constexpr std::int64_t kIntegerMax = 9'007'199'254'740'991;

/// UTF-16 orders characters beyond U+FFFF by their surrogates, before U+E000; UTF-8 orders them last. So the first
/// byte decides: 0xF0 and above sorts before 0xEE.
bool before_in_utf16(std::string_view left, std::string_view right) {
    const auto [l, r] = std::ranges::mismatch(left, right);
    if (l == left.end() || r == right.end()) return l == left.end() && r != right.end();
    const auto a = static_cast<unsigned char>(*l);
    const auto b = static_cast<unsigned char>(*r);
    const bool a_astral = a >= 0xF0;
    const bool b_astral = b >= 0xF0;
    if (a_astral != b_astral) return a_astral ? b >= 0xEE : a < 0xEE;
    return a < b;
}

void write_text(std::string_view text, std::string& out) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\t': out += "\\t"; break;
            case '\n': out += "\\n"; break;
            case '\f': out += "\\f"; break;
            case '\r': out += "\\r"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void write_value(const boost::json::value& value, std::string& out);

void write_object(const boost::json::object& object, std::string& out) {
    std::vector<const boost::json::key_value_pair*> members;
    members.reserve(object.size());
    for (const auto& member : object) members.push_back(&member);
    std::ranges::sort(members,
                      [](const auto* left, const auto* right) { return before_in_utf16(left->key(), right->key()); });
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i > 0) out += ',';
        write_text(members[i]->key(), out);
        out += ':';
        write_value(members[i]->value(), out);
    }
    out += '}';
}

void write_array(const boost::json::array& array, std::string& out) {
    out += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i > 0) out += ',';
        write_value(array[i], out);
    }
    out += ']';
}

void write_integer(std::int64_t number, std::string& out) {
    if (number > kIntegerMax || number < -kIntegerMax) {
        throw std::invalid_argument("canonical JSON: a whole number that readers would round");
    }
    out += std::to_string(number);
}

void write_value(const boost::json::value& value, std::string& out) {
    switch (value.kind()) {
        case boost::json::kind::null: out += "null"; break;
        case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
        case boost::json::kind::int64: write_integer(value.get_int64(), out); break;
        case boost::json::kind::uint64:
            if (value.get_uint64() > static_cast<std::uint64_t>(kIntegerMax)) {
                throw std::invalid_argument("canonical JSON: a whole number that readers would round");
            }
            out += std::to_string(value.get_uint64());
            break;
        case boost::json::kind::double_: throw std::invalid_argument("canonical JSON of records: whole numbers only");
        case boost::json::kind::string: write_text(value.get_string(), out); break;
        case boost::json::kind::array: write_array(value.get_array(), out); break;
        case boost::json::kind::object: write_object(value.get_object(), out); break;
    }
}

}  // namespace

std::string canonical_json(const boost::json::value& value) {
    std::string text;
    write_value(value, text);
    return text;
}

}  // namespace kaigong
