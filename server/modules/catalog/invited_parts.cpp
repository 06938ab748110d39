#include "modules/catalog/invited_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_members.hpp"
#include "modules/catalog/matter_checks.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::object;
using boost::json::value;

constexpr int kDaysMax = 365;

Error wrong(std::string_view what) {
    return malformed("matter.json", fmt::format("invited_parts {}", what));
}

const object* member(const object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

/// The schema of a member of an object's schema; nothing where the form has none.
const object* property(const object* schema, std::string_view name) {
    const auto* properties = schema == nullptr ? nullptr : member(*schema, "properties");
    return properties == nullptr ? nullptr : member(*properties, name);
}

const object* node_at(const object& schema, std::string_view path) {
    const auto* at = &schema;
    while (at != nullptr && !path.empty()) {
        const auto end = std::min(path.find('.'), path.size());
        at = property(at, path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return at;
}

const object* row_schema(const object& schema, std::string_view rows) {
    const auto* list = property(&schema, rows);
    return list == nullptr ? nullptr : member(*list, "items");
}

/// Absent is an empty list; nothing where it is no list of texts.
Result<std::vector<std::string>> text_list(const object& of, std::string_view name) {
    std::vector<std::string> list;
    const auto* found = of.if_contains(name);
    if (found == nullptr) return list;
    if (!found->is_array()) return wrong(fmt::format("的 {} 不是列表", name));
    for (const auto& one : found->get_array()) {
        if (!one.is_string()) return wrong(fmt::format("的 {} 中有不是文字的内容", name));
        list.emplace_back(one.get_string());
    }
    return list;
}

Result<InvitedPart> read_part(const object& of, const object& schema, const object& row) {
    InvitedPart part{text_of(of, "part"), text_of(of, "title"), text_of(of, "title_en"), {}, {}, {}, {}, false};
    if (part.part.empty() || part.title.empty()) return wrong("的每一部分都要写 part 和 title");
    KAIGONG_TRY(roles, text_list(of, "roles"));
    KAIGONG_TRY(fields, text_list(of, "fields"));
    KAIGONG_TRY(fixed, text_list(of, "fixed"));
    if (roles.empty()) return wrong(fmt::format("的 {} 没有写由哪些角色填报", part.part));
    for (const auto& path : fields) {
        if (node_at(schema, path) == nullptr) return wrong(fmt::format("的 {} 写了表单没有的 {}", part.part, path));
    }
    for (const auto& name : fixed) {
        if (property(&row, name) == nullptr) return wrong(fmt::format("的 {} 写了表单没有的 {}", part.part, name));
    }
    const auto confirmation = text_of(of, "confirmation");
    if (confirmation != "asked" && confirmation != "required") {
        return wrong(fmt::format("的 {} 的 confirmation 只能是 asked 或 required", part.part));
    }
    for (const auto& [name, node] : row.at("properties").as_object()) {
        const auto& of_member = node.as_object();
        if (of_member.contains("x-row-number") || of_member.contains("x-read-only")) part.kept.emplace_back(name);
    }
    part.roles = std::move(roles);
    part.fields = std::move(fields);
    part.fixed = std::move(fixed);
    part.confirmation_required = confirmation == "required";
    return part;
}

/// Of what the system says of a firm; whoever could send it could say that others confirmed.
Result<std::string> system_member(const object& firms, std::string_view name, const object& row) {
    auto result = text_of(firms, name);
    if (result.empty()) return result;
    const auto* of_member = property(&row, result);
    if (of_member == nullptr || !of_member->contains("x-read-only")) {
        return wrong(fmt::format("的 firms 的 {} 要写表单中带 x-read-only 的一项", name));
    }
    return result;
}

}  // namespace

bool InvitedPart::is_for(std::string_view role) const {
    return std::ranges::find(roles, role) != roles.end();
}

const InvitedPart* InvitedParts::find(std::string_view part) const {
    const auto found = std::ranges::find(parts, part, &InvitedPart::part);
    return found == parts.end() ? nullptr : &*found;
}

Result<InvitedParts> read_invited_parts(const object& settings, const object& form_schema) {
    InvitedParts result;
    if (!settings.contains("invited_parts")) return result;
    const auto* whole = member(settings, "invited_parts");
    const auto* firms = whole == nullptr ? nullptr : member(*whole, "firms");
    if (firms == nullptr) return wrong("缺少 firms");
    result.rows = text_of(*firms, "rows");
    result.credit_code = text_of(*firms, "credit_code");
    result.role = text_of(*firms, "role");
    result.organisation_name = text_of(*firms, "organisation_name");
    const auto* row = row_schema(form_schema, result.rows);
    for (const auto& name : {result.credit_code, result.role, result.organisation_name}) {
        if (property(row, name) == nullptr) return wrong("的 firms 写了表单没有的内容");
    }
    result.role_table = text_of(*property(row, result.role), "x-code-table");
    KAIGONG_TRY(confirmed_at, system_member(*firms, "confirmed_at", *row));
    KAIGONG_TRY(standing, system_member(*firms, "standing", *row));
    result.confirmed_at = std::move(confirmed_at);
    result.standing = std::move(standing);
    if (!is_between(*whole, "expires_after_days", kDaysMax)) {
        return wrong(fmt::format("的 expires_after_days 要写 1 到 {} 的整数", kDaysMax));
    }
    result.expires_after_days = static_cast<int>(whole->at("expires_after_days").as_int64());
    const auto* parts = whole->if_contains("parts");
    if (parts == nullptr || !parts->is_array()) return wrong("缺少 parts");
    for (const auto& one : parts->get_array()) {
        if (!one.is_object()) return wrong("的 parts 中有不是对象的内容");
        KAIGONG_TRY(part, read_part(one.get_object(), form_schema, *row));
        if (result.find(part.part) != nullptr) return wrong(fmt::format("的 {} 写了两次", part.part));
        result.parts.push_back(std::move(part));
    }
    return result;
}

}  // namespace kaigong::catalog
