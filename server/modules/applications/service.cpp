#include "modules/applications/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "db/idempotency.hpp"
#include "modules/applications/events.hpp"
#include "modules/applications/personal_fields.hpp"
#include "modules/applications/read_only.hpp"
#include "modules/applications/stored_lists.hpp"

namespace kaigong::applications {
namespace {

using authz::Role;
using authz::Scope;
using boost::json::array;
using boost::json::object;

constexpr std::array kGrants{
    authz::Grant{Role::owner_agent, "applications.read", Scope::company},
    authz::Grant{Role::owner_agent, "applications.write", Scope::company},
    authz::Grant{Role::individual_owner, "applications.read", Scope::own},
    authz::Grant{Role::individual_owner, "applications.write", Scope::own},
    authz::Grant{Role::window_clerk, "applications.read", Scope::region},
    authz::Grant{Role::supervisor, "applications.read", Scope::region},
    authz::Grant{Role::acceptance_officer, "applications.read", Scope::region},
    authz::Grant{Role::reviewer, "applications.read", Scope::region},
    authz::Grant{Role::section_head, "applications.read", Scope::region},
    authz::Grant{Role::deciding_leader, "applications.read", Scope::region},
    authz::Grant{Role::certificate_officer, "applications.read", Scope::region},
};

/// What the rules about corrections ask of a point.
array points_for_rules(const array& open_points, const array& answers) {
    array points;
    for (const auto& point : open_points) {
        const auto& id = point.at("point_id");
        const bool answered =
            std::ranges::any_of(answers, [&](const auto& answer) { return answer.at("point_id") == id; });
        points.push_back({{"field", point.at("field")}, {"answered", answered}, {"withdrawn", false}});
    }
    return points;
}

/// What a promise stood for in a filed round.
std::vector<std::string> committed_in(const array& materials) {
    std::vector<std::string> codes;
    for (const auto& one : materials) {
        if (one.at("committed").as_bool()) codes.emplace_back(one.at("material_code").as_string());
    }
    return codes;
}

}  // namespace

authz::Resource resource_of(const store::ApplicationRow& row) {
    return {{row.account_id}, row.credit_code, {}, row.region_code, row.matter_code};
}

std::span<const authz::Grant> permissions() {
    return kGrants;
}

std::unique_ptr<Applications> make_applications(Parts parts) {
    return std::make_unique<ApplicationService>(parts);
}

Result<ApplicationService::Loaded> ApplicationService::load_for_change(const authz::Actor& actor,
                                                                       const std::string& application_id) {
    KAIGONG_CHECK(must_be_applicants_turn(actor, application_id));
    return drafts_.load(application_id);
}

Result<void> ApplicationService::must_be_applicant(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find(session, application_id); }));
    return parts_.permissions.authorise(actor, "applications.write",
                                        row ? std::optional(resource_of(*row)) : std::nullopt);
}

Result<void> ApplicationService::must_be_applicants_turn(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_CHECK(must_be_applicant(actor, application_id));
    return parts_.database.read([&](db::Session& session) -> Result<void> {
        const auto row = store::find(session, application_id);
        return row ? drafts_.applicants_turn(session, *row) : no_application();
    });
}

Result<void> ApplicationService::hold_for_change(db::Session& session, const authz::Actor& actor,
                                                 const std::string& application_id, std::int64_t now_ms) {
    if (!store::touch(session, application_id, now_ms)) return no_application();
    const auto row = store::find(session, application_id);
    KAIGONG_CHECK(parts_.permissions.authorise(actor, "applications.write", resource_of(*row)));
    return drafts_.applicants_turn(session, *row);
}

bool ApplicationService::owes(db::Session& session, const std::string& application_id,
                              const std::string& material_code) {
    const auto owed = parts_.procedures.owed_materials(session, application_id);
    return material_code.empty() ? !owed.empty() : std::ranges::find(owed, material_code) != owed.end();
}

Result<void> ApplicationService::hold_for_paper(db::Session& session, const authz::Actor& actor,
                                                const std::string& application_id, const std::string& material_code,
                                                std::int64_t now_ms) {
    auto held = hold_for_change(session, actor, application_id, now_ms);
    if (held || held.error().code != Errc::conflict) return held;
    return owes(session, application_id, material_code) ? Result<void>() : held;
}

Result<void> ApplicationService::may_hand_in_papers(const authz::Actor& actor, const std::string& application_id) {
    auto turn = must_be_applicants_turn(actor, application_id);
    if (turn || turn.error().code != Errc::conflict) return turn;
    return parts_.database.read([&](db::Session& session) -> Result<void> {
        return owes(session, application_id, "") ? Result<void>() : turn;
    });
}

