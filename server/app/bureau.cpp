#include "app/bureau.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "app/demo_bureau.hpp"
#include "app/guarded_endpoints.hpp"
#include "app/job_workers.hpp"
#include "app/key_routes.hpp"
#include "app/keys.hpp"
#include "app/sealed_places.hpp"
#include "app/verbs.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "blob/sealed_cipher.hpp"
#include "db/activity_metrics.hpp"
#include "db/database_mark.hpp"
#include "db/idempotency.hpp"
#include "db/migrations.hpp"
#include "http/operations.hpp"

namespace kaigong::app {
namespace {

constexpr std::size_t kMariadbConnections = 48;
constexpr std::int64_t kMariadbWaitMs = 15'000;
constexpr crypto::Argon2Parameters kQuickPasswords{64, 1, 1};
constexpr std::int64_t kHourMs = 3'600'000;
constexpr double kDayMs = 24.0 * kHourMs;
constexpr std::int64_t kRoundEveryMs = kHourMs;
/// Another process on the same database may have published; this one sees it within a second.
constexpr std::int64_t kVersionsEveryMs = 1'000;
/// A checkpoint is at most a second behind what it is about (docs/proof-formats.md).
constexpr std::int64_t kSettleEveryMs = 250;
/// A changed key file, and what other processes know of keys, is looked at as often as versions are.
constexpr std::int64_t kKeysKeptEveryMs = 1'000;
/// After a failure that only a person can mend.
constexpr std::int64_t kSettleAgainMs = 10'000;
/// A retry of a request comes within minutes; a week is generous.
constexpr std::int64_t kRequestsKeptMs = 7LL * 24 * kHourMs;
/// An upload's row follows its content within moments; a day is generous.
constexpr std::int64_t kUnreferencedKeptMs = 24 * kHourMs;
constexpr std::int64_t kForgottenAtOnce = 10'000;

/// For the tests that pull the plug at each step of issuing: `certificates.logged`, `permits.issue` (a job, before it
/// is known as done), or `certificates.file_saved:3` for the third time.
std::function<void(const char*)> step_that_dies(const std::string& chosen) {
    if (chosen.empty()) return {};
    const auto colon = chosen.find(':');
    const auto left = std::make_shared<std::atomic<int>>(
        colon == std::string::npos ? 1 : static_cast<int>(std::strtol(chosen.c_str() + colon + 1, nullptr, 10)));
    return [step_name = chosen.substr(0, colon), left](const char* step) {
        if (step_name == step && --*left == 0) ::kill(::getpid(), SIGKILL);
    };
}

}  // namespace

Result<std::unique_ptr<Bureau>> Bureau::open(const BureauSettings& settings) {
    std::unique_ptr<Bureau> bureau(new Bureau(settings));
    KAIGONG_CHECK(bureau->open_stores());
    KAIGONG_CHECK(bureau->make_modules());
    return bureau;
}

Bureau::~Bureau() {
    stop();
}

Result<void> Bureau::open_stores() {
    std::filesystem::create_directories(settings_.data_folder);
    if (settings_.demo) {
        const auto start = settings_.demo_clock_start_ms != 0 ? settings_.demo_clock_start_ms : machine_clock_.now_ms();
        demo_clock_ = std::make_unique<VirtualClock>(start);
        clock_ = demo_clock_.get();
    } else {
        clock_ = &machine_clock_;
    }
    if (!settings_.demo) KAIGONG_CHECK(refuse_demo_keys(settings_.key_file));
    KAIGONG_TRY(ring, load_keys(settings_.key_file, settings_.demo));
    key_ring_.emplace(std::move(ring));
    db::Settings database;
    database.url = settings_.database_url.empty() ? "sqlite:" + (settings_.data_folder / "kaigong.db").string()
                                                  : settings_.database_url;
    database.sqlite_vfs = settings_.sqlite_vfs;
    // A MariaDB worker holds a connection for its whole transaction; some hundred decisions at once wait their turn.
    if (settings_.database_url.starts_with("mariadb:")) {
        database.connections = kMariadbConnections;
        database.connection_wait_ms = kMariadbWaitMs;
    }
    KAIGONG_TRY(opened, db::Database::open(database));
    database_ = std::move(opened);
    KAIGONG_TRY(ran, db::migrate(*database_, db::embedded_migrations(), machine_clock_.now_ms()));
    if (ran > 0) log_event(LogLevel::info, "app.migrated", {{"migrations", ran}});
    KAIGONG_CHECK(db::claim_for(*database_, settings_.demo ? db::Purpose::demo : db::Purpose::production));
    KAIGONG_TRY(blobs, blob::Store::open(settings_.data_folder / "blobs", blob::sealed_cipher(*key_ring_)));
    blobs_ = std::move(blobs);
    return {};
}

std::filesystem::path Bureau::signing_folder() const {
    return settings_.signing_folder.empty() ? settings_.data_folder / "signing" : settings_.signing_folder;
}

/// Among the processes of one database; a SQLite file has one.
std::string Bureau::holder_name() const {
    if (database_->kind() == db::DatabaseKind::sqlite) return "server";
    return instance_->name().empty() ? new_uuid(machine_clock_.now_ms()) : instance_->name();
}

/// Before anything sealed is read: with a key too few, or another's, nothing starts and nothing is half readable.
Result<void> Bureau::check_keys() {
    // What each process does for the others it does under a name of its own, and finds again after a death.
    if (database_->kind() == db::DatabaseKind::mariadb) {
        instance_.emplace(settings_.data_folder, machine_clock_.now_ms());
    }
    const auto holder = holder_name();
    const auto places = sealed_places(*database_, *key_ring_, *catalog_, *blobs_);
    key_keeper_ = std::make_unique<KeyKeeper>(
        KeyKeeper::Parts{
            *database_, machine_clock_, *key_ring_, settings_.key_file, signing_folder(), holder,
            // As an operator would stop it: what is under way is finished, and the start says what is missing.
            [] { ::kill(::getpid(), SIGTERM); }},
        places);
    resealing_ = std::make_unique<ReSealing>(
        ReSealing::Parts{*database_, machine_clock_, *key_ring_, metrics_, holder, after_step_}, places);
    keeping_keys_ =
        std::make_unique<events::Ticker>("keys", machine_clock_, [this, kept_at_ms = 0LL](std::int64_t now_ms) mutable {
            if (now_ms - kept_at_ms >= kKeysKeptEveryMs) {
                key_keeper_->keep(now_ms);
                kept_at_ms = now_ms;
            }
            return std::optional(resealing_->work(now_ms));
        });
    return key_keeper_->check_in();
}

/// A demo makes its own; a production bureau is told what is missing before it serves anybody.
Result<void> Bureau::open_signing() {
    const auto folder = signing_folder();
    const std::string passphrase = settings_.demo ? kDemoSigningPassphrase : settings_.signing_passphrase;
    if (settings_.demo && !std::filesystem::exists(folder / "ledger.json")) {
        KAIGONG_CHECK(make_signing_folder(folder,
                                          {"demo.kaigong.example", passphrase, "开工演示机构", catalog_->authorities(),
                                           "演示印章", clock_->now_ms(), 1'000},
                                          *key_ring_));
    }
    if (!settings_.demo && passphrase == kDemoSigningPassphrase) {
        return error(Errc::forbidden, "app.demo_signing_keys",
                     "signing.passphrase 是演示机构公开的口令，正式机构不能使用它保护的签名密钥，请另行生成。");
    }
    KAIGONG_TRY(opened, open_signing_folder(folder, {passphrase, settings_.signing_socket}, *key_ring_));
    if (settings_.timestamps) opened.keys.stamp = timestamp_source(*settings_.timestamps);
    signing_.emplace(std::move(opened));
    publish_signing_ends();
    return check_signing();
}

/// Keys that never were right refuse the start. What time has taken away, or is still to be put in place, stops issuing
/// alone (certificates.make says the same, and waits): a bureau must go on receiving applications and answering whoever
/// verifies a certificate.
Result<void> Bureau::check_signing() {
    std::vector<std::string> issuers;
    for (const auto& authority : catalog_->authorities()) issuers.push_back(authority.credit_code);
    const auto fit = certificates::check_signing(signing_->keys, issuers, clock_->now_ms());
    if (fit) return {};
    if (fit.error().code == Errc::conflict) return fit.error();
    log_error(LogLevel::error, "app.signing_unfit", fit.error());
    return {};
}

/// Told, not refused: whoever takes a stolen key off the list means it.
void Bureau::tell_missing_signers() {
    const auto missing = certificates_->missing_signers();
    if (!missing) return log_error(LogLevel::warning, "app.former_signers_not_read", missing.error());
    for (const auto& serial : *missing) {
        log_event(LogLevel::error, "app.former_signer_missing", {{"serial", serial}});
    }
}

void Bureau::publish_signing_ends() {
    const auto ends = certificates::signing_ends(signing_->keys);
    const auto publish = [this](const char* what, std::int64_t end_ms) {
        metrics_.gauge("kaigong_signing_days_left",
                       "Days until what signs certificates is no longer in force; negative afterwards",
                       [this, end_ms] { return static_cast<double>(end_ms - clock_->now_ms()) / kDayMs; },
                       {{"what", what}});
    };
    publish("document", ends.document_ms);
    publish("seal", ends.seal_ms);
    publish("seals", ends.seals_ms);
}

void Bureau::add_permissions() {
    permissions_.add(identity::permissions());
    permissions_.add(oauth::permissions());
    permissions_.add(catalog::permissions());
    permissions_.add(key_permissions());
    permissions_.add(applications::permissions());
    permissions_.add(applications::person_permissions());
    permissions_.add(applications::part_permissions());
    permissions_.add(approval::permissions());
    permissions_.add(permits::permissions());
}

Result<void> Bureau::make_modules() {
    add_permissions();
    if (settings_.demo) after_step_ = step_that_dies(settings_.dies_after_step);
    KAIGONG_TRY(catalog, catalog::open_catalog(*database_, settings_.catalog_folder, *clock_, registers_));
    catalog_ = std::move(catalog);
    KAIGONG_CHECK(check_keys());
    KAIGONG_CHECK(open_signing());
    if (!settings_.witnesses.empty()) witnesses_ = std::make_unique<WitnessCalls>(settings_.witnesses);
    evidence_ = evidence::make_evidence({*database_, *clock_, settings_.data_folder / "ledger",
                                         std::move(signing_->permits_key), std::move(signing_->audit_key),
                                         witnesses_.get(), settings_.witnesses_needed, &machine_clock_});
    audit_trail_.bind(*evidence_);
    audit_ = audit::make_audit(*database_, *clock_, audit_trail_);
    const auto password_cost = settings_.quick_passwords ? kQuickPasswords : crypto::Argon2Parameters{};
    if (!settings_.message_gateway.url.empty()) message_gateway_.emplace(settings_.message_gateway);
    const identity::Parts of_identity{*database_,
                                      machine_clock_,
                                      *clock_,
                                      *key_ring_,
                                      *audit_,
                                      password_cost,
                                      settings_.demo,
                                      settings_.policy,
                                      settings_.public_url,
                                      message_gateway_ ? &*message_gateway_ : nullptr};
    identity_ = identity::make_identity(of_identity, permissions_);
    firms_ = identity::make_firms(of_identity);
    KAIGONG_TRY(oauth, oauth::make_oauth({*database_, machine_clock_, *clock_, *key_ring_, permissions_, *identity_,
                                          *audit_, settings_.public_url, settings_.provider}));
    oauth_ = std::move(oauth);
    KAIGONG_CHECK(oauth_->refresh());
    authenticators_ = std::make_unique<Authenticators>(*identity_, *oauth_);
    documents_ = documents::make_documents({*database_, *clock_, *blobs_, gate_, *audit_, {}});
    letter_values_ = std::make_unique<LetterValues>(*catalog_);
    letters_ = letters::make_letters(
        {*database_, *clock_, *catalog_, *blobs_, *audit_, *letter_values_, settings_.public_url});
    const applications::Parts of_applications{*database_, *clock_,     permissions_, *key_ring_, *catalog_,
                                              *identity_, *documents_, *audit_,      outbox_,    procedures_};
    applications_ = applications::make_applications(of_applications);
    invited_parts_ = applications::make_invited_parts(of_applications, *applications_, *firms_);
    const approval::Parts of_approval{*database_,
                                      *clock_,
                                      permissions_,
                                      *catalog_,
                                      *identity_,
                                      *applications_,
                                      *audit_,
                                      outbox_,
                                      grant_effects_,
                                      [this] {
                                          if (ticker_) ticker_->nudge();
                                      }};
    approval_ = approval::make_approval(of_approval);
    oversight_ = approval::make_oversight(of_approval, *approval_);
    paper_marks_ = approval::make_paper_marks(of_approval, *approval_, *documents_);
    outside_contacts_.emplace(*database_, *key_ring_, machine_clock_, message_gateway_ ? &*message_gateway_ : nullptr,
                              settings_.demo);
    consultations_ = approval::make_consultations({of_approval, *key_ring_, *documents_, *outside_contacts_,
                                                   settings_.public_url, settings_.consultation_working_days_max},
                                                  *approval_);
    permits_ = permits::make_permits(
        {*database_, *clock_, permissions_, *key_ring_, *catalog_, *applications_, *audit_,
         [this](const std::string& permit_number) { rendered_cache_.invalidate(permit_number); }});
    const bool has_page = std::filesystem::is_regular_file(settings_.built_page);
    KAIGONG_TRY(built_page, has_page ? text_or_file("@" + settings_.built_page.string()) : Result<std::string>(""));
    certificates_ = certificates::make_certificates(
        {*database_, *clock_, *key_ring_, *catalog_, *permits_, *evidence_, *blobs_, *audit_, permissions_,
         &signing_->keys, settings_.public_url, settings_.demo, built_page,
         [this](const std::string& permit_number) { rendered_cache_.invalidate(permit_number); }, after_step_});
    tell_missing_signers();
    restricted_cases_ = approval::make_restricted_cases(*database_);
    rule_packages_ = catalog::make_rule_packages({*database_, *clock_, machine_clock_, permissions_, *catalog_,
                                                  *identity_, *audit_, past_cases_, *restricted_cases_});
    const catalog::CalendarOfficeParts of_calendars{*database_, *clock_, permissions_, *catalog_,
                                                    *identity_, *audit_, outbox_,      approval_->running_cases()};
    calendar_office_ = catalog::make_calendar_office(of_calendars);
    authority_office_ = catalog::make_authority_office(of_calendars);
    past_procedures_ = approval::make_past_procedures(*database_);
    process_rules_ = approval::make_process_rules(job_types());
    process_packages_ =
        catalog::make_process_packages({*database_, *clock_, machine_clock_, permissions_, *catalog_, *identity_,
                                        *audit_, *past_procedures_, *process_rules_, *restricted_cases_});
    past_cases_.bind(*applications_);
    procedures_.bind(*approval_);
    gate_.bind(*applications_, *approval_);
    grant_effects_.bind(*permits_);
    letter_values_->bind(*applications_, *approval_);
    approval_->subscribe();
    subscribe_workers();
    make_dispatcher();
    if (demo_clock_) demo_clock_->advance_to(audit_->last_act_at_ms() + 1);
    rounds_ = std::make_unique<events::Ticker>("rounds", machine_clock_, [this](std::int64_t now_ms) {
        make_rounds();
        return std::optional(now_ms + kRoundEveryMs);
    });
    versions_ = std::make_unique<events::Ticker>("versions", machine_clock_, [this](std::int64_t now_ms) {
        const auto seen = catalog_->refresh();
        if (!seen) log_error(LogLevel::error, "app.versions_not_read", seen.error());
        const auto clients = oauth_->refresh();
        if (!clients) log_error(LogLevel::error, "app.clients_not_read", clients.error());
        return std::optional(now_ms + kVersionsEveryMs);
    });
    settling_ = std::make_unique<events::Ticker>("evidence", machine_clock_, [this](std::int64_t now_ms) {
        const auto placed = evidence_->settle();
        if (!placed) log_error(LogLevel::error, "app.evidence_not_settled", placed.error());
        return std::optional(now_ms + (placed ? kSettleEveryMs : kSettleAgainMs));
    });
    witnessing_ = std::make_unique<events::Ticker>("witnesses", machine_clock_, [this](std::int64_t now_ms) {
        const auto asked = evidence_->ask_witnesses();
        if (!asked) log_error(LogLevel::error, "app.witnesses_not_asked", asked.error());
        return std::optional(now_ms + (asked ? kSettleEveryMs : kSettleAgainMs));
    });
    identity_rounds_ = std::make_unique<events::Ticker>("identity", machine_clock_, [this](std::int64_t now_ms) {
        return std::optional(identity_->make_round(now_ms));
    });
    ticker_ = std::make_unique<events::Ticker>("approval", *clock_,
                                               [this](std::int64_t now_ms) { return fire_due_timers(now_ms); });
    return {};
}

std::optional<std::int64_t> Bureau::fire_due_timers(std::int64_t now_ms) {
    const auto begun = std::chrono::steady_clock::now();
    const auto fired = approval_->fire_due_timers(now_ms);
    timer_sweeps_.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    timers_fired_.add(static_cast<std::uint64_t>(fired.count));
    // Again at once while there is more to look at.
    if (oversight_->keep_watch(now_ms) > 0) return now_ms;
    return fired.next_due_at_ms;
}

void Bureau::subscribe_workers() {
    outbox_.subscribe(job_worker(
        {*approval_, *letters_, *permits_, *certificates_,
         metrics_.counter("kaigong_jobs_failed_total", "Steps of cases that turned into incidents"), after_step_}));
}

void Bureau::make_dispatcher() {
    events::DispatcherSettings settings;
    // A SQLite file has one process anyway.
    if (instance_) settings.instance = instance_->name();
    dispatcher_ = std::make_unique<events::Dispatcher>(*database_, outbox_, machine_clock_, settings);
    db::publish_activity(metrics_, *database_);
    events::publish_deliveries(metrics_, *database_, *dispatcher_);
}

void Bureau::make_rounds() {
    const auto now_ms = machine_clock_.now_ms();
    const auto forgotten = database_->transact([&](db::Session& session) {
        return db::forget_requests_before(session, clock_->now_ms() - kRequestsKeptMs, kForgottenAtOnce);
    });
    if (!forgotten) log_error(LogLevel::error, "app.requests_not_forgotten", forgotten.error());
    const auto removed = blobs_->remove_unreferenced(
        [this](const blob::ContentHash& hash) {
            return documents_->is_referenced(hash) || letters_->is_referenced(hash) ||
                   certificates_->is_referenced(hash) || consultations_->is_referenced(hash);
        },
        now_ms - kUnreferencedKeptMs);
    if (!removed) log_error(LogLevel::error, "app.blobs_not_swept", removed.error());
    const auto swept = oauth_->sweep();
    if (!swept) log_error(LogLevel::error, "app.oauth_not_swept", swept.error());
    // A catalogue that came with an upgrade may bring another year, without an event.
    approval_->follow_calendar();
    const auto stuck = approval_->stuck_cases();
    for (const auto& application_id : stuck) {
        log_event(LogLevel::error, "app.case_waits_for_nothing", {{"application_id", application_id}});
    }
}

Result<void> Bureau::start() {
    KAIGONG_CHECK(key_keeper_->enter());
    dispatcher_->start();
    ticker_->start();
    rounds_->start();
    identity_rounds_->start();
    settling_->start();
    if (witnesses_) witnessing_->start();
    // A SQLite file has one process: what is published in it, it knows.
    if (database_->kind() == db::DatabaseKind::mariadb) versions_->start();
    rule_packages_->start();
    process_packages_->start();
    keeping_keys_->start();
    serves_ = true;
    return {};
}

void Bureau::stop() {
    if (keeping_keys_) keeping_keys_->stop();
    if (std::exchange(serves_, false)) key_keeper_->leave();
    if (process_packages_) process_packages_->stop();
    if (rule_packages_) rule_packages_->stop();
    if (versions_) versions_->stop();
    if (witnessing_) witnessing_->stop();
    if (settling_) settling_->stop();
    if (identity_rounds_) identity_rounds_->stop();
    if (rounds_) rounds_->stop();
    if (ticker_) ticker_->stop();
    if (dispatcher_) dispatcher_->stop();
}

std::vector<http::Endpoint> Bureau::endpoints() {
    std::vector<http::Endpoint> all =
        http::operations_endpoints({{"database",
                                     [this]() -> Result<void> {
                                         return database_->read([](db::Session& session) {
                                             return static_cast<void>(session.row<std::int64_t>("SELECT 1"));
                                         });
                                     }}},
                                   metrics_);
    const auto add = [&](std::vector<http::Endpoint> more) { std::ranges::move(more, std::back_inserter(all)); };
    add(identity_->routes());
    add(oauth_->routes());
    add(catalog_->routes());
    add(rule_packages_->routes());
    add(calendar_office_->routes());
    add(authority_office_->routes());
    add(process_packages_->routes());
    add(documents_->routes());
    add(letters_->routes());
    add(applications_->routes());
    add(invited_parts_->routes());
    add(approval_->routes());
    add(oversight_->routes());
    add(paper_marks_->routes());
    add(consultations_->routes());
    add(evidence_->routes());
    add(permits_->routes());
    add(certificates_->routes());
    add(audit_endpoints());
    add({privacy_endpoint(settings_.privacy, settings_.policy)});
    add(key_endpoints());
    if (settings_.demo) add(demo_endpoints());
    return guarded(std::move(all), permissions_);
}

}  // namespace kaigong::app
