// 退回: what goes, what stays, and that application, tasks and record agree. How the engine moves is its own test
// (engine/bpmn/returning_test.cpp).
#include <set>

#include "modules/approval/return_rules.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using bpmn::Onward;
using testing::Office;
using testing::reason_of;

operations::Officer who_does(const store::TaskRow& task) {
    if (task.kind == "accept") return Office::officer(Role::acceptance_officer, 7);
    if (task.kind == "decide") return Office::officer(Role::deciding_leader, 8);
    return Office::officer(Role::reviewer, 2);
}

class ReturnCase {
  public:
    explicit ReturnCase(Office& office) : office_(office), id_(office.open_case()) {}

    store::TaskRow open(const std::string& element) const {
        for (const auto& task : office_.read(&store::tasks_of, id_)) {
            if (task.state == "open" && task.element_id == element) return task;
        }
        FAIL("not open: " << element);
        return {};
    }
    std::set<std::string> open() const {
        std::set<std::string> elements;
        for (const auto& task : office_.read(&store::tasks_of, id_)) {
            if (task.state == "open") elements.insert(task.element_id);
        }
        return elements;
    }
    void complete(const std::string& element) {
        const auto task = open(element);
        const auto outcome = task.kind == "accept" ? "accept" : task.kind == "decide" ? "refuse" : "agree";
        office_.clock.set(office_.clock.now_ms() + 1'000);
        office_.act(
            [&](db::Session& session) { return office_.complete(session, id_, task, who_does(task), outcome); });
    }
    void complete_all(const std::vector<std::string>& elements) {
        for (const auto& element : elements) complete(element);
    }
    Result<void> send_back(const store::TaskRow& task, const std::string& target, Onward onward,
                           const std::string& reason = "图纸与现场不符",
                           const std::optional<operations::Officer>& who = {}) {
        const auto officer = who.value_or(who_does(task));
        office_.clock.set(office_.clock.now_ms() + 1'000);
        return office_.database.transact([&](db::Session& session) {
            return operations::return_task(session, *office_.around, office_.permissions, officer,
                                           office_.on(id_, task), {target, onward, reason});
        });
    }
    void must_send_back(const std::string& element, const std::string& target, Onward onward) {
        Office::must(send_back(open(element), target, onward));
    }
    std::string state() const { return office_.procedure(id_).state; }
    std::optional<store::ReturnRow> marked(const std::string& element) const {
        const auto task_id = open(element).task_id;
        for (auto& row : office_.read(&store::returns_of, id_)) {
            if (row.task_id == task_id) return row;
        }
        return std::nullopt;
    }
    const std::string& id() const { return id_; }

  private:
    Office& office_;
    std::string id_;
};

void on_each_return_office(const std::function<void(Office&)>& body) {
    testing::on_each(body, {{"issue.bpmn", testing::test_file("return.bpmn")}});
}

}  // namespace

TEST_CASE("a return inside one branch leaves the other department's task alone") {
    on_each_return_office([](Office& office) {
        ReturnCase one(office);
        one.complete_all({"accept", "survey"});
        const auto noise = one.open("noise");
        one.must_send_back("review", "survey", Onward::again);
        CHECK(one.open() == std::set<std::string>{"survey", "noise"});
        CHECK(one.open("noise").task_id == noise.task_id);
        CHECK(one.marked("survey")->reason == "图纸与现场不符");
        CHECK(one.marked("survey")->from_name == "技术审查");
        one.complete_all({"survey", "review", "noise", "decide"});
        CHECK(one.state() == "refused");
        CHECK(office.count(one.id(), "approval.return_task") == 1);
    });
}

TEST_CASE("a leader's return to one department: the application is under review again, the others' work stays done") {
    on_each_return_office([](Office& office) {
        ReturnCase one(office);
        one.complete_all({"accept", "survey", "noise", "review"});
        CHECK(one.state() == "awaiting_decision");
        one.must_send_back("decide", "review", Onward::again);
        CHECK(one.state() == "accepted");
        CHECK(one.open() == std::set<std::string>{"review"});
        one.complete("review");
        CHECK(one.state() == "awaiting_decision");
        CHECK(one.open() == std::set<std::string>{"decide"});
        one.complete("decide");
        CHECK(one.state() == "refused");
    });
}

TEST_CASE("straight back to the leader: the application waits for its decision again, and nothing else is redone") {
    on_each_return_office([](Office& office) {
        ReturnCase one(office);
        one.complete_all({"accept", "survey", "noise", "review"});
        one.must_send_back("decide", "survey", Onward::straight);
        CHECK(one.state() == "accepted");
        CHECK(one.open() == std::set<std::string>{"survey"});
        CHECK(one.marked("survey")->onward == "straight");
        one.complete("survey");
        CHECK(one.state() == "awaiting_decision");
        CHECK(one.open() == std::set<std::string>{"decide"});
        one.complete("decide");
        CHECK(one.state() == "refused");
    });
}

TEST_CASE("a task that was to go straight back and is sent further back is decided only after all of it") {
    on_each_return_office([](Office& office) {
        ReturnCase one(office);
        one.complete_all({"accept", "survey", "noise", "review"});
        one.must_send_back("decide", "review", Onward::straight);
        one.must_send_back("review", "survey", Onward::again);
        CHECK(one.state() == "accepted");
        one.complete_all({"survey"});
        CHECK(one.open() == std::set<std::string>{"review"});
        one.complete("review");
        CHECK(one.state() == "awaiting_decision");
        CHECK(one.open() == std::set<std::string>{"decide"});
    });
}

TEST_CASE("a task that is to go straight back may be sent straight to an earlier one, and all come back in turn") {
    on_each_return_office([](Office& office) {
        ReturnCase one(office);
        one.complete_all({"accept", "survey", "noise", "review"});
        one.must_send_back("decide", "review", Onward::straight);
        one.must_send_back("review", "survey", Onward::straight);
        CHECK(one.open() == std::set<std::string>{"survey"});
        one.complete("survey");
        CHECK(one.open() == std::set<std::string>{"review"});
        CHECK(one.state() == "accepted");
        one.complete("review");
        CHECK(one.open() == std::set<std::string>{"decide"});
        CHECK(one.state() == "awaiting_decision");
    });
}

TEST_CASE("what was cancelled stays visible with its cause, and what was sent back with who did and why") {
    on_each_return_office([](Office& office) {
        ReturnCase one(office);
        one.complete_all({"accept", "survey"});
        const auto review = one.open("review");
        Office::must(one.send_back(review, "survey", Onward::again));
        const auto tasks = office.read(&store::tasks_of, one.id());
        const auto sent = std::ranges::find(tasks, review.task_id, &store::TaskRow::task_id);
        CHECK(sent->state == "completed");
        CHECK(sent->outcome == "returned");
        CHECK(sent->outcome_label == "退回至“现场勘验”");
        CHECK(sent->opinion == "图纸与现场不符");
        CHECK(sent->actor_name == "办事人2");
        CHECK(one.open("survey").last_opinion == "图纸与现场不符");
    });
}

TEST_CASE("a return without a reason, to a place that is not before, or past what the applicant was told is refused") {
    on_each_return_office([](Office& office) {
        ReturnCase one(office);
        one.complete_all({"accept", "survey"});
        const auto review = one.open("review");
        CHECK(reason_of(one.send_back(review, "survey", Onward::again, "")) == "approval.reason_missing");
        for (const char* target : {"noise", "review", "decide", "join", "gone", ""}) {
            CAPTURE(target);
            CHECK(reason_of(one.send_back(review, target, Onward::again)) == "approval.return_impossible");
        }
        CHECK(reason_of(one.send_back(review, "accept", Onward::again)) == "approval.return_before_acceptance");
        CHECK(reason_of(one.send_back(review, "accept", Onward::straight)) == "approval.return_before_acceptance");
        CHECK(reason_of(one.send_back(review, "correct", Onward::again)) == "approval.return_to_applicant");
        const auto stale = [&] {
            auto task = review;
            task.version += 1;
            return task;
        }();
        CHECK(reason_of(one.send_back(stale, "survey", Onward::again)) == "db.version_is_stale");
        CHECK(reason_of(one.send_back(review, "survey", Onward::again, "x",
                                      Office::officer(Role::deciding_leader, 8))) == "approval.not_your_task");
        CHECK(office.count(one.id(), "approval.return_task") == 0);
        CHECK(one.open() == std::set<std::string>{"review", "noise"});
    });
}

TEST_CASE("a task that another officer holds is not sent back, nor one that is done") {
    on_each_return_office([](Office& office) {
        ReturnCase one(office);
        one.complete_all({"accept", "survey"});
        const auto review = one.open("review");
        office.act([&](db::Session& session) {
            return office.claim(session, one.id(), review, Office::officer(Role::reviewer, 3));
        });
        CHECK(reason_of(one.send_back(one.open("review"), "survey", Onward::again)) == "approval.task_held_by_other");
        Office::must(
            one.send_back(one.open("review"), "survey", Onward::again, "理由", Office::officer(Role::reviewer, 3)));
        CHECK(reason_of(one.send_back(review, "survey", Onward::again)) == "approval.task_not_open");
    });
}

TEST_CASE("the page offers what the act allows") {
    testing::on_sqlite(
        [](Office& office) {
            ReturnCase one(office);
            one.complete_all({"accept", "survey", "noise", "review"});
            const auto matter = office.catalog->load_matter(testing::kMatter).value();
            const auto targets = return_targets_of(matter->process(), office.state(one.id()), one.open("decide").token);
            std::vector<std::string> offered;
            offered.reserve(targets.size());
            for (const auto& target : targets)
                offered.push_back(target.element + (target.can_go_straight ? " 直送" : ""));
            CHECK(offered == std::vector<std::string>{"survey 直送", "review 直送", "noise 直送"});
        },
        {{"issue.bpmn", testing::test_file("return.bpmn")}});
}

}  // namespace kaigong::approval
