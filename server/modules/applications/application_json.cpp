// What pages show of an application.
#include <boost/json.hpp>

#include <algorithm>

#include "modules/applications/personal_fields.hpp"
#include "modules/applications/service.hpp"

namespace kaigong::applications {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value or_null(const std::string& text) {
    return text.empty() ? value(nullptr) : value(text);
}

array texts(const std::vector<std::string>& list) {
    array result;
    for (const auto& one : list) result.emplace_back(one);
    return result;
}

object document_json(const documents::Document& document) {
    return {{"document_id", document.document_id.text},
            {"material_code", or_null(document.material_code)},
            {"file_name", document.file_name},
            {"media_type", document.media_type},
            {"size_bytes", document.size_bytes},
            {"pages", document.pages ? value(*document.pages) : value(nullptr)},
            {"sha256", document.sha256},
            {"uploaded_at_ms", document.uploaded_at_ms},
            {"round", document.round},
            {"superseded", document.superseded}};
}

array materials_json(const std::vector<catalog::MaterialState>& materials,
                     const std::vector<documents::Document>& documents) {
    array list;
    for (const auto& material : materials) {
        array papers;
        for (const auto& document : documents) {
            if (document.material_code == material.material_code) papers.push_back(document_json(document));
        }
        list.push_back({{"material_code", material.material_code},
                        {"name", material.name},
                        {"required", material.required ? value(*material.required) : value(nullptr)},
                        {"proved_by", or_null(material.proved_by)},
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
                        {"leads_to", or_null(finding.leads_to)},
                        {"title", finding.title},
                        {"message", finding.message},
                        {"remedy", finding.remedy},
                        {"legal_basis", finding.legal_basis},
                        {"basis_confirmed", finding.basis_confirmed},
                        {"fields", texts(finding.fields)},
                        {"evidence", std::move(evidence)}});
    }
    return list;
}

object counts_json(const catalog::FindingCounts& counts) {
    return {{"fail", counts.fail}, {"unchecked", counts.unchecked}, {"pass", counts.pass}};
}

Result<object> ApplicationService::application_json(const Loaded& loaded, const authz::Actor& actor) {
    const auto& row = loaded.row;
    const bool for_applicant = actor.kind == authz::AccountKind::owner_agent;
    const auto checked = check(loaded);
    const auto summaries = parts_.procedures.summaries({row.application_id});
    const auto found = summaries.find(row.application_id);
    const bool filed = row.application_number.has_value();
    const std::string state = found != summaries.end() ? found->second.state : filed ? "submitted" : "draft";
    const std::string state_name = found != summaries.end() ? found->second.state_name : filed ? "待受理" : "待提交";
    const std::string turn = found != summaries.end() ? found->second.turn : filed ? "authority" : "applicant";
    return object{{"application_id", row.application_id},
                  {"application_number", row.application_number ? value(*row.application_number) : value(nullptr)},
                  {"matter_code", row.matter_code},
                  {"matter_name", loaded.matter->name()},
                  {"catalog_version", row.catalog_version},
                  {"works_name", or_null(row.works_name)},
                  {"owner_name", or_null(row.owner_name)},
                  {"state", state},
                  {"state_name", state_name},
                  {"turn", turn},
                  {"version", row.version},
                  {"round", row.round},
                  {"form", loaded.form},
                  {"materials", materials_json(checked.materials, parts_.documents.documents_of(row.application_id))},
                  {"findings", findings_json(checked.findings, for_applicant)},
                  {"counts", counts_json(checked.counts)},
                  {"remarks", boost::json::parse(row.remarks)},
                  {"received_at_ms", row.received_at_ms ? value(*row.received_at_ms) : value(nullptr)},
                  {"updated_at_ms", row.updated_at_ms},
                  {"permit_number", found != summaries.end() ? or_null(found->second.permit_number) : value(nullptr)},
                  {"can_edit", for_applicant && turn == "applicant"}};
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
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return store::of_company(session, actor.credit_code, before_ms, before_id, limit + 1);
    }));
    value next = nullptr;
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.resize(static_cast<std::size_t>(limit));
        next = std::to_string(rows.back().updated_at_ms) + ":" + rows.back().application_id;
    }
    std::vector<std::string> ids;
    for (const auto& row : rows) ids.push_back(row.application_id);
    const auto summaries = parts_.procedures.summaries(ids);
    array applications;
    for (const auto& row : rows) {
        const auto found = summaries.find(row.application_id);
        const bool filed = row.application_number.has_value();
        const ProcedureSource::Summary summary =
            found != summaries.end() ? found->second
            : filed                  ? ProcedureSource::Summary{"submitted", "待受理", "authority", "", false, "", ""}
                                     : ProcedureSource::Summary{"draft", "待提交", "applicant", "", false, "", ""};
        const auto matter = parts_.catalog.load_matter(row.matter_code);
        applications.push_back({{"application_id", row.application_id},
                                {"application_number", filed ? value(*row.application_number) : value(nullptr)},
                                {"matter_code", row.matter_code},
                                {"matter_name", matter ? (*matter)->name() : row.matter_code},
                                {"works_name", or_null(row.works_name)},
                                {"state", summary.state},
                                {"state_name", summary.state_name},
                                {"turn", summary.turn},
                                {"round", row.round},
                                {"updated_at_ms", row.updated_at_ms},
                                {"due_on", or_null(summary.due_on)},
                                {"provisional", summary.provisional},
                                {"light", or_null(summary.light)},
                                {"permit_number", or_null(summary.permit_number)}});
    }
    return object{{"applications", std::move(applications)}, {"next_cursor", next}};
}

}  // namespace kaigong::applications
