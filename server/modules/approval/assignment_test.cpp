// To whom the process gives a task: every way × {plain, several at once, several in turn}, on both databases, each step
// by another program; and where nobody fits.
#include "modules/approval/assignment.hpp"

#include <array>

#include "modules/approval/store_expedite_orders.hpp"
#include "modules/approval/testing/staff.hpp"
#include "modules/approval/testing/stand_in.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::account_of;
using testing::Office;
using testing::two_steps;
using testing::TwoSteps;

constexpr const char* kAtOnce =
    R"(<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>)";
constexpr const char* kInTurn =
    R"(<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>)";

std::string each_of(const char* sequential) {
    return fmt::format(
        R"(<multiInstanceLoopCharacteristics isSequential="{}"><extensionElements><zeebe:loopCharacteristics
             inputCollection="=[&quot;officer_12&quot;,&quot;officer_13&quot;]" inputElement="whom"/></extensionElements>
           </multiInstanceLoopCharacteristics>)",
        sequential);
}

std::vector<identity::Account> staff() {
    return {account_of(10, {Role::acceptance_officer}), account_of(11, {Role::reviewer}),
            account_of(12, {Role::reviewer}), account_of(13, {Role::reviewer}), account_of(40, {Role::section_head})};
}

std::string id_of(int number) {
    return Office::officer(Role::reviewer, number).actor.account_id.text;
}

/// A case whose steps are done by two programs in turn.
class Story {
  public:
    Story(Office& left, Office& right, const std::vector<identity::Account>& people = staff())
        : offices_{&left, &right} {
        for (auto* office : offices_) office->identity.officers = people;
        id_ = office().open_case();
    }

    std::string attempt(std::string_view element, const Officer& who, const operations::Completion& completion) {
        return attempt_on(open_at(element).front(), who, completion);
    }
    std::string attempt_on(const store::TaskRow& task, const Officer& who, const operations::Completion& completion) {
        auto& at = office();
        for (auto* each : offices_) each->clock.set(offices_[0]->clock.now_ms() + 60'000);
        const auto done = at.database.transact([&](db::Session& session) {
            return operations::complete_task(session, *at.around, at.permissions, who, at.on(id_, task), completion);
        });
        return done ? "" : done.error().reason;
    }
    std::string complete(std::string_view element, const Officer& who, std::optional<Officer> chosen = {}) {
        return attempt(element, who, {"agree", "意见", {}, {}, {}, std::move(chosen)});
    }
    /// `work` is open then.
    void do_first(std::optional<Officer> chosen = {}) {
        REQUIRE(complete("first", Office::officer(Role::acceptance_officer, 10), std::move(chosen)) == "");
    }
    std::vector<store::TaskRow> open_at(std::string_view element) {
        std::vector<store::TaskRow> found;
        for (auto& task : office().read(&store::tasks_of, id_)) {
            if (task.state == "open" && task.element_id == element) found.push_back(std::move(task));
        }
        if (found.empty()) FAIL("not open: " << element);
        return found;
    }
    /// Whose the open tasks at `work` are, one after the other, as each is done by its holder.
    std::vector<std::string> holders_in_turn() {
        std::vector<std::string> holders;
        const auto state = [&] { return office().state(id_); };
        while (bpmn::active_elements(state()) == std::vector<std::string>{"work"}) {
            const auto open = open_at("work");
            const auto held = std::ranges::find_if(open, [](const auto& one) { return one.assignee_id.has_value(); });
            const auto& task = held == open.end() ? open.front() : *held;
            holders.push_back(task.assignee_id.value_or(""));
            if (!task.assignee_id) break;
            const auto holder = Office::officer(Role::reviewer, std::stoi(task.assignee_id->substr(24)));
            REQUIRE(attempt_on(task, holder, {"agree", "意见", {}, {}}) == "");
        }
        return holders;
    }
    std::string note(std::string_view kind) {
        for (const auto& entry : office().read(&store::timeline_of, id_)) {
            if (entry.kind == kind) return entry.title + "：" + entry.detail.value_or("");
        }
        return "";
    }
    std::vector<store::ActRow> acts() { return office().read(&store::acts_of, id_); }
    const std::string& id() const { return id_; }
    Office& office() { return *offices_[turn_++ % 2]; }

  private:
    std::array<Office*, 2> offices_;
    std::size_t turn_ = 0;
    std::string id_;
};

void on_each_story(const TwoSteps& process, const std::function<void(Office&, Office&)>& body) {
    testing::on_each_pair(body, two_steps(process));
}

struct Way {
    const char* name;
    const char* attributes;
    bool is_chosen;
    std::vector<int> once;
    std::vector<int> twice;
};

}  // namespace

