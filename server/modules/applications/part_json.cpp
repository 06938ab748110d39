#include "modules/applications/part_json.hpp"

#include "base/json_members.hpp"
#include "modules/applications/part_values.hpp"

namespace kaigong::applications {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value at_or_null(std::int64_t at_ms) {
    return at_ms == 0 ? value(nullptr) : value(at_ms);
}

object heading_json(const catalog::InvitedParts& kinds, const std::string& part, const std::string& role,
                    const catalog::Matter& matter) {
    const auto* kind = kinds.find(part);
    return {{"part", part},
            {"title", kind == nullptr ? part : kind->title},
            {"title_en", text_or_null(kind == nullptr ? std::string() : kind->title_en)},
            {"role", role},
            {"role_name", matter.code_name(kinds.role_table, role)}};
}

/// Null where nobody confirmed.
template <class Row>
value confirmation_json(const Row& row, identity::Identity& identity) {
    if (row.confirmed_at_ms == 0) return nullptr;
    return object{{"by_name", identity.name_of({row.confirmed_by})},
                  {"at_ms", row.confirmed_at_ms},
                  {"authority_duty", row.authority_duty},
                  {"authority_reference", text_or_null(row.authority_reference)}};
}

}  // namespace

object part_json(const StandingPart& part, const catalog::InvitedParts& kinds, const catalog::Matter& matter,
                 identity::Identity& identity) {
    const auto& row = part.row;
    const auto* kind = kinds.find(row.part);
    auto json = heading_json(kinds, row.part, row.role, matter);
    json["part_id"] = row.part_id;
    json["credit_code"] = row.credit_code;
    json["organisation_name"] = text_or_null(row.organisation_name);
    json["kind"] = row.kind;
    json["standing"] = part.standing;
    json["confirmation_required"] = kind != nullptr && kind->confirmation_required;
    json["invited_at_ms"] = row.invited_at_ms;
    json["expires_at_ms"] = row.expires_at_ms;
    json["filled_at_ms"] = at_or_null(row.filled_at_ms);
    json["confirmation"] = confirmation_json(row, identity);
    return json;
}

object part_list_json(const store::PartListRow& row, const catalog::Matter& matter, std::int64_t now_ms) {
    const auto kinds = catalog::read_invited_parts(matter.settings(), matter.form_schema());
    if (!kinds) throw std::logic_error("applications: a published matter with malformed parts");
    store::PartRow stood;
    stood.state = "open";
    stood.version = row.version;
    stood.expires_at_ms = row.expires_at_ms;
    stood.filled_at_ms = row.filled_at_ms;
    stood.confirmed_version = row.confirmed_version;
    auto json = heading_json(*kinds, row.part, row.role, matter);
    json["part_id"] = row.part_id;
    json["kind"] = row.kind;
    json["standing"] = standing_of(stood, now_ms);
    json["matter_code"] = row.matter_code;
    json["matter_name"] = matter.name();
    json["works_name"] = text_or_null(row.works_name);
    json["owner_name"] = text_or_null(row.owner_name);
    json["organisation_name"] = text_or_null(row.organisation_name);
    json["invited_at_ms"] = row.invited_at_ms;
    json["expires_at_ms"] = row.expires_at_ms;
    return json;
}

object filed_part_json(const store::FiledPartRow& row, const catalog::InvitedParts& kinds,
                       const catalog::Matter& matter, identity::Identity& identity) {
    auto json = heading_json(kinds, row.part, row.role, matter);
    json["part_id"] = row.part_id;
    json["credit_code"] = row.credit_code;
    json["organisation_name"] = text_or_null(row.organisation_name);
    json["kind"] = row.kind;
    json["standing"] = row.standing;
    json["confirmation"] = confirmation_json(row, identity);
    return json;
}

array invitable_json(const catalog::InvitedParts& kinds, const LoadedDraft& draft, const authz::Actor& applicant) {
    array list;
    const auto* rows = draft.form.if_contains(kinds.rows);
    if (kinds.parts.empty() || rows == nullptr || !rows->is_array()) return list;
    for (const auto& one : rows->get_array()) {
        if (!one.is_object()) continue;
        const auto& row = one.get_object();
        const auto role = text_of(row, kinds.role);
        const auto code = text_of(row, kinds.credit_code);
        if (code.empty() || is_own_firm(draft, applicant, code)) continue;
        for (const auto& kind : kinds.parts) {
            if (!kind.is_for(role)) continue;
            auto json = heading_json(kinds, kind.part, role, *draft.matter);
            json["credit_code"] = code;
            json["organisation_name"] = text_or_null(text_of(row, kinds.organisation_name));
            json["confirmation_required"] = kind.confirmation_required;
            list.push_back(std::move(json));
        }
    }
    return list;
}

array part_fields_json(const catalog::InvitedParts& kinds, const catalog::InvitedPart& kind) {
    if (kind.is_own_row()) return {value(kinds.rows)};
    array list;
    for (const auto& path : kind.fields) list.emplace_back(path);
    return list;
}

array part_fixed_json(const catalog::InvitedParts& kinds, const catalog::InvitedPart& kind) {
    array list;
    if (!kind.is_own_row()) return list;
    for (const auto& name : kind.fixed) list.emplace_back(kinds.rows + "[0]." + name);
    return list;
}

}  // namespace kaigong::applications
