#include "modules/catalog/rule_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "db/idempotency.hpp"
#include "modules/catalog/rule_errors.hpp"
#include "modules/catalog/rule_model.hpp"

namespace kaigong::catalog {
namespace {

using authz::Role;
using authz::Scope;
using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr std::array kGrants{
    authz::Grant{Role::rule_admin, "rules.read", Scope::any},
    authz::Grant{Role::rule_admin, "rules.edit", Scope::any},
    authz::Grant{Role::rule_admin, "rules.publish", Scope::any},
    authz::Grant{Role::window_clerk, "calendar.read", Scope::any},
    authz::Grant{Role::acceptance_officer, "calendar.read", Scope::any},
    authz::Grant{Role::reviewer, "calendar.read", Scope::any},
    authz::Grant{Role::section_head, "calendar.read", Scope::any},
    authz::Grant{Role::deciding_leader, "calendar.read", Scope::any},
    authz::Grant{Role::certificate_officer, "calendar.read", Scope::any},
    authz::Grant{Role::audit_admin, "calendar.read", Scope::any},
    authz::Grant{Role::rule_admin, "calendar.read", Scope::any},
    authz::Grant{Role::rule_admin, "calendar.edit", Scope::any},
};

constexpr std::size_t kVersionsShown = 100;

value or_null(const std::string& text) {
    return text.empty() ? value(nullptr) : value(text);
}

value or_null(const std::optional<std::string>& text) {
    return text ? value(*text) : value(nullptr);
}

array examples_at(const MatterFiles& files, const std::string& name) {
    const auto found = files.find(name);
    return found == files.end() ? array{} : examples_json(examples_of_text(found->second));
}

std::string text_at(const MatterFiles& files, const std::string& name) {
    const auto found = files.find(name);
    return found == files.end() ? std::string() : found->second;
}

/// Faults of the rules themselves are kept: nothing that was typed is lost. What is no XML can't be kept as rules.
Result<void> must_be_xml(const std::string& rules) {
    const auto model = dmn::parse(rules);
    if (model) return {};
    const auto& reason = model.error().reason;
    if (reason != "dmn.xml_invalid" && reason != "dmn.xml_forbidden" && reason != "dmn.xml_too_large") return {};
    return invalid_field("dmn", "catalog.rules_unreadable", model.error().message);
}

}  // namespace

std::span<const authz::Grant> permissions() {
    return kGrants;
}

std::unique_ptr<RulePackages> make_rule_packages(RulePackageParts parts) {
    return std::make_unique<RuleService>(parts);
}

Result<RuleService::Package> RuleService::load_package(const std::string& matter_code) {
    Package package;
    package.today = to_string(office_date(parts_.clock.now_ms()));
    package.versions = parts_.catalog.versions().find(matter_code);
    package.in_force = package.versions == nullptr ? nullptr : package.versions->in_force(package.today);
    if (package.in_force == nullptr) return matter_unknown();
    KAIGONG_TRY(matter, parts_.catalog.load_matter(matter_code, package.in_force->version));
    // Every matter of this catalogue is one.
    package.matter = std::static_pointer_cast<const LoadedMatter>(matter);
    return package;
}

Result<store::DraftRow> RuleService::load_draft(const std::string& matter_code) {
    KAIGONG_TRY(row,
                parts_.database.read([&](db::Session& session) { return store::find_draft(session, matter_code); }));
    if (!row || row->state == "none") return no_draft();
    return *row;
}

Result<store::DraftRow> RuleService::draft_in(db::Session& session, const std::string& matter_code,
                                              std::int64_t expected_version) {
    auto row = store::find_draft(session, matter_code);
    if (!row || row->state == "none") return no_draft();
    if (row->version != expected_version) return draft_changed();
    return *row;
}

db::IdempotentRequest RuleService::once_of(const authz::Actor& actor, const Retryable& request,
                                           std::int64_t now_ms) const {
    return {actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
}

Result<bool> RuleService::was_done(const db::IdempotentRequest& once) {
    return parts_.database.read([&](db::Session& session) { return db::is_known(session, once); });
}

std::string RuleService::name_of(const std::string& account_id) {
    return account_id.empty() ? "" : parts_.identity.name_of({account_id});
}

void RuleService::write_audit(db::Session& session, const store::DraftRow& row, const Acting& who,
                              const std::string& act, const std::string& summary, std::int64_t now_ms) {
    parts_.audit.write(session,
                       {"rule_package", row.matter_code, row.version, act, who.account_id, who.name, summary, now_ms});
}

object RuleService::draft_json(const store::DraftRow& row, const authz::Actor& actor) {
    const auto& me = actor.account_id.text;
    const bool is_other = row.edited_by != me && row.submitted_by != me;
    return {{"version", row.version},
            {"state", row.state},
            {"base_version", row.base_version},
            {"dmn", row.rules},
            {"tests", boost::json::parse(row.examples)},
            {"note", row.note},
            {"edited_by_name", name_of(row.edited_by)},
            {"edited_by_me", row.edited_by == me},
            {"edited_at_ms", row.edited_at_ms},
            {"effective_from_on", or_null(row.effective_from_on)},
            {"submitted_by_name", row.submitted_by ? value(name_of(*row.submitted_by)) : value(nullptr)},
            {"may_publish", row.state == "waiting" && is_other && parts_.permissions.may(actor, "rules.publish")},
            {"returned_reason", or_null(row.returned_reason)}};
}

object RuleService::summary_json(const Package& package, const KeptVersion& version) {
    return {{"catalog_version", version.version},
            {"state", to_string(package.versions->state_of(version, package.today))},
            {"effective_from_on", version.effective_from_on},
            {"published_at_ms", version.published_at_ms},
            {"origin", version.of_office ? "office" : "folder"},
            {"edited_by_name", or_null(name_of(version.edited_by))},
            {"published_by_name", or_null(name_of(version.published_by))},
            {"note", version.note}};
}

object RuleService::package_summary_json(const Package& package) {
    return {{"matter_code", package.matter->matter_code()},
            {"name", package.matter->name()},
            {"rule_count", static_cast<std::int64_t>(rule_rows(package.matter->rules()).size())},
            {"in_force", summary_json(package, *package.in_force)}};
}

Result<object> RuleService::list(const authz::Actor& actor) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "rules.read"));
    array packages;
    for (const auto& matter : parts_.catalog.matters()) {
        KAIGONG_TRY(package, load_package(matter->matter_code()));
        auto one = package_summary_json(package);
        array waiting;
        for (const auto& version : package.versions->all()) {
            if (package.versions->state_of(version, package.today) != VersionState::waiting) continue;
            waiting.push_back(summary_json(package, version));
        }
        one["waiting"] = std::move(waiting);
        const auto row = load_draft(matter->matter_code());
        one["draft"] = row ? value{{"state", row->state},
                                   {"edited_by_name", name_of(row->edited_by)},
                                   {"edited_at_ms", row->edited_at_ms}}
                           : value(nullptr);
        packages.push_back(std::move(one));
    }
    return object{{"packages", std::move(packages)}};
}

