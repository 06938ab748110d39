#include "modules/applications/part_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::applications {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

Error outside_part(const std::vector<std::string>& paths) {
    Error result = error(Errc::invalid_input, "applications.outside_part",
                         "只能填写邀请贵单位填报的内容。请刷新页面后重新填写；需要改动其他内容，请联系建设单位。");
    for (const auto& path : paths) {
        result.fields.push_back({path, "applications.outside_part", "这一项不由贵单位填写，请联系建设单位。"});
    }
    return result;
}

bool is_below(std::string_view path, std::string_view above) {
    return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '.');
}

const value* at_path(const object& form, std::string_view path) {
    const auto* at = &form;
    for (;;) {
        const auto end = path.find('.');
        const auto* found = at->if_contains(path.substr(0, end));
        if (found == nullptr || end == std::string_view::npos) return found;
        if (!found->is_object()) return nullptr;
        at = &found->get_object();
        path.remove_prefix(end + 1);
    }
}

/// Makes the groups that lead there; nothing answered is nothing there.
void set_path(object& form, std::string_view path, const value* what) {
    const auto end = path.find('.');
    const auto name = path.substr(0, end);
    if (end == std::string_view::npos) {
        if (what == nullptr) {
            form.erase(name);
        } else {
            form[name] = *what;
        }
        return;
    }
    auto& group = form[name];
    if (!group.is_object()) group.emplace_object();
    set_path(group.get_object(), path.substr(end + 1), what);
}

/// Paths of what was sent that no field of the part covers.
void strangers(const object& values, const std::string& above, const catalog::InvitedPart& part,
               std::vector<std::string>& paths) {
    for (const auto& [name, inner] : values) {
        const auto path = above.empty() ? std::string(name) : above + "." + std::string(name);
        const auto covers = [&](const std::string& field) { return is_below(path, field); };
        const auto leads = [&](const std::string& field) { return is_below(field, path); };
        if (std::ranges::any_of(part.fields, covers)) continue;
        if (inner.is_object() && std::ranges::any_of(part.fields, leads)) {
            strangers(inner.get_object(), path, part, paths);
        } else {
            paths.push_back(path);
        }
    }
}

Result<void> put_row(const catalog::InvitedParts& parts, const catalog::InvitedPart& part, std::size_t row,
                     const object& values, object& form) {
    const auto* sent = values.if_contains(parts.rows);
    const bool is_one_row = values.size() == 1 && sent != nullptr && sent->is_array() &&
                            sent->get_array().size() == 1 && sent->get_array().front().is_object();
    if (!is_one_row) return outside_part({parts.rows});
    object next = sent->get_array().front().get_object();
    auto& place = form[parts.rows].get_array()[row];
    std::vector<std::string> changed;
    for (const auto& name : part.fixed) {
        const auto* is = place.get_object().if_contains(name);
        const auto* wanted = next.if_contains(name);
        if (wanted != nullptr && !wanted->is_null() && (is == nullptr || *is != *wanted)) {
            changed.push_back(fmt::format("{}[0].{}", parts.rows, name));
        }
        set_path(next, name, is);
    }
    for (const auto& name : part.kept) set_path(next, name, place.get_object().if_contains(name));
    if (!changed.empty()) return outside_part(changed);
    place = std::move(next);
    return {};
}

const object* inner_schema(const object* schema, std::string_view name) {
    const auto* found = schema == nullptr ? nullptr : schema->if_contains(name);
    return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

bool is_answered(const value& one) {
    if (one.is_string()) return !one.get_string().empty();
    return !one.is_null();
}

void write_canonical(const value& one, const object* schema, std::string& text);

void write_members(const object& members, const object* schema, std::string& text) {
    std::map<std::string_view, const value*> in_order;
    for (const auto& [name, inner] : members) in_order.emplace(name, &inner);
    text += '{';
    for (const auto& [name, inner] : in_order) {
        const auto* of = inner_schema(inner_schema(schema, "properties"), name);
        const bool is_ours = of != nullptr && (of->contains("x-row-number") || of->contains("x-read-only"));
        if (is_ours || !is_answered(*inner)) continue;
        text += boost::json::serialize(boost::json::string(name)) + ":";
        write_canonical(*inner, of, text);
        text += ',';
    }
    text += '}';
}

void write_canonical(const value& one, const object* schema, std::string& text) {
    if (one.is_object()) return write_members(one.get_object(), schema, text);
    if (!one.is_array()) {
        text += boost::json::serialize(one);
        return;
    }
    text += '[';
    for (const auto& inner : one.get_array()) {
        write_canonical(inner, inner_schema(schema, "items"), text);
        text += ',';
    }
    text += ']';
}

}  // namespace

std::optional<std::size_t> row_of_firm(const catalog::InvitedParts& parts, const PartFirm& firm, const object& form) {
    const auto* rows = form.if_contains(parts.rows);
    if (rows == nullptr || !rows->is_array()) return std::nullopt;
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < rows->get_array().size(); ++i) {
        const auto& row = rows->get_array()[i];
        if (!row.is_object()) continue;
        const bool is_firms = text_of(row.get_object(), parts.credit_code) == firm.credit_code &&
                              text_of(row.get_object(), parts.role) == firm.role;
        if (!is_firms) continue;
        // Of two rows a firm would see one and answer for both.
        if (found) return std::nullopt;
        found = i;
    }
    return found;
}

std::optional<object> part_of_form(const catalog::InvitedParts& parts, const catalog::InvitedPart& part,
                                   const PartFirm& firm, const object& form) {
    const auto row = row_of_firm(parts, firm, form);
    if (!row) return std::nullopt;
    if (part.is_own_row()) return object{{parts.rows, array{form.at(parts.rows).get_array()[*row]}}};
    object values;
    for (const auto& path : part.fields) {
        if (const auto* found = at_path(form, path)) set_path(values, path, found);
    }
    return values;
}

Result<void> put_part(const catalog::InvitedParts& parts, const catalog::InvitedPart& part, const PartFirm& firm,
                      const object& values, object& form) {
    const auto row = row_of_firm(parts, firm, form);
    if (!row) {
        return error(Errc::conflict, "applications.part_gone",
                     "建设单位已经把贵单位从参建单位中删去，或改了代码、角色。请联系建设单位。");
    }
    if (part.is_own_row()) return put_row(parts, part, *row, values, form);
    std::vector<std::string> paths;
    strangers(values, "", part, paths);
    if (!paths.empty()) return outside_part(paths);
    for (const auto& path : part.fields) {
        const auto* sent = at_path(values, path);
        if (sent != nullptr || at_path(form, path) != nullptr) set_path(form, path, sent);
    }
    return {};
}

Error in_part(Error error, const catalog::InvitedParts& parts, std::size_t row) {
    const auto whole = fmt::format("{}[{}]", parts.rows, row);
    for (auto& field : error.fields) {
        if (field.field.starts_with(whole)) field.field = parts.rows + "[0]" + field.field.substr(whole.size());
    }
    return error;
}

std::string part_text(const object& values, const object& form_schema) {
    std::string text;
    write_members(values, &form_schema, text);
    return text;
}

std::string part_digest(const object& values, const object& form_schema) {
    return crypto::to_hex(crypto::sha256(crypto::view(part_text(values, form_schema))));
}

}  // namespace kaigong::applications
