// Filing: a draft, or the answer to a correction, becomes a frozen round.
#include <fmt/format.h>

#include <algorithm>

#include "db/idempotency.hpp"
#include "modules/applications/events.hpp"
#include "modules/applications/person_masks.hpp"
#include "modules/applications/personal_fields.hpp"
#include "modules/applications/service.hpp"
#include "modules/applications/stored_lists.hpp"

namespace kaigong::applications {
namespace {

using boost::json::array;
using boost::json::object;

/// The declarations that matter.json asks for, each ticked (states.md A3).
Result<void> check_declarations(const catalog::Matter& matter, const object& declarations) {
    const auto* asked = matter.settings().if_contains("declarations");
    if (asked == nullptr || !asked->is_array()) return {};
    for (const auto& one : asked->get_array()) {
        const std::string name(one.as_string());
        const auto* ticked = declarations.if_contains(name);
        if (ticked == nullptr || !ticked->is_bool() || !ticked->get_bool()) {
            return invalid_field("declarations." + name, "applications.declaration_missing",
                                 "请阅读并勾选全部承诺后再提交；填写的内容都已保存。");
        }
    }
    return {};
}

/// What is kept beside the form, in clear: only what the matter asks for, nothing else that was sent.
object asked_of(const catalog::Matter& matter, const object& declarations) {
    object kept;
    const auto* asked = matter.settings().if_contains("declarations");
    if (asked == nullptr || !asked->is_array()) return kept;
    for (const auto& name : asked->get_array()) kept[name.as_string()] = declarations.at(name.as_string());
    return kept;
}

/// Forms whose schema has a group for them keep the declarations among the answers, where rules see them.
void add_declarations(const catalog::Matter& matter, const object& declarations, object& form) {
    const auto* groups = matter.form_schema().if_contains("properties");
    if (groups == nullptr || !groups->as_object().contains("declarations")) return;
    auto& declared = form["declarations"];
    if (!declared.is_object()) declared.emplace_object();
    for (const auto& [name, ticked] : declarations) declared.get_object()[name] = ticked;
}

array materials_of(const catalog::Precheck& checked) {
    array list;
    for (const auto& material : checked.materials) {
        list.push_back({{"material_code", material.material_code},
                        {"name", material.name},
                        {"required", material.required ? boost::json::value(*material.required) : nullptr},
                        {"proved_by", material.proved_by},
                        {"committed", material.committed}});
    }
    return list;
}

/// What is filed is what the rules have seen.
bool same_papers(const Papers& seen, const Papers& now) {
    return std::ranges::equal(seen, now, {}, &documents::Document::document_id, &documents::Document::document_id);
}

}  // namespace

Result<Filing> ApplicationService::load_filing(const std::string& application_id) {
    return parts_.database.read([&](db::Session& session) { return load_filing(session, application_id); });
}

Result<Filing> ApplicationService::load_filing(db::Session& session, const std::string& application_id) {
    const auto row = store::find(session, application_id);
    if (!row || !row->application_number) {
        return error(Errc::not_found, "applications.not_found", "没有找到这件申请，请从列表重新进入。");
    }
    const auto submission = store::find_submission(session, application_id, row->round);
    if (!submission) throw std::logic_error("applications: a filed application without its round");
    return Filing{{row->application_id},
                  *row->application_number,
                  row->matter_code,
                  row->catalog_version,
                  row->region_code,
                  row->account_id,
                  row->credit_code,
                  row->owner_name,
                  row->works_name,
                  row->works_category,
                  row->received_at_ms.value_or(0),
                  static_cast<int>(row->round),
                  list_of_text(submission->required_items),
                  list_of_text(submission->blocking_rules)};
}

Result<Submission> ApplicationService::open_submission(const store::SubmissionRow& row,
                                                       const catalog::Matter& matter) const {
    Submission submission;
    submission.application_id = {row.application_id};
    submission.round = static_cast<int>(row.round);
    submission.submitted_at_ms = row.submitted_at_ms;
    submission.form = boost::json::parse(row.form).as_object();
    KAIGONG_CHECK(open_personal(parts_.key_ring, matter.personal_paths(), round_row(row.application_id, row.round),
                                submission.form));
    submission.findings = boost::json::parse(row.findings).as_array();
    submission.materials = boost::json::parse(row.materials).as_array();
    submission.remarks = boost::json::parse(row.remarks).as_array();
    submission.answers = boost::json::parse(row.answers).as_array();
    submission.changed_fields = list_of_text(row.changed_fields);
    submission.required_items = list_of_text(row.required_items);
    return submission;
}

Result<Submission> ApplicationService::load_submission(const std::string& application_id, int round) {
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        const auto application = store::find(session, application_id);
        const auto wanted = round != 0 ? round : application ? application->round : 0;
        return std::pair(application, store::find_submission(session, application_id, wanted));
    }));
    const auto& [application, row] = found;
    if (!application || !row) {
        return error(Errc::not_found, "applications.round_not_found", "没有这一轮提交，请从列表重新进入。");
    }
    KAIGONG_TRY(matter, parts_.catalog.load_matter(application->matter_code, application->catalog_version));
    return open_submission(*row, *matter);
}

