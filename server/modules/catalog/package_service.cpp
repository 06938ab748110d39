#include "modules/catalog/package_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_members.hpp"
#include "modules/catalog/package_errors.hpp"

namespace kaigong::catalog {
namespace {

using authz::Role;
using authz::Scope;
using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr std::array kGrants{
    authz::Grant{Role::rule_admin, "rules.read", Scope::whole},
    authz::Grant{Role::rule_admin, "rules.edit", Scope::whole},
    authz::Grant{Role::rule_admin, "rules.publish", Scope::whole},
    authz::Grant{Role::rule_admin, "processes.read", Scope::whole},
    authz::Grant{Role::rule_admin, "processes.edit", Scope::whole},
    authz::Grant{Role::rule_admin, "processes.publish", Scope::whole},
    authz::Grant{Role::window_clerk, "calendar.read", Scope::any},
    authz::Grant{Role::acceptance_officer, "calendar.read", Scope::any},
    authz::Grant{Role::reviewer, "calendar.read", Scope::any},
    authz::Grant{Role::section_head, "calendar.read", Scope::any},
    authz::Grant{Role::deciding_leader, "calendar.read", Scope::any},
    authz::Grant{Role::certificate_officer, "calendar.read", Scope::any},
    authz::Grant{Role::audit_admin, "calendar.read", Scope::any},
    authz::Grant{Role::rule_admin, "calendar.read", Scope::any},
    authz::Grant{Role::rule_admin, "calendar.edit", Scope::whole},
    authz::Grant{Role::rule_admin, "authorities.read", Scope::any},
    authz::Grant{Role::rule_admin, "authorities.edit", Scope::any},
    authz::Grant{Role::system_admin, "authorities.read", Scope::any},
    authz::Grant{Role::system_admin, "authorities.edit", Scope::any},
    authz::Grant{Role::security_admin, "authorities.read", Scope::any},
    authz::Grant{Role::audit_admin, "authorities.read", Scope::any},
};

constexpr std::size_t kVersionsShown = 100;

}  // namespace

std::span<const authz::Grant> permissions() {
    return kGrants;
}

Result<PackageService::Package> PackageService::load_package(const std::string& matter_code) {
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

Result<store::DraftRow> PackageService::load_draft(const std::string& matter_code) {
    KAIGONG_TRY(row, parts_.database.read(
                         [&](db::Session& session) { return store::find_draft(session, words_.tables, matter_code); }));
    if (!row || row->state == "none") return no_draft();
    return *row;
}

Result<store::DraftRow> PackageService::draft_in(db::Session& session, const std::string& matter_code,
                                                 std::int64_t expected_version) const {
    auto row = store::find_draft(session, words_.tables, matter_code);
    if (!row || row->state == "none") return no_draft();
    if (row->version != expected_version) return draft_changed();
    return *row;
}

db::IdempotentRequest PackageService::once_of(const authz::Actor& actor, const Retryable& request,
                                              std::int64_t now_ms) const {
    return {actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
}

Result<bool> PackageService::was_done(const db::IdempotentRequest& once) {
    return parts_.database.read([&](db::Session& session) { return db::is_known(session, once); });
}

std::string PackageService::name_of(const std::string& account_id) {
    return account_id.empty() ? "" : parts_.identity.name_of({account_id});
}

void PackageService::write_audit(db::Session& session, const store::DraftRow& row, const Acting& who,
                                 std::string_view act, const std::string& summary, std::int64_t now_ms) {
    parts_.audit.write(session, {words_.audit_type, row.matter_code, row.version, action(act), who.account_id, who.name,
                                 summary, now_ms});
}

object PackageService::draft_json(const store::DraftRow& row, const authz::Actor& actor) {
    const auto& me = actor.account_id.text;
    const bool is_other = row.edited_by != me && row.submitted_by != me;
    return {{"version", row.version},
            {"state", row.state},
            {"base_version", row.base_version},
            {words_.main, row.main},
            {words_.beside, boost::json::parse(row.beside)},
            {"note", row.note},
            {"edited_by_name", name_of(row.edited_by)},
            {"edited_by_me", row.edited_by == me},
            {"edited_at_ms", row.edited_at_ms},
            {"effective_from_on", or_null(row.effective_from_on)},
            {"submitted_by_name", row.submitted_by ? value(name_of(*row.submitted_by)) : value(nullptr)},
            {"may_publish", row.state == "waiting" && is_other && parts_.permissions.may(actor, action("publish"))},
            {"returned_reason", or_null(row.returned_reason)}};
}

object PackageService::summary_json(const Package& package, const KeptVersion& version) {
    return {{"catalog_version", version.version},
            {"state", to_string(package.versions->state_of(version, package.today))},
            {"effective_from_on", version.effective_from_on},
            {"published_at_ms", version.published_at_ms},
            {"origin", version.of_office ? "office" : "folder"},
            {"edited_by_name", text_or_null(name_of(version.edited_by))},
            {"published_by_name", text_or_null(name_of(version.published_by))},
            {"note", version.note}};
}

object PackageService::package_summary_json(const Package& package) {
    const auto [unit, count] = size_of(package);
    return {{"matter_code", package.matter->matter_code()},
            {"name", package.matter->name()},
            {unit, count},
            {"in_force", summary_json(package, *package.in_force)}};
}

Result<object> PackageService::list(const authz::Actor& actor) {
    KAIGONG_CHECK(require(actor, "read"));
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

Result<object> PackageService::show(const authz::Actor& actor, const std::string& matter_code) {
    KAIGONG_CHECK(require(actor, "read"));
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

Result<object> PackageService::version_json(const std::string& matter_code, const std::string& version) {
    KAIGONG_TRY(package, load_package(matter_code));
    const auto* found = package.versions->find(version);
    if (found == nullptr) return version_unknown();
    return summary_json(package, *found);
}

Result<object> PackageService::show_version(const authz::Actor& actor, const std::string& matter_code,
                                            const std::string& version) {
    KAIGONG_CHECK(require(actor, "read"));
    KAIGONG_TRY(package, load_package(matter_code));
    const auto* found = package.versions->find(version);
    if (found == nullptr) return version_unknown();
    auto whole = summary_json(package, *found);
    const auto contents = contents_of(package, *found->files);
    whole[words_.main] = contents.main;
    whole[words_.beside] = boost::json::parse(contents.beside);
    return whole;
}

Result<object> PackageService::draft(const authz::Actor& actor, const std::string& matter_code) {
    KAIGONG_CHECK(require(actor, "read"));
    KAIGONG_CHECK(load_package(matter_code));
    KAIGONG_TRY(row, load_draft(matter_code));
    return draft_json(row, actor);
}

Result<object> PackageService::begin(const authz::Actor& actor, const std::string& matter_code,
                                     const std::optional<std::string>& from_version, const Retryable& request) {
    KAIGONG_CHECK(require(actor, "edit"));
    KAIGONG_TRY(package, load_package(matter_code));
    const auto* base = from_version ? package.versions->find(*from_version) : package.in_force;
    if (base == nullptr) return version_unknown();
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    auto contents = contents_of(package, *base->files);
    store::DraftRow row;
    row.matter_code = matter_code;
    row.state = "editing";
    // An earlier version of these files comes back; what was published of the others since stays.
    const auto* newer = newer_elsewhere(package, *base);
    row.base_version = (newer == nullptr ? base : newer)->version;
    row.main = std::move(contents.main);
    row.beside = std::move(contents.beside);
    row.edited_by = actor.account_id.text;
    row.edited_at_ms = now_ms;
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            const auto version = store::begin_draft(session, words_.tables, row);
            if (!version) return draft_exists();
            auto begun = row;
            begun.version = *version;
            write_audit(session, begun, who, "begin_draft",
                        fmt::format("从版本 {} 新建{}草稿", base->version, words_.noun), now_ms);
            return std::string("{}");
        });
    }));
    return draft(actor, matter_code);
}

