#include "modules/catalog/form_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/civil_date.hpp"
#include "base/json_reader.hpp"
#include "engine/feel/regex.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr std::size_t kProblemsMax = 100;
constexpr int kDepthMax = 12;

constexpr std::array kKeywords{"type",      "properties",  "additionalProperties",
                               "items",     "maxItems",    "uniqueItems",
                               "minLength", "maxLength",   "pattern",
                               "format",    "enum",        "minimum",
                               "maximum",   "$ref",        "$defs",
                               "$schema",   "$id",         "title",
                               "title_en",  "description", "default",
                               "examples",  "$comment"};

const value* keyword(const object& of, std::string_view name) {
    return of.if_contains(name);
}

std::string_view keyword_text(const object& schema, std::string_view name) {
    const auto* found = keyword(schema, name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

Result<void> check_node(const object& schema, const std::string& path, int depth) {
    if (depth > kDepthMax) return error(Errc::invalid_input, "catalog.schema_too_deep", path + "：层次过深。");
    for (const auto& [name, inner] : schema) {
        const std::string_view keyword = name;
        if (!keyword.starts_with("x-") && std::ranges::find(kKeywords, keyword) == kKeywords.end()) {
            return error(Errc::invalid_input, "catalog.schema_keyword_unknown",
                         fmt::format("{}：表单不支持关键字 {}，请改用目录说明中列出的写法。", path, keyword));
        }
        if (keyword == "pattern" && !feel::Regex::compile(inner.as_string(), "")) {
            return error(Errc::invalid_input, "catalog.schema_pattern_invalid", path + "：pattern 不是正则表达式。");
        }
        if (keyword == "items") KAIGONG_CHECK(check_node(inner.as_object(), path + "[]", depth + 1));
        if (keyword != "properties" && keyword != "$defs") continue;
        for (const auto& [child, child_schema] : inner.as_object()) {
            KAIGONG_CHECK(check_node(child_schema.as_object(), path + "." + std::string(child), depth + 1));
        }
    }
    return {};
}

/// Walks a form beside its schema and collects what is wrong.
class FormCheck {
  public:
    FormCheck(const object& root, Strictness strictness, const KnownCode& known_code)
        : root_(root), strict_(strictness == Strictness::filing), known_code_(known_code) {}

    void check(const object& schema_or_reference, const value& found, const std::string& path) {
        const auto& schema = *resolve(schema_or_reference);
        if (problems_.size() >= kProblemsMax || found.is_null()) return;  // null: not answered yet
        const auto type = type_of(schema);
        if (type == "object") {
            check_object(schema, found, path);
        } else if (type == "array") {
            check_array(schema, found, path);
        } else if (type == "string") {
            check_string(schema, found, path);
        } else if (type == "integer") {
            check_integer(schema, found, path);
        } else if (type == "boolean" && !found.is_bool()) {
            refuse(path, schema, "type", "请选择“是”或“否”");
        }
        check_enum(schema, found, path);
        check_code(schema, found, path);
    }

    std::vector<FieldProblem> take() { return std::move(problems_); }

  private:
    const object* resolve(const object& schema) const {
        const auto reference = keyword_text(schema, "$ref");
        if (reference.empty()) return &schema;
        constexpr std::string_view kPrefix = "#/$defs/";
        if (!reference.starts_with(kPrefix)) throw std::logic_error("catalog: a $ref outside $defs");
        return &root_.at("$defs").at(reference.substr(kPrefix.size())).as_object();
    }

    static std::string_view type_of(const object& schema) {
        const auto* type = keyword(schema, "type");
        if (type == nullptr) return {};
        if (type->is_string()) return type->get_string();
        for (const auto& one : type->as_array()) {
            if (one.as_string() != "null") return one.as_string();
        }
        return {};
    }

    void check_object(const object& schema, const value& found, const std::string& path) {
        if (!found.is_object()) return refuse(path, schema, "type", "这里应是一组内容");
        const auto* properties = keyword(schema, "properties");
        for (const auto& [name, inner] : found.get_object()) {
            const std::string_view named = name.empty() ? std::string_view("\"\"") : std::string_view(name);
            const auto inner_path = fmt::format("{}{}{}", path, path.empty() ? "" : ".", named);
            const auto* inner_schema = properties ? properties->as_object().if_contains(name) : nullptr;
            if (inner_schema == nullptr) {
                refuse(inner_path, {}, "unknown", "申请表没有这一项，请删去");
            } else {
                check(inner_schema->as_object(), inner, inner_path);
            }
        }
    }

    void check_array(const object& schema, const value& found, const std::string& path) {
        if (!found.is_array()) return refuse(path, schema, "type", "这里应是一个列表");
        const auto& list = found.get_array();
        if (const auto* most = keyword(schema, "maxItems");
            most && static_cast<std::int64_t>(list.size()) > most->as_int64()) {
            return refuse(path, schema, "too_many", fmt::format("最多 {} 项，请合并或分次申请", most->as_int64()));
        }
        if (strict_ && keyword(schema, "uniqueItems") != nullptr && has_twice(list)) {
            refuse(path, schema, "twice", "有重复的项，请每项只填一次");
        }
        const auto* items = keyword(schema, "items");
        for (std::size_t i = 0; items != nullptr && i < list.size(); ++i) {
            if (list[i].is_null()) refuse(fmt::format("{}[{}]", path, i), schema, "type", "列表里有空的一项，请删去");
            check(items->as_object(), list[i], fmt::format("{}[{}]", path, i));
        }
    }

    void check_string(const object& schema, const value& found, const std::string& path) {
        if (!found.is_string()) return refuse(path, schema, "type", "这里应填文字");
        const std::string_view text = found.get_string();
        if (text.empty()) return;  // not answered yet
        const auto length = static_cast<std::int64_t>(count_code_points(text).value_or(0));
        if (const auto* most = keyword(schema, "maxLength"); most && length > most->as_int64()) {
            refuse(path, schema, "too_long",
                   fmt::format("最多 {} 个字，现在有 {} 个，请缩短", most->as_int64(), length));
        }
        if (!strict_) return;
        if (const auto* least = keyword(schema, "minLength"); least && length < least->as_int64()) {
            refuse(path, schema, "too_short", fmt::format("至少 {} 个字，请填写完整", least->as_int64()));
        }
        if (keyword_text(schema, "format") == "date" && !parse_date(text)) {
            refuse(path, schema, "date", "日期应写成 2026-11-23 这样");
        }
        if (const auto pattern = keyword_text(schema, "pattern"); !pattern.empty()) {
            if (!matches(std::string(pattern), text)) refuse(path, schema, "pattern", pattern_sentence(schema));
        }
    }

    void check_integer(const object& schema, const value& found, const std::string& path) {
        if (!found.is_int64()) return refuse(path, schema, "type", "这里应填数字");
        const auto* least = keyword(schema, "minimum");
        const auto* most = keyword(schema, "maximum");
        if (!strict_) return;
        if (least && found.get_int64() < least->as_int64()) refuse(path, schema, "too_small", "数值太小，请核对单位");
        if (most && found.get_int64() > most->as_int64()) refuse(path, schema, "too_large", "数值太大，请核对单位");
    }

    void check_enum(const object& schema, const value& found, const std::string& path) {
        const auto* allowed = keyword(schema, "enum");
        if (!strict_ || allowed == nullptr || found == value("")) return;
        if (std::ranges::find(allowed->as_array(), found) == allowed->as_array().end()) {
            refuse(path, schema, "not_in_list", "请从列表中选择");
        }
    }

    /// A code that its table does not have is no answer at all, also in a draft. Lists hold a code in each entry.
    void check_code(const object& schema, const value& found, const std::string& path) {
        const auto table = keyword_text(schema, "x-code-table");
        if (table.empty()) return;
        if (found.is_array()) {
            for (std::size_t i = 0; i < found.get_array().size(); ++i) {
                check_code(schema, found.get_array()[i], fmt::format("{}[{}]", path, i));
            }
            return;
        }
        if (!found.is_string() && !found.is_int64()) return;  // of another type: told already
        const auto code = found.is_string() ? std::string(found.get_string()) : std::to_string(found.get_int64());
        if (!code.empty() && !known_code_(table, code)) refuse(path, schema, "not_in_list", "请从列表中选择");
    }

    static bool has_twice(const array& list) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (std::find(list.begin() + static_cast<std::ptrdiff_t>(i) + 1, list.end(), list[i]) != list.end()) {
                return true;
            }
        }
        return false;
    }

    /// How it should look, where the form says so: `x-pattern-message`.
    static std::string pattern_sentence(const object& schema) {
        auto message = keyword_text(schema, "x-pattern-message");
        constexpr std::string_view kStop = "。";
        if (message.ends_with(kStop)) message.remove_suffix(kStop.size());
        return message.empty() ? "格式不对，请核对后改正" : fmt::format("格式不对，{}", message);
    }

    void refuse(const std::string& path, const object& schema, std::string_view what, std::string_view sentence) {
        const auto title = keyword_text(schema, "title");
        const auto help = keyword_text(schema, "x-help");
        std::string message = title.empty() ? std::string(sentence) : fmt::format("“{}”{}", title, sentence);
        message += help.empty() ? "。" : fmt::format("。{}", help);
        problems_.push_back({path, fmt::format("catalog.form_{}", what), std::move(message)});
    }

    static bool matches(const std::string& pattern, std::string_view text) {
        const auto regex = feel::cached_regex(pattern, "");
        if (!regex) return true;  // check_schema refused it before it was published
        const auto match = regex->find(text, 0);
        return match && match->has_value();
    }

    const object& root_;
    const bool strict_;
    const KnownCode& known_code_;
    std::vector<FieldProblem> problems_;
};

