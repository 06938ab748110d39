#include "modules/approval/consultation_service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/random.hpp"
#include "db/idempotency.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/consultation_access.hpp"
#include "modules/approval/operations/episode_access.hpp"
#include "modules/approval/operations/task_access.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using store::ConsultationRow;

constexpr const char* kConsultationTable = "outside_consultations";

Error no_consultation() {
    return error(Errc::not_found, "approval.not_found", "没有找到这次征求意见，请从办件页面重新进入。");
}

array texts_json(const std::vector<std::string>& texts) {
    array list;
    for (const auto& text : texts) list.emplace_back(text);
    return list;
}

array parts_json(const std::vector<FormPart>& parts, const std::vector<std::string>* chosen) {
    array list;
    for (const auto& part : parts) {
        if (chosen != nullptr && std::ranges::find(*chosen, part.section) == chosen->end()) continue;
        list.push_back({{"section", part.section},
                        {"step_title", part.step_title},
                        {"step_title_en", part.step_title_en},
                        {"title", part.title},
                        {"title_en", part.title_en}});
    }
    return list;
}

bool is_in_force(const documents::Document& paper) {
    return paper.round > 0 && !paper.superseded;
}

object paper_json(const catalog::Matter& matter, const documents::Document& paper) {
    const auto name = paper.material_code.empty() ? std::string() : material_name(matter, paper.material_code);
    return {{"document_id", paper.document_id.text}, {"material_name", text_or_null(name)},
            {"file_name", paper.file_name},          {"media_type", paper.media_type},
            {"size_bytes", paper.size_bytes},        {"pages", paper.pages ? value(*paper.pages) : value(nullptr)},
            {"superseded", paper.superseded}};
}

array files_json(const std::vector<store::ConsultationFileRow>& files) {
    array list;
    for (const auto& file : files) {
        list.push_back({{"file_id", file.file_id},
                        {"file_name", file.file_name},
                        {"media_type", file.media_type},
                        {"size_bytes", file.size_bytes},
                        {"pages", or_null(file.pages)},
                        {"sha256", file.sha256}});
    }
    return list;
}

/// Those that were chosen, as they stand now.
array chosen_papers_json(const catalog::Matter& matter, const ConsultationRow& row,
                         const std::vector<documents::Document>& papers) {
    array list;
    for (const auto& id : texts_of(row.papers)) {
        const auto found = std::ranges::find_if(papers, [&](const auto& one) { return one.document_id.text == id; });
        if (found != papers.end()) list.push_back(paper_json(matter, *found));
    }
    return list;
}

}  // namespace

/// A case and its consultations, and what decides what one officer may do with them.
struct ConsultationService::CaseView {
    store::ProcedureRow procedure;
    std::vector<store::ItemRow> items;
    std::vector<store::TaskRow> tasks;
    std::vector<ConsultationRow> rows;
    std::vector<store::ConsultationFileRow> files;
    std::vector<documents::Document> papers;
    std::shared_ptr<const catalog::Matter> matter;
    authz::Actor actor;
    bool sees_names = false;
    std::int64_t now_ms = 0;

    const store::ItemRow* find_item(const std::string& item) const {
        const auto found = std::ranges::find(items, item, &store::ItemRow::item);
        return found == items.end() ? nullptr : &*found;
    }
    bool conducts(const authz::Permissions& permissions, const std::string& item) const {
        const auto* found = find_item(item);
        if (found == nullptr || !permissions.may(actor, kConsultOutside)) return false;
        const operations::ItemOfCase one{*found, tasks, procedure};
        return operations::judges(permissions, actor, one) || operations::may_lead(permissions, actor, one);
    }
};

ConsultationService::ConsultationService(ConsultationParts parts, Approval& cases)
    : parts_(std::move(parts)),
      cases_(cases),
      surroundings_{parts_.of_approval.database,    parts_.of_approval.catalog, parts_.of_approval.applications,
                    parts_.of_approval.audit,       parts_.of_approval.outbox,  parts_.of_approval.grant_effects,
                    parts_.of_approval.permissions, parts_.of_approval.identity},
      papers_of_([this](db::Session& session, const std::string& application_id) {
          return parts_.documents.documents_of(session, application_id);
      }) {}

std::unique_ptr<Consultations> make_consultations(ConsultationParts parts, Approval& cases) {
    return std::make_unique<ConsultationService>(std::move(parts), cases);
}