Result<store::SubmissionRow> ApplicationService::new_submission(const Loaded& loaded, const Filed& filed,
                                                                const catalog::Precheck& checked,
                                                                const authz::Actor& actor, std::int64_t now_ms) {
    const auto round = loaded.row.round + 1;
    KAIGONG_TRY(form, drafts_.sealed(loaded, round_row(loaded.row.application_id, round)));
    KAIGONG_TRY(changed, changed_since_filed(loaded));
    std::vector<std::string> blocking;
    for (const auto& finding : checked.findings) {
        if (finding.outcome == "fail" && finding.severity == "block") blocking.push_back(finding.rule);
    }
    return store::SubmissionRow{loaded.row.application_id,
                                round,
                                now_ms,
                                actor.account_id.text,
                                form,
                                boost::json::serialize(findings_json(checked.findings, false)),
                                boost::json::serialize(materials_of(checked)),
                                boost::json::serialize(filed.remarks),
                                boost::json::serialize(filed.answers),
                                boost::json::serialize(filed.declarations),
                                text_of_list(changed),
                                text_of_list(checked.required_items),
                                text_of_list(blocking)};
}

Result<FiledParts> ApplicationService::parts_to_file(Loaded& loaded, const authz::Actor& applicant,
                                                     std::int64_t now_ms) {
    KAIGONG_TRY(kinds, catalog::read_invited_parts(loaded.matter->settings(), loaded.matter->form_schema()));
    KAIGONG_TRY(parts, standing_parts_of(loaded, kinds));
    KAIGONG_TRY(is_restricted, parts_.database.read([&](db::Session& session) {
        return parts_.procedures.is_restricted(session, loaded.row.application_id);
    }));
    // Of a case that goes to nobody outside no firm can confirm anything.
    if (!is_restricted) KAIGONG_CHECK(check_confirmations(kinds, loaded, applicant, parts));
    put_confirmations(kinds, loaded, applicant, parts, now_ms, loaded.form);
    return filed_parts_of(parts_.key_ring, parts, loaded.row.round + 1, now_ms);
}

Result<void> ApplicationService::check_unchanged(db::Session& session, const std::string& application_id,
                                                 const Papers& papers, const FiledParts& parts) {
    if (!same_papers(papers, parts_.documents.documents_of(session, application_id))) {
        return error(Errc::conflict, "applications.papers_changed",
                     "提交时又有材料上传或删除，这次没有提交。请核对材料后再提交一次；填写的内容都已保存。");
    }
    if (!same_parts(parts.seen, store::parts_of(session, application_id, kPartsMax))) {
        return error(Errc::conflict, "applications.parts_changed",
                     "提交时又有参建单位填报或确认，这次没有提交。请核对后再提交一次；填写的内容都已保存。");
    }
    return {};
}

Result<std::string> ApplicationService::file(db::Session& session, Loaded& loaded, const Round& round,
                                             const authz::Actor& actor, std::int64_t now_ms) {
    const auto& submission = round.submission;
    auto row = loaded.row;
    const bool first = !row.application_number;
    if (first) {
        const auto year = office_date(now_ms).year;
        const auto serial = store::take_serial(session, row.region_code, year);
        row.application_number = fmt::format("{}-{}-{:05}", row.region_code, year, serial);
        row.received_at_ms = now_ms;
    }
    row.round = submission.round;
    row.updated_at_ms = now_ms;
    row.remarks = submission.remarks;
    KAIGONG_CHECK(store::save(session, row));
    store::insert_submission(session, submission);
    store::set_persons(session, row.application_id, submission.round, round.persons.key_id, round.persons.indexes);
    for (const auto& part : round.parts.rows) store::insert_filed_part(session, part);
    store::end_parts(session, row.application_id);
    parts_.documents.freeze(session, row.application_id, static_cast<int>(submission.round));
    write_audit(session, row, actor, first ? "applications.submit" : "applications.resubmit",
                first ? "提交申请" : "提交补正", now_ms);
    const object payload{{"application_id", row.application_id},
                         {"round", submission.round},
                         {"region_code", row.region_code},
                         {"matter_code", row.matter_code}};
    parts_.outbox.append(session, {.event_id = new_uuid(now_ms),
                                   .event_type = first ? kApplicationSubmitted : kApplicationResubmitted,
                                   .aggregate_kind = "application",
                                   .aggregate_id = row.application_id,
                                   .payload = boost::json::serialize(payload),
                                   .occurred_at_ms = now_ms});
    return boost::json::serialize(object{{"application_number", *row.application_number},
                                         {"round", submission.round},
                                         {"received_at_ms", *row.received_at_ms}});
}

