// What pages show of an application.
#include <boost/json.hpp>

#include <algorithm>

#include "base/json_members.hpp"
#include "modules/applications/person_masks.hpp"
#include "modules/applications/service.hpp"

namespace kaigong::applications {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

array texts(const std::vector<std::string>& list) {
    array result;
    for (const auto& one : list) result.emplace_back(one);
    return result;
}

array materials_json(const std::vector<catalog::MaterialState>& materials,
                     const std::vector<documents::Document>& documents) {
    array list;
    for (const auto& material : materials) {
        array papers;
        for (const auto& document : documents) {
            if (document.material_code == material.material_code) papers.push_back(documents::document_json(document));
        }
        list.push_back({{"material_code", material.material_code},
                        {"name", material.name},
                        {"required", material.required ? value(*material.required) : value(nullptr)},
                        {"proved_by", text_or_null(material.proved_by)},
                        {"may_commit", material.may_commit},
                        {"committed", material.committed},
                        {"generated", material.generated},
                        {"formats", texts(material.formats)},
                        {"pages_max", material.pages_max},
                        {"legal_basis", material.legal_basis},
                        {"documents", std::move(papers)}});
    }
    return list;
}

/// Where the case stands, also in the moments between a filing and the procedure's taking it in.
ProcedureSource::Summary standing_of(const store::ApplicationRow& row,
                                     const std::map<std::string, ProcedureSource::Summary>& summaries) {
    if (!row.application_number) return {"draft", "待提交", "applicant", "", false, "", "", 0};
    const auto found = summaries.find(row.application_id);
    if (found == summaries.end()) return {"submitted", "待受理", "authority", "", false, "", "", 0};
    auto standing = found->second;
    if (standing.turn == "applicant" && standing.round < row.round) {
        standing.state_name = "待受理";
        standing.turn = "authority";
    }
    return standing;
}

}  // namespace

array findings_json(const std::vector<catalog::Finding>& findings, bool for_applicant) {
    array list;
    for (const auto& finding : findings) {
        if (for_applicant && finding.audience != "applicant") continue;
        array evidence;
        for (const auto& code : finding.evidence) {
            evidence.push_back({{"material_code", code}, {"document_id", nullptr}, {"page", nullptr}});
        }
        list.push_back({{"rule", finding.rule},
                        {"outcome", finding.outcome},
                        {"severity", finding.severity},
                        {"audience", finding.audience},
                        {"leads_to", text_or_null(finding.leads_to)},
                        {"title", finding.title},
                        {"message", finding.message},
                        {"remedy", finding.remedy},
                        {"legal_basis", finding.legal_basis},
                        {"basis_confirmed", finding.basis_confirmed},
                        {"fields", texts(finding.fields)},
                        {"evidence", std::move(evidence)},
                        {"explanation", catalog::explanation_json(finding.explanation)}});
    }
    return list;
}

array with_papers(array materials, const Papers& papers, int round) {
    for (auto& one : materials) {
        auto& material = one.as_object();
        const auto stands_for_it = [&](const documents::Document& paper) {
            return material.at("material_code").as_string() == paper.material_code && paper.round > 0 &&
                   paper.round <= round;
        };
        int latest = 0;
        for (const auto& paper : papers) {
            if (stands_for_it(paper)) latest = std::max(latest, paper.round);
        }
        array list;
        for (const auto& paper : papers) {
            if (stands_for_it(paper) && paper.round == latest) list.push_back(documents::document_json(paper));
        }
        material["documents"] = std::move(list);
    }
    return materials;
}

object counts_json(const catalog::FindingCounts& counts) {
    return {{"fail", counts.fail}, {"unchecked", counts.unchecked}, {"pass", counts.pass}};
}