Result<ConsultationService::CaseView> ConsultationService::view_for(const authz::Actor& actor,
                                                                    const std::string& application_id) const {
    if (actor.kind == authz::AccountKind::owner_agent) return no_consultation();
    KAIGONG_CHECK(cases_.may_read(actor, application_id));
    KAIGONG_TRY(view, parts_.of_approval.database.read([&](db::Session& session) {
        CaseView read;
        read.procedure = store::find_procedure(session, application_id).value();
        read.items = store::items_of(session, application_id);
        read.tasks = store::tasks_of(session, application_id);
        read.rows = store::consultations_of(session, application_id);
        read.files = store::consultation_files_of(session, application_id);
        read.papers = parts_.documents.documents_of(session, application_id);
        return read;
    }));
    KAIGONG_TRY(matter,
                parts_.of_approval.catalog.load_matter(view.procedure.matter_code, view.procedure.catalog_version));
    view.matter = std::move(matter);
    view.actor = actor;
    view.sees_names = parts_.of_approval.permissions.may(actor, kWork);
    view.now_ms = parts_.of_approval.clock.now_ms();
    return std::move(view);
}

std::string ConsultationService::opened_text(const ConsultationRow& row, const char* column,
                                             const std::string& sealed) const {
    if (sealed.empty()) return "";
    auto text = crypto::open_field(parts_.key_ring, {kConsultationTable, column, row.consultation_id}, sealed);
    if (!text) throw std::runtime_error("a sealed value of a consultation does not open: " + text.error().reason);
    return std::move(*text);
}

std::string ConsultationService::name_of(const ConsultationRow& row) const {
    return opened_text(row, "name", row.name);
}

OutsideContacts::Contact ConsultationService::link_contact(const ConsultationRow& row) const {
    if (!row.email.empty()) return {"email", opened_text(row, "email", row.email)};
    return {"sms", opened_text(row, "phone", row.phone)};
}

OutsideContacts::Contact ConsultationService::code_contact(const ConsultationRow& row) const {
    if (!row.phone.empty()) return {"sms", opened_text(row, "phone", row.phone)};
    return {"email", opened_text(row, "email", row.email)};
}

object ConsultationService::consultation_json(const CaseView& view, const ConsultationRow& row) const {
    array may;
    if (view.conducts(parts_.of_approval.permissions, row.item)) {
        if (may_recall_now(row)) may.emplace_back("recall");
        if (may_remind_now(row, view.now_ms)) may.emplace_back("remind");
        if (may_take_now(row)) may.emplace_back("take");
    }
    const auto files = files_of_answer(row, view.files);
    const auto sections = texts_of(row.sections);
    const auto* item = view.find_item(row.item);
    const auto name = name_of(row);
    return {{"consultation_id", row.consultation_id},
            {"consultation_no", row.consultation_no},
            {"version", row.version},
            {"item", row.item},
            {"item_name", item == nullptr ? row.item : item->name},
            {"department_name", row.department_name},
            {"state", shown_state(row, view.now_ms)},
            {"organisation", text_or_null(row.organisation)},
            {"name", view.sees_names ? name : masked_name(name)},
            {"contact", masked_contact(code_contact(row).address)},
            {"question", row.question},
            {"round", row.round},
            {"sections", parts_json(form_parts(*view.matter), &sections)},
            {"papers", chosen_papers_json(*view.matter, row, view.papers)},
            {"asked_by", row.asked_by},
            {"asked_at_ms", row.asked_at_ms},
            {"until_on", row.until_on},
            {"opened_at_ms", or_null(row.opened_at_ms)},
            {"outcome", text_or_null(row.outcome)},
            {"words", row.words},
            {"files", files_json(files)},
            {"answer_sha256", row.answers == 0 ? value(nullptr) : value(answer_digest(row, files))},
            {"answered_at_ms", or_null(row.answered_at_ms)},
            {"reminders", row.reminders},
            {"reminded_at_ms", or_null(row.reminded_at_ms)},
            {"closed_at_ms", or_null(row.closed_at_ms)},
            {"closed_because", text_or_null(row.closed_because)},
            {"may", std::move(may)}};
}

