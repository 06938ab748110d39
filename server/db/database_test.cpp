#include "db/database.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "db/activity_metrics.hpp"
#include "db/database_mark.hpp"
#include "db/idempotency.hpp"
#include "db/mariadb_url.hpp"
#include "db/migrations.hpp"
#include "db/testing/interleaving.hpp"
#include "db/testing/test_databases.hpp"
#include "db/versions.hpp"

namespace kaigong::db {
namespace {

std::span<const Migration> counters() {
    static const std::vector<Migration> kMigrations = [] {
        constexpr std::string_view kOwn[] = {"db"};
        auto migrations = migrations_of(embedded_migrations(), kOwn);
        migrations.push_back({"database_test", 1, "counters", std::nullopt,
                              "CREATE TABLE counters (counter {{code}} NOT NULL PRIMARY KEY, version {{integer}} NOT "
                              "NULL, total {{integer}} NOT NULL) {{table}};"});
        return migrations;
    }();
    return kMigrations;
}

Settings settings_of(const std::string& url) {
    Settings settings;
    settings.url = url;
    return settings;
}

void insert_counter(Database& database) {
    REQUIRE(database.transact([](Session& session) -> Result<void> {
        session.execute("INSERT INTO counters (counter, version, total) VALUES ('serial', 1, 0)");
        return {};
    }));
}

struct Counter {
    std::int64_t version = 0;
    std::int64_t total = 0;
};

Counter load(Session& session) {
    return session.row<Counter>("SELECT version, total FROM counters WHERE counter = 'serial'");
}

/// A command as every module writes it: read the root row, decide, bump, write.
Result<void> add_one(Session& session, const std::function<void()>& after_reading = {}) {
    const auto counter = load(session);
    if (after_reading) after_reading();
    KAIGONG_CHECK(bump_version(session, "counters", "counter", "serial", counter.version));
    session.execute("UPDATE counters SET total = ? WHERE counter = 'serial'", counter.total + 1);
    return {};
}

}  // namespace

TEST_CASE("an error result rolls the body back and comes out as it was") {
    testing::on_each_database(counters(), [](Database& database) {
        const auto done = database.transact([](Session& session) -> Result<int> {
            session.execute("INSERT INTO counters (counter, version, total) VALUES ('x', 1, 0)");
            return error(Errc::forbidden, "test.not_yours", "不是您的");
        });
        REQUIRE_FALSE(done);
        CHECK(done.error().reason == "test.not_yours");
        CHECK(database.read([](Session& session) { return session.row<int>("SELECT count(*) FROM counters"); })
                  .value_or(-1) == 0);
    });
}

TEST_CASE("an exception of a body rolls it back and comes out at the caller") {
    testing::on_each_database(counters(), [](Database& database) {
        CHECK_THROWS_AS(static_cast<void>(database.transact([](Session& session) -> Result<void> {
                            session.execute("INSERT INTO counters (counter, version, total) VALUES ('x', 1, 0)");
                            throw std::runtime_error("bug");
                        })),
                        std::runtime_error);
        CHECK(database.read([](Session& session) { return session.row<int>("SELECT count(*) FROM counters"); })
                  .value_or(-1) == 0);
    });
}

TEST_CASE("a second process on the same SQLite file is refused and told why") {
    const testing::TemporaryFolder folder;
    const auto settings = settings_of("sqlite:" + folder.file("kaigong.db"));
    auto first = testing::open_or_throw(settings);
    const auto second = Database::open(settings);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::conflict);
    CHECK(second.error().reason == "db.already_open");
    first.reset();
    CHECK(Database::open(settings));
}

