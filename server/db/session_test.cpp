#include "db/session.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "db/connection.hpp"
#include "db/testing/test_databases.hpp"

namespace kaigong::db {
namespace {

struct PermitTag;
using PermitId = Id<PermitTag>;

struct PermitRow {
    PermitId permit_id;
    std::string works_name;
    std::optional<std::int64_t> contract_price_fen;
    bool provisional = false;
};

constexpr Migration kPermits[] = {
    {"session_test", 1, "permits", std::nullopt,
     "CREATE TABLE permits (permit_id {{id}} NOT NULL PRIMARY KEY, works_name {{text:80}} "
     "NOT NULL, permit_number {{code}}, contract_price_fen {{integer}}, provisional {{integer}} NOT NULL, "
     "note {{text}}) {{table}};"}};
constexpr std::string_view kInsert =
    "INSERT INTO permits (permit_id, works_name, contract_price_fen, provisional, note) VALUES (?, ?, ?, ?, ?)";

PermitId id_of(int number) {
    return PermitId{fmt::format("00000000-0000-7000-8000-{:012}", number)};
}

void insert(Session& session, int number, const std::string& name, std::optional<std::int64_t> price) {
    session.execute(kInsert, id_of(number), name, price, true, std::optional<std::string>());
}

}  // namespace

TEST_CASE("a row comes back as it was written, with big numbers, Chinese text and NULL") {
    testing::on_each_database(kPermits, [](Database& database) {
        const std::string name = "示例中学教学楼 'O:Brien' ? :p1 \\ 𠮷";
        const std::int64_t price = 9'007'199'254'740'993;
        REQUIRE(database.transact([&](Session& session) -> Result<void> {
            insert(session, 1, name, price);
            insert(session, 2, "", std::nullopt);
            return {};
        }));
        const auto rows = database.read([](Session& session) {
            return session.rows<PermitRow>(
                "SELECT permit_id, works_name, contract_price_fen, provisional FROM permits ORDER BY permit_id");
        });
        REQUIRE(rows);
        REQUIRE(rows->size() == 2);
        CHECK(rows->front().permit_id == id_of(1));
        CHECK(rows->front().works_name == name);
        CHECK(rows->front().contract_price_fen == price);
        CHECK(rows->front().provisional);
        CHECK(rows->back().works_name.empty());
        CHECK_FALSE(rows->back().contract_price_fen.has_value());
    });
}

TEST_CASE("a prepared statement used again takes the new values, also NULL after a value") {
    testing::on_each_database(kPermits, [](Database& database) {
        REQUIRE(database.transact([](Session& session) -> Result<void> {
            for (int i = 0; i < 20; ++i) {
                insert(session, i, "works", i % 2 == 0 ? std::optional<std::int64_t>(i) : std::nullopt);
            }
            return {};
        }));
        const auto counts = database.read([](Session& session) {
            return std::pair(session.row<int>("SELECT count(*) FROM permits WHERE contract_price_fen IS NULL"),
                             session.row<std::int64_t>("SELECT sum(contract_price_fen) FROM permits"));
        });
        REQUIRE(counts);
        CHECK(counts->first == 10);
        CHECK(counts->second == 90);
    });
}

TEST_CASE("an optional row is there or not, and two rows are a bug") {
    testing::on_each_database(kPermits, [](Database& database) {
        REQUIRE(database.transact([](Session& session) -> Result<void> {
            insert(session, 1, "same", 1);
            insert(session, 2, "same", 2);
            return {};
        }));
        constexpr std::string_view kByName = "SELECT contract_price_fen FROM permits WHERE works_name = ?";
        const auto none = database.read(
            [&](Session& session) { return session.optional_row<std::int64_t>(kByName, "other").has_value(); });
        REQUIRE(none);
        CHECK_FALSE(*none);
        CHECK_THROWS_AS(static_cast<void>(database.read(
                            [&](Session& session) { return session.optional_row<std::int64_t>(kByName, "same"); })),
                        DatabaseFault);
    });
}

TEST_CASE("texts that differ only in case or in trailing blanks are different texts") {
    testing::on_each_database(kPermits, [](Database& database) {
        REQUIRE(database.transact([](Session& session) -> Result<void> {
            insert(session, 1, "Works", 1);
            return {};
        }));
        for (const auto* other : {"works", "Works ", "Wörks"}) {
            const auto found = database.read([&](Session& session) {
                return session.row<int>("SELECT count(*) FROM permits WHERE works_name = ?", other);
            });
            REQUIRE(found);
            CHECK(*found == 0);
        }
    });
}

TEST_CASE("asking for a number that holds Chinese text finds nothing and is no fault") {
    testing::on_each_database(kPermits, [](Database& database) {
        const auto found = database.read([](Session& session) {
            return session.row<int>("SELECT count(*) FROM permits WHERE permit_number = ?", "许可证");
        });
        REQUIRE(found);
        CHECK(*found == 0);
    });
}

TEST_CASE("insert_new says whether the key was there, and the transaction goes on") {
    testing::on_each_database(kPermits, [](Database& database) {
        const auto inserted = database.transact([](Session& session) -> Result<std::pair<bool, bool>> {
            const std::optional<std::string> note;
            const bool first = session.insert_new(kInsert, id_of(1), "first", 1, false, note);
            const bool second = session.insert_new(kInsert, id_of(1), "second", 2, false, note);
            session.execute("UPDATE permits SET contract_price_fen = 3 WHERE permit_id = ?", id_of(1));
            return std::pair(first, second);
        });
        REQUIRE(inserted);
        CHECK(inserted->first);
        CHECK_FALSE(inserted->second);
        CHECK(database
                  .read([](Session& session) {
                      return session.row<int>("SELECT contract_price_fen FROM permits WHERE works_name = 'first'");
                  })
                  .value_or(-1) == 3);
    });
}

TEST_CASE("a duplicate key that leaves the body is a conflict, and nothing of the body stays") {
    testing::on_each_database(kPermits, [](Database& database) {
        const auto done = database.transact([](Session& session) -> Result<void> {
            insert(session, 1, "one", 1);
            insert(session, 1, "two", 2);
            return {};
        });
        REQUIRE_FALSE(done);
        CHECK(done.error().code == Errc::conflict);
        CHECK(done.error().reason == "db.duplicate_key");
        CHECK(database.read([](Session& session) { return session.row<int>("SELECT count(*) FROM permits"); })
                  .value_or(-1) == 0);
    });
}

TEST_CASE("affected rows count what was matched, also when the value stays the same") {
    testing::on_each_database(kPermits, [](Database& database) {
        const auto matched = database.transact([](Session& session) -> Result<std::int64_t> {
            insert(session, 1, "works", 7);
            return session.execute("UPDATE permits SET contract_price_fen = 7 WHERE works_name = ?", "works");
        });
        REQUIRE(matched);
        CHECK(*matched == 1);
    });
}

TEST_CASE("a text too wrong for its column is a bug that comes out as an exception without the value") {
    testing::on_each_database(kPermits, [](Database& database) {
        try {
            static_cast<void>(database.transact([](Session& session) -> Result<void> {
                session.execute("INSERT INTO permits (permit_id, works_name, provisional) VALUES (?, ?, ?)", id_of(1),
                                "works", "33010619900101123X");
                return {};
            }));
            FAIL("the text was taken for a number");
        } catch (const DatabaseFault& fault) {
            CHECK(fault.kind() == FaultKind::misuse);
            CHECK(std::string_view(fault.what()).find("33010619900101123X") == std::string_view::npos);
        }
    });
}

TEST_CASE("a swallowed fault does not let the rest of the body through") {
    testing::on_each_database(kPermits, [](Database& database) {
        CHECK_THROWS_AS(static_cast<void>(database.transact([](Session& session) -> Result<void> {
                            insert(session, 1, "before", 1);
                            try {
                                session.execute("INSERT INTO permits (permit_id) VALUES (?)", id_of(2));
                            } catch (const DatabaseFault&) {
                                CHECK_THROWS_AS(insert(session, 3, "after", 3), DatabaseFault);
                            }
                            return {};
                        })),
                        DatabaseFault);
        CHECK(database.read([](Session& session) { return session.row<int>("SELECT count(*) FROM permits"); })
                  .value_or(-1) == 0);
    });
}

TEST_CASE("a row that must be there and is not is a bug, and nothing of the body stays") {
    testing::on_each_database(kPermits, [](Database& database) {
        CHECK_THROWS_AS(static_cast<void>(database.transact([](Session& session) -> Result<std::string> {
                            insert(session, 1, "works", 1);
                            return session.row<std::string>("SELECT works_name FROM permits WHERE permit_id = ?",
                                                            id_of(2));
                        })),
                        DatabaseFault);
        CHECK(database.read([](Session& session) { return session.row<int>("SELECT count(*) FROM permits"); })
                  .value_or(-1) == 0);
    });
}

TEST_CASE("NULL or a number too big for its C++ type is a bug that comes out, and the connection goes on") {
    testing::on_each_database(kPermits, [](Database& database) {
        REQUIRE(database.transact([](Session& session) -> Result<void> {
            insert(session, 1, "null", std::nullopt);
            insert(session, 2, "big", std::int64_t{1} << 40);
            return {};
        }));
        constexpr std::string_view kPrice = "SELECT contract_price_fen FROM permits WHERE works_name = ?";
        for (const auto* name : {"null", "big"}) {
            CHECK_THROWS_AS(static_cast<void>(database.read([&](Session& s) { return s.row<int>(kPrice, name); })),
                            std::range_error);
        }
        CHECK(database.read([&](Session& s) { return s.row<std::int64_t>(kPrice, "big"); }).value_or(0) ==
              std::int64_t{1} << 40);
    });
}

TEST_CASE("a read can't write") {
    testing::on_each_database(kPermits, [](Database& database) {
        CHECK_THROWS_AS(static_cast<void>(database.read([](Session& session) { insert(session, 1, "works", 1); })),
                        DatabaseFault);
    });
}

TEST_CASE("a read sees one snapshot from beginning to end") {
    testing::on_each_database(kPermits, [](Database& database) {
        constexpr std::string_view kCount = "SELECT count(*) FROM permits";
        const auto counts = database.read([&](Session& session) {
            const int before = session.row<int>(kCount);
            std::thread([&] {
                REQUIRE(database.transact([](Session& writing) -> Result<void> {
                    insert(writing, 1, "works", 1);
                    return {};
                }));
            }).join();
            return std::pair(before, session.row<int>(kCount));
        });
        REQUIRE(counts);
        CHECK(counts->first == 0);
        CHECK(counts->second == 0);
        CHECK(database.read([&](Session& session) { return session.row<int>(kCount); }).value_or(-1) == 1);
    });
}

TEST_CASE("a transaction inside a body is refused instead of waiting for itself") {
    testing::on_each_database(kPermits, [](Database& database) {
        const auto nested = [&](Session&) -> Result<void> {
            return database.transact([](Session&) -> Result<void> { return {}; });
        };
        CHECK_THROWS_AS(static_cast<void>(database.transact(nested)), std::logic_error);
        CHECK_THROWS_AS(static_cast<void>(database.read(nested)), std::logic_error);
    });
}

TEST_CASE("what is to happen after COMMIT happens then, and only then") {
    testing::on_each_database(kPermits, [](Database& database) {
        int calls = 0;
        REQUIRE(database.transact([&](Session& session) -> Result<void> {
            session.after_commit([&] { ++calls; });
            CHECK(calls == 0);
            return {};
        }));
        CHECK(calls == 1);
        CHECK_FALSE(database.transact([&](Session& session) -> Result<void> {
            session.after_commit([&] { ++calls; });
            return error(Errc::conflict, "test.refused", "拒绝");
        }));
        CHECK(calls == 1);
    });
}

TEST_CASE("a question mark inside quoted text is no parameter") {
    CHECK(with_named_placeholders("SELECT '?', a FROM t WHERE b = ? AND c = '''?' AND d = ?") ==
          "SELECT '?', a FROM t WHERE b = :p1 AND c = '''?' AND d = :p2");
}

}  // namespace kaigong::db