Result<object> ConsultationService::of_case(const authz::Actor& actor, const std::string& application_id) const {
    KAIGONG_TRY(view, view_for(actor, application_id));
    array list;
    for (const auto& row : view.rows) list.push_back(consultation_json(view, row));
    array items;
    value blocked = "只有正在办理部门事项的人，或者该部门的负责人，可以对外征求意见。";
    for (const auto& item : view.items) {
        const auto may =
            operations::may_consult(parts_.of_approval.permissions, actor, view.procedure, item, view.tasks);
        if (may)
            items.push_back({{"item", item.item},
                             {"name", item.name},
                             {"paused", item.state == to_string(ItemState::special_procedure)}});
        if (!may && may.error().code == Errc::conflict) blocked = may.error().message;
    }
    if (!items.empty()) blocked = nullptr;
    array papers;
    for (const auto& paper : view.papers) {
        if (is_in_force(paper)) papers.push_back(paper_json(*view.matter, paper));
    }
    return object{{"consultations", std::move(list)},
                  {"items", std::move(items)},
                  {"sections", parts_json(form_parts(*view.matter), nullptr)},
                  {"papers", std::move(papers)},
                  {"working_days_max", parts_.working_days_max},
                  {"blocked_because", std::move(blocked)}};
}

bool ConsultationService::is_referenced(const std::string& sha256) {
    const auto found = parts_.of_approval.database.read(
        [&](db::Session& session) { return store::is_content_of_consultations(session, sha256); });
    return !found || *found;  // not sure: keep it
}

Result<http::Reply> ConsultationService::file(const authz::Actor& actor, const std::string& consultation_id,
                                              const std::string& file_id, http::Disposition disposition) const {
    // The applicant sees nothing of what was asked outside.
    if (actor.kind == authz::AccountKind::owner_agent) return no_consultation();
    KAIGONG_TRY(row, parts_.of_approval.database.read(
                         [&](db::Session& session) { return store::find_consultation(session, consultation_id); }));
    if (!row) return no_consultation();
    KAIGONG_CHECK(cases_.may_read(actor, row->application_id));
    KAIGONG_TRY(files, parts_.of_approval.database.read([&](db::Session& session) {
        return store::files_of_consultation(session, consultation_id);
    }));
    const auto found = std::ranges::find(files, file_id, &store::ConsultationFileRow::file_id);
    if (found == files.end() || found->answer_no == 0) return no_consultation();
    return parts_.documents.send({found->file_name, found->media_type, found->size_bytes, std::nullopt, found->sha256},
                                 disposition);
}

Result<object> ConsultationService::shown(const authz::Actor& actor, const std::string& application_id,
                                          const std::string& consultation_id) const {
    KAIGONG_TRY(view, view_for(actor, application_id));
    const auto row = std::ranges::find(view.rows, consultation_id, &ConsultationRow::consultation_id);
    if (row == view.rows.end()) return no_consultation();
    return consultation_json(view, *row);
}

operations::NewLink ConsultationService::new_link(const OutsideContacts::Contact& to) const {
    constexpr std::size_t kTokenBytes = 32;
    const auto token = crypto::random_token(kTokenBytes);
    return {crypto::to_hex(crypto::sha256(crypto::view(token))), parts_.public_url + "/app/consult#" + token, to};
}

Result<ConsultationRow> ConsultationService::new_row(const WantedConsultation& wanted, std::int64_t now_ms) const {
    const auto phone = wanted.phone.empty() ? std::string() : parts_.contacts.phone_of(wanted.phone);
    if (phone.empty() && !wanted.phone.empty()) {
        return invalid_field("phone", "approval.consultation_phone_malformed", "请填写 11 位手机号码。");
    }
    const auto email = wanted.email.empty() ? std::string() : parts_.contacts.email_of(wanted.email);
    if (email.empty() && !wanted.email.empty()) {
        return invalid_field("email", "approval.consultation_email_malformed", "请填写正确的电子邮箱。");
    }
    if (phone.empty() && email.empty()) {
        return invalid_field("phone", "approval.consultation_contact_missing",
                             "请填写手机号码或者电子邮箱，链接和验证码会发到那里。");
    }
    ConsultationRow row;
    row.consultation_id = new_uuid(now_ms);
    const auto sealed = [&](const char* column, const std::string& text) {
        if (text.empty()) return text;
        return crypto::seal_field(parts_.key_ring, {kConsultationTable, column, row.consultation_id}, text).value();
    };
    row.organisation = wanted.organisation;
    row.name = sealed("name", wanted.name);
    row.phone = sealed("phone", phone);
    row.email = sealed("email", email);
    row.question = wanted.question;
    row.sections = boost::json::serialize(texts_json(wanted.sections));
    row.papers = boost::json::serialize(texts_json(wanted.papers));
    return row;
}

