#include <doctest/doctest.h>

#include "db/testing/test_databases.hpp"
#include "modules/audit/audit.hpp"

using namespace kaigong;

TEST_CASE("entries come newest first, page by page, and only those of the aggregate") {
    db::testing::on_each_database({"audit"}, [](db::Database& database) {
        const auto audit = audit::make_audit(database);
        for (int i = 1; i <= 5; ++i) {
            const auto written = database.transact([&](db::Session& session) {
                audit->write(session, {"application", "a", i, "approval.complete", "somebody", "李窗口", "第几次", i});
                audit->write(session, {"application", "b", i, "approval.complete", "somebody", "李窗口", "别的", i});
            });
            REQUIRE(written);
        }
        const auto first = audit->entries_of("application", "a", std::nullopt, 3);
        REQUIRE(first);
        REQUIRE(first->entries.size() == 3);
        CHECK(first->entries.front().at_ms == 5);
        const auto rest = audit->entries_of("application", "a", first->next_cursor, 3);
        REQUIRE(rest);
        CHECK(rest->entries.size() == 2);
        CHECK(rest->entries.back().at_ms == 1);
        CHECK_FALSE(rest->next_cursor);
    });
}

TEST_CASE("an entry goes with its transaction") {
    db::testing::on_each_database({"audit"}, [](db::Database& database) {
        const auto audit = audit::make_audit(database);
        const auto refused = database.transact([&](db::Session& session) -> Result<void> {
            audit->write(session, {"application", "a", 1, "approval.complete", "x", "x", "x", 1});
            return error(Errc::conflict, "test.refused", "不行");
        });
        CHECK_FALSE(refused);
        CHECK(audit->entries_of("application", "a", std::nullopt, 10)->entries.empty());
    });
}
