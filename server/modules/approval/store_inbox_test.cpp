#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "db/testing/test_databases.hpp"
#include "modules/approval/inbox.hpp"
#include "modules/approval/store_cases.hpp"
#include "modules/approval/store_consultations.hpp"

using namespace kaigong;
using approval::InboxQuery;
using approval::InboxView;

namespace {

constexpr std::int64_t kMidnightMs = 1'764'000'000'000;
constexpr int kCases = 23;
constexpr int kSameMidnight = 10;

std::string task_id(int number) {
    return fmt::format("01a0000{:01}-0000-7000-8000-{:012}", number % 7, number);
}

/// Ten due at each midnight; every fifth is somebody else's, the others are nobody's. The last three are done.
void fill(db::Session& session) {
    for (int i = 0; i < kCases; ++i) {
        approval::store::TaskRow row;
        row.task_id = task_id(i);
        row.application_id = fmt::format("01a00000-0000-7000-9000-{:012}", i);
        row.candidate_group = "housing:reviewer";
        row.region_code = i % 2 == 0 ? "330106" : "330105";
        row.state = i < kCases - 3 ? "open" : "completed";
        if (i % 5 == 0) row.assignee_id = "01a00000-0000-7000-a000-000000000009";
        if (row.state == "completed") row.actor_id = "01a00000-0000-7000-a000-000000000001";
        if (row.state == "completed") row.completed_at_ms = kMidnightMs;
        row.application_number = fmt::format("330106-2026-{:05}", i);
        row.works_name = fmt::format("{}{}", i % 3 == 0 ? "幼儿园" : "小学", i);
        row.due_at_ms = kMidnightMs + i / kSameMidnight;
        approval::store::insert_task(session, row);
    }
}

InboxQuery query_of(InboxView view) {
    InboxQuery query;
    query.view = view;
    query.account_id = "01a00000-0000-7000-a000-000000000001";
    query.groups = {"housing:reviewer"};
    query.regions = {"330105", "330106"};
    query.scope = authz::BoundScope::everything();
    query.limit = 4;
    return query;
}

/// Every row of every page, in the order in which they came.
std::vector<approval::store::TaskRow> all_pages(db::Database& database, InboxQuery query) {
    std::vector<approval::store::TaskRow> rows;
    for (int pages = 0; pages < kCases; ++pages) {
        auto page = database.read([&](db::Session& session) { return approval::inbox_page(session, query); }).value();
        CHECK(page.rows.size() <= static_cast<std::size_t>(query.limit));
        rows.insert(rows.end(), page.rows.begin(), page.rows.end());
        if (!page.next_cursor) break;
        query.cursor = *page.next_cursor;
    }
    return rows;
}

std::size_t distinct(const std::vector<approval::store::TaskRow>& rows) {
    std::set<std::string> ids;
    for (const auto& row : rows) ids.insert(row.task_id);
    return ids.size();
}

}  // namespace

TEST_CASE("pages go through tasks of one midnight without leaving out or repeating any") {
    db::testing::on_each_database({"approval"}, [](db::Database& database) {
        REQUIRE(database.transact([](db::Session& session) { fill(session); }));
        const auto all = all_pages(database, query_of(InboxView::all));
        CHECK(all.size() == 20);
        CHECK(distinct(all) == 20);
        for (std::size_t i = 1; i < all.size(); ++i) {
            CHECK(std::pair(all[i - 1].due_at_ms, all[i - 1].task_id) < std::pair(all[i].due_at_ms, all[i].task_id));
        }
        const auto todo = all_pages(database, query_of(InboxView::todo));
        CHECK(todo.size() == 16);
        CHECK(distinct(todo) == 16);
        auto done = query_of(InboxView::done);
        done.limit = 1;
        CHECK(distinct(all_pages(database, done)) == 3);
    });
}

TEST_CASE("a whole number finds the case in one's own list only, a word all that have it") {
    db::testing::on_each_database({"approval"}, [](db::Database& database) {
        REQUIRE(database.transact([](db::Session& session) { fill(session); }));
        auto query = query_of(InboxView::todo);
        const auto found = [&](const std::string& text) {
            query.text = text;
            return all_pages(database, query).size();
        };
        CHECK(found("330106-2026-00001") == 1);
        CHECK(found("330106-2026-00005") == 0);  // somebody else's
        CHECK(found("330106-2026-00022") == 0);  // done
        CHECK(found("330106-2026-0000") == 8);
        CHECK(found("幼儿园") == 5);
        query.regions = {"330106"};
        CHECK(found("330106-2026-00001") == 0);  // another region's
        query.view = InboxView::done;
        CHECK(found("330106-2026-00022") == 1);
        query.view = InboxView::mine;
        query.account_id = "01a00000-0000-7000-a000-000000000009";
        CHECK(found("330106-2026-00005") == 1);
    });
}