Result<object> PackageService::save(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                    const TypedDraft& typed) {
    KAIGONG_CHECK(require(actor, "edit"));
    KAIGONG_CHECK(load_package(matter_code));
    KAIGONG_CHECK(must_be_readable(typed));
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    KAIGONG_TRY(saved, parts_.database.transact([&](db::Session& session) -> Result<store::DraftRow> {
        KAIGONG_TRY(row, draft_in(session, matter_code, version));
        if (row.state == "waiting") return draft_waits();
        row.main = typed.main;
        row.beside = typed.beside;
        row.note = typed.note;
        row.edited_by = actor.account_id.text;
        row.edited_at_ms = now_ms;
        KAIGONG_CHECK(store::save_draft(session, words_.tables, row));
        write_audit(session, row, who, "save_draft", fmt::format("保存{}草稿", words_.noun), now_ms);
        return row;
    }));
    return draft_json(saved, actor);
}

Result<void> PackageService::discard(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                     const Retryable& request) {
    KAIGONG_CHECK(require(actor, "edit"));
    KAIGONG_CHECK(load_package(matter_code));
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_TRY(row, draft_in(session, matter_code, version));
            empty_draft(row);
            KAIGONG_CHECK(store::save_draft(session, words_.tables, row));
            write_audit(session, row, who, "discard_draft", fmt::format("删除{}草稿", words_.noun), now_ms);
            return std::string("{}");
        });
    }));
    return {};
}

