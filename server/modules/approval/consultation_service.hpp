// Consultations as both sides ask for them: officers of their case, each act once; somebody outside of the one part
// that his link opens.
#pragma once

#include "modules/approval/consultation_rules.hpp"
#include "modules/approval/consultations.hpp"
#include "modules/approval/operations/consult.hpp"
#include "modules/approval/retryable.hpp"

namespace kaigong::approval {

/// Whom an officer asks, and what.
struct WantedConsultation {
    std::string item;
    std::string organisation;
    std::string name;
    std::string phone;
    std::string email;
    std::string question;
    std::vector<std::string> sections;
    std::vector<std::string> papers;
    int working_days = 0;
};

/// What somebody outside proves himself with: his link, and what the code to his phone gave him.
struct OutsideProof {
    std::string token;
    std::string pass;
    std::string address;  ///< of the network, for its limit
};

class ConsultationService final : public Consultations {
  public:
    ConsultationService(ConsultationParts parts, Approval& cases);

    std::vector<http::Endpoint> routes() override;
    bool is_referenced(const std::string& sha256) override;

    int working_days_max() const { return parts_.working_days_max; }
    /// All consultations of a case, and about what the reader may ask. Fails with approval.not_found.
    Result<boost::json::object> of_case(const authz::Actor& actor, const std::string& application_id) const;
    /// Gives the consultation as it is then.
    Result<boost::json::object> ask(const authz::Actor& actor, const std::string& application_id,
                                    const WantedConsultation& wanted, const Retryable& request);
    Result<boost::json::object> recall(const authz::Actor& actor, const std::string& consultation_id,
                                       std::int64_t version, const std::string& reason, const Retryable& request);
    Result<boost::json::object> remind(const authz::Actor& actor, const std::string& consultation_id,
                                       std::int64_t version, const Retryable& request);
    Result<boost::json::object> take(const authz::Actor& actor, const std::string& consultation_id,
                                     std::int64_t version, const Retryable& request);

    /// Six digits to his phone, else to his mailbox. Fails with approval.consultation_not_found, identity.….
    Result<boost::json::object> send_code(const OutsideProof& proof);
    /// Fails with approval.consultation_code_wrong too.
    Result<boost::json::object> give_pass(const OutsideProof& proof, const std::string& challenge_id,
                                          const std::string& code);
    /// Fails with approval.consultation_not_found, approval.consultation_code_needed.
    Result<boost::json::object> view(const OutsideProof& proof);
    Result<http::Reply> paper(const OutsideProof& proof, const std::string& document_id);
    /// A file for his next answer. Fails with documents.…, approval.consultation_files_full too.
    Result<boost::json::object> add_file(const OutsideProof& proof, std::string_view file_name,
                                         const http::BodyFile& body);
    /// Gives what `view` gives then.
    Result<boost::json::object> remove_file(const OutsideProof& proof, const std::string& file_id);
    /// A file that came with an answer, for who may read the case. Fails with approval.not_found.
    Result<http::Reply> file(const authz::Actor& actor, const std::string& consultation_id, const std::string& file_id,
                             http::Disposition disposition) const;
    /// Gives what `view` gives then.
    Result<boost::json::object> answer(const OutsideProof& proof, operations::OutsideAnswer answer);

  private:
    struct CaseView;
    struct Opened;
    struct Acting;
    using Body = std::function<Result<std::string>(db::Session&)>;

    Result<CaseView> view_for(const authz::Actor& actor, const std::string& application_id) const;
    boost::json::object consultation_json(const CaseView& view, const store::ConsultationRow& row) const;
    Result<boost::json::object> shown(const authz::Actor& actor, const std::string& application_id,
                                      const std::string& consultation_id) const;
    std::string opened_text(const store::ConsultationRow& row, const char* column, const std::string& sealed) const;
    std::string name_of(const store::ConsultationRow& row) const;
    /// Where links go, and where codes go.
    OutsideContacts::Contact link_contact(const store::ConsultationRow& row) const;
    OutsideContacts::Contact code_contact(const store::ConsultationRow& row) const;
    operations::NewLink new_link(const OutsideContacts::Contact& to) const;
    Result<store::ConsultationRow> new_row(const WantedConsultation& wanted, std::int64_t now_ms) const;
    Result<std::string> once(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms,
                             const Body& body) const;
    /// The consultation of a case that the actor may read. Fails with approval.not_found.
    Result<Acting> acting(const authz::Actor& actor, const std::string& consultation_id, std::int64_t version) const;

    /// By the link alone: for sending a code. Fails with approval.consultation_not_found.
    Result<store::ConsultationRow> live_row(const OutsideProof& proof);
    /// By both. Fails with approval.consultation_code_needed too.
    Result<Opened> opened(const OutsideProof& proof);
    Error wrong_code(const store::ConsultationRow& row, const OutsideProof& proof);
    boost::json::object outside_json(const Opened& opened, const applications::Submission& submission,
                                     const catalog::Matter& matter) const;

    ConsultationParts parts_;
    Approval& cases_;
    Surroundings surroundings_;
    operations::PapersOf papers_of_;
};

}  // namespace kaigong::approval
