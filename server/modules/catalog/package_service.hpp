// What rule packages and process packages have in common: a draft a matter, its way through two persons to a version of
// the whole catalogue, and its previews; see Packages in catalog.hpp. What a package holds and how it is judged are
// the hooks of RuleService and ProcessService.
#pragma once

#include "base/json_reader.hpp"
#include "db/idempotency.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/catalog/loaded_matter.hpp"
#include "modules/catalog/package_preview.hpp"
#include "modules/catalog/package_store.hpp"
#include "modules/catalog/version_book.hpp"

namespace kaigong::catalog {

/// What is typed beside a draft or a version for the colleague who reads it next.
inline constexpr TextRule kVersionNote{.length_min = 0, .length_max = 2'000, .lines = true};

struct Retryable {
    std::string key;
    std::string route;
    std::string body_hash;
};

/// What a person typed: the text that is edited and, as JSON, what goes with it.
struct TypedDraft {
    std::string main;
    std::string beside;
    std::string note;
};

struct Submission {
    std::string effective_from_on;
    std::string note;
};

struct CheckedDraft {
    boost::json::object json;           ///< `RuleCheck` or `ProcessCheck` of openapi.yaml
    std::vector<std::string> blockers;  ///< sentences; none: it may be submitted
};

/// Names of one kind of package.
struct PackageWords {
    const store::PackageTables& tables;
    const char* path;        ///< `rule-packages`
    const char* audit_type;  ///< `rule_package`
    const char* act;         ///< begins actions and acts of the trace: `rules`
    const char* noun;        ///< 规则
    const char* main;        ///< members of a draft
    const char* beside;
};

struct PackageParts {
    db::Database& database;
    const Clock& clock;
    const Clock& machine_clock;
    const authz::Permissions& permissions;
    Catalog& catalog;
    identity::Identity& identity;
    audit::Audit& audit;
    RestrictedCases& restricted_cases;
};

class PackageService : public Packages {
  public:
    PackageService(const PackageParts& parts, const PackageWords& words)
        : parts_(parts),
          words_(words),
          previews_({parts.database, parts.machine_clock, words.tables, parts.restricted_cases}) {}

    void start() override { previews_.start(); }
    void stop() override { previews_.stop(); }
    std::vector<http::Endpoint> routes() override;
    const PackageWords& words() const { return words_; }
    Retryable retryable(const http::Request& request, const std::string& act) const;

    Result<boost::json::object> list(const authz::Actor& actor);
    Result<boost::json::object> show(const authz::Actor& actor, const std::string& matter_code);
    Result<boost::json::object> show_version(const authz::Actor& actor, const std::string& matter_code,
                                             const std::string& version);
    Result<boost::json::object> draft(const authz::Actor& actor, const std::string& matter_code);
    Result<boost::json::object> begin(const authz::Actor& actor, const std::string& matter_code,
                                      const std::optional<std::string>& from_version, const Retryable& request);
    Result<boost::json::object> save(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                     const TypedDraft& typed);
    /// Puts the draft onto the newest version, when somebody published another kind of package meanwhile.
    Result<boost::json::object> rebase(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                       const Retryable& request);
    Result<void> discard(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                         const Retryable& request);
    Result<boost::json::object> check(const authz::Actor& actor, const std::string& matter_code);

    // package_publication.cpp
    Result<boost::json::object> submit(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                       const Submission& submission, const Retryable& request);
    Result<boost::json::object> give_back(const authz::Actor& actor, const std::string& matter_code,
                                          std::int64_t version, const std::string& reason, const Retryable& request);
    Result<boost::json::object> publish(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                        const Retryable& request);
    Result<boost::json::object> withdraw(const authz::Actor& actor, const std::string& matter_code,
                                         const std::string& version, const std::string& reason,
                                         const Retryable& request);

    // package_preview_service.cpp
    Result<boost::json::object> start_preview(const authz::Actor& actor, const std::string& matter_code,
                                              const Retryable& request);
    Result<boost::json::object> preview(const authz::Actor& actor, const std::string& matter_code,
                                        const std::string& preview_id);
    struct ChangesQuery {
        std::string cursor;
        int limit = 50;
        std::string subject;
    };
    Result<boost::json::object> changes(const authz::Actor& actor, const std::string& matter_code,
                                        const std::string& preview_id, const ChangesQuery& query);

  protected:
    struct Package {
        std::shared_ptr<const MatterVersions> versions;
        std::string today;
        const KeptVersion* in_force = nullptr;       ///< inside `versions`
        std::shared_ptr<const LoadedMatter> matter;  ///< in force; what names and file names come from
    };
    const PackageParts& parts() const { return parts_; }

    /// The body of a request that saves a draft.
    virtual Result<TypedDraft> read_typed(const boost::json::value& body) const = 0;
    /// What can't be kept as such a text at all. Faults of the contents are kept: nothing that was typed is lost.
    virtual Result<void> must_be_readable(const TypedDraft& typed) const = 0;
    /// The contents of a draft that begins from these files, as `main` and `beside` of the table.
    virtual TypedDraft contents_of(const Package& package, const MatterFiles& files) const = 0;
    /// A member of the reply of a list: how large the package is.
    virtual std::pair<const char*, std::int64_t> size_of(const Package& package) const = 0;
    virtual CheckedDraft judge(const Package& package, const store::DraftRow& row, const MatterFiles& base) const = 0;
    /// The files of the version that the draft becomes, over those of its base.
    virtual MatterFiles published(const Package& package, const store::DraftRow& row, MatterFiles base) const = 0;
    /// Whether a file of a version belongs to this kind of package.
    virtual bool owns(const Package& package, const std::string& file) const = 0;
    /// Fails when the draft can't be tried at all.
    virtual Result<std::shared_ptr<Trial>> trial_of(const Package& package, const store::DraftRow& row,
                                                    std::int64_t since_ms) = 0;

  private:
    // package_routes.cpp
    std::vector<http::Endpoint> draft_routes(const std::string& draft_path);
    Result<http::Reply> answer_save(const http::Request& request);
    std::string action(std::string_view what) const { return words_.act + std::string(".") + std::string(what); }

    Result<void> require(const authz::Actor& actor, std::string_view what) const {
        return parts_.permissions.require(actor, action(what));
    }
    /// Fails with catalog.matter_unknown, also where no version is in force yet.
    Result<Package> load_package(const std::string& matter_code);
    Result<store::DraftRow> load_draft(const std::string& matter_code);
    /// The draft inside a command, which counts its version up by saving it. Fails with catalog.no_draft,
    /// db.version_is_stale.
    Result<store::DraftRow> draft_in(db::Session& session, const std::string& matter_code,
                                     std::int64_t expected_version) const;
    CheckedDraft checked(const Package& package, const store::DraftRow& row) const;
    Result<void> must_have_no_blockers(const Package& package, const store::DraftRow& row) const;
    static const MatterFiles& base_files(const Package& package, const store::DraftRow& row);
    /// The newest version of the office that changed files of other kinds since `base`: publishing would undo it.
    const KeptVersion* newer_elsewhere(const Package& package, const KeptVersion& base) const;
    const KeptVersion* outdated_by(const Package& package, const store::DraftRow& row) const;
    bool same_files(const Package& package, const MatterFiles& left, const MatterFiles& right, bool own) const;
    Result<MatterFiles> files_to_publish(const Package& package, const store::DraftRow& row) const;

    db::IdempotentRequest once_of(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms) const;
    /// A retry of what went through is answered, not refused for what it changed itself.
    Result<bool> was_done(const db::IdempotentRequest& once);
    /// Who acts, with the name that the trace keeps: looked up before the transaction.
    struct Acting {
        std::string account_id;
        std::string name;
    };
    Acting acting(const authz::Actor& actor) { return {actor.account_id.text, name_of(actor.account_id.text)}; }
    void write_audit(db::Session& session, const store::DraftRow& row, const Acting& who, std::string_view act,
                     const std::string& summary, std::int64_t now_ms);
    std::string name_of(const std::string& account_id);

    boost::json::object draft_json(const store::DraftRow& row, const authz::Actor& actor);
    boost::json::object summary_json(const Package& package, const KeptVersion& version);
    boost::json::object package_summary_json(const Package& package);
    Result<boost::json::object> version_json(const std::string& matter_code, const std::string& version);
    boost::json::object preview_json(const store::PreviewRow& row) const;
    /// Without what cases come to that were restricted since it ran.
    Result<store::PreviewRow> without_restricted(store::PreviewRow row) const;

    PackageParts parts_;
    PackageWords words_;
    Previews previews_;
};

}  // namespace kaigong::catalog