Result<object> ApplicationService::submit(const authz::Actor& actor, const std::string& application_id,
                                          std::int64_t version, Filed filed, const Retryable& request) {
    KAIGONG_CHECK(must_be_applicant(actor, application_id));
    const auto now_ms = parts_.clock.now_ms();
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    KAIGONG_TRY(loaded, drafts_.load(application_id));
    KAIGONG_CHECK(check_declarations(*loaded.matter, filed.declarations));
    add_declarations(*loaded.matter, filed.declarations, loaded.form);
    KAIGONG_CHECK(loaded.matter->check_form(loaded.form, catalog::Strictness::filing));
    KAIGONG_CHECK(Drafts::must_stay_in_region(loaded));
    filed.declarations = asked_of(*loaded.matter, filed.declarations);
    if (parts_.catalog.find_authority(loaded.row.region_code) == nullptr) {
        return invalid_field(Drafts::region_path(*loaded.matter), "applications.region_without_authority",
                             "请选择受理机关所在区划；所选区划目前没有在本系统办理的机关。");
    }
    const auto papers = papers_of(loaded);
    KAIGONG_TRY(parts, parts_to_file(loaded, actor, now_ms));
    KAIGONG_TRY(checked, check(loaded, loaded.form, papers, filed.answers));
    loaded.row.version = version;
    Drafts::copy_filed_columns(loaded);
    KAIGONG_TRY(submission, new_submission(loaded, filed, checked, actor, now_ms));
    const Round round{std::move(submission),
                      person_indexes(parts_.key_ring, loaded.matter->personal_kinds(), loaded.form), std::move(parts)};
    KAIGONG_TRY(outcome, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        // The turn is judged inside the idempotent effect: a retry of a filing that went through is answered, not
        // refused.
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_CHECK(hold_for_change(session, actor, application_id, now_ms));
            KAIGONG_CHECK(check_unchanged(session, application_id, papers, round.parts));
            return file(session, loaded, round, actor, now_ms);
        });
    }));
    object reply = boost::json::parse(outcome).as_object();
    const auto received_on = office_date(reply.at("received_at_ms").as_int64());
    const auto calendar = parts_.catalog.calendar();
    const auto due =
        calendar->days_in(loaded.row.region_code).add_working_days(received_on, loaded.matter->intake_working_days());
    reply["intake_due_on"] = to_string(due.value);
    reply["provisional"] = due.provisional;
    return reply;
}

Result<void> ApplicationService::withdraw(const authz::Actor& actor, const std::string& application_id,
                                          const Retryable& request) {
    return tell_of_withdrawal(actor, application_id, {kWithdrawalRequested, "applications.withdraw", "申请撤回"},
                              request);
}

Result<void> ApplicationService::take_back_withdrawal(const authz::Actor& actor, const std::string& application_id,
                                                      const Retryable& request) {
    return tell_of_withdrawal(actor, application_id,
                              {kWithdrawalTakenBack, "applications.take_back_withdrawal", "不再撤回，申请继续办理"},
                              request);
}

Result<void> ApplicationService::tell_of_withdrawal(const authz::Actor& actor, const std::string& application_id,
                                                    const WithdrawalStep& step, const Retryable& request) {
    KAIGONG_CHECK(must_be_applicant(actor, application_id));
    KAIGONG_TRY(filing, load_filing(application_id));
    const auto now_ms = parts_.clock.now_ms();
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        const auto done = db::once(session, once, [&]() -> Result<std::string> {
            parts_.outbox.append(session,
                                 {.event_id = new_uuid(now_ms),
                                  .event_type = step.event_type,
                                  .aggregate_kind = "application",
                                  .aggregate_id = application_id,
                                  .payload = boost::json::serialize(object{{"application_id", application_id}}),
                                  .occurred_at_ms = now_ms});
            parts_.audit.write(session, {"application", application_id, filing.round, step.action,
                                         actor.account_id.text, "申请人", step.what, now_ms});
            return std::string("{}");
        });
        if (!done) return done.error();
        return {};
    });
}

