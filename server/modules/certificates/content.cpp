#include "modules/certificates/content.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/canonical_json.hpp"
#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "crypto/digest.hpp"

namespace kaigong::certificates {
namespace {

using boost::json::array;
using boost::json::object;

void set_text(object& target, std::string_view name, const std::string& value) {
    if (!value.empty()) target[name] = value;
}

/// Texts of one item under the names that the certificate has for them.
object renamed(const object& item, std::initializer_list<std::pair<std::string_view, std::string_view>> names) {
    object made;
    for (const auto& [from, to] : names) set_text(made, to, text_of(item, from));
    return made;
}

array items_of(const object& record, std::string_view list,
               std::initializer_list<std::pair<std::string_view, std::string_view>> names) {
    array items;
    const auto* found = record.if_contains(list);
    if (found == nullptr || !found->is_array()) return items;
    for (const auto& item : found->get_array()) {
        if (item.is_object()) items.push_back(renamed(item.get_object(), names));
    }
    return items;
}

object about(const object& certificate, std::string_view kind, std::int64_t logged_at_ms) {
    return {{"v", 1},
            {"entry", kind},
            {"certificate_identifier", certificate.at("certificate_identifier")},
            {"certificate_version", certificate.at("certificate_version")},
            {"permit_number", certificate.at("permit_number")},
            {"logged_at_ms", logged_at_ms}};
}

}  // namespace

object certificate_object(const permits::Permit& permit, const EditionFacts& facts) {
    const auto& record = permit.record;
    object project{{"works_name", permit.works_name}};
    for (const auto* name : {"works_address", "project_code", "planning_permit_number", "scale_text",
                             "contract_price_text", "duration_text", "works_category"}) {
        set_text(project, name, text_of(record, name));
    }
    object holder{{"name", permit.owner_name}};
    set_text(holder, "code", text_of(record, "owner_credit_code"));
    object whole{{"certificate_identifier", facts.certificate_identifier},
                 {"certificate_name", facts.certificate_name},
                 {"certificate_type_code", facts.type_code},
                 {"certificate_version", facts.certificate_version},
                 {"permit_number", permit.permit_number},
                 {"state", "in_force"},
                 {"issued_on", permit.issued_on},
                 {"issuer", object{{"name", permit.issuing_authority}, {"code", facts.issuer_code}}},
                 {"holder", std::move(holder)},
                 {"project", std::move(project)},
                 {"verify_url", facts.verify_url}};
    auto units = items_of(record, "participants",
                          {{"role", "role"},
                           {"role_name", "role_name"},
                           {"organisation_name", "name"},
                           {"credit_code", "code"},
                           {"lead_name", "lead_name"}});
    if (!units.empty()) whole["units"] = std::move(units);
    auto buildings = items_of(record, "buildings",
                              {{"building_name", "building_name"},
                               {"floor_area_text", "floor_area_text"},
                               {"storeys_text", "storeys_text"},
                               {"structure_type_name", "structure_type_name"},
                               {"cost_text", "cost_text"}});
    if (!buildings.empty()) whole["buildings"] = std::move(buildings);
    set_text(whole, "remark", text_of(record, "remark"));
    set_text(whole, "related_identifier", facts.related_identifier);
    if (facts.sandbox) whole["sandbox"] = true;
    return whole;
}

std::string permit_entry(const object& certificate, const std::string& salt, const EntryTimes& times,
                         bool is_restricted) {
    auto entry = about(certificate, "permit", times.logged_at_ms);
    entry["decided_at_ms"] = times.decided_at_ms;
    entry["state"] = certificate.at("state");
    entry["issued_on"] = certificate.at("issued_on");
    entry["issuer_code"] = certificate.at("issuer").as_object().at("code");
    if (!is_restricted) {
        entry["works_name"] = certificate.at("project").as_object().at("works_name");
        entry["owner_name"] = certificate.at("holder").as_object().at("name");
    }
    entry["sandbox"] = certificate.contains("sandbox");
    entry["content"] = crypto::commitment(salt, canonical_json(certificate));
    return canonical_json(entry);
}

std::string files_entry(const object& certificate, const object& digests, std::int64_t logged_at_ms) {
    auto entry = about(certificate, "files", logged_at_ms);
    entry["files"] = digests;
    return canonical_json(entry);
}

std::string copy_entry(const object& certificate, const object& copy, const std::string& purpose_salt,
                       const object& digests, std::int64_t logged_at_ms) {
    auto entry = about(certificate, "copy", logged_at_ms);
    entry["copy_number"] = copy.at("number");
    entry["purpose"] = crypto::commitment(purpose_salt, canonical_json(copy));
    entry["files"] = digests;
    return canonical_json(entry);
}

std::string seal_legend(std::string_view seal_name) {
    for (const std::string legend : {"演示印章", "试用印章"}) {
        if (seal_name.ends_with("（" + legend + "）")) return legend;
    }
    return "电子印章";
}

object page_values(const permits::Permit& permit, const object& certificate, const PageMarks& marks,
                   const object* copy) {
    object values = permit.record;
    values["permit_number"] = permit.permit_number;
    values["works_name"] = permit.works_name;
    values["owner_name"] = permit.owner_name;
    values["issuing_authority"] = permit.issuing_authority;
    values["issued_on_text"] = date_text(parse_date(permit.issued_on).value());
    values["certificate_identifier"] = certificate.at("certificate_identifier");
    values["verify_url"] = certificate.at("verify_url");
    values["anti_forgery_code"] = marks.anti_forgery_code;
    values["seal_legend"] = marks.seal_legend;
    const auto version = certificate.at("certificate_version").as_int64();
    if (version > 1) {
        values["certificate_version_text"] = fmt::format("第 {} 版", version);
        values["related_identifier"] = text_of(certificate, "related_identifier");
    }
    if (certificate.contains("sandbox")) values["sandbox"] = "true";
    if (copy != nullptr) {
        values["copy_number"] = std::to_string(copy->at("number").as_int64());
        values["copy_purpose"] = copy->at("purpose");
        values["copy_made_for"] = copy->at("made_for");
        values["copy_made_on_text"] = date_text(parse_date(text_of(*copy, "made_on")).value());
    }
    return values;
}

}  // namespace kaigong::certificates
