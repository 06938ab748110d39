#include "modules/catalog/routes.hpp"

#include <algorithm>

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using http::Access;
using http::Method;
using http::Request;

object summary_json(const Matter& matter) {
    return {{"matter_code", matter.matter_code()},
            {"name", matter.name()},
            {"summary", matter.settings().at("summary")},
            {"statutory_working_days", matter.statutory_working_days()},
            {"promised_working_days", matter.promised_working_days()}};
}

value setting_or(const Matter& matter, std::string_view name, const value& fallback) {
    const auto* found = matter.settings().if_contains(name);
    return found != nullptr ? *found : fallback;
}

array authorities_json(const Catalog& catalog, const Matter& matter, const std::vector<Authority>& authorities) {
    const auto* chosen = matter.settings().if_contains("authorities");
    array list;
    for (const auto& authority : authorities) {
        const value code(authority.region_code);
        if (chosen != nullptr && std::ranges::find(chosen->as_array(), code) == chosen->as_array().end()) continue;
        list.push_back(
            {{"region_code", authority.region_code},
             {"name", authority.name},
             {"phone", authority.phone},
             {"address", authority.address},
             {"promised_working_days", catalog.promised_working_days(matter, authority.region_codes.front())}});
    }
    return list;
}

array items_json(const Matter& matter) {
    array list;
    for (const auto& item : matter.items()) {
        list.push_back({{"item", item.item},
                        {"name", item.name},
                        {"department", item.department},
                        {"department_name", item.department_name},
                        {"legal_basis", item.legal_basis}});
    }
    return list;
}

object matter_json(const Catalog& catalog, const Matter& matter, const std::vector<Authority>& authorities) {
    object whole = summary_json(matter);
    whole["catalog_version"] = matter.version();
    whole["intake_working_days"] = matter.intake_working_days();
    whole["legal_basis"] = setting_or(matter, "legal_basis", "");
    whole["authorities"] = authorities_json(catalog, matter, authorities);
    whole["items"] = items_json(matter);
    whole["conditions"] = setting_or(matter, "conditions", array{});
    whole["exemption_note"] = setting_or(matter, "exemption_note", nullptr);
    whole["fee_note"] = setting_or(matter, "fee_note", nullptr);
    whole["materials"] = matter.material_list();
    whole["form_schema"] = matter.form_schema();
    whole["layout"] = matter.layout();
    whole["code_tables"] = matter.code_tables();
    return whole;
}

Result<http::Reply> list_regions(const array& divisions, const Request& request) {
    const auto parent = request.query_parameter("parent").value_or("");
    array regions;
    for (const auto& one : divisions) {
        const auto& division = one.as_object();
        const auto* above = division.if_contains("parent");
        const std::string_view code =
            above != nullptr && above->is_string() ? std::string_view(above->get_string()) : std::string_view();
        if (code == parent) regions.push_back({{"code", division.at("code")}, {"name", division.at("name")}});
    }
    return http::json_reply(object{{"regions", std::move(regions)}});
}

}  // namespace

std::vector<http::Endpoint> catalog_routes(const Catalog& catalog, const std::vector<Authority>& authorities,
                                           const array& divisions) {
    return {
        {.method = Method::get,
         .path = "/api/v1/matters",
         .access = Access::anonymous,
         .handler = [&catalog](const Request&) -> Result<http::Reply> {
             array matters;
             for (const auto& matter : catalog.matters()) matters.push_back(summary_json(*matter));
             return http::json_reply(object{{"matters", std::move(matters)}});
         }},
        {.method = Method::get,
         .path = "/api/v1/matters/{matter_code}",
         .access = Access::anonymous,
         .handler = [&catalog, &authorities](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(matter, catalog.load_matter(request.path_parameter("matter_code")));
             return http::json_reply(matter_json(catalog, *matter, authorities));
         }},
        {.method = Method::get,
         .path = "/api/v1/matters/{matter_code}/process",
         .access = Access::anonymous,
         .handler = [&catalog](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(matter, catalog.load_matter(request.path_parameter("matter_code")));
             auto reply = http::text_reply(matter->process_xml());
             reply.content_type = "application/xml; charset=utf-8";
             return reply;
         }},
        {.method = Method::get,
         .path = "/api/v1/regions",
         .access = Access::anonymous,
         .query = {"parent"},
         .handler = [&divisions](const Request& request) { return list_regions(divisions, request); }},
    };
}

}  // namespace kaigong::catalog
