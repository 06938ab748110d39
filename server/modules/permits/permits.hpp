// The permit (许可): number, state by states.md §3, and the public record. Its document is certificates' business.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "authz/permissions.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/resealing.hpp"
#include "db/database.hpp"
#include "http/router.hpp"
#include "modules/approval/approval.hpp"
#include "modules/audit/audit.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::permits {

/// A permit's public face; every value here may be read by anybody (行政许可法 40).
struct Permit {
    std::string permit_number;
    std::string application_id;
    std::string region_code;
    std::string state;  ///< `numbered` until its certificate is published, then states.md §3
    std::int64_t version = 0;
    std::string matter_code;
    std::string catalog_version;
    std::string issuing_authority;
    std::string issued_on;
    std::string start_due_on;  ///< three months from issue (建筑法 9), moved from a non-working day (民法典 203)
    bool start_due_provisional = false;
    std::string works_name;
    std::string owner_name;
    boost::json::object record;        ///< what matter.json names under `public_record`, as texts and lists of texts
    std::int64_t published_at_ms = 0;  ///< 0: not yet
    std::int64_t numbered_at_ms = 0;   ///< when it was decided
    std::int64_t filed_at_ms = 0;      ///< when its application was received; 0: not known
    bool is_restricted = false;        ///< 限制知悉: nothing of it is for the public
};

struct PublicQuery {
    std::string region_code;
    std::string text;
    std::string cursor;
    int limit = 50;
};
struct PublicPage {
    std::vector<Permit> permits;
    std::optional<std::string> next_cursor;
};

class Permits : public approval::GrantEffects {
  public:
    /// Takes the number 6 region + 8 day + 2 category + 2 serial. Fails with permits.serial_exhausted when the day's 99
    /// are used up; then nothing is written and the case stays where it is.
    Result<std::string> on_granted(db::Session& session, const applications::Filing& filing,
                                   std::int64_t now_ms) override = 0;
    /// A restricted permit (限制知悉) is unknown to the public: in lists, by its number and by its certificate. The
    /// decision stays public by law (行政许可法 40) but for what 政府信息公开条例 14, 15 keep secret.
    void on_confidentiality(db::Session& session, const std::string& application_id,
                            authz::Confidentiality confidentiality) override = 0;
    /// The job `permits.issue`: writes the public record of what was decided. Doing it again changes nothing.
    virtual Result<void> issue(const std::string& application_id) = 0;

    /// In the caller's read, beside the rows of its own. Fails with permits.not_found.
    virtual Result<Permit> load(db::Session& session, const std::string& permit_number) = 0;
    virtual Result<Permit> load_by_application(const std::string& application_id) = 0;
    /// The last step of issuing, in certificates' transaction: from here on the public sees it.
    virtual Result<void> publish(db::Session& session, const std::string& permit_number, std::int64_t now_ms) = 0;
    /// Published permits only, newest first.
    virtual Result<PublicPage> published(const PublicQuery& query) = 0;
    /// Own company's, or the officer's region. Fails with permits.not_found.
    virtual Result<Permit> load_for(const authz::Actor& actor, const std::string& permit_number) = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
};

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    const Clock& clock;
    const authz::Permissions& permissions;
    const crypto::KeyRing& key_ring;
    const catalog::Catalog& catalog;
    applications::Applications& applications;
    audit::Audit& audit;
    /// After a commit that changed what the public may see of a permit.
    std::function<void(const std::string& permit_number)> public_changed;
};
std::unique_ptr<Permits> make_permits(Parts parts);

/// Where the module keeps sealed values.
std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring);

/// 有效, 已注销 …: the state in the words of the public page.
std::string_view state_name(const std::string& state);

/// The module's lines of the authorisation table.
std::span<const authz::Grant> permissions();

}  // namespace kaigong::permits