bool ApplicationService::is_owner_himself(const catalog::Matter& matter, const object& form,
                                          const std::string& account_id) const {
    const auto id_number = matter.text_at(form, "owner_id_number");
    return !id_number.empty() &&
           parts_.identity.standing_of({account_id}, id_number) != identity::IdNumberStanding::another;
}

boost::json::value ApplicationService::owner_identity(const Loaded& loaded) const {
    const auto id_number = loaded.matter->text_at(loaded.form, "owner_id_number");
    if (id_number.empty()) return nullptr;
    const auto standing = parts_.identity.standing_of({loaded.row.account_id}, id_number);
    return standing == identity::IdNumberStanding::verified ? "verified" : "unverified";
}

Result<object> ApplicationService::form_for_rules(const Loaded& loaded, const authz::Actor& applicant) {
    KAIGONG_TRY(kinds, catalog::read_invited_parts(loaded.matter->settings(), loaded.matter->form_schema()));
    if (kinds.parts.empty()) return loaded.form;
    KAIGONG_TRY(parts, standing_parts_of(loaded, kinds));
    auto form = loaded.form;
    put_confirmations(kinds, loaded, applicant, parts, parts_.clock.now_ms(), form);
    return form;
}

Result<std::vector<std::string>> ApplicationService::changed_since_filed(const Loaded& loaded) {
    if (loaded.row.round == 0) return std::vector<std::string>();
    // A round that does not open is no round without changes.
    KAIGONG_TRY(before, load_submission(loaded.row.application_id, 0));
    // That a firm confirmed meanwhile is no change of what the applicant says.
    auto form = loaded.form;
    drop_read_only(loaded.matter->form_schema(), before.form);
    drop_read_only(loaded.matter->form_schema(), form);
    return changed_paths(before.form, form);
}

Result<catalog::Precheck> ApplicationService::check(const Loaded& loaded, const authz::Actor& applicant) {
    KAIGONG_TRY(form, form_for_rules(loaded, applicant));
    return check(loaded, form, papers_of(loaded), {});
}

Result<catalog::Precheck> ApplicationService::check(const Loaded& loaded, const object& form, const Papers& papers,
                                                    const array& answers) {
    catalog::PrecheckInput input;
    input.form = form;
    input.today = office_date(parts_.clock.now_ms());
    input.round = static_cast<int>(loaded.row.round) + 1;
    input.applicant_credit_code = loaded.row.credit_code;
    input.applicant_is_owner_himself = is_owner_himself(*loaded.matter, form, loaded.row.account_id);
    input.region_code = loaded.row.region_code;
    input.committed = list_of_text(loaded.row.committed);
    for (const auto& document : papers) {
        if (!document.superseded) input.files.push_back({document.material_code, document.file_name, document.sha256});
    }
    if (loaded.row.round > 0) {
        input.correction_points = points_for_rules(parts_.procedures.open_points(loaded.row.application_id), answers);
        KAIGONG_TRY(changed, changed_since_filed(loaded));
        input.changed_fields = std::move(changed);
    }
    return loaded.matter->precheck(input);
}

void ApplicationService::write_audit(db::Session& session, const store::ApplicationRow& row, const authz::Actor& actor,
                                     const std::string& act, const std::string& summary, std::int64_t now_ms) {
    parts_.audit.write(session, {"application", row.application_id, row.version, act, actor.account_id.text, "申请人",
                                 summary, now_ms});
}

Result<object> ApplicationService::create(const authz::Actor& actor, const std::string& matter_code,
                                          const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "applications.write"));
    KAIGONG_TRY(matter, parts_.catalog.load_matter(matter_code));
    const auto now_ms = parts_.clock.now_ms();
    store::ApplicationRow row;
    row.application_id = new_uuid(now_ms);
    row.matter_code = matter_code;
    row.catalog_version = matter->version();
    row.account_id = actor.account_id.text;
    row.credit_code = actor.credit_code;
    // Of the organisation that this session acts for: in another one the person may act for another.
    row.owner_name = parts_.identity.organisation_name_of(row.credit_code);
    row.form = "{}";
    row.committed = "[]";
    row.remarks = "[]";
    row.created_at_ms = now_ms;
    row.updated_at_ms = now_ms;
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    KAIGONG_TRY(id, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            store::insert(session, row);
            write_audit(session, row, actor, "applications.start_draft", "新建申请草稿", now_ms);
            return row.application_id;
        });
    }));
    return show(actor, id);
}

Result<object> ApplicationService::show(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_CHECK(may_read(actor, application_id));
    KAIGONG_TRY(loaded, drafts_.load(application_id));
    if (actor.kind != authz::AccountKind::owner_agent) {
        // Officers judge what was filed, not what the applicant types just now.
        KAIGONG_TRY(filed, load_submission(application_id, 0));
        loaded.form = filed.form;
        loaded.row.committed = text_of_list(committed_in(filed.materials));
    }
    return application_json(loaded, actor);
}

