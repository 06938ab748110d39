// 对外征求意见: the commands of both sides. What somebody outside says decides nothing; it waits until who judges the
// item takes it into his own opinion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modules/approval/consultations.hpp"
#include "modules/approval/operations/episodes.hpp"
#include "modules/approval/operations/paper_marks.hpp"
#include "modules/approval/store_consultation_files.hpp"
#include "modules/approval/store_consultations.hpp"

namespace kaigong::approval::operations {

/// Who judges the item now, or leads its department, while it is judged and the case is kept from nobody (限制知悉:
/// then nothing of it goes out at all). Fails with authz.…, approval.not_found, approval.not_your_item,
/// approval.consultation_restricted, approval.item_not_judged.
Result<void> may_consult(const authz::Permissions& permissions, const authz::Actor& actor,
                         const store::ProcedureRow& procedure, const store::ItemRow& item,
                         const std::vector<store::TaskRow>& tasks);

/// A link to send.
struct NewLink {
    std::string token_hash;
    std::string address;  ///< of the page, with the token behind #
    OutsideContacts::Contact to;
};

/// `row` has whom is asked (sealed), what and about which parts; the rest is set here. Gives its id. Fails as
/// may_consult does, and with approval.too_many_consultations, approval.section_unknown, approval.paper_unknown.
Result<std::string> consult(db::Session& session, const Surroundings& surroundings, OutsideContacts& contacts,
                            const Officer& officer, const OnItem& on, store::ConsultationRow row, int working_days,
                            const NewLink& link, const PapersOf& papers_of);

struct OnConsultation {
    std::string application_id;
    std::string item;
    std::string consultation_id;
    std::int64_t version = 0;
    std::int64_t now_ms = 0;
};

/// 撤回: its links open nothing from now on. Fails as load_item_to_conduct does, and with
/// approval.consultation_changed, approval.consultation_closed.
Result<void> recall_consultation(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                                 const OnConsultation& on, const std::string& reason);
/// 提醒: another link, beside the one that was sent. Fails with approval.consultation_reminded_enough too.
Result<void> remind_consultation(db::Session& session, const Surroundings& surroundings, OutsideContacts& contacts,
                                 const Officer& officer, const OnConsultation& on, const NewLink& link);
/// 采用: who judges the item refers to it in his own opinion; it stays as it is then. Fails with
/// approval.consultation_not_answered too.
Result<void> take_consultation(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                               const OnConsultation& on);

/// Wrong, unknown, over, recalled and of a case that ended: one answer.
Error no_such_consultation();

/// The first time that he sees what he is asked about; again changes nothing. Fails with
/// approval.consultation_not_found.
Result<void> open_consultation(db::Session& session, const Surroundings& surroundings, const OnConsultation& on);

struct OutsideAnswer {
    /// How often he had answered when he saw the page: of two at once one comes through.
    std::int64_t answers = 0;
    std::string outcome;  ///< agree, agree_with_conditions, disagree, no_opinion
    std::string words;
    std::vector<std::string> files;  ///< ids of those at hand
    std::string digest;              ///< answer_digest of all that
};
/// Fails with approval.consultation_not_found, approval.consultation_words_missing,
/// approval.consultation_answered_meanwhile, approval.consultation_file_unknown.
Result<void> answer_consultation(db::Session& session, const Surroundings& surroundings, const OnConsultation& on,
                                 const OutsideAnswer& answer);

/// A file for his next answer; the same content again is the row that is there, so that a retry adds none. Gives its
/// id. Fails with approval.consultation_not_found, approval.consultation_files_full.
Result<std::string> add_consultation_file(db::Session& session, const Surroundings& surroundings,
                                          const OnConsultation& on, const store::ConsultationFileRow& file);
/// One that was not sent. Fails with approval.consultation_not_found, approval.consultation_file_sent.
Result<void> remove_consultation_file(db::Session& session, const Surroundings& surroundings, const OnConsultation& on,
                                      const std::string& file_id);

}  // namespace kaigong::approval::operations
