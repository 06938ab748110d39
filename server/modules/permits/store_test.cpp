#include "modules/permits/store.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "db/testing/test_databases.hpp"

using namespace kaigong;

TEST_CASE("serials of one region, day and category come each once, from many threads at once") {
    db::testing::on_each_database({"permits"}, [](db::Database& database) {
        constexpr std::size_t kThreads = 8;
        constexpr std::size_t kEach = 12;
        std::vector<std::int64_t> taken(kThreads * kEach, 0);
        std::vector<std::thread> threads;
        threads.reserve(kThreads);
        for (std::size_t t = 0; t < kThreads; ++t) {
            threads.emplace_back([&, t] {
                for (std::size_t i = 0; i < kEach; ++i) {
                    const auto serial = database.transact([](db::Session& session) {
                        return permits::store::take_serial(session, "330106", "2026-11-23", "01");
                    });
                    taken[t * kEach + i] = serial ? *serial : -1;
                }
            });
        }
        for (auto& thread : threads) thread.join();
        const std::set<std::int64_t> distinct(taken.begin(), taken.end());
        CHECK(distinct.size() == taken.size());
        CHECK(*distinct.begin() == 1);
        CHECK(*distinct.rbegin() == kThreads * kEach);
    });
}

TEST_CASE("a serial that was rolled back is given again: no gaps") {
    db::testing::on_each_database({"permits"}, [](db::Database& database) {
        const auto refused = database.transact([](db::Session& session) -> Result<void> {
            CHECK(permits::store::take_serial(session, "330106", "2026-11-23", "01") == 1);
            return error(Errc::conflict, "test.refused", "不行");
        });
        CHECK_FALSE(refused);
        const auto serial = database.transact(
            [](db::Session& session) { return permits::store::take_serial(session, "330106", "2026-11-23", "01"); });
        REQUIRE(serial);
        CHECK(*serial == 1);
    });
}

TEST_CASE("the list of a region begins with its first permit and ends with its last, whatever the cursor says") {
    db::testing::on_each_database({"permits"}, [](db::Database& database) {
        const std::vector<std::string> numbers{"330105202611230101", "330106202611230101", "330106202611240101",
                                               "330108202611230101", "340106202611230101"};
        REQUIRE(database.transact([&](db::Session& session) {
            for (const auto& number : numbers) {
                permits::store::PermitRow row;
                row.permit_number = number;
                row.application_id = "of " + number;
                row.region_code = number.substr(0, 6);
                row.published_at_ms = 1;
                permits::store::insert(session, row);
            }
        }));
        const auto listed = [&](const std::string& digits, const std::string& cursor) {
            const auto rows = database.read([&](db::Session& session) {
                return permits::store::listed(session, authz::BoundScope::everything(),
                                              permits::store::span_of(digits, cursor), 10);
            });
            std::vector<std::string> found;
            for (const auto& row : rows.value()) found.push_back(row.permit_number);
            return found;
        };
        CHECK(listed("", "") == numbers);
        CHECK(listed("", numbers[2]) == std::vector<std::string>(numbers.begin() + 3, numbers.end()));
        CHECK(listed("330106", "") == std::vector<std::string>{numbers[1], numbers[2]});
        CHECK(listed("330106", numbers[1]) == std::vector<std::string>{numbers[2]});
        CHECK(listed("330106", "1") == std::vector<std::string>{numbers[1], numbers[2]});
        CHECK(listed("330106", numbers[3]).empty());
        CHECK(listed("33", numbers[2]) == std::vector<std::string>{numbers[3]});
    });
}
