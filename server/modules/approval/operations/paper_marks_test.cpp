// 批注: who marks, accepts and answers, on both databases, and that it moves nothing.
#include "modules/approval/operations/paper_marks.hpp"

#include <doctest/doctest.h>

#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::Office;

const std::string kMarkedPaper = "01900000-0000-7000-8000-00000000d001";
const std::string kNewPaper = "01900000-0000-7000-8000-00000000d002";

/// The papers of a case as the test files them.
class Desk {
  public:
    explicit Desk(Office& at) : office(at), id(at.open_case()) { file(kMarkedPaper, 1); }

    void file(const std::string& document_id, int round) {
        for (auto& one : papers) one.superseded = true;
        documents::Document paper;
        paper.document_id = {document_id};
        paper.application_id = id;
        paper.material_code = "N-01";
        paper.media_type = "application/pdf";
        paper.pages = 4;
        paper.round = round;
        papers.insert(papers.begin(), paper);
    }

    std::string mark(const Officer& by, std::string words = "缺少签章") {
        store::MarkRow row;
        row.application_id = id;
        row.document_id = papers.front().document_id.text;
        row.page = 2;
        row.kind = kMarkRectangle;
        row.left_ppm = 100'000;
        row.width_ppm = row.height_ppm = 50'000;
        row.words = std::move(words);
        return attempt([&](db::Session& session) -> Result<void> {
            const auto made = operations::mark_paper(session, *office.around, office.permissions, {by, "住建局"}, row,
                                                     papers_of(), office.clock.now_ms());
            if (!made) return made.error();
            last_id = *made;
            return {};
        });
    }
    std::string judge(std::string_view act, const Officer& by, std::int64_t version, const std::string& words = "") {
        return attempt([&](db::Session& session) {
            return operations::judge_mark(session, *office.around, office.permissions, by, act,
                                          {id, last_id, version, words}, papers_of(), office.clock.now_ms());
        });
    }
    std::string answer(const authz::Actor& by, std::int64_t version, const std::string& words = "已补") {
        return attempt([&](db::Session& session) {
            return operations::answer_mark(session, *office.around, office.permissions, by,
                                           {id, last_id, version, words}, papers_of(), office.clock.now_ms());
        });
    }
    /// The window asks for a correction, and the application is with the applicant.
    void ask_for_correction() {
        office.clock.set(office.clock.now_ms() + 60'000);
        const auto task = office.open_task(id);
        office.act([&](db::Session& session) {
            return office.complete(session, id, task, Office::officer(Role::acceptance_officer, 7),
                                   "request_correction");
        });
        office.clock.set(office.clock.now_ms() + 60'000);
    }
    std::vector<store::MarkActRow> acts() { return office.read(&store::mark_acts_of, last_id); }
    std::string state() { return std::string(state_of(acts())); }

    Office& office;
    std::string id;
    std::string last_id;
    std::vector<documents::Document> papers;
    std::string told;  ///< the words of the last refusal

  private:
    operations::PapersOf papers_of() {
        return [this](db::Session&, const std::string&) { return papers; };
    }
    std::string attempt(const std::function<Result<void>(db::Session&)>& body) {
        const auto done = office.database.transact(body);
        told = done ? "" : done.error().message;
        return done ? "" : done.error().reason;
    }
};

authz::Actor applicant(const std::string& credit_code = "91330106MA0DEM0133") {
    authz::Actor actor;
    actor.account_id = authz::AccountId{"01900000-0000-7000-8000-000000000099"};
    actor.kind = authz::AccountKind::owner_agent;
    actor.credit_code = credit_code;
    actor.roles = {Role::owner_agent};
    return actor;
}

Officer of_other_department(Role role, int number) {
    auto officer = Office::officer(role, number);
    officer.actor.department = "planning";
    return officer;
}

/// A desk whose case belongs to the applicant's organisation.
Desk desk_of_applicant(Office& office) {
    Desk desk(office);
    office.act([&](db::Session& session) -> Result<void> {
        session.execute("UPDATE procedures SET owner_credit_code = ? WHERE application_id = ?", applicant().credit_code,
                        desk.id);
        return {};
    });
    return desk;
}

}  // namespace

TEST_CASE("who reviews a case marks its papers, nobody else does, and it moves nothing") {
    testing::on_each([](Office& office) {
        Desk desk(office);
        const auto task = office.open_task(desk.id);
        CHECK(desk.mark(Office::officer(Role::acceptance_officer, 7)) == "");
        CHECK(desk.mark(Office::officer(Role::section_head, 8)) == "");
        CHECK(desk.mark(Office::officer(Role::window_clerk, 9)) == "authz.not_permitted");
        CHECK(desk.mark(Office::officer(Role::certificate_officer, 9)) == "authz.not_permitted");
        auto far = Office::officer(Role::section_head, 10);
        far.actor.region_code = "330105";
        CHECK(desk.mark(far) == "approval.not_found");
        CHECK(desk.mark(Office::officer(Role::section_head, 8), "") == "approval.mark_words_missing");
        CHECK(office.open_task(desk.id).version == task.version);
        CHECK(office.count(desk.id, "approval.mark_paper") == 2);
        const auto marks = office.read(&store::marks_of, desk.id);
        REQUIRE(marks.size() == 2);
        CHECK(marks[1].mark_no == 2);
        CHECK(marks[0].round == 1);
        CHECK(marks[0].material_code == "N-01");
        CHECK(marks[0].department == "housing");
        CHECK(marks[0].words == "缺少签章");
    });
}

TEST_CASE("an officer of the applicant's own organisation marks nothing") {
    testing::on_sqlite([](Office& office) {
        auto desk = desk_of_applicant(office);
        auto related = Office::officer(Role::section_head, 8);
        related.actor.credit_code = applicant().credit_code;
        CHECK(desk.mark(related) == "authz.excluded_own_case");
    });
}

TEST_CASE("a mark is accepted and reopened by the department that made it") {
    testing::on_each([](Office& office) {
        Desk desk(office);
        const auto head = Office::officer(Role::section_head, 8);
        const auto colleague = Office::officer(Role::acceptance_officer, 9);
        const auto other = of_other_department(Role::section_head, 10);
        REQUIRE(desk.mark(head) == "");
        CHECK(desk.judge(kAcceptAct, other, 1) == "approval.mark_not_yours");
        CHECK(desk.judge(kAcceptAct, colleague, 1, "看过了") == "");
        CHECK(desk.state() == kMarkAccepted);
        CHECK(desk.judge(kReopenAct, other, 2, "再看") == "approval.mark_not_yours");
        CHECK(desk.judge(kReopenAct, head, 2) == "approval.mark_words_missing");
        CHECK(desk.judge(kReopenAct, head, 2, "章不清楚") == "");
        CHECK(desk.state() == kMarkOpen);
        CHECK(desk.acts().size() == 2);
        CHECK(desk.acts()[0].document_id == kMarkedPaper);
        CHECK(office.count(desk.id, "approval.accept_mark") == 1);
        CHECK(office.count(desk.id, "approval.reopen_mark") == 1);
    });
}

TEST_CASE("of two officers who accept one mark at once the second is told who was faster") {
    testing::on_each([](Office& office) {
        Desk desk(office);
        const auto head = Office::officer(Role::section_head, 8);
        REQUIRE(desk.mark(head) == "");
        CHECK(desk.judge(kAcceptAct, Office::officer(Role::acceptance_officer, 9), 1) == "");
        CHECK(desk.judge(kAcceptAct, head, 1) == "approval.mark_changed");
        CHECK(desk.told.find("办事人9") != std::string::npos);
        CHECK(desk.told.find("认可") != std::string::npos);
        CHECK(desk.acts().size() == 1);
    });
}

TEST_CASE("the applicant answers what a letter told him, while the application is with him") {
    testing::on_each_with_firms([](Office& office) {
        auto desk = desk_of_applicant(office);
        const auto head = Office::officer(Role::section_head, 8);
        REQUIRE(desk.mark(head) == "");
        CHECK(desk.answer(applicant(), 1) == "approval.not_found");
        CHECK(desk.answer(Office::officer(Role::section_head, 8).actor, 1) == "authz.not_permitted");
        desk.ask_for_correction();
        CHECK(desk.answer(applicant("91330106MA0DEM0999"), 1) == "approval.not_found");
        CHECK(desk.answer(applicant(), 1, "") == "approval.mark_words_missing");
        CHECK(desk.answer(applicant(), 1, "第 2 页已补签章") == "");
        CHECK(desk.state() == kMarkAnswered);
        CHECK(desk.answer(applicant(), 1) == "approval.mark_changed");
        const auto known = desk.last_id;
        // Made after the letter: he hears of it with the next one.
        REQUIRE(desk.mark(head, "还有一处") == "");
        CHECK(desk.answer(applicant(), 1) == "approval.not_found");
        office.act([&](db::Session& session) { return office.resubmit(session, desk.id); });
        desk.last_id = known;
        CHECK(desk.answer(applicant(), 2, "补充说明") == "approval.mark_not_your_turn");
    });
}

TEST_CASE("a stranger is told of no officer's name") {
    testing::on_sqlite([](Office& office) {
        auto desk = desk_of_applicant(office);
        REQUIRE(desk.mark(Office::officer(Role::section_head, 8)) == "");
        desk.ask_for_correction();
        REQUIRE(desk.judge(kAcceptAct, Office::officer(Role::section_head, 8), 1) == "");
        CHECK(desk.answer(applicant(), 1) == "approval.mark_changed");
        CHECK(desk.told.find("办事人") == std::string::npos);
        CHECK(desk.told.find("住建局") != std::string::npos);
    });
}

TEST_CASE("what is accepted on the new paper says so, and the old paper is marked no more") {
    testing::on_each([](Office& office) {
        Desk desk(office);
        const auto head = Office::officer(Role::section_head, 8);
        REQUIRE(desk.mark(head) == "");
        desk.file(kNewPaper, 2);
        REQUIRE(desk.judge(kAcceptAct, head, 1) == "");
        CHECK(desk.acts()[0].document_id == kNewPaper);
        std::ranges::reverse(desk.papers);
        CHECK(desk.mark(head) == "approval.mark_paper_replaced");
    });
}

TEST_CASE("the papers of a case that has ended are marked no more") {
    testing::on_sqlite([](Office& office) {
        Desk desk(office);
        const auto head = Office::officer(Role::section_head, 8);
        REQUIRE(desk.mark(head) == "");
        office.act([&](db::Session& session) { return office.withdraw(session, desk.id); });
        CHECK(desk.mark(head) == "approval.ended");
        CHECK(desk.judge(kAcceptAct, head, 1) == "approval.ended");
    });
}

TEST_CASE("a case takes three hundred marks") {
    testing::on_sqlite([](Office& office) {
        Desk desk(office);
        office.act([&](db::Session& session) -> Result<void> {
            for (std::int64_t number = 1; number < kMarksMax; ++number) {
                store::MarkRow row;
                row.mark_id = new_uuid(office.clock.now_ms());
                row.application_id = desk.id;
                CHECK(store::insert_mark(session, row) == number);
            }
            return {};
        });
        CHECK(desk.mark(Office::officer(Role::section_head, 8)) == "");
        CHECK(desk.mark(Office::officer(Role::section_head, 8)) == "approval.too_many_marks");
    });
}

}  // namespace kaigong::approval
