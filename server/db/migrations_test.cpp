#include "db/migrations.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "db/testing/test_databases.hpp"

namespace kaigong::db {
namespace {

constexpr std::string_view kRoads = "CREATE TABLE roads (road {{code}} NOT NULL PRIMARY KEY) {{table}};";
constexpr std::string_view kLength = "ALTER TABLE roads ADD COLUMN length_mm {{integer}};";

}  // namespace

TEST_CASE("migrations run once, in order, and later ones are added") {
    testing::on_each_empty_database([](const Settings& settings) {
        const auto database = testing::open_or_throw(settings);
        const std::vector<Migration> first{{"roads", 1, "roads", std::nullopt, kRoads}};
        CHECK(migrate(*database, first, 7).value_or(-1) == 1);
        CHECK(migrate(*database, first, 8).value_or(-1) == 0);
        auto second = first;
        second.push_back({"roads", 2, "length", std::nullopt, kLength});
        CHECK(migrate(*database, second, 9).value_or(-1) == 1);
        REQUIRE(database->transact([](Session& session) -> Result<void> {
            session.execute("INSERT INTO roads (road, length_mm) VALUES ('A', 5)");
            return {};
        }));
        CHECK(database
                  ->read([](Session& session) {
                      return session.row<std::int64_t>(
                          "SELECT max(applied_at_ms) FROM schema_migrations WHERE module = 'roads'");
                  })
                  .value_or(-1) == 9);
    });
}

TEST_CASE("a migration that was edited after it ran is refused") {
    testing::on_each_empty_database([](const Settings& settings) {
        const auto database = testing::open_or_throw(settings);
        const Migration before[] = {{"roads", 1, "roads", std::nullopt, kRoads}};
        REQUIRE(migrate(*database, before, 1));
        const Migration after[] = {
            {"roads", 1, "roads", std::nullopt, "CREATE TABLE roads (other {{code}}) {{table}};"}};
        const auto refused = migrate(*database, after, 2);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "db.migration_changed");
    });
}

TEST_CASE("an older program refuses a newer database") {
    testing::on_each_empty_database([](const Settings& settings) {
        const auto database = testing::open_or_throw(settings);
        const std::vector<Migration> newer{{"roads", 1, "roads", std::nullopt, kRoads},
                                           {"roads", 2, "length", std::nullopt, kLength}};
        REQUIRE(migrate(*database, newer, 1));
        const auto refused = migrate(*database, std::span(newer).first(1), 2);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "db.newer_than_program");
    });
}

TEST_CASE("several statements in one file must all bear to run again") {
    testing::on_each_empty_database([](const Settings& settings) {
        const auto database = testing::open_or_throw(settings);
        const Migration bad[] = {{"roads", 1, "roads", std::nullopt,
                                  "CREATE TABLE a (x {{code}}) {{table}}; CREATE TABLE b (x {{code}}) {{table}};"}};
        const auto refused = migrate(*database, bad, 1);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "db.migration_not_repeatable");
        const Migration good[] = {{"roads", 1, "roads", std::nullopt,
                                   "CREATE TABLE IF NOT EXISTS a (x {{code}} NOT NULL) {{table}};\n"
                                   "CREATE INDEX IF NOT EXISTS a_by_x ON a (x);\n"}};
        CHECK(migrate(*database, good, 1).value_or(-1) == 1);
    });
}

TEST_CASE("a file for one database only runs there") {
    testing::on_each_empty_database([](const Settings& settings) {
        const auto database = testing::open_or_throw(settings);
        const Migration both[] = {
            {"roads", 1, "s", DatabaseKind::sqlite, "CREATE TABLE on_sqlite (x {{code}}) {{table}};"},
            {"roads", 1, "m", DatabaseKind::mariadb, "CREATE TABLE on_mariadb (x {{code}}) {{table}};"}};
        CHECK(migrate(*database, both, 1).value_or(-1) == 1);
        CHECK(migrate(*database, both, 2).value_or(-1) == 0);
        const auto* table =
            settings.url.starts_with("sqlite") ? "SELECT count(*) FROM on_sqlite" : "SELECT count(*) FROM on_mariadb";
        CHECK(database->read([&](Session& session) { return session.row<int>(table); }).value_or(-1) == 0);
    });
}

