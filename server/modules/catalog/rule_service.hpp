// The service of rule packages; see RulePackages in catalog.hpp.
#pragma once

#include "db/idempotency.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/catalog/loaded_matter.hpp"
#include "modules/catalog/rule_check.hpp"
#include "modules/catalog/rule_examples.hpp"
#include "modules/catalog/rule_preview.hpp"
#include "modules/catalog/rule_store.hpp"
#include "modules/catalog/version_book.hpp"

namespace kaigong::catalog {

struct Retryable {
    std::string key;
    std::string route;
    std::string body_hash;
};

struct TypedDraft {
    std::string rules;
    std::vector<RuleExample> examples;
    std::string note;
};

struct Submission {
    std::string effective_from_on;
    std::string note;
};

class RuleService final : public RulePackages {
  public:
    explicit RuleService(RulePackageParts parts)
        : parts_(parts), previews_({parts.database, parts.machine_clock, parts.past_cases}) {}

    void start() override { previews_.start(); }
    void stop() override { previews_.stop(); }
    std::vector<http::Endpoint> routes() override;

    Result<boost::json::object> list(const authz::Actor& actor);
    Result<boost::json::object> show(const authz::Actor& actor, const std::string& matter_code);
    Result<boost::json::object> show_version(const authz::Actor& actor, const std::string& matter_code,
                                             const std::string& version);
    Result<boost::json::object> draft(const authz::Actor& actor, const std::string& matter_code);
    Result<boost::json::object> begin(const authz::Actor& actor, const std::string& matter_code,
                                      const std::optional<std::string>& from_version, const Retryable& request);
    Result<boost::json::object> save(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                     const TypedDraft& typed);
    Result<void> discard(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                         const Retryable& request);
    Result<boost::json::object> check(const authz::Actor& actor, const std::string& matter_code);

    // rule_publication.cpp
    Result<boost::json::object> submit(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                       const Submission& submission, const Retryable& request);
    Result<boost::json::object> give_back(const authz::Actor& actor, const std::string& matter_code,
                                          std::int64_t version, const std::string& reason, const Retryable& request);
    Result<boost::json::object> publish(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                        const Retryable& request);
    Result<boost::json::object> withdraw(const authz::Actor& actor, const std::string& matter_code,
                                         const std::string& version, const std::string& reason,
                                         const Retryable& request);

    // rule_preview_service.cpp
    Result<boost::json::object> start_preview(const authz::Actor& actor, const std::string& matter_code,
                                              const Retryable& request);
    Result<boost::json::object> preview(const authz::Actor& actor, const std::string& matter_code,
                                        const std::string& preview_id);
    struct ChangesQuery {
        std::string cursor;
        int limit = 50;
        std::string rule;
    };
    Result<boost::json::object> changes(const authz::Actor& actor, const std::string& matter_code,
                                        const std::string& preview_id, const ChangesQuery& query);

  private:
    // rule_routes.cpp
    std::vector<http::Endpoint> draft_routes(const std::string& draft_path);

    struct Package {
        std::shared_ptr<const MatterVersions> versions;
        std::string today;
        const KeptVersion* in_force = nullptr;       ///< inside `versions`
        std::shared_ptr<const LoadedMatter> matter;  ///< in force; what names and file names come from
    };
    /// Fails with catalog.matter_unknown, also where no version is in force yet.
    Result<Package> load_package(const std::string& matter_code);
    Result<store::DraftRow> load_draft(const std::string& matter_code);
    /// The draft inside a command, which counts its version up by saving it. Fails with catalog.no_draft,
    /// db.version_is_stale.
    static Result<store::DraftRow> draft_in(db::Session& session, const std::string& matter_code,
                                            std::int64_t expected_version);
    CheckedRules checked(const Package& package, const store::DraftRow& row);
    Result<void> must_have_no_blockers(const Package& package, const store::DraftRow& row);

    db::IdempotentRequest once_of(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms) const;
    /// A retry of what went through is answered, not refused for what it changed itself.
    Result<bool> was_done(const db::IdempotentRequest& once);
    /// Who acts, with the name that the trace keeps: looked up before the transaction.
    struct Acting {
        std::string account_id;
        std::string name;
    };
    Acting acting(const authz::Actor& actor) { return {actor.account_id.text, name_of(actor.account_id.text)}; }
    void write_audit(db::Session& session, const store::DraftRow& row, const Acting& who, const std::string& act,
                     const std::string& summary, std::int64_t now_ms);
    std::string name_of(const std::string& account_id);

    boost::json::object draft_json(const store::DraftRow& row, const authz::Actor& actor);
    boost::json::object summary_json(const Package& package, const KeptVersion& version);
    boost::json::object package_summary_json(const Package& package);
    Result<boost::json::object> version_json(const std::string& matter_code, const std::string& version);

    RulePackageParts parts_;
    Previews previews_;
};

}  // namespace kaigong::catalog