Result<void> ApplicationService::may_read(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find(session, application_id); }));
    auto own =
        parts_.permissions.authorise(actor, "applications.read", row ? std::optional(resource_of(*row)) : std::nullopt);
    if (actor.kind == authz::AccountKind::owner_agent) return own;
    const bool is_filed = row && row->application_number;
    // A draft is nobody's business but the applicant's.
    if (own && !is_filed) return no_application();
    // A case is seen by those who have a part in it, of another region too where one was given to them (抄送).
    if (!own && !(is_filed && parts_.permissions.may(actor, "applications.read"))) return own;
    auto part = parts_.procedures.may_read(actor, application_id);
    return own || part ? part : own;
}

Result<object> ApplicationService::save_form(const authz::Actor& actor, const std::string& application_id,
                                             std::int64_t version, object form) {
    KAIGONG_TRY(loaded, load_for_change(actor, application_id));
    drop_read_only(loaded.matter->form_schema(), form);
    KAIGONG_CHECK(loaded.matter->check_form(form, catalog::Strictness::draft));
    KAIGONG_TRY(kinds, catalog::read_invited_parts(loaded.matter->settings(), loaded.matter->form_schema()));
    const auto before = std::exchange(loaded.form, std::move(form));
    KAIGONG_CHECK(Drafts::must_stay_in_region(loaded));
    Drafts::copy_display_columns(loaded);
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_TRY(text, drafts_.sealed(loaded, draft_row(application_id)));
    loaded.row.form = text;
    loaded.row.version = version;
    loaded.row.updated_at_ms = now_ms;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = loaded.row;
        KAIGONG_CHECK(store::save(session, row));
        write_audit(session, row, actor, "applications.save_form", "保存填写内容", now_ms);
        for (const auto& part : count_changed_parts(session, kinds, loaded, before)) {
            write_audit(session, row, actor, move_act(part), move_summary(part), now_ms);
        }
        return {};
    }));
    KAIGONG_TRY(checked, check(loaded, actor));
    return object{{"version", version + 1},
                  {"saved_at_ms", now_ms},
                  {"findings", findings_json(checked.findings, true)},
                  {"counts", counts_json(checked.counts)}};
}

Result<object> ApplicationService::save_commitments(const authz::Actor& actor, const std::string& application_id,
                                                    std::int64_t version, const std::vector<std::string>& codes) {
    KAIGONG_TRY(loaded, load_for_change(actor, application_id));
    KAIGONG_TRY(now, check(loaded, actor));
    for (const auto& material : now.materials) {
        const bool asked = std::ranges::find(codes, material.material_code) != codes.end();
        if (asked && !material.may_commit) {
            return invalid_field("materials", "applications.commitment_not_possible",
                                 "“" + material.name + "”不能以承诺代替，请上传文件。");
        }
    }
    loaded.row.committed = text_of_list(codes);
    loaded.row.version = version;
    loaded.row.updated_at_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = loaded.row;
        KAIGONG_CHECK(store::save(session, row));
        write_audit(session, row, actor, "applications.choose_commitments", "选择告知承诺的材料", row.updated_at_ms);
        return {};
    }));
    return show(actor, application_id);
}

Result<void> ApplicationService::discard(const authz::Actor& actor, const std::string& application_id,
                                         std::int64_t version) {
    KAIGONG_TRY(loaded, load_for_change(actor, application_id));
    if (loaded.row.application_number) {
        return error(Errc::conflict, "applications.already_submitted", "申请已经提交，不能删除；需要结束请撤回申请。");
    }
    loaded.row.version = version;
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_CHECK(store::remove(session, loaded.row));
        store::remove_parts(session, application_id);
        write_audit(session, loaded.row, actor, "applications.discard_draft", "删除申请草稿", parts_.clock.now_ms());
        return {};
    });
}

Result<object> ApplicationService::precheck(const authz::Actor& actor, const std::string& application_id, object form) {
    KAIGONG_CHECK(must_be_applicant(actor, application_id));
    KAIGONG_TRY(loaded, drafts_.load(application_id));
    drop_read_only(loaded.matter->form_schema(), form);
    KAIGONG_CHECK(loaded.matter->check_form(form, catalog::Strictness::draft));
    loaded.form = std::move(form);
    Drafts::copy_display_columns(loaded);
    KAIGONG_TRY(checked, check(loaded, actor));
    return object{{"findings", findings_json(checked.findings, true)}, {"counts", counts_json(checked.counts)}};
}

}  // namespace kaigong::applications
