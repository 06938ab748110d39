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

namespace {

class RememberingLog final : public audit::EntryLog {
  public:
    void entered(db::Session&, const std::string& entry_id, const std::string& commitment,
                 std::int64_t logged_at_ms) override {
        entries.push_back({entry_id, commitment});
        last_logged_at_ms = logged_at_ms;
    }
    std::int64_t last_logged_at_ms = 0;
    std::vector<audit::Commitment> entries;
};

}  // namespace

TEST_CASE("each entry is told to the log as a commitment that its row still gives, and a changed row does not") {
    db::testing::on_each_database({"audit"}, [](db::Database& database) {
        const FixedClock clock(1'796'200'000'000);
        RememberingLog log;
        const auto audit = audit::make_audit(database, clock, log);
        for (int i = 1; i <= 3; ++i) {
            REQUIRE(database.transact([&](db::Session& session) {
                audit->write(session, {"application", "a", i, "approval.complete", "x", "李窗口", "同样的话", i});
            }));
        }
        REQUIRE(log.entries.size() == 3);
        CHECK(log.entries[0].commitment != log.entries[1].commitment);
        CHECK(log.entries[0].commitment.starts_with("sha256:"));
        const auto now = audit->commitments("", 10);
        REQUIRE(now);
        REQUIRE(now->size() == 3);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK((*now)[i].entry_id == log.entries[i].entry_id);
            CHECK((*now)[i].commitment == log.entries[i].commitment);
        }
        CHECK(audit->commitments(now->back().entry_id, 10)->empty());
        REQUIRE(database.transact([&](db::Session& session) {
            session.execute("UPDATE audit_entries SET actor_name = '别人' WHERE entry_id = ?", log.entries[1].entry_id);
        }));
        CHECK(audit->commitments("", 10)->at(1).commitment != log.entries[1].commitment);
    });
}

TEST_CASE("the log has the instant of logging, also for an act that is dated back") {
    db::testing::on_each_database({"audit"}, [](db::Database& database) {
        constexpr std::int64_t kNowMs = 1'796'200'000'000;
        const FixedClock clock(kNowMs);
        RememberingLog log;
        const auto audit = audit::make_audit(database, clock, log);
        REQUIRE(database.transact([&](db::Session& session) {
            audit->write(session, {"application", "a", 1, "letters.issue", "system", "系统", "出具", kNowMs - 900'000});
        }));
        CHECK(log.last_logged_at_ms == kNowMs);
        CHECK(audit->entries_of("application", "a", std::nullopt, 1)->entries.front().at_ms == kNowMs - 900'000);
    });
}