Result<object> ApplicationService::application_json(const Loaded& loaded, const authz::Actor& actor) {
    const auto& row = loaded.row;
    const bool for_applicant = actor.kind == authz::AccountKind::owner_agent;
    auto papers = papers_of(loaded);
    if (!for_applicant) std::erase_if(papers, [](const auto& paper) { return paper.round == 0; });
    // What officers see was filed, with what the system said of it then.
    KAIGONG_TRY(judged, for_applicant ? form_for_rules(loaded, actor) : Result<object>(loaded.form));
    KAIGONG_TRY(checked, check(loaded, judged, papers, {}));
    auto form = loaded.form;
    auto identity_of_owner = owner_identity(loaded);
    mask_for(actor, loaded.matter->personal_kinds(), form);
    const auto standing = standing_of(row, parts_.procedures.summaries({row.application_id}));
    return object{{"application_id", row.application_id},
                  {"application_number", row.application_number ? value(*row.application_number) : value(nullptr)},
                  {"matter_code", row.matter_code},
                  {"matter_name", loaded.matter->name()},
                  {"catalog_version", row.catalog_version},
                  {"works_name", text_or_null(row.works_name)},
                  {"owner_name", text_or_null(row.owner_name)},
                  {"owner_identity", std::move(identity_of_owner)},
                  {"state", standing.state},
                  {"state_name", standing.state_name},
                  {"turn", standing.turn},
                  {"version", row.version},
                  {"round", row.round},
                  {"form", std::move(form)},
                  {"materials", materials_json(checked.materials, papers)},
                  {"findings", findings_json(checked.findings, for_applicant)},
                  {"counts", counts_json(checked.counts)},
                  {"remarks", boost::json::parse(row.remarks)},
                  {"received_at_ms", row.received_at_ms ? value(*row.received_at_ms) : value(nullptr)},
                  {"updated_at_ms", row.updated_at_ms},
                  {"permit_number", text_or_null(standing.permit_number)},
                  {"can_edit", for_applicant && standing.turn == "applicant"}};
}

Result<object> ApplicationService::list(const authz::Actor& actor, const std::string& cursor, int limit) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "applications.read"));
    if (actor.kind != authz::AccountKind::owner_agent) {
        return object{{"applications", array{}}, {"next_cursor", nullptr}};
    }
    std::int64_t before_ms = std::numeric_limits<std::int64_t>::max();
    std::string before_id = "~";
    if (const auto colon = cursor.find(':'); colon != std::string::npos) {
        before_ms = std::strtoll(cursor.c_str(), nullptr, 10);
        before_id = cursor.substr(colon + 1);
    }
    const authz::BoundScope scope(
        parts_.permissions.scope_condition(actor, "applications.read", store::kScopeOfApplications));
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return store::listed(session, scope, before_ms, before_id, limit + 1);
    }));
    value next = nullptr;
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.resize(static_cast<std::size_t>(limit));
        next = std::to_string(rows.back().updated_at_ms) + ":" + rows.back().application_id;
    }
    std::vector<std::string> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows) ids.push_back(row.application_id);
    const auto summaries = parts_.procedures.summaries(ids);
    array applications;
    for (const auto& row : rows) {
        const auto summary = standing_of(row, summaries);
        const auto matter = parts_.catalog.load_matter(row.matter_code);
        applications.push_back(
            {{"application_id", row.application_id},
             {"application_number", row.application_number ? value(*row.application_number) : value(nullptr)},
             {"matter_code", row.matter_code},
             {"matter_name", matter ? (*matter)->name() : row.matter_code},
             {"works_name", text_or_null(row.works_name)},
             {"state", summary.state},
             {"state_name", summary.state_name},
             {"turn", summary.turn},
             {"round", row.round},
             {"updated_at_ms", row.updated_at_ms},
             {"due_on", text_or_null(summary.due_on)},
             {"provisional", summary.provisional},
             {"light", text_or_null(summary.light)},
             {"permit_number", text_or_null(summary.permit_number)}});
    }
    return object{{"applications", std::move(applications)}, {"next_cursor", next}};
}

}  // namespace kaigong::applications
