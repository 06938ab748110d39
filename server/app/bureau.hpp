// The whole program, composed by hand: every module made once, in the order in which they may know each other.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/authenticators.hpp"
#include "app/instance.hpp"
#include "app/key_keeper.hpp"
#include "app/message_gateway.hpp"
#include "app/outside_contacts.hpp"
#include "app/privacy_notice.hpp"
#include "app/resealing_round.hpp"
#include "app/signing_folder.hpp"
#include "app/timestamps.hpp"
#include "app/wiring.hpp"
#include "app/witness_calls.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "blob/store.hpp"
#include "crypto/key_ring.hpp"
#include "events/dispatcher.hpp"
#include "events/ticker.hpp"
#include "http/rendered_cache.hpp"
#include "http/router.hpp"
#include "modules/applications/invited_parts.hpp"
#include "modules/approval/consultations.hpp"
#include "modules/approval/oversight.hpp"
#include "modules/approval/paper_marks.hpp"
#include "modules/certificates/certificates.hpp"
#include "modules/evidence/evidence.hpp"
#include "modules/identity/identity.hpp"
#include "modules/oauth/oauth.hpp"
#include "modules/permits/permits.hpp"

namespace kaigong::app {

struct BureauSettings {
    std::filesystem::path data_folder;
    std::filesystem::path catalog_folder;
    std::filesystem::path key_file;
    std::string database_url;  ///< empty: SQLite in the data folder
    std::string public_url;
    identity::Policy policy;
    PrivacyNotice privacy;
    int consultation_working_days_max = 10;           ///< how long a link to somebody outside may be open
    MessageGatewayAddress message_gateway;            ///< none: messages are only shown, in a demo
    std::optional<oauth::ProviderSettings> provider;  ///< through which people may sign in; none: by password alone
    std::filesystem::path built_page;                 ///< of web/verify/, as one file; it need not be there
    bool demo = false;
    std::int64_t demo_clock_start_ms = 0;  ///< 0: now
    std::size_t rendered_cache_bytes = 64UL << 20U;
    std::filesystem::path signing_folder;  ///< empty: `signing` in the data folder
    std::string signing_passphrase;
    std::filesystem::path signing_socket;  ///< of the process that signs; empty: this one does
    std::vector<WitnessAddress> witnesses;
    int witnesses_needed = 0;
    std::optional<TimestampAuthority> timestamps;  ///< none: files carry no time stamps
    std::string sqlite_vfs;                        ///< tests only
    std::string
        dies_after_step;  ///< tests only, and only in a demo: a step of issuing after which the process kills itself
    /// Tests only, and only in a demo, whose password is public: hashing the accounts is most of a start.
    bool quick_passwords = false;
};

class Bureau {
  public:
    /// Opens database, blobs and catalogue, migrates, wires the modules. A production bureau refuses a demo's database.
    static Result<std::unique_ptr<Bureau>> open(const BureauSettings& settings);
    Bureau(const Bureau&) = delete;
    Bureau& operator=(const Bureau&) = delete;
    ~Bureau();

    /// Background work: outbox, timers, previews of rules, versions of the catalogue that others published, and an
    /// hourly round (sweeps, cases that wait for nothing).
    /// Fails with app.keys_incomplete.
    Result<void> start();
    void stop();

    /// Every endpoint of every module.
    std::vector<http::Endpoint> endpoints();
    http::Authenticator& authenticator() { return *authenticators_; }
    identity::IdentityOffice& identity() { return *identity_; }
    oauth::OAuth& oauth() { return *oauth_; }
    const catalog::Catalog& catalog() const { return *catalog_; }
    db::Database& database() { return *database_; }
    const Clock& clock() const { return *clock_; }
    const authz::Permissions& permissions() const { return permissions_; }
    KeyKeeper& key_keeper() { return *key_keeper_; }
    Metrics& metrics() { return metrics_; }
    http::RenderedCache& rendered_cache() { return rendered_cache_; }

