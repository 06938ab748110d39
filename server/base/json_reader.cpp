#include "base/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kaigong {
namespace {

namespace json = boost::json;

bool has_control_characters(std::string_view text, bool lines) {
    return std::ranges::any_of(text, [lines](char c) {
        const auto byte = static_cast<unsigned char>(c);
        if (lines && (c == '\n' || c == '\r' || c == '\t')) return false;
        return byte < 0x20 || byte == 0x7F;
    });
}

std::string joined(const std::vector<std::string_view>& names) {
    std::string result;
    for (const auto name : names) {
        if (!result.empty()) result += "、";
        result += name;
    }
    return result;
}

}  // namespace

JsonReader::JsonReader(const json::value& value) : JsonReader(value, "", own_problems_) {}

JsonReader::JsonReader(const json::value& value, std::string path, std::vector<FieldProblem>& problems)
    : object_(value.if_object()), path_(std::move(path)), problems_(&problems) {
    if (object_ == nullptr) note(path_, "json.not_an_object", "这里应为一个对象({…})，请按接口说明填写。");
}

bool JsonReader::has(std::string_view name) const {
    const auto* value = object_ == nullptr ? nullptr : object_->if_contains(name);
    return value != nullptr && !value->is_null();
}

std::string JsonReader::path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void JsonReader::note(std::string path, std::string reason, std::string message) {
    if (problems_->size() < kProblemsMax) {
        problems_->push_back({std::move(path), std::move(reason), std::move(message)});
    }
}

void JsonReader::refuse(std::string_view name, std::string reason, std::string message) {
    note(path_of(name), std::move(reason), std::move(message));
}

const json::value* JsonReader::find(std::string_view name, bool required) {
    if (object_ == nullptr) return nullptr;
    asked_.push_back(name);
    const auto* value = object_->if_contains(name);
    if (value != nullptr && !value->is_null()) return value;
    if (required) refuse(name, "json.missing", "缺少这一项，请补充。");
    return nullptr;
}

std::optional<std::string> JsonReader::checked_text(const json::value& value, const std::string& path, TextRule rule) {
    const auto* text = value.if_string();
    if (text == nullptr) {
        note(path, "json.not_text", "这一项应为文字，请加引号填写。");
        return std::nullopt;
    }
    const std::string_view view(text->data(), text->size());
    const auto length = count_code_points(view);
    if (!length || has_control_characters(view, rule.lines)) {
        note(path, "json.text_has_control_characters", "含有看不见的控制字符，请删去后重新填写。");
    } else if (*length < rule.length_min) {
        note(
            path, "json.text_too_short",
            rule.length_min == 1 ? "这一项不能为空，请填写。" : fmt::format("至少 {} 个字，请补充。", rule.length_min));
    } else if (*length > rule.length_max) {
        note(path, "json.text_too_long", fmt::format("最多 {} 个字，现为 {} 个字，请删减。", rule.length_max, *length));
    } else {
        return std::string(view);
    }
    return std::nullopt;
}

std::optional<std::string> JsonReader::text_at(std::string_view name, TextRule rule, bool required) {
    const auto* value = find(name, required);
    if (value == nullptr) return std::nullopt;
    return checked_text(*value, path_of(name), rule);
}

std::optional<std::int64_t> JsonReader::integer_at(std::string_view name, IntegerRule rule, bool required) {
    const auto* value = find(name, required);
    if (value == nullptr) return std::nullopt;
    const bool beyond = value->is_uint64() && value->get_uint64() > static_cast<std::uint64_t>(INT64_MAX);
    if (!value->is_int64() && !value->is_uint64()) {
        refuse(name, "json.not_an_integer", "这一项应为整数，请不要带小数、引号或单位。");
        return std::nullopt;
    }
    const std::int64_t number = beyond              ? INT64_MAX
                                : value->is_int64() ? value->get_int64()
                                                    : static_cast<std::int64_t>(value->get_uint64());
    if (beyond || number < rule.min || number > rule.max) {
        refuse(name, "json.integer_out_of_range", fmt::format("应在 {} 到 {} 之间，请改正。", rule.min, rule.max));
        return std::nullopt;
    }
    return number;
}

std::optional<bool> JsonReader::boolean_at(std::string_view name, bool required) {
    const auto* value = find(name, required);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) {
        refuse(name, "json.not_a_boolean", "这一项应为 true 或 false，不带引号。");
        return std::nullopt;
    }
    return value->get_bool();
}