TEST_CASE("every embedded migration runs on both databases, and again changes nothing") {
    testing::on_each_empty_database([](const Settings& settings) {
        const auto database = testing::open_or_throw(settings);
        const auto migrated = migrate(*database, embedded_migrations(), 1);
        REQUIRE_MESSAGE(migrated, (migrated ? "" : migrated.error().message));
        CHECK(*migrated > 0);
        CHECK(migrate(*database, embedded_migrations(), 2).value_or(-1) == 0);
    });
}

TEST_CASE("a death between a change of a table and its record lets the program start again") {
    testing::on_each_empty_database([](const Settings& settings) {
        const auto database = testing::open_or_throw(settings);
        // SQLite takes the change back with the transaction.
        if (database->kind() == DatabaseKind::sqlite) return;
        const auto all = embedded_migrations();
        int changes = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i].only_for && *all[i].only_for != DatabaseKind::mariadb) continue;
            REQUIRE(migrate(*database, all.first(i + 1), 1).value_or(-1) == 1);
            const auto statements = split_statements(in_dialect(all[i].sql, DatabaseKind::mariadb));
            const bool rolls_back = std::ranges::all_of(statements, [](const std::string& statement) {
                return statement.starts_with("INSERT") || statement.starts_with("UPDATE") ||
                       statement.starts_with("DELETE");
            });
            if (rolls_back) continue;
            ++changes;
            REQUIRE(database->transact([&](Session& session) {
                session.execute("DELETE FROM schema_migrations WHERE module = ? AND number = ?", all[i].module,
                                all[i].number);
            }));
            const auto again = [&]() -> std::string {
                try {
                    const auto ran = migrate(*database, all.first(i + 1), 2);
                    return ran ? "" : ran.error().message;
                } catch (const std::exception& failure) {
                    return failure.what();
                }
            }();
            CHECK_MESSAGE(again.empty(), all[i].module, "/", all[i].name, ": ", again);
        }
        CHECK(changes > 50);
    });
}

TEST_CASE("embedded migrations are numbered 1, 2, 3 in each module") {
    for (const auto kind : {DatabaseKind::sqlite, DatabaseKind::mariadb}) {
        std::map<std::string_view, int> last;
        for (const auto& migration : embedded_migrations()) {
            if (migration.only_for && *migration.only_for != kind) continue;
            CHECK_MESSAGE(migration.number == ++last[migration.module], migration.module, "/", migration.name);
        }
    }
}

TEST_CASE("a text falls into statements at semicolons outside quotes and comments") {
    const auto statements = split_statements(
        "-- first; with a semicolon\nUPDATE t SET a = 'x;y--z';\n\nDELETE FROM t -- why; so\nWHERE b = 1;\n-- end");
    REQUIRE(statements.size() == 2);
    CHECK(statements[0] == "UPDATE t SET a = 'x;y--z'");
    CHECK(statements[1].starts_with("DELETE FROM t"));
    CHECK(statements[1].ends_with("WHERE b = 1"));
}

TEST_CASE("an unknown word in braces is refused instead of reaching the database") {
    CHECK_THROWS_AS(static_cast<void>(in_dialect("x {{number}}", DatabaseKind::sqlite)), std::invalid_argument);
    CHECK_THROWS_AS(static_cast<void>(in_dialect("x {{code:8}}", DatabaseKind::sqlite)), std::invalid_argument);
    CHECK_THROWS_AS(static_cast<void>(in_dialect("x {{text:}}", DatabaseKind::mariadb)), std::invalid_argument);
    CHECK_THROWS_AS(static_cast<void>(in_dialect("x {{id", DatabaseKind::mariadb)), std::invalid_argument);
    CHECK(in_dialect("a {{text:20}} b", DatabaseKind::mariadb) == "a VARCHAR(20) b");
    CHECK(in_dialect("a {{text:20}} b", DatabaseKind::sqlite) == "a TEXT b");
}

}  // namespace kaigong::db
