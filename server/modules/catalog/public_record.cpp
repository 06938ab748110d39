#include "modules/catalog/public_record.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/chinese_format.hpp"
#include "base/json_members.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::object;

constexpr std::array<std::pair<std::string_view, RecordFormat>, 5> kFormats{{{"text", RecordFormat::text},
                                                                             {"money", RecordFormat::money},
                                                                             {"area", RecordFormat::area},
                                                                             {"length", RecordFormat::length},
                                                                             {"date", RecordFormat::date}}};

Error malformed(const std::string& name) {
    return error(Errc::invalid_input, "catalog.record_malformed",
                 "matter.json 的 public_record." + name + " 有误，请对照目录说明改正。");
}

Result<RecordEntry> read_entry(const std::string& name, const object& from) {
    RecordEntry entry;
    entry.name = name;
    entry.is_list = from.contains("list");
    auto value = feel::parse(text_of(from, entry.is_list ? "list" : "feel"));
    if (!value) return malformed(name);
    entry.value = std::move(*value);
    entry.code_table = text_of(from, "code_table");
    if (const auto format = text_of(from, "format"); !format.empty()) {
        const auto found = std::ranges::find(kFormats, format, [](const auto& line) { return line.first; });
        if (found == kFormats.end()) return malformed(name);
        entry.format = found->second;
    }
    if (!entry.is_list) return entry;
    const auto* fields = from.if_contains("fields");
    if (fields == nullptr || !fields->is_object()) return malformed(name);
    KAIGONG_TRY(inner, read_record_entries(fields->get_object()));
    entry.fields = std::move(inner);
    return entry;
}

std::optional<std::int64_t> whole_number(const feel::Value& value) {
    if (!value.is(feel::Kind::number)) return std::nullopt;
    const auto text = value.to_text();
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string formatted(const RecordEntry& entry, const feel::Value& value, const CodeName& code_name) {
    if (entry.format == RecordFormat::date && value.is(feel::Kind::string)) {
        const auto date = parse_date(value.as_string());
        return date ? date_text(*date) : value.as_string();
    }
    if (const auto number = whole_number(value)) {
        switch (entry.format) {
            case RecordFormat::money: return money_wan_text(*number);
            case RecordFormat::area: return area_text(*number);
            case RecordFormat::length: return length_text(*number);
            case RecordFormat::text:
            case RecordFormat::date: break;
        }
    }
    const auto text = value.is(feel::Kind::string) ? value.as_string() : value.to_text();
    return entry.code_table.empty() ? text : code_name(entry.code_table, text);
}

object record_over(const std::vector<RecordEntry>& entries, const feel::Context& context, const CodeName& code_name) {
    object record;
    for (const auto& entry : entries) {
        const auto value = feel::evaluate(entry.value, context);
        if (value.is_null()) continue;
        if (!entry.is_list) {
            record[entry.name] = formatted(entry, value, code_name);
            continue;
        }
        auto& list = record[entry.name].emplace_array();
        if (!value.is(feel::Kind::list)) continue;
        for (const auto& element : value.as_list()) {
            if (element.is(feel::Kind::context))
                list.push_back(record_over(entry.fields, element.as_context(), code_name));
        }
    }
    return record;
}

}  // namespace

Result<std::vector<RecordEntry>> read_record_entries(const object& entries) {
    std::vector<RecordEntry> result;
    for (const auto& [name, from] : entries) {
        if (!from.is_object()) return malformed(name);
        KAIGONG_TRY(entry, read_entry(name, from.get_object()));
        result.push_back(std::move(entry));
    }
    return result;
}

object record_of(const std::vector<RecordEntry>& entries, const object& form, const CodeName& code_name) {
    return record_over(entries, feel::context_from_json(form), code_name);
}

}  // namespace kaigong::catalog
