// `kill -9` at any moment loses no acknowledged write and leaves nothing half done.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "db/migrations.hpp"
#include "db/testing/test_databases.hpp"

namespace kaigong::db {
namespace {

constexpr Migration kTables[] = {
    {"kill_test", 1, "saved_rows", std::nullopt,
     "CREATE TABLE saved_rows (client {{integer}} NOT NULL, number {{integer}} NOT NULL, half {{integer}} NOT NULL, "
     "PRIMARY KEY (client, number, half)) {{table}};"}};

constexpr int kClients = 6;

struct Acknowledged {
    std::int32_t client = 0;
    std::int32_t number = 0;
};

/// In the child: saves rows, two halves in each transaction, and tells the parent of each one that was acknowledged.
[[noreturn]] void write_until_killed(const Settings& settings, int report, int first_number) {
    const auto database = testing::open_or_throw(settings);
    std::vector<std::thread> clients;
    clients.reserve(kClients);
    for (int client = 0; client < kClients; ++client) {
        clients.emplace_back([&, client] {
            for (int number = first_number;; ++number) {
                const auto done = database->transact([&](Session& session) -> Result<void> {
                    for (int half = 0; half < 2; ++half) {
                        session.execute("INSERT INTO saved_rows (client, number, half) VALUES (?, ?, ?)", client,
                                        number, half);
                    }
                    return {};
                });
                const Acknowledged row{client, number};
                if (!done || ::write(report, &row, sizeof(row)) != sizeof(row)) ::_exit(1);
            }
        });
    }
    for (auto& client : clients) client.join();
    ::_exit(0);
}

std::vector<Acknowledged> kill_after(const Settings& settings, int first_number, std::size_t rows_before_kill) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        write_until_killed(settings, ends[1], first_number);
    }
    ::close(ends[1]);
    std::vector<Acknowledged> acknowledged;
    Acknowledged row;
    bool killed = false;
    while (::read(ends[0], &row, sizeof(row)) == sizeof(row)) {
        acknowledged.push_back(row);
        if (!killed && acknowledged.size() >= rows_before_kill) {
            ::kill(child, SIGKILL);
            killed = true;
        }
    }
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    return acknowledged;
}

}  // namespace

TEST_CASE("kill -9 of the writer loses no acknowledged row and saves no half transaction") {
    const testing::TemporaryFolder folder;
    Settings settings;
    settings.url = "sqlite:" + folder.file("test.db");
    REQUIRE(migrate(*testing::open_or_throw(settings), kTables, 1));
    const auto* wanted = std::getenv("KAIGONG_KILL_ROUNDS");
    const int rounds = wanted == nullptr ? 20 : std::atoi(wanted);
    std::minstd_rand random(20261123);
    int first_number = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto rows = std::uniform_int_distribution<std::size_t>(1, 300)(random);
        const auto acknowledged = kill_after(settings, first_number, rows);
        REQUIRE(acknowledged.size() >= rows);
        const auto database = testing::open_or_throw(settings);
        const auto checked = database->read([&](Session& session) {
            for (const auto& row : acknowledged) {
                CHECK(session.row<int>("SELECT count(*) FROM saved_rows WHERE client = ? AND number = ?", row.client,
                                       row.number) == 2);
            }
            CHECK(session.rows<int>("SELECT number FROM saved_rows GROUP BY client, number HAVING count(*) <> 2")
                      .empty());
        });
        CHECK(checked);
        first_number += 100'000;
    }
}

}  // namespace kaigong::db