std::optional<CivilDate> JsonReader::date_at(std::string_view name, bool required) {
    const auto* value = find(name, required);
    if (value == nullptr) return std::nullopt;
    const auto* text = value->if_string();
    const auto date = text == nullptr ? std::nullopt : parse_date(std::string_view(text->data(), text->size()));
    if (!date) refuse(name, "json.not_a_date", "应为真实存在的日期，写作“年-月-日”，例如 2026-03-01。");
    return date;
}

std::optional<std::string> JsonReader::id_text(std::string_view name, bool required) {
    const auto* value = find(name, required);
    if (value == nullptr) return std::nullopt;
    const auto* text = value->if_string();
    if (text == nullptr || !is_uuid(std::string_view(text->data(), text->size()))) {
        refuse(name, "json.not_an_id", "编号格式不对（应为小写 UUID），请使用系统给出的编号。");
        return std::nullopt;
    }
    return std::string(text->data(), text->size());
}

std::string JsonReader::text(std::string_view name, TextRule rule) {
    return text_at(name, rule, true).value_or("");
}
std::optional<std::string> JsonReader::optional_text(std::string_view name, TextRule rule) {
    return text_at(name, rule, false);
}
std::int64_t JsonReader::integer(std::string_view name, IntegerRule rule) {
    return integer_at(name, rule, true).value_or(0);
}
std::optional<std::int64_t> JsonReader::optional_integer(std::string_view name, IntegerRule rule) {
    return integer_at(name, rule, false);
}
bool JsonReader::boolean(std::string_view name) {
    return boolean_at(name, true).value_or(false);
}
std::optional<bool> JsonReader::optional_boolean(std::string_view name) {
    return boolean_at(name, false);
}
CivilDate JsonReader::date(std::string_view name) {
    return date_at(name, true).value_or(CivilDate{});
}
std::optional<CivilDate> JsonReader::optional_date(std::string_view name) {
    return date_at(name, false);
}

const json::array* JsonReader::array_at(std::string_view name, ListRule rule, bool required) {
    const auto* value = find(name, required);
    if (value == nullptr) return nullptr;
    const auto* array = value->if_array();
    if (array == nullptr) {
        refuse(name, "json.not_a_list", "这一项应为列表([…])，请按接口说明填写。");
    } else if (array->size() < rule.count_min) {
        refuse(name, "json.list_too_short", fmt::format("至少 {} 项，请补充。", rule.count_min));
    } else if (array->size() > rule.count_max) {
        refuse(name, "json.list_too_long",
               fmt::format("最多 {} 项，现为 {} 项，请删减。", rule.count_max, array->size()));
    } else {
        return array;
    }
    return nullptr;
}

std::vector<std::string> JsonReader::texts_at(std::string_view name, ListRule rule, TextRule each, bool required) {
    std::vector<std::string> result;
    const auto* array = array_at(name, rule, required);
    if (array == nullptr) return result;
    for (std::size_t i = 0; i < array->size(); ++i) {
        auto text = checked_text((*array)[i], fmt::format("{}[{}]", path_of(name), i), each);
        result.push_back(std::move(text).value_or(""));
    }
    return result;
}
std::vector<std::string> JsonReader::texts(std::string_view name, ListRule rule, TextRule each) {
    return texts_at(name, rule, each, true);
}
std::vector<std::string> JsonReader::optional_texts(std::string_view name, ListRule rule, TextRule each) {
    return texts_at(name, rule, each, false);
}

json::object JsonReader::raw_object(std::string_view name) {
    const auto* value = find(name, true);
    if (value == nullptr) return {};
    const auto* object = value->if_object();
    if (object == nullptr) {
        refuse(name, "json.not_an_object", "这里应为一个对象({…})，请按接口说明填写。");
        return {};
    }
    return *object;
}

void JsonReader::note_not_in_table(std::string_view name, const std::vector<std::string_view>& allowed) {
    refuse(name, "json.not_one_of", fmt::format("只能是：{}。请从中选择一个。", joined(allowed)));
}

void JsonReader::note_unknown_members() {
    if (object_ == nullptr) return;
    for (const auto& member : *object_) {
        const std::string_view name(member.key().data(), member.key().size());
        if (std::ranges::find(asked_, name) == asked_.end()) {
            note(path_of(printable(name)), "json.unknown_member", "没有这一项，请核对名称或删去。");
        }
    }
}

Result<void> JsonReader::finish() {
    note_unknown_members();
    if (problems_->empty()) return {};
    Error result = error(Errc::invalid_input, "json.fields_invalid",
                         fmt::format("有 {} 处填写不符合要求，请按提示逐项改正后重新提交。", problems_->size()));
    result.fields = *problems_;
    return result;
}

}  // namespace kaigong