TEST_CASE("every way of giving a task × plain, several at once, several in turn") {
    const std::vector<Way> ways{
        {"named", R"(assignee="officer_12")", false, {12}, {12, 12}},
        {"computed",
         R"(assignee="=if region_code = &quot;330106&quot; then &quot;officer_13&quot; else null")",
         false,
         {13},
         {13, 13}},
        {"chosen", "", true, {13}, {13, 13}},
        {"the least loaded", R"(assign="least_loaded")", false, {11}, {11, 12}},
        {"chosen before the least loaded", R"(assign="least_loaded")", true, {13}, {13, 13}},
    };
    for (const auto& way : ways) {
        for (const char* repetition : {"", kAtOnce, kInTurn}) {
            CAPTURE(std::string(way.name));
            CAPTURE(std::string(repetition));
            TwoSteps process;
            process.attributes = way.attributes;
            process.repetition = repetition;
            if (way.is_chosen) process.first_outcome = R"(chooses="work")";
            on_each_story(process, [&](Office& left, Office& right) {
                Story story(left, right);
                std::optional<Officer> chosen;
                if (way.is_chosen) chosen = Office::officer(Role::reviewer, 13);
                story.do_first(chosen);
                std::vector<std::string> expected;
                for (const int number : *repetition == '\0' ? way.once : way.twice) expected.push_back(id_of(number));
                auto holders = story.holders_in_turn();
                // Those that open together have no order.
                if (repetition == kAtOnce) std::ranges::sort(holders);
                CHECK(holders == expected);
                CHECK(std::ranges::count(story.acts(), std::string("given"), &store::ActRow::act) ==
                      static_cast<std::ptrdiff_t>(expected.size()));
            });
        }
    }
}

TEST_CASE("each of several tasks goes to the officer that its instance names") {
    for (const char* sequential : {"false", "true"}) {
        TwoSteps process;
        process.attributes = R"(assignee="=whom")";
        process.repetition = each_of(sequential);
        on_each_story(process, [&](Office& left, Office& right) {
            Story story(left, right);
            story.do_first();
            auto holders = story.holders_in_turn();
            std::ranges::sort(holders);
            CHECK(holders == std::vector<std::string>{id_of(12), id_of(13)});
        });
    }
}

TEST_CASE("the least loaded is who has fewest open tasks, then whose turn was longest ago, then the first by name") {
    CHECK_FALSE(least_loaded_of({}));
    CHECK(least_loaded_of({{"a", "zhao", 2, 0}, {"b", "qian", 1, 9}, {"c", "sun", 1, 8}})->account_id == "c");
    CHECK(least_loaded_of({{"a", "zhao", 1, 5}, {"b", "qian", 1, 5}})->account_id == "b");
    TwoSteps process;
    process.attributes = R"(assign="least_loaded")";
    on_each_story(process, [&](Office& left, Office& right) {
        std::vector<std::string> given;
        for (int i = 0; i < 4; ++i) {
            Story story(left, right);
            story.do_first();
            given.push_back(*story.open_at("work").front().assignee_id);
        }
        CHECK(given == std::vector<std::string>{id_of(11), id_of(12), id_of(13), id_of(11)});
    });
}