  private:
    explicit Bureau(BureauSettings settings)
        : settings_(std::move(settings)), rendered_cache_(settings_.rendered_cache_bytes, age_of_rendered(settings_)) {}
    /// A SQLite file has one process, which knows of every change.
    static std::optional<std::chrono::milliseconds> age_of_rendered(const BureauSettings& settings) {
        if (!settings.database_url.starts_with("mariadb:")) return std::nullopt;
        return std::chrono::seconds(2);
    }
    Result<void> open_stores();
    Result<void> make_modules();
    Result<void> check_keys();
    std::filesystem::path signing_folder() const;
    std::string holder_name() const;
    Result<void> open_signing();
    Result<void> check_signing();
    void publish_signing_ends();
    void tell_missing_signers();
    void add_permissions();
    void subscribe_workers();
    void make_dispatcher();
    void make_rounds();
    std::optional<std::int64_t> fire_due_timers(std::int64_t now_ms);
    std::vector<http::Endpoint> demo_endpoints();
    std::vector<http::Endpoint> audit_endpoints();
    std::vector<http::Endpoint> key_endpoints();

    BureauSettings settings_;
    Metrics metrics_;
    Histogram& timer_sweeps_ =
        metrics_.histogram("kaigong_timer_sweep_seconds", "Looks for timers of cases that are due");
    Counter& timers_fired_ = metrics_.counter("kaigong_timers_fired_total", "Timers of cases that fired here");
    http::RenderedCache rendered_cache_;
    SystemClock machine_clock_;
    std::unique_ptr<VirtualClock> demo_clock_;
    const Clock* clock_ = nullptr;
    std::optional<crypto::KeyRing> key_ring_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<blob::Store> blobs_;
    events::Outbox outbox_;
    authz::Permissions permissions_;
    ProceduresOfApproval procedures_;
    GateOfApplications gate_;
    PastCasesOfApplications past_cases_;
    RegistersWithoutConnector registers_;
    LateGrantEffects grant_effects_;
    std::optional<SigningFolder> signing_;
    std::function<void(const char*)> after_step_;
    AuditTrail audit_trail_;
    std::unique_ptr<WitnessCalls> witnesses_;
    std::unique_ptr<evidence::Evidence> evidence_;
    std::unique_ptr<audit::Audit> audit_;
    std::optional<MessageGateway> message_gateway_;
    std::unique_ptr<identity::IdentityOffice> identity_;
    std::unique_ptr<oauth::OAuth> oauth_;
    std::unique_ptr<Authenticators> authenticators_;
    std::unique_ptr<documents::Documents> documents_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<catalog::Packages> rule_packages_;
    std::unique_ptr<catalog::CalendarOffice> calendar_office_;
    std::unique_ptr<catalog::AuthorityOffice> authority_office_;
    std::unique_ptr<catalog::PastProcedures> past_procedures_;
    std::unique_ptr<catalog::RestrictedCases> restricted_cases_;
    std::unique_ptr<catalog::ProcessRules> process_rules_;
    std::unique_ptr<catalog::Packages> process_packages_;
    std::unique_ptr<LetterValues> letter_values_;
    std::unique_ptr<letters::Letters> letters_;
    std::unique_ptr<applications::Applications> applications_;
    std::unique_ptr<identity::Firms> firms_;
    std::unique_ptr<applications::InvitedParts> invited_parts_;
    std::unique_ptr<approval::Approval> approval_;
    std::unique_ptr<approval::Oversight> oversight_;
    std::unique_ptr<approval::PaperMarks> paper_marks_;
    std::optional<OutsideContacts> outside_contacts_;
    std::unique_ptr<approval::Consultations> consultations_;
    std::unique_ptr<permits::Permits> permits_;
    std::unique_ptr<certificates::Certificates> certificates_;
    std::optional<Instance> instance_;
    std::unique_ptr<events::Dispatcher> dispatcher_;
    std::unique_ptr<events::Ticker> ticker_;
    std::unique_ptr<events::Ticker> rounds_;
    std::unique_ptr<events::Ticker> versions_;
    std::unique_ptr<events::Ticker> settling_;
    std::unique_ptr<events::Ticker> witnessing_;
    std::unique_ptr<events::Ticker> identity_rounds_;
    std::unique_ptr<KeyKeeper> key_keeper_;
    std::unique_ptr<ReSealing> resealing_;
    std::unique_ptr<events::Ticker> keeping_keys_;
    bool serves_ = false;
};

}  // namespace kaigong::app
