// Answers to the upward needs of lower modules: each is declared by the module that asks, and bound here to the module
// that knows, once everything is made.
#pragma once

#include "modules/approval/approval.hpp"
#include "modules/documents/documents.hpp"
#include "modules/evidence/evidence.hpp"
#include "modules/letters/letters.hpp"

namespace kaigong::app {

class ProceduresOfApproval final : public applications::ProcedureSource {
  public:
    void bind(approval::Approval& approval) { approval_ = &approval; }
    std::map<std::string, Summary> summaries(const std::vector<std::string>& application_ids) override;
    std::optional<std::int64_t> round_in_correction(db::Session& session, const std::string& application_id) override;
    boost::json::array open_points(const std::string& application_id) override;
    std::vector<std::string> owed_materials(db::Session& session, const std::string& application_id) override;
    bool is_restricted(db::Session& session, const std::string& application_id) override;
    Result<void> may_read(const authz::Actor& actor, const std::string& application_id) override;

  private:
    approval::Approval* approval_ = nullptr;
};

class GateOfApplications final : public documents::WriteGate {
  public:
    void bind(applications::Applications& applications, approval::Approval& approval);
    Result<void> may_write(const authz::Actor& actor, const std::string& application_id) override;
    Result<void> hold(db::Session& session, const authz::Actor& actor, const std::string& application_id,
                      const std::string& material_code, std::int64_t now_ms) override;
    Result<void> may_read(const authz::Actor& actor, const std::string& application_id) override;

  private:
    applications::Applications* applications_ = nullptr;
    approval::Approval* approval_ = nullptr;
};

/// No register has a connector yet: each says that it can't be reached, and the paper is asked instead.
class RegistersWithoutConnector final : public catalog::RegisterSource {
  public:
    catalog::RegisterAnswer ask(const std::string&, const catalog::PrecheckInput&) const override { return {}; }
};

class PastCasesOfApplications final : public catalog::PastCases {
  public:
    void bind(applications::Applications& applications) { applications_ = &applications; }
    Result<std::int64_t> count(const std::string& matter_code, std::int64_t since_ms) override;
    Result<std::vector<catalog::PastCase>> page(const std::string& matter_code, std::int64_t since_ms,
                                                const std::string& after, int limit) override;

  private:
    applications::Applications* applications_ = nullptr;
};

/// Every entry of the trace of acts becomes one of the log of them.
class AuditTrail final : public audit::EntryLog {
  public:
    void bind(evidence::Evidence& evidence) { evidence_ = &evidence; }
    void entered(db::Session& session, const std::string& entry_id, const std::string& commitment,
                 std::int64_t logged_at_ms) override;

  private:
    evidence::Evidence* evidence_ = nullptr;
};

class LateGrantEffects final : public approval::GrantEffects {
  public:
    void bind(approval::GrantEffects& effects) { effects_ = &effects; }
    Result<std::string> on_granted(db::Session& session, const applications::Filing& filing,
                                   std::int64_t now_ms) override;
    void on_confidentiality(db::Session& session, const std::string& application_id,
                            authz::Confidentiality confidentiality) override;

  private:
    approval::GrantEffects* effects_ = nullptr;
};

class LetterValues final : public letters::ValueSource {
  public:
    explicit LetterValues(const catalog::Catalog& catalog) : catalog_(catalog) {}
    void bind(applications::Applications& applications, approval::Approval& approval);
    Result<Values> values_of(const std::string& application_id, const std::string& letter_kind, int round,
                             std::int64_t at_ms) override;
    Result<void> may_read(const authz::Actor& actor, const std::string& application_id) override;

  private:
    const catalog::Catalog& catalog_;
    applications::Applications* applications_ = nullptr;
    approval::Approval* approval_ = nullptr;
};

}  // namespace kaigong::app