TEST_CASE("who is away is passed over by load, and keeps what names him while his deputy can act") {
    const auto absent = Office::officer(Role::reviewer, 11);
    TwoSteps process;
    process.attributes = R"(assign="least_loaded")";
    on_each_story(process, [&](Office& left, Office& right) {
        testing::standing_in(left, Office::officer(Role::reviewer, 12), absent);
        Story story(left, right);
        story.do_first();
        CHECK(story.open_at("work").front().assignee_id == id_of(12));
    });
    process.attributes = R"(assignee="officer_11")";
    on_each_story(process, [&](Office& left, Office& right) {
        testing::standing_in(left, Office::officer(Role::reviewer, 12), absent);
        Story story(left, right);
        story.do_first();
        CHECK(story.open_at("work").front().assignee_id == id_of(11));
    });
    on_each_story(process, [&](Office& left, Office& right) {
        testing::standing_in(left, Office::officer(Role::reviewer, 77), absent);
        Story story(left, right);
        story.do_first();
        CHECK_FALSE(story.open_at("work").front().assignee_id);
        CHECK(story.note("task_not_given").find("代理人已不能代理") != std::string::npos);
    });
}

TEST_CASE("whoever is named and does not fit does not get the task, and the record says who and why") {
    struct Misfit {
        const char* assignee;
        const char* said;
    };
    auto people = staff();
    people.push_back(account_of(50, {Role::reviewer}, "330105"));
    people.front().roles.push_back(Role::reviewer);
    const std::vector<Misfit> misfits{
        {"nobody_of_that_name", "没有这个工作人员账号"},
        {"officer_50", "没有这个工作人员账号"},
        {"officer_40", "不在办理这一步的部门或岗位"},
        {"officer_10", "受理、审查、复核、决定须由不同的人办理"},
        {"=null", "没有给出账号"},
    };
    for (const auto& misfit : misfits) {
        CAPTURE(misfit.assignee);
        TwoSteps process;
        process.first_kind = "accept";
        process.kind = "review";
        process.attributes = fmt::format(R"(assignee="{}")", misfit.assignee);
        on_each_story(process, [&](Office& left, Office& right) {
            Story story(left, right, people);
            story.do_first();
            const auto task = story.open_at("work").front();
            CHECK_FALSE(task.assignee_id);
            CHECK(task.candidate_group == "housing:reviewer");
            CHECK(story.note("task_not_given").find(misfit.said) != std::string::npos);
            CHECK(story.complete("work", Office::officer(Role::reviewer, 12)) == "");
        });
    }
}

TEST_CASE("a step whose role has nobody here goes to the fallback role, else who leads is warned; it never passes") {
    auto people = staff();
    std::erase_if(people, [](const auto& one) { return one.roles.front() == Role::reviewer; });
    TwoSteps process;
    process.attributes = R"(assign="least_loaded" fallbackRole="section_head")";
    on_each_story(process, [&](Office& left, Office& right) {
        Story story(left, right, people);
        story.do_first();
        const auto task = story.open_at("work").front();
        CHECK(task.candidate_group == "housing:section_head");
        CHECK(task.assignee_id == id_of(40));
    });
    process.attributes = R"(assign="least_loaded")";
    on_each_story(process, [&](Office& left, Office& right) {
        Story story(left, right, people);
        story.do_first();
        const auto task = story.open_at("work").front();
        CHECK_FALSE(task.assignee_id);
        CHECK(task.candidate_group == "housing:reviewer");
        const auto warnings = left.read(&store::warnings_of, story.id());
        REQUIRE(warnings.size() == 1);
        CHECK(warnings.front().warning == "nobody_to_do");
        CHECK(warnings.front().audience == "section_head");
        CHECK(warnings.front().department == "housing");
        CHECK(left.approval->stuck_cases().empty());
    });
}

TEST_CASE("one who has a vote is not given another of the same countersign") {
    for (const char* sequential : {"false", "true"}) {
        TwoSteps process;
        process.attributes = R"(assignee="officer_12")";
        process.more = R"(<kaigong:countersign rule="all"/>)";
        process.repetition = fmt::format(
            R"(<multiInstanceLoopCharacteristics isSequential="{}"><loopCardinality>2</loopCardinality>
               <completionCondition>=work_vote.fixed</completionCondition></multiInstanceLoopCharacteristics>)",
            sequential);
        on_each_story(process, [&](Office& left, Office& right) {
            Story story(left, right);
            story.do_first();
            CHECK(story.holders_in_turn() == std::vector<std::string>{id_of(12), ""});
            CHECK(story.note("task_not_given").find("已有一票") != std::string::npos);
        });
    }
}

