// What a consultation shows of a case, how it stands, and what may be done with it: of rows and the form alone.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "modules/approval/store.hpp"
#include "modules/approval/store_consultation_files.hpp"
#include "modules/approval/store_consultations.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

inline constexpr std::size_t kConsultationsMax = 50;
inline constexpr std::size_t kConsultationWordsMax = 4'000;
inline constexpr std::size_t kConsultationSectionsMax = 60;
inline constexpr std::size_t kConsultationPapersMax = 100;
inline constexpr std::size_t kFilesOfAnswerMax = 3;
/// Of one consultation, sent with earlier answers too.
inline constexpr std::size_t kFilesOfConsultationMax = 12;
/// A stamped letter, photographed or scanned. Less than a material may have: who sends it is known by a link and a
/// code.
inline constexpr std::int64_t kConsultationFileBytesMax = 20LL * 1024 * 1024;
inline constexpr std::int64_t kWrongCodesMax = 15;
inline constexpr std::int64_t kRemindEveryMs = 24LL * 3'600'000;
inline constexpr std::int64_t kRemindersMax = 3;

/// A part of the form that may be shown by itself.
struct FormPart {
    std::string section;  ///< `works/1`: its step, and its place in it
    std::string step_title;
    std::string step_title_en;
    std::string title;
    std::string title_en;
};
std::vector<FormPart> form_parts(const catalog::Matter& matter);

/// The layout with these parts alone, shown whatever their conditions read: those may lie in parts that are not.
boost::json::object layout_of_parts(const catalog::Matter& matter, const std::vector<std::string>& sections);
/// The values of these parts, and no other.
boost::json::object form_of_parts(const catalog::Matter& matter, const std::vector<std::string>& sections,
                                  const boost::json::object& form);

/// The texts of a JSON list that this module wrote.
std::vector<std::string> texts_of(const std::string& json);

/// asked, opened, overdue, answered, taken, recalled, ended, locked.
std::string_view shown_state(const store::ConsultationRow& row, std::int64_t now_ms);

/// Whether its links open anything: not closed, not over, its item not concluded, its case not kept from anybody.
bool is_live(const store::ConsultationRow& row, const store::ProcedureRow& procedure,
             const std::vector<store::ItemRow>& items, std::int64_t now_ms);

/// Fails with approval.consultation_closed, approval.consultation_reminded_enough.
Result<void> may_remind_now(const store::ConsultationRow& row, std::int64_t now_ms);
/// Fails with approval.consultation_closed.
Result<void> may_recall_now(const store::ConsultationRow& row);
/// Fails with approval.consultation_not_answered.
Result<void> may_take_now(const store::ConsultationRow& row);

/// Those that he may send with his next answer: not sent yet, or sent with the one that counts.
std::vector<store::ConsultationFileRow> files_at_hand(const store::ConsultationRow& row,
                                                      const std::vector<store::ConsultationFileRow>& files);
/// Those that came with the answer that counts.
std::vector<store::ConsultationFileRow> files_of_answer(const store::ConsultationRow& row,
                                                        const std::vector<store::ConsultationFileRow>& files);
/// SHA-256 over what he said: outcome, words, and the digest and name of each file. In the record of the case, so that
/// neither words nor files can be exchanged unseen.
std::string answer_digest(const store::ConsultationRow& answered, const std::vector<store::ConsultationFileRow>& files);

/// `138****1234`, `z***@example.com`.
std::string masked_contact(std::string_view contact);
/// `王**`.
std::string masked_name(std::string_view name);
/// The last two digits of a phone; nothing of an e-mail address.
std::string contact_hint(std::string_view contact);

}  // namespace kaigong::approval