TEST_CASE("the file of a database is for its owner only") {
    const testing::TemporaryFolder folder;
    const auto database = testing::open_or_throw(settings_of("sqlite:" + folder.file("sub/kaigong.db")));
    const auto permissions = std::filesystem::status(folder.file("sub/kaigong.db")).permissions();
    CHECK((permissions & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
}

TEST_CASE("settings that name no database are refused by reason") {
    for (const auto* url : {"", "postgres://x", "mariadb://", "mariadb://user@/schema", "mariadb://u:p@host"}) {
        const auto opened = Database::open(settings_of(url));
        REQUIRE_FALSE(opened);
        CHECK(opened.error().reason == "db.url_malformed");
    }
    const auto no_server = Database::open(settings_of("mariadb://u:p@localhost/x?socket=/nonexistent"));
    REQUIRE_FALSE(no_server);
    CHECK(no_server.error().reason == "db.cannot_open");
    const auto folder_as_file = Database::open(settings_of("sqlite:/"));
    REQUIRE_FALSE(folder_as_file);
    CHECK(folder_as_file.error().reason == "db.cannot_open");
}

TEST_CASE("a MariaDB url is read with its percent encoding") {
    const auto url = parse_mariadb_url("mariadb://kai:p%40ss%27w@db.example:3307/permits?socket=/run/a%20b.sock");
    REQUIRE(url);
    CHECK(url->user == "kai");
    CHECK(url->password == "p@ss'w");
    CHECK(url->host == "db.example");
    CHECK(url->port == 3307);
    CHECK(url->schema == "permits");
    CHECK(url->socket == "/run/a b.sock");
    CHECK(soci_connection_text(*url).find("password='p@ss\\'w'") != std::string::npos);
    CHECK_FALSE(parse_mariadb_url("mariadb://u:p@h:99999/x"));
    CHECK_FALSE(parse_mariadb_url("mariadb://u:%zz@h/x"));
    CHECK_FALSE(parse_mariadb_url("mariadb://u:p@h/x?ssl=1"));
}

TEST_CASE("of two commands that read the same version one is refused and no update is lost") {
    testing::on_each_database(counters(), [](Database& database) {
        insert_counter(database);
        testing::Interleaving steps(database, {"a read", "b read", "b done", "a goes on"});
        Result<void> outcomes[2];
        auto first = [&](Session& session) {
            return add_one(session, [&] {
                steps.reach("a read");
                steps.reach("a goes on");
            });
        };
        auto second = [&](Session& session) { return add_one(session, [&] { steps.reach("b read"); }); };
        steps.run([&] { outcomes[0] = database.transact(first); },
                  [&] {
                      outcomes[1] = database.transact(second);
                      steps.reach("b done");
                  });
        int saved = 0;
        for (const auto& outcome : outcomes) {
            saved += outcome ? 1 : 0;
            if (!outcome) CHECK(outcome.error().reason == "db.version_is_stale");
        }
        const auto counter = database.read(load);
        REQUIRE(counter);
        CHECK(saved >= 1);
        CHECK(counter->total == saved);
        CHECK(counter->version == 1 + saved);
        if (database.kind() == DatabaseKind::mariadb) CHECK(saved == 1);
    });
}

TEST_CASE("without the version rule MariaDB does lose an update: the kit can see it") {
    testing::on_each_database(counters(), [](Database& database) {
        insert_counter(database);
        testing::Interleaving steps(database, {"a read", "b read", "b wrote", "b done", "a wrote"});
        auto careless = [&](Session& session, const std::string& who) -> Result<void> {
            const auto counter = load(session);
            steps.reach(who + " read");
            if (who == "a") steps.reach("a wrote");
            session.execute("UPDATE counters SET total = ? WHERE counter = 'serial'", counter.total + 1);
            if (who == "b") steps.reach("b wrote");
            return {};
        };
        steps.run([&] { CHECK(database.transact([&](Session& s) { return careless(s, "a"); })); },
                  [&] {
                      CHECK(database.transact([&](Session& s) { return careless(s, "b"); }));
                      steps.reach("b done");
                  });
        const auto counter = database.read(load);
        REQUIRE(counter);
        CHECK(counter->total == (database.kind() == DatabaseKind::sqlite ? 2 : 1));
    });
}

TEST_CASE("many writers of one row that try again all get through") {
    testing::on_each_database(counters(), [](Database& database) {
        insert_counter(database);
        std::atomic<int> saved{0};
        std::vector<std::thread> workers;
        workers.reserve(8);
        for (int worker = 0; worker < 8; ++worker) {
            workers.emplace_back([&] {
                for (int done = 0; done < 10;) {
                    const auto outcome = database.transact([](Session& s) { return add_one(s); });
                    if (!outcome) continue;
                    ++done;
                    ++saved;
                }
            });
        }
        for (auto& worker : workers) worker.join();
        const auto counter = database.read(load);
        REQUIRE(counter);
        CHECK(saved == 80);
        CHECK(counter->total == 80);
    });
}

TEST_CASE("two transactions that lock each other out both end well") {
    testing::on_each_database(counters(), [](Database& database) {
        REQUIRE(database.transact([](Session& session) -> Result<void> {
            session.execute("INSERT INTO counters (counter, version, total) VALUES ('a', 1, 0)");
            session.execute("INSERT INTO counters (counter, version, total) VALUES ('b', 1, 0)");
            return {};
        }));
        testing::Interleaving steps(database, {"x first", "y first", "x second", "y second"});
        auto both = [&](Session& session, const std::string& who, const char* one, const char* other) -> Result<void> {
            constexpr std::string_view kAdd = "UPDATE counters SET total = total + 1 WHERE counter = ?";
            session.execute(kAdd, one);
            steps.reach(who + " first");
            steps.reach(who + " second");
            session.execute(kAdd, other);
            return {};
        };
        steps.run([&] { CHECK(database.transact([&](Session& s) { return both(s, "x", "a", "b"); })); },
                  [&] { CHECK(database.transact([&](Session& s) { return both(s, "y", "b", "a"); })); });
        CHECK(database.read([](Session& s) { return s.row<int>("SELECT sum(total) FROM counters"); }).value_or(-1) ==
              4);
        if (database.kind() == DatabaseKind::mariadb) CHECK(database.activity().reruns > 0);
    });
}

TEST_CASE("an equal request is answered as before, another body under its key is refused") {
    testing::on_each_database(counters(), [](Database& database) {
        insert_counter(database);
        const IdempotentRequest request{"account-1", "POST /applications", "018f0000-0000-7000-8000-000000000001", "aa",
                                        5};
        auto send = [&](const IdempotentRequest& sent, bool fail) {
            return database.transact([&](Session& session) -> Result<std::string> {
                return once(session, sent, [&]() -> Result<std::string> {
                    KAIGONG_CHECK(add_one(session));
                    if (fail) return error(Errc::conflict, "test.refused", "拒绝");
                    return "{\"n\":" + std::to_string(load(session).total) + "}";
                });
            });
        };
        CHECK_FALSE(send(request, true));
        CHECK(send(request, false).value_or("") == "{\"n\":1}");
        CHECK(send(request, false).value_or("") == "{\"n\":1}");
        auto other_body = request;
        other_body.body_hash = "bb";
        const auto refused = send(other_body, false);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::conflict);
        CHECK(refused.error().reason == "db.idempotency_key_reused");
        auto other_actor = request;
        other_actor.actor = "account-2";
        CHECK(send(other_actor, false).value_or("") == "{\"n\":2}");
        const auto forgotten = database.transact(
            [](Session& session) -> Result<std::int64_t> { return forget_requests_before(session, 6, 1); });
        CHECK(forgotten.value_or(-1) == 1);
    });
}

TEST_CASE("equal requests at the same moment take effect once") {
    testing::on_each_database(counters(), [](Database& database) {
        insert_counter(database);
        const IdempotentRequest request{"account-1", "POST /applications", "018f0000-0000-7000-8000-000000000002", "aa",
                                        5};
        std::mutex mutex;
        std::set<std::string> replies;
        std::vector<std::thread> clients;
        clients.reserve(8);
        for (int client = 0; client < 8; ++client) {
            clients.emplace_back([&] {
                const auto reply = database.transact([&](Session& session) -> Result<std::string> {
                    return once(session, request, [&]() -> Result<std::string> {
                        KAIGONG_CHECK(add_one(session));
                        return std::to_string(load(session).total);
                    });
                });
                const std::lock_guard lock(mutex);
                replies.insert(reply ? *reply : reply.error().reason);
            });
        }
        for (auto& client : clients) client.join();
        CHECK(replies == std::set<std::string>{"1"});
        const auto counter = database.read(load);
        REQUIRE(counter);
        CHECK(counter->total == 1);
    });
}

TEST_CASE("the numbers of the database stand in the metrics") {
    testing::on_each_database(counters(), [](Database& database) {
        insert_counter(database);
        Metrics metrics;
        publish_activity(metrics, database);
        CHECK(metrics.render().find("kaigong_db_commits") != std::string::npos);
        CHECK(database.activity().commits > 0);
        CHECK(database.activity().requests >= database.activity().commits);
    });
}

TEST_CASE("production refuses a demo database, and demo a production one") {
    testing::on_each_database({}, [](Database& database) {
        REQUIRE(claim_for(database, Purpose::demo));
        CHECK(claim_for(database, Purpose::demo));
        const auto refused = claim_for(database, Purpose::production);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "db.is_a_demo_database");
    });
    testing::on_each_database({}, [](Database& database) {
        REQUIRE(claim_for(database, Purpose::production));
        const auto refused = claim_for(database, Purpose::demo);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "db.is_a_production_database");
    });
}

}  // namespace kaigong::db
