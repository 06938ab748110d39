// The module's service; see applications.hpp for what others may ask of it.
#pragma once

#include "modules/applications/applications.hpp"
#include "modules/applications/drafts.hpp"
#include "modules/applications/part_standing.hpp"
#include "modules/applications/person_index.hpp"
#include "modules/applications/store.hpp"

namespace kaigong::applications {

struct Retryable {
    std::string key;
    std::string route;
    std::string body_hash;
};

struct Filed {
    boost::json::object declarations;
    boost::json::array remarks;  ///< [{rule, remark}]
    boost::json::array answers;  ///< [{point_id, answer}]
};

struct PersonQuery {
    std::string kind;  ///< id_number, phone
    std::string number;
    std::string reason;
};

struct UnmaskQuery {
    int round = 0;  ///< 0: the latest
    std::vector<std::string> fields;
    std::string reason;
};

using Papers = std::vector<documents::Document>;

/// Without confidentiality: officers are asked for it by ProcedureSource::may_read, and it is kept from them alone.
authz::Resource resource_of(const store::ApplicationRow& row);

class ApplicationService final : public Applications {
  public:
    explicit ApplicationService(Parts parts) : parts_(parts), drafts_(parts) {}

    Result<Filing> load_filing(const std::string& application_id) override;
    Result<Filing> load_filing(db::Session& session, const std::string& application_id) override;
    Result<Submission> load_submission(const std::string& application_id, int round) override;
    Result<RoundChanges> load_changes(const std::string& application_id, int round) override;
    Result<void> must_be_applicant(const authz::Actor& actor, const std::string& application_id) override;
    Result<void> must_be_applicants_turn(const authz::Actor& actor, const std::string& application_id) override;
    Result<void> hold_for_change(db::Session& session, const authz::Actor& actor, const std::string& application_id,
                                 std::int64_t now_ms) override;
    Result<void> hold_for_paper(db::Session& session, const authz::Actor& actor, const std::string& application_id,
                                const std::string& material_code, std::int64_t now_ms) override;
    Result<void> may_hand_in_papers(const authz::Actor& actor, const std::string& application_id) override;
    Result<std::int64_t> count_filed(const std::string& matter_code, std::int64_t since_ms) override;
    Result<std::vector<catalog::PastCase>> filed_cases(const std::string& matter_code, std::int64_t since_ms,
                                                       const std::string& after, int limit) override;
    std::vector<http::Endpoint> routes() override;

    Result<boost::json::object> list(const authz::Actor& actor, const std::string& cursor, int limit);
    Result<boost::json::object> create(const authz::Actor& actor, const std::string& matter_code,
                                       const Retryable& request);
    Result<boost::json::object> show(const authz::Actor& actor, const std::string& application_id);
    Result<boost::json::object> save_form(const authz::Actor& actor, const std::string& application_id,
                                          std::int64_t version, boost::json::object form);
    Result<boost::json::object> save_commitments(const authz::Actor& actor, const std::string& application_id,
                                                 std::int64_t version, const std::vector<std::string>& codes);
    Result<void> discard(const authz::Actor& actor, const std::string& application_id, std::int64_t version);
    Result<boost::json::object> precheck(const authz::Actor& actor, const std::string& application_id,
                                         boost::json::object form);
    Result<boost::json::object> submit(const authz::Actor& actor, const std::string& application_id,
                                       std::int64_t version, Filed filed, const Retryable& request);
    Result<void> withdraw(const authz::Actor& actor, const std::string& application_id, const Retryable& request);
    /// He goes on after all; a confirmation that was recorded first wins.
    Result<void> take_back_withdrawal(const authz::Actor& actor, const std::string& application_id,
                                      const Retryable& request);
    /// 容缺补交: the paper that was owed is here; approval hears of it.
    Result<void> hand_in_owed(const authz::Actor& actor, const std::string& application_id,
                              const std::string& material_code, const Retryable& request);
    /// Who is invited to which part, how far each is, and who may still be: the applicant's.
    Result<boost::json::object> invited_parts(const authz::Actor& actor, const std::string& application_id);
    Result<boost::json::object> rounds(const authz::Actor& actor, const std::string& application_id);
    Result<boost::json::object> round(const authz::Actor& actor, const std::string& application_id, int number);
    /// Filed cases that name the person, among those that the officer may see. Every look is an audit entry.
    /// Fails with applications.reason_names_numbers.
    Result<boost::json::object> find_by_person(const authz::Actor& actor, const PersonQuery& query);
    /// The whole values of some masked fields, once; the audit entry has their names. Fails with
    /// applications.not_a_personal_field, applications.reason_names_numbers.
    Result<boost::json::object> unmask(const authz::Actor& actor, const std::string& application_id,
                                       const UnmaskQuery& query);