TEST_CASE("what waits is counted without what others have taken") {
    db::testing::on_each_database({"approval"}, [](db::Database& database) {
        REQUIRE(database.transact([](db::Session& session) { fill(session); }));
        const auto counts = database.read(
            [](db::Session& session) { return approval::inbox_counts(session, query_of(InboxView::todo)); });
        REQUIRE(counts);
        CHECK(counts->todo == 16);
        CHECK(counts->mine == 0);
    });
}

namespace {

constexpr const char* kReviewer = "01a00000-0000-7000-a000-000000000009";

/// Two reviews of one person: the first waits for two opinions of which one came, the other's time is over.
void ask_outside(db::Session& session) {
    int number = 0;
    const auto ask = [&](int number_of_case, const char* item, const char* state, std::int64_t until_ms) {
        approval::store::ConsultationRow row;
        row.consultation_id = fmt::format("01a00000-0000-7000-b000-{:012}", ++number);
        row.application_id = fmt::format("01a00000-0000-7000-9000-{:012}", number_of_case);
        row.item = item;
        row.state = state;
        row.until_at_ms = until_ms;
        approval::store::insert_consultation(session, row);
        return row;
    };
    for (int i = 100; i < 102; ++i) {
        approval::store::TaskRow task;
        task.task_id = task_id(i);
        task.application_id = fmt::format("01a00000-0000-7000-9000-{:012}", i);
        task.kind = "review";
        task.item = "fire";
        task.candidate_group = "fire:reviewer";
        task.region_code = "330106";
        task.state = "open";
        task.assignee_id = kReviewer;
        task.application_number = fmt::format("330106-2026-{:05}", i);
        task.due_at_ms = kMidnightMs;
        approval::store::insert_task(session, task);
    }
    ask(100, "fire", "answered", kMidnightMs + 1);
    ask(100, "fire", "open", kMidnightMs + 1);
    ask(101, "fire", "open", kMidnightMs);
    ask(101, "housing", "answered", kMidnightMs);
    ask(101, "fire", "taken", kMidnightMs);
    auto seen = ask(101, "fire", "answered", kMidnightMs);
    seen.closed_at_ms = kMidnightMs;
    CHECK(approval::store::save_consultation(session, seen));
}

}  // namespace

TEST_CASE("opinions from outside count once for a task: what came and was not taken, what did not come by its day") {
    db::testing::on_each_database({"approval"}, [](db::Database& database) {
        REQUIRE(database.transact([](db::Session& session) { ask_outside(session); }));
        auto query = query_of(InboxView::mine);
        query.account_id = kReviewer;
        const auto counted = [&](std::int64_t now_ms) {
            query.now_ms = now_ms;
            const auto counts =
                database.read([&](db::Session& session) { return approval::inbox_counts(session, query); }).value();
            return std::pair(counts.outside_answered, counts.outside_overdue);
        };
        CHECK(counted(kMidnightMs - 1) == std::pair<std::int64_t, std::int64_t>(1, 0));
        CHECK(counted(kMidnightMs) == std::pair<std::int64_t, std::int64_t>(1, 1));
        CHECK(counted(kMidnightMs + 1) == std::pair<std::int64_t, std::int64_t>(1, 2));
        query.account_id = "01a00000-0000-7000-a000-000000000001";
        CHECK(counted(kMidnightMs) == std::pair<std::int64_t, std::int64_t>(0, 0));
    });
}

TEST_CASE("rows of a page learn of opinions from outside in one question for twenty cases, by item") {
    db::testing::on_each_database({"approval"}, [](db::Database& database) {
        REQUIRE(database.transact([](db::Session& session) { ask_outside(session); }));
        std::vector<std::string> ids;
        for (int i = 70; i < 110; ++i) ids.push_back(fmt::format("01a00000-0000-7000-9000-{:012}", i));
        auto found = database
                         .read([&](db::Session& session) {
                             return approval::store::outside_opinions_of(session, ids, kMidnightMs + 1);
                         })
                         .value();
        std::set<std::string> said;
        for (const auto& one : found)
            said.insert(fmt::format("{} {} {} {}", one.application_id.substr(33), one.item, one.answered, one.overdue));
        CHECK(said == std::set<std::string>{"100 fire 1 1", "101 fire 0 1", "101 housing 1 0"});
    });
}
