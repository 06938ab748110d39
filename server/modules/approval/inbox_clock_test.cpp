// One clock everywhere: a list, the case's page, the step's page and what letters are told say the same of a case, at
// any instant, over any history.
#include <random>

#include "modules/approval/inbox_view.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::Office;

std::int64_t at(const char* day, int hour = 0) {
    return office_midnight_ms(parse_date(day).value()) + hour * 3'600'000LL;
}

authz::Actor head() {
    return Office::officer(Role::section_head, 6).actor;
}

operations::Officer as_head(const store::TaskRow&) {
    return {head(), ""};
}

/// The row of that case in a list of all open tasks.
boost::json::object row_of(Office& office, const std::string& id) {
    InboxQuery query;
    query.view = InboxView::all;
    query.limit = 100;
    const auto inbox = Office::must(office.approval->inbox(head(), query));
    for (const auto& row : inbox.at("rows").as_array()) {
        if (row.at("application_id").as_string() == id) return row.as_object();
    }
    return {};
}

boost::json::object page_of(Office& office, const std::string& id) {
    return Office::must(office.approval->progress(head(), id)).at("clock").as_object();
}

void check_same(Office& office, const std::string& id) {
    const auto page = page_of(office, id);
    const auto row = row_of(office, id);
    REQUIRE_FALSE(row.empty());
    for (const char* member : {"due_on", "light", "remaining_working_days", "provisional", "paused"}) {
        CAPTURE(member);
        CHECK(row.at(member) == page.at(member));
    }
    const auto facts = Office::must(office.approval->facts_of(id, office.clock.now_ms()));
    const auto day = [&](const char* member) {
        return page.at(member).is_null() ? std::string() : std::string(page.at(member).as_string());
    };
    CHECK(facts.due_on == day("due_on"));
    CHECK(facts.promised_due_on == day("promised_due_on"));
    CHECK(facts.provisional == page.at("provisional").as_bool());
}

}  // namespace

TEST_CASE("at 23:59:59 of the due day the light is yellow everywhere, a second later red everywhere") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        for (const auto& [now_ms, light] :
             {std::pair(at("2026-11-30", 23), "green"), std::pair(at("2026-12-01"), "yellow"),
              std::pair(at("2026-12-03") - 1'000, "yellow"), std::pair(at("2026-12-03"), "red")}) {
            CAPTURE(now_ms);
            office.clock.set(now_ms);
            check_same(office, id);
            CHECK(page_of(office, id).at("light") == light);
        }
    });
}

TEST_CASE("across a holiday and a make-up Saturday the light follows the working days") {
    testing::on_sqlite([](Office& office) {
        office.clock.set(at("2026-09-28", 9));
        const auto id = office.open_case();
        // 29, 30 September, then 8, 9, 10 (make-up Saturday), 12 and 13 October.
        CHECK(page_of(office, id).at("due_on") == "2026-10-13");
        for (const auto& [day, left] :
             {std::pair("2026-09-30", 5), std::pair("2026-10-03", 5), std::pair("2026-10-07", 5),
              std::pair("2026-10-10", 2), std::pair("2026-10-11", 2), std::pair("2026-10-12", 1)}) {
            CAPTURE(day);
            office.clock.set(at(day, 12));
            check_same(office, id);
            CHECK(page_of(office, id).at("remaining_working_days") == left);
        }
    });
}

TEST_CASE("a case in correction stands still in the list as on its page") {
    testing::on_each([](Office& office) {
        const auto id = office.case_after("request_correction");
        office.clock.set(at("2026-12-30", 12));
        const auto rows = Office::must(
            inbox_rows_json(*office.around, office.read(&store::tasks_of, id), as_head, office.clock.now_ms()));
        const auto page = page_of(office, id);
        CHECK(page.at("paused") == true);
        REQUIRE_FALSE(rows.empty());
        for (const auto& one : rows) {
            CHECK(one.at("due_on").is_null());
            CHECK(one.at("paused") == true);
            CHECK(one.at("remaining_working_days") == page.at("remaining_working_days"));
        }
    });
}

TEST_CASE("a case that hangs on an unpublished year is yellow in the list as on its page, never red") {
    testing::on_sqlite([](Office& office) {
        office.clock.set(at("2026-12-28", 9));
        const auto id = office.open_case();
        for (const char* day : {"2026-12-29", "2027-01-07", "2027-02-20"}) {
            CAPTURE(day);
            office.clock.set(at(day, 9));
            check_same(office, id);
            CHECK(page_of(office, id).at("provisional") == true);
            CHECK(page_of(office, id).at("light") != "red");
        }
    });
}

TEST_CASE("over many histories and instants list, page and letters agree") {
    testing::on_sqlite([](Office& office) {
        std::mt19937 random(2'026);
        const auto within = [&](std::int64_t days) {
            return static_cast<std::int64_t>(random()) % (days * 24 * 60) * 60'000;
        };
        for (int round = 0; round < 25; ++round) {
            CAPTURE(round);
            auto now_ms = at("2026-01-05", 9) + within(350);
            office.clock.set(now_ms);
            const auto id = office.open_case();
            if (random() % 2 == 0) {
                office.clock.set(now_ms += within(5));
                const auto task = office.open_task(id);
                office.act([&](db::Session& session) {
                    return office.complete(session, id, task, Office::officer(Role::acceptance_officer, 7),
                                           "request_correction");
                });
                office.clock.set(now_ms += within(20));
                office.act([&](db::Session& session) { return office.resubmit(session, id); });
                Office::must(office.approval->complete_job(id, office.open_job(id)));
            }
            for (int look = 0; look < 8; ++look) {
                office.clock.set(now_ms += within(6));
                check_same(office, id);
            }
            office.act([&](db::Session& session) { return office.withdraw(session, id); });
        }
    });
}

}  // namespace kaigong::approval