const MatterFiles& PackageService::base_files(const Package& package, const store::DraftRow& row) {
    // A base that is gone from the book would be a broken table; the version in force stands in its place.
    const auto* base = package.versions->find(row.base_version);
    return base == nullptr ? *package.in_force->files : *base->files;
}

bool PackageService::same_files(const Package& package, const MatterFiles& left, const MatterFiles& right,
                                bool own) const {
    const auto covers = [&](const MatterFiles& files, const MatterFiles& others) {
        return std::ranges::all_of(files, [&](const auto& file) {
            const auto other = others.find(file.first);
            return owns(package, file.first) != own || (other != others.end() && other->second == file.second);
        });
    };
    return covers(left, right) && covers(right, left);
}

const KeptVersion* PackageService::newer_elsewhere(const Package& package, const KeptVersion& base) const {
    for (const auto& version : package.versions->all()) {
        if (version.withdrawn) continue;
        if (!base.withdrawn && version.published_at_ms <= base.published_at_ms) return nullptr;
        // A folder that came with an upgrade waits until somebody begins a draft from it.
        if (!base.withdrawn && !version.of_office) continue;
        return same_files(package, *version.files, *base.files, false) ? nullptr : &version;
    }
    return nullptr;
}

const KeptVersion* PackageService::outdated_by(const Package& package, const store::DraftRow& row) const {
    const auto* base = package.versions->find(row.base_version);
    return base == nullptr ? nullptr : newer_elsewhere(package, *base);
}

CheckedDraft PackageService::checked(const Package& package, const store::DraftRow& row) const {
    auto found = judge(package, row, base_files(package, row));
    const auto* newer = outdated_by(package, row);
    found.json["outdated_by"] = newer == nullptr ? value(nullptr) : value(newer->version);
    if (newer != nullptr) {
        const auto fault = base_outdated();
        found.json["blockers"].as_array().push_back({{"code", "base_outdated"}, {"text", fault.message}});
        found.blockers.push_back(fault.message);
    }
    return found;
}

Result<object> PackageService::rebase(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                      const Retryable& request) {
    KAIGONG_CHECK(require(actor, "edit"));
    KAIGONG_TRY(package, load_package(matter_code));
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_TRY(row, draft_in(session, matter_code, version));
            if (row.state == "waiting") return draft_waits();
            const auto* newer = outdated_by(package, row);
            if (newer == nullptr) return draft_not_outdated();
            if (!same_files(package, base_files(package, row), *newer->files, true)) return draft_overlaps();
            row.base_version = newer->version;
            row.edited_by = actor.account_id.text;
            row.edited_at_ms = now_ms;
            KAIGONG_CHECK(store::save_draft(session, words_.tables, row));
            write_audit(session, row, who, "rebase_draft",
                        fmt::format("把{}草稿并入最新版本 {}", words_.noun, newer->version), now_ms);
            return std::string("{}");
        });
    }));
    return draft(actor, matter_code);
}

Result<object> PackageService::check(const authz::Actor& actor, const std::string& matter_code) {
    KAIGONG_CHECK(require(actor, "read"));
    KAIGONG_TRY(package, load_package(matter_code));
    KAIGONG_TRY(row, load_draft(matter_code));
    return checked(package, row).json;
}

}  // namespace kaigong::catalog