void collect_personal(const object& schema, const std::string& path, std::map<std::string, std::string>& kinds) {
    if (const auto* mark = keyword(schema, "x-personal"); mark != nullptr && *mark != value(false))
        kinds.emplace(path, mark->is_string() ? std::string(mark->as_string()) : std::string());
    if (const auto* items = keyword(schema, "items")) collect_personal(items->as_object(), path + "[]", kinds);
    if (const auto* properties = keyword(schema, "properties")) {
        for (const auto& [name, inner] : properties->as_object()) {
            collect_personal(inner.as_object(), path.empty() ? std::string(name) : path + "." + std::string(name),
                             kinds);
        }
    }
}

void collect_code_tables(const object& schema, std::set<std::string>& tables) {
    if (const auto table = keyword_text(schema, "x-code-table"); !table.empty()) tables.emplace(table);
    for (const auto& [name, inner] : schema) {
        if (name == "items") collect_code_tables(inner.as_object(), tables);
        if (name != "properties" && name != "$defs") continue;
        for (const auto& [child, child_schema] : inner.as_object()) {
            collect_code_tables(child_schema.as_object(), tables);
        }
    }
}

}  // namespace

Result<void> check_schema(const object& schema) {
    return check_node(schema, "表单", 0);
}

std::set<std::string> code_tables_of(const object& schema) {
    std::set<std::string> tables;
    collect_code_tables(schema, tables);
    return tables;
}

Result<void> check_form(const object& schema, const object& form, Strictness strictness, const KnownCode& known_code) {
    FormCheck check(schema, strictness, known_code);
    check.check(schema, form, "");
    auto problems = check.take();
    if (problems.empty()) return {};
    return Error{Errc::invalid_input, "catalog.form_invalid", "有内容填写不正确，请按提示逐项改正；其他内容都已保留。",
                 std::move(problems)};
}

std::map<std::string, std::string> personal_kinds(const object& schema) {
    std::map<std::string, std::string> kinds;
    collect_personal(schema, "", kinds);
    return kinds;
}

}  // namespace kaigong::catalog