Result<std::string> ConsultationService::once(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms,
                                              const Body& body) const {
    const db::IdempotentRequest asked{
        actor.account_id.text, request.route, request.key,
        crypto::blind_index(parts_.key_ring, kConsultationTable, "request", request.body_hash), now_ms};
    return parts_.of_approval.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, asked, [&] { return body(session); });
    });
}

Result<object> ConsultationService::ask(const authz::Actor& actor, const std::string& application_id,
                                        const WantedConsultation& wanted, const Retryable& request) {
    KAIGONG_CHECK(parts_.of_approval.permissions.require(actor, kConsultOutside));
    KAIGONG_CHECK(cases_.may_read(actor, application_id));
    KAIGONG_CHECK(parts_.contacts.can_send());
    const auto now_ms = parts_.of_approval.clock.now_ms();
    KAIGONG_TRY(row, new_row(wanted, now_ms));
    const auto link = new_link(link_contact(row));
    const operations::Officer officer{actor, parts_.of_approval.identity.name_of(actor.account_id)};
    KAIGONG_TRY(id, once(actor, request, now_ms, [&](db::Session& session) {
                    return operations::consult(session, surroundings_, parts_.contacts, officer,
                                               {application_id, wanted.item, now_ms}, row, wanted.working_days, link,
                                               papers_of_);
                }));
    return shown(actor, application_id, id);
}

/// What an officer's act on a consultation needs.
struct ConsultationService::Acting {
    ConsultationRow row;
    operations::Officer officer;
    operations::OnConsultation on;
};

Result<ConsultationService::Acting> ConsultationService::acting(const authz::Actor& actor,
                                                                const std::string& consultation_id,
                                                                std::int64_t version) const {
    KAIGONG_CHECK(parts_.of_approval.permissions.require(actor, kConsultOutside));
    KAIGONG_TRY(row, parts_.of_approval.database.read(
                         [&](db::Session& session) { return store::find_consultation(session, consultation_id); }));
    if (!row) return no_consultation();
    KAIGONG_CHECK(cases_.may_read(actor, row->application_id));
    operations::Officer officer{actor, parts_.of_approval.identity.name_of(actor.account_id)};
    operations::OnConsultation on{row->application_id, row->item, consultation_id, version,
                                  parts_.of_approval.clock.now_ms()};
    return Acting{std::move(*row), std::move(officer), std::move(on)};
}

Result<object> ConsultationService::recall(const authz::Actor& actor, const std::string& consultation_id,
                                           std::int64_t version, const std::string& reason, const Retryable& request) {
    KAIGONG_TRY(act, acting(actor, consultation_id, version));
    KAIGONG_CHECK(once(actor, request, act.on.now_ms, [&](db::Session& session) -> Result<std::string> {
        KAIGONG_CHECK(operations::recall_consultation(session, surroundings_, act.officer, act.on, reason));
        return consultation_id;
    }));
    return shown(actor, act.on.application_id, consultation_id);
}

Result<object> ConsultationService::remind(const authz::Actor& actor, const std::string& consultation_id,
                                           std::int64_t version, const Retryable& request) {
    KAIGONG_TRY(act, acting(actor, consultation_id, version));
    KAIGONG_CHECK(parts_.contacts.can_send());
    const auto link = new_link(link_contact(act.row));
    KAIGONG_CHECK(once(actor, request, act.on.now_ms, [&](db::Session& session) -> Result<std::string> {
        KAIGONG_CHECK(
            operations::remind_consultation(session, surroundings_, parts_.contacts, act.officer, act.on, link));
        return consultation_id;
    }));
    return shown(actor, act.on.application_id, consultation_id);
}

Result<object> ConsultationService::take(const authz::Actor& actor, const std::string& consultation_id,
                                         std::int64_t version, const Retryable& request) {
    KAIGONG_TRY(act, acting(actor, consultation_id, version));
    KAIGONG_CHECK(once(actor, request, act.on.now_ms, [&](db::Session& session) -> Result<std::string> {
        KAIGONG_CHECK(operations::take_consultation(session, surroundings_, act.officer, act.on));
        return consultation_id;
    }));
    return shown(actor, act.on.application_id, consultation_id);
}

}  // namespace kaigong::approval
