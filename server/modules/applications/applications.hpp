// Drafts and frozen submissions (申报件): what the applicant wrote, round by round. The procedure (state, items, clock)
// belongs to approval; this module asks for it through ProcedureSource.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "authz/permissions.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/resealing.hpp"
#include "db/database.hpp"
#include "events/outbox.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/documents/documents.hpp"
#include "modules/identity/identity.hpp"

namespace kaigong::applications {

struct ApplicationIdTag;
using ApplicationId = Id<ApplicationIdTag>;

/// What other modules need to know of a filing; no personal values.
struct Filing {
    ApplicationId application_id;
    std::string application_number;  ///< empty for a draft
    std::string matter_code;
    std::string catalog_version;
    std::string region_code;  ///< of the authority asked
    std::string applicant_account_id;
    std::string owner_credit_code;
    std::string owner_name;
    std::string works_name;
    std::string works_category;       ///< two digits of the permit number
    std::int64_t received_at_ms = 0;  ///< of the first submission
    int round = 0;
    std::vector<std::string> required_items;
    std::vector<std::string> blocking_rules;
};

/// One round as it was filed; immutable.
struct Submission {
    ApplicationId application_id;
    int round = 0;
    std::int64_t submitted_at_ms = 0;
    boost::json::object form;  ///< personal values in clear: only for those who may see the case
    boost::json::array findings;
    boost::json::array materials;
    boost::json::array remarks;
    boost::json::array answers;
    std::vector<std::string> changed_fields;
    std::vector<std::string> required_items;
};

struct FieldChange {
    std::string path;  ///< with the numbers of rows: `participants[1].lead.name`
    /// As it was filed; personal values masked. Null where there was, or is, nothing.
    boost::json::value before;
    boost::json::value after;
};

/// What one round changed of the one before it.
struct RoundChanges {
    int round = 0;
    std::int64_t submitted_at_ms = 0;
    std::vector<FieldChange> fields;
    /// Codes of papers that came, went, were replaced or promised.
    std::vector<std::string> materials;
    /// Department items whose condition turned (`required_when`).
    std::vector<std::string> items_needed;
    std::vector<std::string> items_not_needed;

    catalog::InputChanges inputs() const;
};

/// Answered by approval, wired in app.
class ProcedureSource {
  public:
    ProcedureSource() = default;
    ProcedureSource(const ProcedureSource&) = delete;
    ProcedureSource& operator=(const ProcedureSource&) = delete;
    virtual ~ProcedureSource() = default;

    struct Summary {
        std::string state;       ///< states.md §1
        std::string state_name;  ///< 待受理, 待您补正 …
        std::string turn;        ///< applicant, authority, third_party, nobody
        std::string due_on;      ///< empty: no clock runs
        bool provisional = false;
        std::string light;  ///< green, yellow, red or empty
        std::string permit_number;
        std::int64_t round = 0;  ///< the last one that the procedure has taken in
    };
    virtual std::map<std::string, Summary> summaries(const std::vector<std::string>& application_ids) = 0;
    /// The round that an open correction was asked on; nothing when none is open. In the caller's transaction.
    virtual std::optional<std::int64_t> round_in_correction(db::Session& session,
                                                            const std::string& application_id) = 0;
    /// An open correction's points as [{point_id, item, department_name, field, material_code, what, how_to_mend,
    /// legal_basis, answer, withdrawn}]; empty array when none is open.
    virtual boost::json::array open_points(const std::string& application_id) = 0;
    /// Papers that may still come although it is not the applicant's turn (容缺). In the caller's transaction.
    virtual std::vector<std::string> owed_materials(db::Session& session, const std::string& application_id) = 0;
    /// 限制知悉: what stands in it goes to nobody outside. In the caller's transaction.
    virtual bool is_restricted(db::Session& session, const std::string& application_id) = 0;
    /// May this officer see the case (item of the department, region)? `not_found` otherwise.
    virtual Result<void> may_read(const authz::Actor& actor, const std::string& application_id) = 0;
};

class Applications {
  public:
    Applications() = default;
    Applications(const Applications&) = delete;
    Applications& operator=(const Applications&) = delete;
    virtual ~Applications() = default;

    virtual Result<Filing> load_filing(const std::string& application_id) = 0;
    virtual Result<Filing> load_filing(db::Session& session, const std::string& application_id) = 0;
    /// The latest round when `round` is 0.
    virtual Result<Submission> load_submission(const std::string& application_id, int round) = 0;
    /// What this round changed; the caller has checked the right to see the case. Fails with
    /// applications.round_not_found, also for the first, which changed nothing.
    virtual Result<RoundChanges> load_changes(const std::string& application_id, int round) = 0;
    /// The applicant of this case, and nobody else: `not_found` for others.
    virtual Result<void> must_be_applicant(const authz::Actor& actor, const std::string& application_id) = 0;
    /// Draft, or a correction is open: the applicant may change form and papers. Fails with applications.not_your_turn.
    virtual Result<void> must_be_applicants_turn(const authz::Actor& actor, const std::string& application_id) = 0;
    /// The same inside the caller's transaction, and nobody files or discards the application before it ends. The first
    /// statement of that transaction that touches the application: on MariaDB what is read after it is the newest.
    virtual Result<void> hold_for_change(db::Session& session, const authz::Actor& actor,
                                         const std::string& application_id, std::int64_t now_ms) = 0;
    /// The same for a paper of this material: also while only that is owed.
    virtual Result<void> hold_for_paper(db::Session& session, const authz::Actor& actor,
                                        const std::string& application_id, const std::string& material_code,
                                        std::int64_t now_ms) = 0;
    /// It is the applicant's turn, or he owes a paper. Fails with applications.not_your_turn.
    virtual Result<void> may_hand_in_papers(const authz::Actor& actor, const std::string& application_id) = 0;
    /// Applications of a matter whose latest round was filed since then: for trying changed rules on them, never for
    /// anybody to read (personal values are in clear).
    virtual Result<std::int64_t> count_filed(const std::string& matter_code, std::int64_t since_ms) = 0;
    /// In the order of their ids, after `after` (empty: from the beginning).
    virtual Result<std::vector<catalog::PastCase>> filed_cases(const std::string& matter_code, std::int64_t since_ms,
                                                               const std::string& after, int limit) = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
};

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    const Clock& clock;
    const authz::Permissions& permissions;
    const crypto::KeyRing& key_ring;
    const catalog::Catalog& catalog;
    identity::Identity& identity;
    documents::Documents& documents;
    audit::Audit& audit;
    events::Outbox& outbox;
    ProcedureSource& procedures;
};
std::unique_ptr<Applications> make_applications(Parts parts);

/// The module's lines of the authorisation table.
std::span<const authz::Grant> permissions();
/// Those about personal values: looking for a person, seeing a whole number.
std::span<const authz::Grant> person_permissions();

/// For somebody who has no part in the case: every personal value masked, whatever its kind.
void mask_all(const catalog::Matter& matter, boost::json::object& form);

/// Where the module keeps sealed values; rounds of before the index of numbers name the key with the empty id.
std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring,
                                                 const catalog::Catalog& catalog);

}  // namespace kaigong::applications