  private:
    using Loaded = LoadedDraft;
    /// Loaded for the applicant in his turn.
    Result<Loaded> load_for_change(const authz::Actor& actor, const std::string& application_id);
    struct WithdrawalStep {
        const char* event_type;
        const char* action;
        const char* what;
    };
    Result<void> tell_of_withdrawal(const authz::Actor& actor, const std::string& application_id,
                                    const WithdrawalStep& step, const Retryable& request);
    void tell_owed_paper(db::Session& session, const std::string& application_id, const std::string& material_code,
                         std::int64_t now_ms);
    bool owes(db::Session& session, const std::string& application_id, const std::string& material_code);
    /// The applicant's company, or an officer who has a part in the case.
    Result<void> may_read(const authz::Actor& actor, const std::string& application_id);
    /// What the applicant writes, as the rules see it now: with the confirmations that stand.
    Result<catalog::Precheck> check(const Loaded& loaded, const authz::Actor& applicant);
    /// `answers` [{point_id, answer}] are those given with a filing; while typing there are none yet. `form` has what
    /// the system says in it.
    Result<catalog::Precheck> check(const Loaded& loaded, const boost::json::object& form, const Papers& papers,
                                    const boost::json::array& answers);
    /// The draft's form with what the system says of it, as a filing freezes it.
    Result<boost::json::object> form_for_rules(const Loaded& loaded, const authz::Actor& applicant);
    /// Paths that the applicant changed since the round he filed last; none before the first.
    Result<std::vector<std::string>> changed_since_filed(const Loaded& loaded);
    Papers papers_of(const Loaded& loaded) { return parts_.documents.documents_of(loaded.row.application_id); }
    /// The owner of the form is the person whose account it is.
    bool is_owner_himself(const catalog::Matter& matter, const boost::json::object& form,
                          const std::string& account_id) const;
    /// Whether the ID number of an individual owner is known to be that of whose account it is: verified, unverified;
    /// null where the owner is none.
    boost::json::value owner_identity(const Loaded& loaded) const;
    Result<boost::json::object> application_json(const Loaded& loaded, const authz::Actor& actor);
    /// Whoever may read them, newest first.
    Result<std::vector<std::string>> cases_of_person(const PersonQuery& query);
    Result<void> audit_person_act(const authz::Actor& actor, const std::string& application_id, const char* act,
                                  std::string summary);
    /// What a filing writes of itself.
    struct Round {
        store::SubmissionRow submission;
        PersonIndexes persons;
        FiledParts parts;
    };
    /// Judges the parts, and puts what they say into the form that is filed.
    Result<FiledParts> parts_to_file(Loaded& loaded, const authz::Actor& applicant, std::int64_t now_ms);
    /// What the rules and the parts were judged by is still so; the caller holds the application.
    Result<void> check_unchanged(db::Session& session, const std::string& application_id, const Papers& papers,
                                 const FiledParts& parts);
    Result<catalog::PastCase> past_case(const store::FiledRow& row);
    Result<Submission> open_submission(const store::SubmissionRow& row, const catalog::Matter& matter) const;
    Result<store::SubmissionRow> new_submission(const Loaded& loaded, const Filed& filed,
                                                const catalog::Precheck& checked, const authz::Actor& actor,
                                                std::int64_t now_ms);
    /// All that a filing writes; the caller holds the application.
    Result<std::string> file(db::Session& session, Loaded& loaded, const Round& round, const authz::Actor& actor,
                             std::int64_t now_ms);
    Result<std::vector<StandingPart>> standing_parts_of(const Loaded& loaded, const catalog::InvitedParts& kinds);
    Result<boost::json::array> filed_parts_json(const std::string& application_id, std::int64_t round,
                                                const catalog::Matter& matter);
    void write_audit(db::Session& session, const store::ApplicationRow& row, const authz::Actor& actor,
                     const std::string& act, const std::string& summary, std::int64_t now_ms);

    Parts parts_;
    Drafts drafts_;
};

boost::json::array findings_json(const std::vector<catalog::Finding>& findings, bool for_applicant);
boost::json::object counts_json(const catalog::FindingCounts& counts);

/// Materials of a frozen round, each with the papers that stood for it then: those of the latest round up to this one
/// that brought any.
boost::json::array with_papers(boost::json::array materials, const Papers& papers, int round);

}  // namespace kaigong::applications