Result<object> RuleService::show(const authz::Actor& actor, const std::string& matter_code) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "rules.read"));
    KAIGONG_TRY(package, load_package(matter_code));
    auto whole = package_summary_json(package);
    array versions;
    for (const auto& version : package.versions->all()) {
        if (versions.size() < kVersionsShown) versions.push_back(summary_json(package, version));
    }
    whole["versions"] = std::move(versions);
    const auto* folder = package.versions->folder_waits(package.today);
    whole["folder_waits"] = folder == nullptr ? value(nullptr) : value(summary_json(package, *folder));
    const auto row = load_draft(matter_code);
    whole["draft"] = row ? value{{"state", row->state},
                                 {"edited_by_name", name_of(row->edited_by)},
                                 {"edited_at_ms", row->edited_at_ms}}
                         : value(nullptr);
    return whole;
}

Result<object> RuleService::version_json(const std::string& matter_code, const std::string& version) {
    KAIGONG_TRY(package, load_package(matter_code));
    const auto* found = package.versions->find(version);
    if (found == nullptr) return version_unknown();
    return summary_json(package, *found);
}

Result<object> RuleService::show_version(const authz::Actor& actor, const std::string& matter_code,
                                         const std::string& version) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "rules.read"));
    KAIGONG_TRY(package, load_package(matter_code));
    const auto* found = package.versions->find(version);
    if (found == nullptr) return version_unknown();
    auto whole = summary_json(package, *found);
    whole["dmn"] = text_at(*found->files, package.matter->rules_file());
    whole["tests"] = examples_at(*found->files, package.matter->examples_file());
    return whole;
}

