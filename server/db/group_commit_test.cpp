// Nobody is told "saved" wrongly, and who shared a batch with a failure is saved.
#include "db/group_commit.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <latch>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "db/migrations.hpp"
#include "db/testing/fault_vfs.hpp"
#include "db/testing/test_databases.hpp"

namespace kaigong::db {
namespace {

using testing::DiskFault;
using testing::FaultVfs;
using testing::FileOperation;

constexpr Migration kRows[] = {{"group_commit_test", 1, "saved_rows", std::nullopt,
                                "CREATE TABLE saved_rows (name {{code}} NOT NULL PRIMARY KEY, filling {{text}} NOT "
                                "NULL) {{table}};"}};

/// A database on the faulty disk; always healed at the end.
struct FaultyDatabase {
    FaultyDatabase() {
        settings.url = "sqlite:" + folder.file("test.db");
        settings.sqlite_vfs = FaultVfs::install();
        reopen();
        REQUIRE(migrate(*database, kRows, 1));
    }
    FaultyDatabase(const FaultyDatabase&) = delete;
    FaultyDatabase& operator=(const FaultyDatabase&) = delete;
    ~FaultyDatabase() { FaultVfs::heal(); }

    void reopen() {
        database.reset();
        database = testing::open_or_throw(settings);
    }
    Result<void> save(const std::string& name) {
        return database->transact([&](Session& session) -> Result<void> {
            session.execute("INSERT INTO saved_rows (name, filling) VALUES (?, 'x')", name);
            return {};
        });
    }
    std::set<std::string> saved() {
        const auto names = database->read(
            [](Session& session) { return session.rows<std::string>("SELECT name FROM saved_rows ORDER BY name"); });
        REQUIRE(names);
        return {names->begin(), names->end()};
    }

    const testing::TemporaryFolder folder;
    Settings settings;
    std::unique_ptr<Database> database;
};

/// Holds the writer so that everything submitted meanwhile shares one batch with what `run` submits.
class HeldWriter {
  public:
    explicit HeldWriter(Database& database) : database_(database) {
        thread_ = std::thread([this] {
            const auto held = database_.transact([this](Session&) -> Result<void> {
                holding_.count_down();
                go_.wait();
                return {};
            });
            CHECK(held);
        });
        holding_.wait();
    }
    HeldWriter(const HeldWriter&) = delete;
    HeldWriter& operator=(const HeldWriter&) = delete;
    ~HeldWriter() { thread_.join(); }
    void wait_for_queue(std::uint64_t length) {
        while (database_.activity().queue_length < length) std::this_thread::yield();
    }
    void let_go() { go_.count_down(); }