TEST_CASE("who does the next step is chosen with the outcome that asks for it, and only one who may do it") {
    auto people = staff();
    people.front().roles.push_back(Role::reviewer);
    TwoSteps process;
    process.first_kind = "accept";
    process.kind = "review";
    process.first_outcome = R"(chooses="work")";
    on_each_story(process, [&](Office& left, Office& right) {
        Story story(left, right, people);
        const auto clerk = Office::officer(Role::acceptance_officer, 10);
        const auto chosen = Office::officer(Role::reviewer, 13);
        auto himself = clerk;
        himself.actor.roles.push_back(Role::reviewer);
        CHECK(story.complete("first", clerk) == "approval.chosen_missing");
        CHECK(story.attempt("first", clerk, {"pass_on", "意见", {}, {}, {}, chosen}) == "approval.chosen_not_allowed");
        CHECK(story.complete("first", clerk, himself) == "approval.person_not_suitable");
        CHECK(story.complete("first", clerk, Office::officer(Role::section_head, 40)) ==
              "approval.person_not_suitable");
        CHECK(story.complete("first", clerk, chosen) == "");
        CHECK(story.open_at("work").front().assignee_id == id_of(13));
        const auto acts = story.acts();
        CHECK(std::ranges::find(acts, std::string("complete"), &store::ActRow::act)->to_id == id_of(13));
    });
    on_each_story(process, [&](Office& left, Office& right) {
        Story story(left, right);
        CHECK(story.attempt("first", Office::officer(Role::acceptance_officer, 10), {"pass_on", "意见", {}, {}}) == "");
        CHECK_FALSE(story.open_at("work").front().assignee_id);
    });
}

TEST_CASE("a task that is opened again is given anew, also after somebody released it") {
    TwoSteps process;
    process.attributes = R"(assignee="officer_12")";
    on_each_story(process, [&](Office& left, Office& right) {
        Story story(left, right);
        story.do_first();
        const auto act = [&](auto operation, const store::TaskRow& task, const Officer& who, const auto&... more) {
            auto& at = story.office();
            at.act([&](db::Session& session) {
                return operation(session, *at.around, at.permissions, who, at.on(story.id(), task), more...);
            });
        };
        act(operations::release_task, story.open_at("work").front(), Office::officer(Role::reviewer, 12));
        CHECK_FALSE(story.open_at("work").front().assignee_id);
        CHECK(story.complete("work", Office::officer(Role::reviewer, 13)) == "");
        act(operations::return_task, story.open_at("last").front(), Office::officer(Role::certificate_officer, 70),
            operations::Return{"work", bpmn::Onward::again, "请重看"});
        CHECK(story.open_at("work").front().assignee_id == id_of(12));
    });
}

TEST_CASE("who takes back what he did has it again, whoever the process names") {
    TwoSteps process;
    process.attributes = R"(assignee="officer_12")";
    on_each_story(process, [&](Office& left, Office& right) {
        Story story(left, right);
        story.do_first();
        const auto holder = Office::officer(Role::reviewer, 12);
        const auto other = Office::officer(Role::reviewer, 13);
        const auto given = story.open_at("work").front();
        left.act([&](db::Session& session) {
            return operations::transfer_task(session, *left.around, left.permissions, holder,
                                             left.on(story.id(), given), {other, "出差"});
        });
        REQUIRE(story.complete("work", other) == "");
        store::TaskRow done;
        for (const auto& task : left.read(&store::tasks_of, story.id())) {
            if (task.element_id == "work") done = task;
        }
        right.act([&](db::Session& session) {
            return operations::take_back_task(session, *right.around, right.permissions, other,
                                              right.on(story.id(), done), "看错了");
        });
        CHECK(story.open_at("work").front().assignee_id == id_of(13));
    });
}

}  // namespace kaigong::approval