Result<void> ApplicationService::hand_in_owed(const authz::Actor& actor, const std::string& application_id,
                                              const std::string& material_code, const Retryable& request) {
    KAIGONG_CHECK(must_be_applicant(actor, application_id));
    const auto now_ms = parts_.clock.now_ms();
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        const auto done = db::once(session, once, [&]() -> Result<std::string> {
            // Held, so that what is handed in falls wholly before or wholly after another filing.
            const bool held = store::touch(session, application_id, now_ms);
            const auto row = store::find(session, application_id);
            if (!held || !row->application_number || !owes(session, application_id, material_code)) {
                return error(Errc::conflict, "applications.nothing_owed",
                             "这份材料不需要补交，或者已经补交、正在核对。请刷新页面查看。");
            }
            const auto papers = parts_.documents.documents_of(session, application_id);
            if (std::ranges::none_of(papers, [&](const auto& paper) {
                    return paper.material_code == material_code && paper.round == 0 && !paper.superseded;
                })) {
                return invalid_field("material_code", "applications.paper_missing", "请先上传这份材料，再提交补交。");
            }
            parts_.documents.freeze(session, application_id, static_cast<int>(row->round));
            tell_owed_paper(session, application_id, material_code, now_ms);
            parts_.audit.write(session, {"application", application_id, row->round, "applications.hand_in_owed",
                                         actor.account_id.text, "申请人", "补交容缺材料：" + material_code, now_ms});
            return std::string("{}");
        });
        if (!done) return done.error();
        return {};
    });
}

void ApplicationService::tell_owed_paper(db::Session& session, const std::string& application_id,
                                         const std::string& material_code, std::int64_t now_ms) {
    const object payload{{"application_id", application_id}, {"material_code", material_code}};
    parts_.outbox.append(session, {.event_id = new_uuid(now_ms),
                                   .event_type = kOwedPaperHandedIn,
                                   .aggregate_kind = "application",
                                   .aggregate_id = application_id,
                                   .payload = boost::json::serialize(payload),
                                   .occurred_at_ms = now_ms});
}

Result<object> ApplicationService::rounds(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_CHECK(may_read(actor, application_id));
    KAIGONG_TRY(rows, parts_.database.read(
                          [&](db::Session& session) { return store::submissions_of(session, application_id); }));
    array list;
    for (const auto& row : rows) {
        list.push_back({{"round", row.round},
                        {"submitted_at_ms", row.submitted_at_ms},
                        {"changed_fields", boost::json::parse(row.changed_fields)}});
    }
    return object{{"submissions", std::move(list)}};
}

Result<object> ApplicationService::round(const authz::Actor& actor, const std::string& application_id, int number) {
    KAIGONG_CHECK(may_read(actor, application_id));
    KAIGONG_TRY(submission, load_submission(application_id, number));
    KAIGONG_TRY(filing, load_filing(application_id));
    KAIGONG_TRY(matter, parts_.catalog.load_matter(filing.matter_code, filing.catalog_version));
    KAIGONG_TRY(confirmed_parts, filed_parts_json(application_id, number, *matter));
    mask_for(actor, matter->personal_kinds(), submission.form);
    array findings;
    for (auto& finding : submission.findings) {
        const bool hidden = actor.kind == authz::AccountKind::owner_agent && finding.at("audience") != "applicant";
        if (!hidden) findings.push_back(finding);
    }
    array changed;
    for (const auto& field : submission.changed_fields) changed.emplace_back(field);
    auto materials =
        with_papers(std::move(submission.materials), parts_.documents.documents_of(application_id), number);
    return object{{"round", submission.round},
                  {"submitted_at_ms", submission.submitted_at_ms},
                  {"form", submission.form},
                  {"materials", std::move(materials)},
                  {"findings", std::move(findings)},
                  {"remarks", submission.remarks},
                  {"answers", submission.answers},
                  {"changed_fields", std::move(changed)},
                  {"invited_parts", std::move(confirmed_parts)}};
}

}  // namespace kaigong::applications
