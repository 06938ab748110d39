// How a consultation stands: of rows alone.
#include "modules/approval/consultation_rules.hpp"

#include <doctest/doctest.h>

namespace kaigong::approval {
namespace {

using store::ConsultationRow;

constexpr std::int64_t kConsultedAt = 1'000'000'000;
constexpr std::int64_t kConsultedUntil = kConsultedAt + 5 * kRemindEveryMs;

ConsultationRow open_consultation_row() {
    ConsultationRow row;
    row.item = "fire";
    row.state = "open";
    row.asked_at_ms = kConsultedAt;
    row.until_at_ms = kConsultedUntil;
    return row;
}

store::ProcedureRow running_procedure() {
    store::ProcedureRow procedure;
    procedure.state = "accepted";
    return procedure;
}

std::vector<store::ItemRow> only_item_in(const char* state) {
    store::ItemRow item;
    item.item = "fire";
    item.state = state;
    return {item};
}

std::string consultation_refusal(const Result<void>& done) {
    return done ? "" : done.error().reason;
}

TEST_CASE("a link opens until the first instant after its day, and only what is being judged") {
    const auto live = [](const ConsultationRow& row, const char* item, std::int64_t now_ms) {
        return is_live(row, running_procedure(), only_item_in(item), now_ms);
    };
    CHECK(live(open_consultation_row(), "in_review", kConsultedUntil - 1));
    CHECK_FALSE(live(open_consultation_row(), "in_review", kConsultedUntil));
    for (const auto* state : {"special_procedure", "needs_correction"})
        CHECK(live(open_consultation_row(), state, kConsultedAt));
    for (const auto* state : {"agreed", "agreed_with_conditions", "disagreed", "not_applicable", "voided"}) {
        CHECK_FALSE(live(open_consultation_row(), state, kConsultedAt));
    }
    auto closed = open_consultation_row();
    closed.closed_at_ms = kConsultedAt;
    CHECK_FALSE(live(closed, "in_review", kConsultedAt));
    for (const auto* state : {"taken", "recalled", "ended", "locked"}) {
        auto over = open_consultation_row();
        over.state = state;
        CHECK_FALSE(live(over, "in_review", kConsultedAt));
    }
    CHECK_FALSE(is_live(open_consultation_row(), running_procedure(), {}, kConsultedAt));
    auto restricted = running_procedure();
    restricted.confidentiality = "restricted";
    CHECK_FALSE(is_live(open_consultation_row(), restricted, only_item_in("in_review"), kConsultedAt));
    auto ended = running_procedure();
    ended.state = "granted";
    CHECK_FALSE(is_live(open_consultation_row(), ended, only_item_in("in_review"), kConsultedAt));
}

TEST_CASE("sent, opened and overdue follow from the row and the hour") {
    auto row = open_consultation_row();
    CHECK(shown_state(row, kConsultedAt) == "asked");
    row.opened_at_ms = kConsultedAt;
    CHECK(shown_state(row, kConsultedUntil - 1) == "opened");
    CHECK(shown_state(row, kConsultedUntil) == "overdue");
    row.state = "answered";
    CHECK(shown_state(row, kConsultedUntil) == "answered");
}

TEST_CASE("reminders: a day apart, three in all, none once it is over") {
    auto row = open_consultation_row();
    CHECK(consultation_refusal(may_remind_now(row, kConsultedAt + kRemindEveryMs - 1)) ==
          "approval.consultation_reminded_enough");
    CHECK(consultation_refusal(may_remind_now(row, kConsultedAt + kRemindEveryMs)) == "");
    row.reminders = kRemindersMax;
    row.reminded_at_ms = kConsultedAt;
    CHECK(consultation_refusal(may_remind_now(row, kConsultedUntil - 1)) == "approval.consultation_reminded_enough");
    CHECK(consultation_refusal(may_remind_now(open_consultation_row(), kConsultedUntil)) ==
          "approval.consultation_closed");
}

TEST_CASE("an answer is taken once, and a link withdrawn once") {
    auto row = open_consultation_row();
    CHECK(consultation_refusal(may_take_now(row)) == "approval.consultation_not_answered");
    row.state = "answered";
    CHECK(consultation_refusal(may_take_now(row)) == "");
    CHECK(consultation_refusal(may_recall_now(row)) == "");
    row.closed_at_ms = kConsultedAt;
    CHECK(consultation_refusal(may_recall_now(row)) == "approval.consultation_closed");
}

TEST_CASE("names and contacts are masked by whole characters") {
    CHECK(masked_name("欧阳审图") == "欧***");
    CHECK(masked_name("李") == "李*");
    CHECK(masked_name("") == "*");
    CHECK(masked_contact("13900001001") == "139****1001");
    CHECK(masked_contact("zhang@example.org") == "z***@example.org");
    CHECK(masked_contact("123") == "****");
    CHECK(masked_contact("") == "");
    CHECK(contact_hint("13900001001") == "01");
    CHECK(contact_hint("zhang@example.org") == "");
}

store::ConsultationFileRow file_row(const char* id, std::int64_t answer_no) {
    store::ConsultationFileRow row;
    row.file_id = id;
    row.sha256 = std::string("digest of ") + id;
    row.file_name = std::string(id) + ".pdf";
    row.answer_no = answer_no;
    return row;
}

std::string ids_of(const std::vector<store::ConsultationFileRow>& files) {
    std::string ids;
    for (const auto& one : files) ids += one.file_id;
    return ids;
}

TEST_CASE("files wait until they are sent, and those of an earlier answer are at hand no more") {
    const std::vector files{file_row("a", 0), file_row("b", 1), file_row("c", 2)};
    auto row = open_consultation_row();
    CHECK(ids_of(files_at_hand(row, {file_row("a", 0)})) == "a");
    CHECK(ids_of(files_of_answer(row, {file_row("a", 0)})).empty());
    row.answers = 2;
    CHECK(ids_of(files_at_hand(row, files)) == "ac");
    CHECK(ids_of(files_of_answer(row, files)) == "c");
}

TEST_CASE("the digest of an answer changes with every word and every file of it") {
    auto row = open_consultation_row();
    row.outcome = "agree";
    row.words = "同意。";
    row.answers = 1;
    const auto digest = answer_digest(row, {file_row("a", 1)});
    CHECK(digest.size() == 64);
    CHECK(answer_digest(row, {file_row("a", 1)}) == digest);
    CHECK(answer_digest(row, {}) != digest);
    CHECK(answer_digest(row, {file_row("b", 1)}) != digest);
    auto renamed = file_row("a", 1);
    renamed.file_name = "other.pdf";
    CHECK(answer_digest(row, {renamed}) != digest);
    auto other = row;
    other.words = "不同意。";
    CHECK(answer_digest(other, {file_row("a", 1)}) != digest);
}

}  // namespace
}  // namespace kaigong::approval