  private:
    Database& database_;
    std::latch holding_{1};
    std::latch go_{1};
    std::thread thread_;
};

/// Fills memory until SQLite must write inside the body: pages of a small cache spill into the log.
void write_much(Session& session, const std::string& name) {
    session.execute_once("PRAGMA cache_size = 10");
    const std::string filling(200'000, 'f');
    for (int i = 0; i < 10; ++i) {
        session.execute("INSERT INTO saved_rows (name, filling) VALUES (?, ?)", fmt::format("{} {}", name, i), filling);
    }
}

}  // namespace

TEST_CASE("requests that arrive together share one COMMIT") {
    FaultyDatabase test;
    const auto before = test.database->activity();
    {
        HeldWriter held(*test.database);
        std::vector<std::thread> clients;
        clients.reserve(20);
        for (int i = 0; i < 20; ++i) clients.emplace_back([&, i] { CHECK(test.save(std::to_string(i))); });
        held.wait_for_queue(20);
        const auto syncs = FaultVfs::syncs();
        held.let_go();
        for (auto& client : clients) client.join();
        CHECK(FaultVfs::syncs() - syncs <= 2);
    }
    CHECK(test.saved().size() == 20);
    CHECK(test.database->activity().commits - before.commits <= 2);
}

TEST_CASE("nobody is answered before the log was synced") {
    FaultyDatabase test;
    for (int i = 0; i < 10; ++i) {
        const auto syncs = FaultVfs::syncs();
        REQUIRE(test.save(std::to_string(i)));
        CHECK(FaultVfs::syncs() > syncs);
    }
}

TEST_CASE("a refused request in a batch leaves its neighbours saved") {
    FaultyDatabase test;
    std::vector<std::thread> clients;
    {
        HeldWriter held(*test.database);
        for (int i = 0; i < 9; ++i) {
            clients.emplace_back([&, i] {
                auto body = [&](Session& session) -> Result<void> {
                    session.execute("INSERT INTO saved_rows (name, filling) VALUES (?, 'x')", std::to_string(i));
                    if (i % 3 == 0) return error(Errc::conflict, "test.refused", "拒绝");
                    if (i % 3 == 1) throw std::runtime_error("bug");
                    return {};
                };
                if (i % 3 == 0) CHECK(test.database->transact(body).error().reason == "test.refused");
                if (i % 3 == 1) CHECK_THROWS_AS(static_cast<void>(test.database->transact(body)), std::runtime_error);
                if (i % 3 == 2) CHECK(test.database->transact(body));
            });
        }
        held.wait_for_queue(9);
        held.let_go();
    }
    for (auto& client : clients) client.join();
    CHECK(test.saved() == std::set<std::string>{"2", "5", "8"});
}

TEST_CASE("a COMMIT that fails once is made up for by running each request alone") {
    for (const auto fault : {DiskFault::full, DiskFault::io_error}) {
        for (const auto operation : {FileOperation::write, FileOperation::sync}) {
            FaultyDatabase test;
            HeldWriter held(*test.database);
            std::vector<std::thread> clients;
            clients.reserve(8);
            for (int i = 0; i < 8; ++i) clients.emplace_back([&, i] { CHECK(test.save(std::to_string(i))); });
            held.wait_for_queue(8);
            const auto failures = FaultVfs::failures();
            FaultVfs::fail(operation, 1, 1, fault, "-wal");
            held.let_go();
            for (auto& client : clients) client.join();
            CHECK(FaultVfs::failures() == failures + 1);
            CHECK(test.saved().size() == 8);
            test.reopen();
            CHECK(test.saved().size() == 8);
        }
    }
}

TEST_CASE("while the disk stays broken everybody is told unavailable, and afterwards saving works without help") {
    for (const auto fault : {DiskFault::full, DiskFault::io_error}) {
        FaultyDatabase test;
        REQUIRE(test.save("before"));
        FaultVfs::fail(FileOperation::write, 1, -1, fault);
        std::atomic<int> unavailable{0};
        std::vector<std::thread> clients;
        clients.reserve(8);
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back([&, i] {
                const auto done = test.save(std::to_string(i));
                if (!done && done.error().code == Errc::unavailable && done.error().reason == "db.not_saved")
                    ++unavailable;
            });
        }
        for (auto& client : clients) client.join();
        CHECK(unavailable == 8);
        CHECK(test.saved() == std::set<std::string>{"before"});
        FaultVfs::heal();
        CHECK(test.save("after"));
        test.reopen();
        CHECK(test.saved() == std::set<std::string>{"before", "after"});
    }
}

TEST_CASE("a disk that fills up inside one body takes the batch along, and the neighbours are saved all the same") {
    FaultyDatabase test;
    {
        HeldWriter held(*test.database);
        std::vector<std::thread> clients;
        clients.reserve(3);
        for (int i = 0; i < 3; ++i) clients.emplace_back([&, i] { CHECK(test.save("before " + std::to_string(i))); });
        held.wait_for_queue(3);
        std::atomic<int> runs{0};
        clients.emplace_back([&] {
            const auto done = test.database->transact([&](Session& session) -> Result<void> {
                ++runs;
                // The next write fails, which is the spill of this very body; heal when it is over.
                FaultVfs::fail(FileOperation::write, 1, -1, DiskFault::full);
                try {
                    write_much(session, "big");
                } catch (const DatabaseFault&) {
                    FaultVfs::heal();
                    throw;
                }
                FaultVfs::heal();
                return {};
            });
            REQUIRE_FALSE(done);
            CHECK(done.error().reason == "db.not_saved");
        });
        held.wait_for_queue(4);
        for (int i = 0; i < 3; ++i) clients.emplace_back([&, i] { CHECK(test.save("behind " + std::to_string(i))); });
        held.wait_for_queue(7);
        held.let_go();
        for (auto& client : clients) client.join();
        CHECK(runs == 2);
        CHECK(FaultVfs::failures() > 0);
    }
    CHECK(test.saved() ==
          std::set<std::string>{"before 0", "before 1", "before 2", "behind 0", "behind 1", "behind 2"});
}

TEST_CASE("a body that swallows a full disk does not write outside of its transaction") {
    FaultyDatabase test;
    const auto done = test.database->transact([&](Session& session) -> Result<void> {
        FaultVfs::fail(FileOperation::write, 1, -1, DiskFault::full);
        try {
            write_much(session, "big");
        } catch (const DatabaseFault&) {
            FaultVfs::heal();
        }
        CHECK_THROWS_AS(session.execute("INSERT INTO saved_rows (name, filling) VALUES ('stray', 'x')"), DatabaseFault);
        return {};
    });
    REQUIRE_FALSE(done);
    CHECK(done.error().code == Errc::unavailable);
    CHECK(test.saved().empty());
}

TEST_CASE("a fault at any single write or sync under load loses no acknowledged row and invents none") {
    for (const auto operation : {FileOperation::write, FileOperation::sync}) {
        for (int nth = 1; nth <= 24; ++nth) {
            FaultyDatabase test;
            FaultVfs::fail(operation, nth, 1 + nth % 3, nth % 2 == 0 ? DiskFault::full : DiskFault::io_error);
            std::mutex mutex;
            std::set<std::string> acknowledged;
            std::set<std::string> refused;
            std::vector<std::thread> clients;
            clients.reserve(4);
            for (int client = 0; client < 4; ++client) {
                clients.emplace_back([&, client] {
                    for (int i = 0; i < 10; ++i) {
                        const auto name = fmt::format("{}-{}", client, i);
                        const auto done = test.save(name);
                        const std::lock_guard lock(mutex);
                        (done ? acknowledged : refused).insert(name);
                    }
                });
            }
            for (auto& client : clients) client.join();
            FaultVfs::heal();
            CHECK(test.saved() == acknowledged);
            test.reopen();
            CHECK(test.saved() == acknowledged);
        }
    }
}

TEST_CASE("past the queue's limit a request is refused at once and nothing is lost") {
    const testing::TemporaryFolder folder;
    Settings settings;
    settings.url = "sqlite:" + folder.file("test.db");
    settings.writer_queue_max = 3;
    const auto database = testing::open_or_throw(settings);
    HeldWriter held(*database);
    const auto nothing = [](Session&) -> Result<void> { return {}; };
    std::vector<std::thread> clients;
    clients.reserve(3);
    for (int i = 0; i < 3; ++i) clients.emplace_back([&] { CHECK(database->transact(nothing)); });
    held.wait_for_queue(3);
    const auto refused = database->transact(nothing);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::unavailable);
    CHECK(refused.error().reason == "db.writer_busy");
    CHECK(database->activity().refused == 1);
    held.let_go();
    for (auto& client : clients) client.join();
}

TEST_CASE("closing the database finishes what it accepted") {
    FaultyDatabase test;
    std::vector<std::thread> clients;
    {
        HeldWriter held(*test.database);
        for (int i = 0; i < 10; ++i) clients.emplace_back([&, i] { CHECK(test.save(std::to_string(i))); });
        held.wait_for_queue(10);
        held.let_go();
    }
    for (auto& client : clients) client.join();
    test.reopen();
    CHECK(test.saved().size() == 10);
}

TEST_CASE("a slow body is counted") {
    const testing::TemporaryFolder folder;
    Settings settings;
    settings.url = "sqlite:" + folder.file("test.db");
    settings.body_budget_us = 0;
    const auto database = testing::open_or_throw(settings);
    REQUIRE(database->transact([](Session& session) -> Result<void> {
        session.execute_once("SELECT 1");
        std::this_thread::sleep_for(std::chrono::microseconds(50));
        return {};
    }));
    CHECK(database->activity().over_budget == 1);
}

}  // namespace kaigong::db
