#include "app/wiring.hpp"

#include "app/letter_values.hpp"
#include "base/canonical_json.hpp"

namespace kaigong::app {

std::map<std::string, applications::ProcedureSource::Summary> ProceduresOfApproval::summaries(
    const std::vector<std::string>& application_ids) {
    return approval_->summaries(application_ids);
}

std::optional<std::int64_t> ProceduresOfApproval::round_in_correction(db::Session& session,
                                                                      const std::string& application_id) {
    return approval_->round_in_correction(session, application_id);
}

boost::json::array ProceduresOfApproval::open_points(const std::string& application_id) {
    return approval_->open_points(application_id);
}

std::vector<std::string> ProceduresOfApproval::owed_materials(db::Session& session, const std::string& application_id) {
    return approval_->owed_materials(session, application_id);
}

bool ProceduresOfApproval::is_restricted(db::Session& session, const std::string& application_id) {
    return approval_->is_restricted(session, application_id);
}

Result<void> ProceduresOfApproval::may_read(const authz::Actor& actor, const std::string& application_id) {
    return approval_->may_read(actor, application_id);
}

void GateOfApplications::bind(applications::Applications& applications, approval::Approval& approval) {
    applications_ = &applications;
    approval_ = &approval;
}

Result<void> GateOfApplications::may_write(const authz::Actor& actor, const std::string& application_id) {
    return applications_->may_hand_in_papers(actor, application_id);
}

Result<void> GateOfApplications::hold(db::Session& session, const authz::Actor& actor,
                                      const std::string& application_id, const std::string& material_code,
                                      std::int64_t now_ms) {
    return applications_->hold_for_paper(session, actor, application_id, material_code, now_ms);
}

Result<void> GateOfApplications::may_read(const authz::Actor& actor, const std::string& application_id) {
    if (actor.kind == authz::AccountKind::owner_agent) return applications_->must_be_applicant(actor, application_id);
    // Who looks after the system or audits it sees what happened to a case, not the papers in it.
    if (actor.kind == authz::AccountKind::administrator) {
        return error(Errc::not_found, "documents.not_found", "没有找到这份材料，请从申请页面重新进入。");
    }
    return approval_->may_read(actor, application_id);
}

Result<std::int64_t> PastCasesOfApplications::count(const std::string& matter_code, std::int64_t since_ms) {
    return applications_->count_filed(matter_code, since_ms);
}

Result<std::vector<catalog::PastCase>> PastCasesOfApplications::page(const std::string& matter_code,
                                                                     std::int64_t since_ms, const std::string& after,
                                                                     int limit) {
    return applications_->filed_cases(matter_code, since_ms, after, limit);
}

void AuditTrail::entered(db::Session& session, const std::string& entry_id, const std::string& commitment,
                         std::int64_t logged_at_ms) {
    const boost::json::object entry{{"v", 1}, {"entry", "audit"}, {"hash", commitment}, {"logged_at_ms", logged_at_ms}};
    evidence_->queue(session, {evidence::kAuditLog, "audit/" + entry_id, canonical_json(entry), logged_at_ms});
}

Result<std::string> LateGrantEffects::on_granted(db::Session& session, const applications::Filing& filing,
                                                 std::int64_t now_ms) {
    return effects_->on_granted(session, filing, now_ms);
}

void LateGrantEffects::on_confidentiality(db::Session& session, const std::string& application_id,
                                          authz::Confidentiality confidentiality) {
    effects_->on_confidentiality(session, application_id, confidentiality);
}

void LetterValues::bind(applications::Applications& applications, approval::Approval& approval) {
    applications_ = &applications;
    approval_ = &approval;
}

Result<letters::ValueSource::Values> LetterValues::values_of(const std::string& application_id,
                                                             const std::string& letter_kind, int round,
                                                             std::int64_t at_ms) {
    KAIGONG_TRY(filing, applications_->load_filing(application_id));
    KAIGONG_TRY(submission, applications_->load_submission(application_id, 0));
    KAIGONG_TRY(facts, approval_->facts_of(application_id, at_ms));
    KAIGONG_TRY(matter, catalog_.load_matter(filing.matter_code, filing.catalog_version));
    return Values{filing.matter_code, filing.catalog_version, filing.region_code,
                  letter_values({letter_kind, round}, *matter, catalog_.find_authority(filing.region_code), filing,
                                submission, facts)};
}

Result<void> LetterValues::may_read(const authz::Actor& actor, const std::string& application_id) {
    return approval_->may_read(actor, application_id);
}

}  // namespace kaigong::app
