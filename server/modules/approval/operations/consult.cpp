#include "modules/approval/operations/consult.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "modules/approval/access.hpp"
#include "modules/approval/consultation_access.hpp"
#include "modules/approval/consultation_rules.hpp"
#include "modules/approval/operations/episode_access.hpp"
#include "modules/approval/store_inbox_changes.hpp"

namespace kaigong::approval::operations {
namespace {

using store::ConsultationRow;

authz::Resource resource_of_item(const store::ProcedureRow& procedure, const store::ItemRow& item) {
    auto resource = approval::resource_of(procedure, {});
    resource.account_id = {};
    resource.credit_code = {};
    resource.departments = {item.department};
    return resource;
}

Result<void> must_be_judged(const store::ProcedureRow& procedure, const store::ItemRow& item) {
    if (procedure.confidentiality != to_string(authz::Confidentiality::normal)) {
        return error(Errc::conflict, "approval.consultation_restricted",
                     "本件限制知悉，内容不能发给外部人员。需要外部意见的，请先按程序解除限制知悉。");
    }
    if (item.state == to_string(ItemState::in_review) || item.state == to_string(ItemState::special_procedure)) {
        return {};
    }
    return error(Errc::conflict, "approval.item_not_judged",
                 fmt::format("“{}”现在没有在审查，不能对外征求意见。", item.name));
}

Result<void> sections_must_be_of(const catalog::Matter& matter, const std::vector<std::string>& sections) {
    const auto parts = form_parts(matter);
    for (const auto& section : sections) {
        if (std::ranges::find(parts, section, &FormPart::section) == parts.end()) {
            return invalid_field("sections", "approval.section_unknown", "申请表没有这个部分，请从列表中选择。");
        }
    }
    return {};
}

Result<void> papers_must_be_in_force(const std::vector<std::string>& wanted,
                                     const std::vector<documents::Document>& papers) {
    for (const auto& id : wanted) {
        const auto found = std::ranges::find_if(
            papers, [&](const auto& one) { return one.document_id.text == id && one.round > 0 && !one.superseded; });
        if (found == papers.end()) {
            return invalid_field("papers", "approval.paper_unknown", "只能选择本件现行有效的材料，请从列表中选择。");
        }
    }
    return {};
}

/// Short and without a name of the works: it passes through others' hands.
std::string asking_words(const ConsultationRow& row, const NewLink& link, std::string_view why) {
    return fmt::format("【开工】{}{}，请在 {} 前打开 {} 查看并答复。打开时需要验证码，请勿转发。", row.department_name,
                       why, row.until_on, link.address);
}

std::string numbered(const ConsultationRow& row) {
    return fmt::format("第 {} 号", row.consultation_no);
}

/// He has no account: the record names the consultation.
Performer outsider(const OnConsultation& on) {
    return {on.consultation_id, "外部征求意见对象"};
}

struct ConsultationWork {
    ItemWork loaded;
    ConsultationRow row;
};

Result<ConsultationWork> load_seen(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                                   const OnConsultation& on) {
    KAIGONG_TRY(loaded, load_item_to_conduct(session, surroundings, surroundings.permissions, officer,
                                             {on.application_id, on.item, on.now_ms}));
    KAIGONG_CHECK(surroundings.permissions.authorise(officer.actor, kConsultOutside,
                                                     resource_of_item(loaded.work.procedure(), loaded.item)));
    auto row = store::find_consultation(session, on.consultation_id).value();
    if (row.version != on.version) {
        return error(Errc::precondition_failed, "approval.consultation_changed",
                     "这次征求意见刚刚有了变化，请核对最新情况后再操作一次。");
    }
    return ConsultationWork{std::move(loaded), std::move(row)};
}

Result<void> save(db::Session& session, CaseWork& work, ConsultationRow& row) {
    if (!store::save_consultation(session, row)) {
        return error(Errc::precondition_failed, "approval.consultation_changed",
                     "这次征求意见刚刚有了变化，请核对最新情况后再操作一次。");
    }
    // Lists mark what waits to be taken and what is overdue.
    store::record_inbox_changes_of_item(session, row.application_id, row.item);
    return work.save();
}

struct OutsideWork {
    CaseWork work;
    ConsultationRow row;
};

Result<OutsideWork> load_live(db::Session& session, const Surroundings& surroundings, const OnConsultation& on) {
    KAIGONG_TRY(work, open_case(session, surroundings, on.application_id, outsider(on), on.now_ms));
    auto row = store::find_consultation(session, on.consultation_id);
    if (!row || !is_live(*row, work.procedure(), work.items(), on.now_ms)) return no_such_consultation();
    return OutsideWork{std::move(work), std::move(*row)};
}

}  // namespace

Error no_such_consultation() {
    return error(Errc::not_found, "approval.consultation_not_found",
                 "这个链接不能使用：可能不完整、已经过期或者已经撤回。请与请您提供意见的部门联系。");
}

Result<void> may_consult(const authz::Permissions& permissions, const authz::Actor& actor,
                         const store::ProcedureRow& procedure, const store::ItemRow& item,
                         const std::vector<store::TaskRow>& tasks) {
    KAIGONG_CHECK(permissions.authorise(actor, kConsultOutside, resource_of_item(procedure, item)));
    const ItemOfCase one{item, tasks, procedure};
    if (!judges(permissions, actor, one) && !may_lead(permissions, actor, one)) {
        return error(Errc::forbidden, "approval.not_your_item",
                     "只有正在办理这个部门事项的人，或者该部门的负责人，可以对外征求意见。请先领取审查任务。");
    }
    return must_be_judged(procedure, item);
}

Result<std::string> consult(db::Session& session, const Surroundings& surroundings, OutsideContacts& contacts,
                            const Officer& officer, const OnItem& on, ConsultationRow row, int working_days,
                            const NewLink& link, const PapersOf& papers_of) {
    KAIGONG_TRY(loaded, load_item_to_conduct(session, surroundings, surroundings.permissions, officer, on));
    auto& work = loaded.work;
    KAIGONG_CHECK(may_consult(surroundings.permissions, officer.actor, work.procedure(), loaded.item, loaded.tasks));
    KAIGONG_CHECK(sections_must_be_of(work.matter(), texts_of(row.sections)));
    KAIGONG_CHECK(papers_must_be_in_force(texts_of(row.papers), papers_of(session, on.application_id)));
    if (store::consultations_of(session, on.application_id).size() >= kConsultationsMax) {
        return error(Errc::conflict, "approval.too_many_consultations",
                     fmt::format("一件最多对外征求 {} 次意见。", kConsultationsMax));
    }
    const auto until = work.calendar().add_working_days(office_date(on.now_ms), working_days).value;
    row.application_id = on.application_id;
    row.item = on.item;
    row.department_name = loaded.item.department_name;
    row.state = "open";
    row.round = work.procedure().round;
    row.asked_by_id = officer.actor.account_id.text;
    row.asked_by = officer.name;
    row.asked_at_ms = on.now_ms;
    row.until_on = to_string(until);
    row.until_at_ms = office_midnight_ms(add_days(until, 1));
    row.consultation_no = store::insert_consultation(session, row);
    store::insert_link(session, link.token_hash, row.consultation_id, on.now_ms);
    contacts.post(session, link.to, asking_words(row, link, "请您对一项工程提供意见"));
    const bool paused = loaded.item.state == to_string(ItemState::special_procedure);
    work.note("consultation_asked", fmt::format("{}：对外征求意见（{}）", loaded.item.name, numbered(row)),
              fmt::format("请在 {} 前答复；{}。", row.until_on, paused ? "时限按特别程序计算" : "审批时限照常计算"),
              false);
    work.audit("approval.consult_outside", fmt::format("{}：对外征求意见（{}）", loaded.item.name, numbered(row)));
    KAIGONG_CHECK(work.save());
    return row.consultation_id;
}

Result<void> recall_consultation(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                                 const OnConsultation& on, const std::string& reason) {
    KAIGONG_TRY(seen, load_seen(session, surroundings, officer, on));
    auto& [loaded, row] = seen;
    KAIGONG_CHECK(may_recall_now(row));
    if (row.state == "open") row.state = "recalled";
    row.closed_at_ms = on.now_ms;
    row.closed_because = reason;
    loaded.work.note("consultation_recalled", fmt::format("撤回对外征求意见（{}）", numbered(row)), reason, false);
    loaded.work.audit("approval.recall_consultation", fmt::format("撤回对外征求意见（{}）", numbered(row)));
    return save(session, loaded.work, row);
}

Result<void> remind_consultation(db::Session& session, const Surroundings& surroundings, OutsideContacts& contacts,
                                 const Officer& officer, const OnConsultation& on, const NewLink& link) {
    KAIGONG_TRY(seen, load_seen(session, surroundings, officer, on));
    auto& [loaded, row] = seen;
    KAIGONG_CHECK(must_be_judged(loaded.work.procedure(), loaded.item));
    KAIGONG_CHECK(may_remind_now(row, on.now_ms));
    row.reminders += 1;
    row.reminded_at_ms = on.now_ms;
    store::insert_link(session, link.token_hash, row.consultation_id, on.now_ms);
    contacts.post(session, link.to, asking_words(row, link, "提醒您：请您提供意见的事项还没有答复"));
    loaded.work.audit("approval.remind_consultation", fmt::format("提醒对外征求意见（{}）", numbered(row)));
    return save(session, loaded.work, row);
}

Result<void> take_consultation(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                               const OnConsultation& on) {
    KAIGONG_TRY(seen, load_seen(session, surroundings, officer, on));
    auto& [loaded, row] = seen;
    KAIGONG_CHECK(may_take_now(row));
    row.state = "taken";
    row.closed_because = "意见已经采用";
    if (!row.closed_at_ms) row.closed_at_ms = on.now_ms;
    loaded.work.note("consultation_taken", fmt::format("采用外部意见（{}）", numbered(row)), "", false);
    loaded.work.audit("approval.take_consultation", fmt::format("采用外部意见（{}）", numbered(row)));
    return save(session, loaded.work, row);
}

Result<void> open_consultation(db::Session& session, const Surroundings& surroundings, const OnConsultation& on) {
    KAIGONG_TRY(live, load_live(session, surroundings, on));
    auto& [work, row] = live;
    if (row.opened_at_ms) return work.save();
    store::note_opened(session, row.consultation_id, on.now_ms);
    work.audit("approval.open_consultation", fmt::format("打开征求意见（{}）", numbered(row)));
    return work.save();
}

Result<void> answer_consultation(db::Session& session, const Surroundings& surroundings, const OnConsultation& on,
                                 const OutsideAnswer& answer) {
    KAIGONG_TRY(live, load_live(session, surroundings, on));
    auto& [work, row] = live;
    if (answer.words.empty() && (answer.outcome == "agree_with_conditions" || answer.outcome == "disagree")) {
        return invalid_field("words", "approval.consultation_words_missing", "请写明条件或者不同意的理由。");
    }
    if (row.answers != answer.answers) {
        return error(Errc::conflict, "approval.consultation_answered_meanwhile",
                     "您的意见刚刚在另一个窗口提交过。您写的内容还在，请核对已提交的意见后再提交一次。");
    }
    const auto at_hand = files_at_hand(row, store::files_of_consultation(session, row.consultation_id));
    for (const auto& id : answer.files) {
        if (std::ranges::find(at_hand, id, &store::ConsultationFileRow::file_id) == at_hand.end()) {
            return invalid_field("files", "approval.consultation_file_unknown",
                                 "有附件已经不在了，请核对附件后再提交一次。");
        }
    }
    row.state = "answered";
    row.outcome = answer.outcome;
    row.words = answer.words;
    row.answers += 1;
    row.answered_at_ms = on.now_ms;
    const auto what = fmt::format("{}外部意见（{}）", row.answers == 1 ? "收到" : "修改", numbered(row));
    for (const auto& id : answer.files) store::set_sent(session, id, row.answers);
    work.note("consultation_answered", what,
              answer.files.empty() ? std::string() : fmt::format("附件 {} 个。", answer.files.size()), false);
    work.audit("approval.answer_consultation", fmt::format("{}，内容摘要 {}", what, answer.digest));
    return save(session, work, row);
}

Result<std::string> add_consultation_file(db::Session& session, const Surroundings& surroundings,
                                          const OnConsultation& on, const store::ConsultationFileRow& file) {
    KAIGONG_TRY(live, load_live(session, surroundings, on));
    auto& [work, row] = live;
    const auto files = store::files_of_consultation(session, row.consultation_id);
    const auto at_hand = files_at_hand(row, files);
    const auto same = std::ranges::find(at_hand, file.sha256, &store::ConsultationFileRow::sha256);
    if (same != at_hand.end()) return same->file_id;
    const auto unsent = std::ranges::count(at_hand, 0, &store::ConsultationFileRow::answer_no);
    if (unsent >= static_cast<std::ptrdiff_t>(kFilesOfAnswerMax) || files.size() >= kFilesOfConsultationMax) {
        return error(Errc::conflict, "approval.consultation_files_full",
                     fmt::format("一次答复最多附 {} 个文件，请先移除不需要的。", kFilesOfAnswerMax));
    }
    store::insert_consultation_file(session, file);
    work.audit("approval.add_consultation_file", fmt::format("上传外部意见的附件（{}）", numbered(row)));
    KAIGONG_CHECK(work.save());
    return file.file_id;
}

Result<void> remove_consultation_file(db::Session& session, const Surroundings& surroundings, const OnConsultation& on,
                                      const std::string& file_id) {
    KAIGONG_TRY(live, load_live(session, surroundings, on));
    auto& [work, row] = live;
    if (!store::remove_unsent_file(session, row.consultation_id, file_id)) {
        return error(Errc::conflict, "approval.consultation_file_sent",
                     "这个附件不能移除：已经随意见提交，或者已经移除。修改意见时可以不再附上。");
    }
    work.audit("approval.remove_consultation_file", fmt::format("移除未提交的附件（{}）", numbered(row)));
    return work.save();
}

}  // namespace kaigong::approval::operations
