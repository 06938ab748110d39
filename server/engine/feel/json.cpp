#include "engine/feel/json.hpp"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "engine/feel/text.hpp"

namespace kaigong::feel {

namespace {

namespace json = boost::json;

/// A string under the name `key`, as a date where our spelling says that it is one.
Value string_under(std::string_view key, std::string_view text, const JsonReading& reading) {
    if (reading.typed_by_suffix && (key.ends_with("_on") || key == "today")) {
        if (const auto date = parse_date(text)) return Value(*date);
    }
    return Value(is_valid_utf8(text) ? std::string(text) : repaired_utf8(text));
}

Value number_of(std::string_view text) {
    const auto number = Decimal::parse(text);
    return number ? Value(*number) : Value::null("feel.number_out_of_range", "数字超出范围。");
}

/// Builds values while the text is read, so that the digits of a number are seen as they stand.
class Builder {
  public:
    // What basic_parser asks of its handler.
    static constexpr std::size_t max_object_size = 100'000;
    static constexpr std::size_t max_array_size = 100'000;
    static constexpr std::size_t max_key_size = 4'096;
    static constexpr std::size_t max_string_size = 16UL * 1024 * 1024;

    explicit Builder(JsonReading reading) : reading_(reading) {}
    Value take() { return std::move(root_); }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return open(true); }
    bool on_array_begin(json::error_code&) { return open(false); }
    bool on_object_end(std::size_t, json::error_code&) {
        const Level level = close();
        return add(Value(level.context));
    }
    bool on_array_end(std::size_t, json::error_code&) {
        const Level level = close();
        return add(Value(level.list));
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return collect(part); }
    bool on_key(json::string_view part, std::size_t, json::error_code&) {
        collect(part);
        levels_.back().key = std::exchange(text_, {});
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return collect(part); }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        collect(part);
        const std::string text = std::exchange(text_, {});
        return add(string_under(key(), text, reading_));
    }
    bool on_number_part(json::string_view part, json::error_code&) { return collect(part); }
    bool on_int64(std::int64_t, json::string_view part, json::error_code&) { return number(part); }
    bool on_uint64(std::uint64_t, json::string_view part, json::error_code&) { return number(part); }
    bool on_double(double, json::string_view part, json::error_code&) { return number(part); }
    bool on_bool(bool value, json::error_code&) { return add(Value(value)); }
    bool on_null(json::error_code&) { return add(Value()); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

  private:
    struct Level {
        bool is_object = false;
        std::string key;
        Context context;
        List list;
    };

    bool open(bool is_object) {
        levels_.push_back({is_object, {}, {}, {}});
        return true;
    }
    Level close() {
        Level level = std::move(levels_.back());
        levels_.pop_back();
        return level;
    }
    bool collect(json::string_view part) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool number(json::string_view part) {
        collect(part);
        return add(number_of(std::exchange(text_, {})));
    }
    std::string_view key() const {
        return levels_.empty() || !levels_.back().is_object ? std::string_view() : levels_.back().key;
    }
    bool add(Value value) {
        if (levels_.empty()) {
            root_ = std::move(value);
        } else if (levels_.back().is_object) {
            levels_.back().context.put(std::move(levels_.back().key), std::move(value));
        } else {
            levels_.back().list.push_back(std::move(value));
        }
        return true;
    }

    JsonReading reading_;
    std::vector<Level> levels_;
    std::string text_;
    Value root_;
};

Value from_json_under(std::string_view key, const json::value& value, const JsonReading& reading);

Value list_from_json(const json::array& array, const JsonReading& reading) {
    List list;
    list.reserve(array.size());
    for (const json::value& item : array) list.push_back(from_json_under({}, item, reading));
    return Value(std::move(list));
}

Value from_json_under(std::string_view key, const json::value& value, const JsonReading& reading) {
    switch (value.kind()) {
        case json::kind::null: return {};
        case json::kind::bool_: return Value(value.get_bool());
        case json::kind::int64: return Value(value.get_int64());
        case json::kind::uint64: return number_of(std::to_string(value.get_uint64()));
        case json::kind::double_: return Value(Decimal::from_double(value.get_double()));
        case json::kind::string: return string_under(key, value.get_string(), reading);
        case json::kind::array: return list_from_json(value.get_array(), reading);
        case json::kind::object: return Value(context_from_json(value.get_object(), reading));
    }
    return {};
}

json::value list_to_json(const List& list) {
    json::array array;
    array.reserve(list.size());
    for (const Value& item : list) array.push_back(to_json(item));
    return array;
}

json::value context_to_json(const Context& context) {
    json::object object;
    object.reserve(context.size());
    for (const auto& [key, value] : context) object[key.text()] = to_json(value);
    return object;
}

/// Temporals without the quotes of FEEL's notation; ranges and functions in it.
std::string plain_text(const Value& value) {
    return value.is(Kind::string) ? value.as_string() : value.to_text();
}

void append_json(const Value& value, std::string& text) {
    const auto separated = [&](const auto& items, char open, char close, const auto& each) {
        text += open;
        bool first = true;
        for (const auto& item : items) {
            if (!std::exchange(first, false)) text += ',';
            each(item);
        }
        text += close;
    };
    switch (value.kind()) {
        case Kind::null: text += "null"; break;
        case Kind::boolean: text += value.as_bool() ? "true" : "false"; break;
        case Kind::number: text += value.as_number().to_string(); break;
        case Kind::list:
            separated(value.as_list(), '[', ']', [&](const Value& item) { append_json(item, text); });
            break;
        case Kind::context:
            separated(value.as_context(), '{', '}', [&](const Context::Entry& entry) {
                text += json::serialize(json::string(entry.first.text()));
                text += ':';
                append_json(entry.second, text);
            });
            break;
        default: text += json::serialize(json::string(plain_text(value)));
    }
}

}  // namespace

Value from_json(const json::value& value, const JsonReading& reading) {
    return from_json_under({}, value, reading);
}

Context context_from_json(const json::object& object, const JsonReading& reading) {
    Context context;
    context.reserve(object.size());
    for (const auto& [key, value] : object) context.append(std::string_view(key), from_json_under(key, value, reading));
    return context;
}

Result<Value> from_json_text(std::string_view text, const JsonReading& reading) {
    json::parse_options options;
    options.max_depth = reading.depth_max;
    json::basic_parser<Builder> parser(options, reading);
    json::error_code failure;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
    if (!failure && read < text.size()) failure = json::error::extra_data;
    if (failure) {
        return error(Errc::invalid_input, "feel.json_invalid",
                     fmt::format("JSON 在第 {} 个字节附近有误，请检查逗号、引号和括号。", read + 1));
    }
    return parser.handler().take();
}

Result<Context> context_from_json_text(std::string_view text, const JsonReading& reading) {
    KAIGONG_TRY(value, from_json_text(text, reading));
    if (!value.is(Kind::context)) {
        return error(Errc::invalid_input, "feel.json_invalid", "变量应是一个 JSON 对象，例如 {\"area\": 120}。");
    }
    return value.as_context();
}

json::value to_json(const Value& value) {
    switch (value.kind()) {
        case Kind::null: return nullptr;
        case Kind::boolean: return value.as_bool();
        case Kind::number:
            if (const auto whole = value.as_number().to_int64()) return *whole;
            return value.as_number().to_double();
        case Kind::list: return list_to_json(value.as_list());
        case Kind::context: return context_to_json(value.as_context());
        default: return json::string(plain_text(value));
    }
}

std::string to_json_text(const Value& value) {
    std::string text;
    append_json(value, text);
    return text;
}

}  // namespace kaigong::feel
