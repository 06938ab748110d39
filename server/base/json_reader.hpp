// Reads JSON that strangers sent: strict, bounded, and naming every wrong field at once.
//
//     Result<CreateApplication> read(const boost::json::value& body) {
//         JsonReader reader(body);
//         CreateApplication request;
//         request.matter_code = reader.text("matter_code", {.length_max = 64});
//         request.remarks = reader.list<Remark>("remarks", {.count_max = 100}, [](JsonReader& item) {
//             Remark remark;
//             remark.rule = item.text("rule");
//             return remark;
//         });
//         KAIGONG_CHECK(reader.finish());
//         return request;
//     }
//
// Each call notes what is wrong and gives an empty value back; `finish` returns all problems together, with members
// that nobody asked for among them. An optional member may be missing or null. Messages never repeat the value.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/civil_date.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace kaigong {

struct JsonLimits {
    std::size_t bytes_max = 1U << 20U;
    std::size_t depth_max = 32;
    /// Every value counts, nested ones too: bounds memory, which is about 24 bytes a value and more.
    std::size_t values_max = 100'000;
};

/// One JSON text (RFC 8259) in valid UTF-8 without a repeated member name.
/// Fails with json.malformed, json.repeated_member, json.too_deep, json.too_many_values (invalid_input) and
/// json.too_large (too_large).
Result<boost::json::value> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Lengths count code points. Control characters are refused, except line breaks and tabs where `lines` is set.
struct TextRule {
    std::size_t length_min = 1;
    std::size_t length_max = 200;
    bool lines = false;
};

struct IntegerRule {
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

struct ListRule {
    std::size_t count_min = 0;
    std::size_t count_max = 100;
};

/// One line of the table that maps the spelling in JSON to an enumerator.
template <class E>
struct JsonName {
    std::string_view name;
    E value;
};

class JsonReader {
  public:
    /// `value` must outlive the reader. Anything but an object is a problem that `finish` reports.
    explicit JsonReader(const boost::json::value& value);
    JsonReader(const JsonReader&) = delete;
    JsonReader& operator=(const JsonReader&) = delete;

    bool has(std::string_view name) const;

    std::string text(std::string_view name, TextRule rule = {});
    std::optional<std::string> optional_text(std::string_view name, TextRule rule = {});
    /// Whole numbers only: `3.0` and `3e0` are refused.
    std::int64_t integer(std::string_view name, IntegerRule rule = {});
    std::optional<std::int64_t> optional_integer(std::string_view name, IntegerRule rule = {});
    bool boolean(std::string_view name);
    std::optional<bool> optional_boolean(std::string_view name);
    CivilDate date(std::string_view name);
    std::optional<CivilDate> optional_date(std::string_view name);

    template <class T>
    T id(std::string_view name) {
        return T{id_text(name, true).value_or("")};
    }
    template <class T>
    std::optional<T> optional_id(std::string_view name) {
        auto text = id_text(name, false);
        if (!text) return std::nullopt;
        return T{std::move(*text)};
    }

    template <class E>
    E one_of(std::string_view name, std::span<const JsonName<E>> table) {
        return find_name(name, table, true).value_or(table.front().value);
    }
    template <class E>
    std::optional<E> optional_one_of(std::string_view name, std::span<const JsonName<E>> table) {
        return find_name(name, table, false);
    }

    std::vector<std::string> texts(std::string_view name, ListRule rule = {}, TextRule each = {});
    /// Missing or null reads as an empty list.
    std::vector<std::string> optional_texts(std::string_view name, ListRule rule = {}, TextRule each = {});

    /// `read(JsonReader& item)` reads one object of the array; it must not call `finish`.
    template <class T, class Read>
    std::vector<T> list(std::string_view name, ListRule rule, Read read) {
        return read_list<T>(name, rule, true, read);
    }
    template <class T, class Read>
    std::vector<T> optional_list(std::string_view name, ListRule rule, Read read) {
        return read_list<T>(name, rule, false, read);
    }
    template <class T, class Read>
    T object(std::string_view name, Read read) {
        return read_object<T>(name, true, read).value_or(T{});
    }
    template <class T, class Read>
    std::optional<T> optional_object(std::string_view name, Read read) {
        return read_object<T>(name, false, read);
    }
    /// The object as it came, for members whose shape is data (a form judged by its JSON Schema).
    boost::json::object raw_object(std::string_view name);

    /// Notes a problem that the reader cannot see by itself (a wrong check digit, an end before its beginning).
    void refuse(std::string_view name, std::string reason, std::string message);

    /// Fails with json.fields_invalid and every problem in `fields`, at most kProblemsMax of them.
    Result<void> finish();

    static constexpr std::size_t kProblemsMax = 100;

  private:
    JsonReader(const boost::json::value& value, std::string path, std::vector<FieldProblem>& problems);

    const boost::json::value* find(std::string_view name, bool required);
    std::optional<std::string> id_text(std::string_view name, bool required);
    std::optional<std::string> checked_text(const boost::json::value& value, const std::string& path, TextRule rule);
    std::optional<std::string> text_at(std::string_view name, TextRule rule, bool required);
    std::optional<std::int64_t> integer_at(std::string_view name, IntegerRule rule, bool required);
    std::optional<bool> boolean_at(std::string_view name, bool required);
    std::optional<CivilDate> date_at(std::string_view name, bool required);
    std::vector<std::string> texts_at(std::string_view name, ListRule rule, TextRule each, bool required);
    const boost::json::array* array_at(std::string_view name, ListRule rule, bool required);
    void note(std::string path, std::string reason, std::string message);
    void note_not_in_table(std::string_view name, const std::vector<std::string_view>& allowed);
    void note_unknown_members();
    std::string path_of(std::string_view name) const;

    template <class E>
    std::optional<E> find_name(std::string_view name, std::span<const JsonName<E>> table, bool required) {
        const auto text = text_at(name, {}, required);
        if (!text) return std::nullopt;
        std::vector<std::string_view> allowed;
        for (const auto& line : table) {
            if (line.name == *text) return line.value;
            allowed.push_back(line.name);
        }
        note_not_in_table(name, allowed);
        return std::nullopt;
    }

    template <class T, class Read>
    std::vector<T> read_list(std::string_view name, ListRule rule, bool required, Read& read) {
        std::vector<T> result;
        const auto* array = array_at(name, rule, required);
        if (array == nullptr) return result;
        result.reserve(array->size());
        for (std::size_t i = 0; i < array->size(); ++i) {
            JsonReader item((*array)[i], path_of(name) + "[" + std::to_string(i) + "]", *problems_);
            result.push_back(read(item));
            item.note_unknown_members();
        }
        return result;
    }

    template <class T, class Read>
    std::optional<T> read_object(std::string_view name, bool required, Read& read) {
        const auto* value = find(name, required);
        if (value == nullptr) return std::nullopt;
        JsonReader inner(*value, path_of(name), *problems_);
        std::optional<T> result(read(inner));
        inner.note_unknown_members();
        return result;
    }

    const boost::json::object* object_ = nullptr;
    std::string path_;
    std::vector<FieldProblem> own_problems_;
    std::vector<FieldProblem>* problems_;
    std::vector<std::string_view> asked_;
};

}  // namespace kaigong
