// 责任追溯: the stretches of a task, from what was written down of it.
#include "modules/approval/holding.hpp"

#include "engine/calendar/published_years_test.hpp"
#include "modules/approval/testing/task_case.hpp"

namespace kaigong::approval {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

std::int64_t at_hour(const char* day, int hour) {
    return office_midnight_ms(parse_date(day).value()) + hour * kHourMs;
}

store::TaskRow task_of(const std::string& id, std::int64_t from_ms, std::optional<std::int64_t> through_ms = {}) {
    store::TaskRow task;
    task.task_id = id;
    task.name = "审查";
    task.kind = "review";
    task.candidate_group = "fire:reviewer";
    task.state = through_ms ? "completed" : "open";
    task.created_at_ms = from_ms;
    task.completed_at_ms = through_ms;
    return task;
}

store::ActRow act_of(const std::string& task_id, const char* act, std::int64_t at_ms, const char* from,
                     const char* to) {
    store::ActRow row;
    row.task_id = task_id;
    row.act = act;
    row.at_ms = at_ms;
    row.actor_id = from != nullptr ? from : to;
    if (from != nullptr) row.from_id = row.from_name = from;
    if (to != nullptr) row.to_id = row.to_name = to;
    return row;
}

struct Record {
    std::vector<store::TaskRow> tasks;
    std::vector<store::ActRow> acts;
    std::vector<store::SignerRow> signers;
    std::vector<store::ClockRow> ledger{{1, "start", "receipt", at_hour("2026-11-23", 9)}};
    std::int64_t now_ms = at_hour("2026-11-27", 18);

    std::vector<Hold> holds() const {
        const clock::OfficeHours hours;
        const auto calendar = calendar::published_years();
        return holds_of({tasks, acts, signers}, {ledger, hours, calendar, now_ms});
    }
    /// `group 1.5, wang 8` in the order of the stretches.
    static std::string said(const std::vector<Hold>& holds) {
        std::string text;
        for (const auto& hold : holds) {
            const auto hours = static_cast<double>(hold.worked_ms) / kHourMs;
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", hold.holder_name.value_or("group"), hours);
        }
        return text;
    }
};

}  // namespace

TEST_CASE("what nobody has claimed is held by the group, told apart from who claims it") {
    Record record;
    record.tasks = {task_of("a", at_hour("2026-11-23", 10))};
    CHECK(Record::said(record.holds()) == "group 38.5");
    record.acts = {act_of("a", "claim", at_hour("2026-11-24", 10), nullptr, "wang")};
    const auto holds = record.holds();
    CHECK(Record::said(holds) == "group 8, wang 30.5");
    CHECK_FALSE(holds[0].holder_id);
    CHECK(holds[0].through_ms == holds[1].from_ms);
    CHECK_FALSE(holds[1].through_ms);
}

TEST_CASE("through any number of transfers everybody is charged with his own hours, and they add up") {
    Record record;
    record.tasks = {task_of("a", at_hour("2026-11-23", 10), at_hour("2026-11-26", 10))};
    record.acts = {
        act_of("a", "claim", at_hour("2026-11-23", 11), nullptr, "wang"),
        act_of("a", "transfer", at_hour("2026-11-24", 11), "wang", "sun"),
        act_of("a", "release", at_hour("2026-11-24", 15), "sun", nullptr),
        act_of("a", "assign", at_hour("2026-11-25", 9), nullptr, "wu"),
        act_of("a", "transfer", at_hour("2026-11-25", 10), "wu", "wang"),
    };
    CHECK(Record::said(record.holds()) == "group 1, wang 8, sun 2.5, group 3.5, wu 1, wang 8");
    CHECK(Record::said(held_in_all(record.holds())) == "wang 16, group 4.5, sun 2.5, wu 1");
}

TEST_CASE("while the clock stands still for the applicant nobody of the authority holds anything") {
    Record record;
    record.tasks = {task_of("a", at_hour("2026-11-23", 10))};
    record.acts = {act_of("a", "claim", at_hour("2026-11-23", 10), nullptr, "wang")};
    record.ledger.push_back({2, "pause", "special_procedure", at_hour("2026-11-24", 10)});
    record.ledger.push_back({3, "resume", "special_procedure", at_hour("2026-11-27", 10)});
    CHECK(Record::said(record.holds()) == "wang 14.5");
}

TEST_CASE(
    "who was asked holds his own task from the day he was asked, and the one after the holder from his decision") {
    Record record;
    record.tasks = {task_of("a", at_hour("2026-11-23", 10)),
                    task_of("b", at_hour("2026-11-24", 10), at_hour("2026-11-24", 11)),
                    task_of("c", at_hour("2026-11-24", 10), at_hour("2026-11-26", 10))};
    record.tasks[1].assignee_id = record.tasks[1].assignee_name = "zhao";
    record.tasks[2].assignee_id = record.tasks[2].assignee_name = "qian";
    record.signers.resize(2);
    record.signers[0].task_id = "b";
    record.signers[0].relation = "before";
    record.signers[1].task_id = "c";
    record.signers[1].relation = "after";
    record.signers[1].parent_task_id = "a";
    record.acts = {act_of("a", "claim", at_hour("2026-11-23", 10), nullptr, "wang"),
                   act_of("a", "complete", at_hour("2026-11-25", 10), nullptr, "wang")};
    CHECK(Record::said(held_in_all(record.holds())) == "wang 38.5, qian 8, zhao 1");
}

TEST_CASE("what was done without being claimed lay with the group, and what was taken back is his from its beginning") {
    Record record;
    record.tasks = {task_of("a", at_hour("2026-11-23", 10), at_hour("2026-11-23", 12)),
                    task_of("b", at_hour("2026-11-24", 10))};
    for (auto& task : record.tasks) task.assignee_id = task.assignee_name = "wang";
    CHECK(Record::said(record.holds()) == "group 2, group 30.5");
    record.acts = {act_of("a", "take_back", at_hour("2026-11-24", 10), "wang", nullptr)};
    CHECK(Record::said(record.holds()) == "group 2, wang 30.5");
}

TEST_CASE("the record of a case that went through real commands charges each who held it") {
    testing::on_each_pair(
        [](testing::Office& left, testing::Office& right) {
            testing::Case one({&left, &right}, testing::kKinds[1]);
            const auto task = one.the("work");
            one.act(operations::transfer_task, task, one.holder(), operations::Handover{one.colleague(12), "出差"});
            std::vector<std::string> names;
            const auto tasks = one.tasks();
            const auto acts = one.acts();
            const clock::OfficeHours hours;
            const std::vector<store::ClockRow> ledger{{1, "start", "receipt", testing::Office::kMorningMs}};
            const auto calendar = left.catalog->calendar();
            for (const auto& hold :
                 holds_of({tasks, acts, {}}, {ledger, hours, calendar->days, left.clock.now_ms() + kHourMs})) {
                if (hold.task_id == task.task_id) names.push_back(hold.holder_name.value_or("group"));
            }
            CHECK(names == std::vector<std::string>{"group", one.holder().name, one.colleague(12).name});
        },
        testing::places(testing::kKinds[1]).front().files);
}

}  // namespace kaigong::approval