Result<object> RuleService::draft(const authz::Actor& actor, const std::string& matter_code) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "rules.read"));
    KAIGONG_CHECK(load_package(matter_code));
    KAIGONG_TRY(row, load_draft(matter_code));
    return draft_json(row, actor);
}

Result<object> RuleService::begin(const authz::Actor& actor, const std::string& matter_code,
                                  const std::optional<std::string>& from_version, const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "rules.edit"));
    KAIGONG_TRY(package, load_package(matter_code));
    const auto* base = from_version ? package.versions->find(*from_version) : package.in_force;
    if (base == nullptr) return version_unknown();
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    store::DraftRow row;
    row.matter_code = matter_code;
    row.state = "editing";
    row.base_version = base->version;
    row.rules = text_at(*base->files, package.matter->rules_file());
    row.examples = boost::json::serialize(examples_at(*base->files, package.matter->examples_file()));
    row.edited_by = actor.account_id.text;
    row.edited_at_ms = now_ms;
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            const auto version = store::begin_draft(session, row);
            if (!version) return draft_exists();
            auto begun = row;
            begun.version = *version;
            write_audit(session, begun, who, "rules.begin_draft", fmt::format("从版本 {} 新建规则草稿", base->version),
                        now_ms);
            return std::string("{}");
        });
    }));
    return draft(actor, matter_code);
}

Result<object> RuleService::save(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                 const TypedDraft& typed) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "rules.edit"));
    KAIGONG_CHECK(load_package(matter_code));
    KAIGONG_CHECK(must_be_xml(typed.rules));
    const auto examples = boost::json::serialize(examples_json(typed.examples));
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    KAIGONG_TRY(saved, parts_.database.transact([&](db::Session& session) -> Result<store::DraftRow> {
        KAIGONG_TRY(row, draft_in(session, matter_code, version));
        if (row.state == "waiting") return draft_waits();
        row.rules = typed.rules;
        row.examples = examples;
        row.note = typed.note;
        row.edited_by = actor.account_id.text;
        row.edited_at_ms = now_ms;
        KAIGONG_CHECK(store::save_draft(session, row));
        write_audit(session, row, who, "rules.save_draft", "保存规则草稿", now_ms);
        return row;
    }));
    return draft_json(saved, actor);
}

Result<void> RuleService::discard(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                  const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "rules.edit"));
    KAIGONG_CHECK(load_package(matter_code));
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_TRY(row, draft_in(session, matter_code, version));
            empty_draft(row);
            KAIGONG_CHECK(store::save_draft(session, row));
            write_audit(session, row, who, "rules.discard_draft", "删除规则草稿", now_ms);
            return std::string("{}");
        });
    }));
    return {};
}

CheckedRules RuleService::checked(const Package& package, const store::DraftRow& row) {
    // A base that is gone from the book would be a broken table; the version in force stands in its place.
    const auto* base = package.versions->find(row.base_version);
    const auto& base_files = base == nullptr ? *package.in_force->files : *base->files;
    const auto examples = examples_of_text(row.examples);
    return check_rules({row.rules, examples, base_files, package.matter->rules_file()},
                       {*package.in_force->files, package.matter->rules()});
}

Result<object> RuleService::check(const authz::Actor& actor, const std::string& matter_code) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "rules.read"));
    KAIGONG_TRY(package, load_package(matter_code));
    KAIGONG_TRY(row, load_draft(matter_code));
    return checked(package, row).json;
}

}  // namespace kaigong::catalog
