// Timers that are due: found, fired once by whichever worker comes first, in bounded sweeps, and never in the way of
// others.
#include <array>
#include <numeric>
#include <thread>

#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using testing::Office;

std::vector<std::string> cases_due(Office& office, int count) {
    std::vector<std::string> ids;
    ids.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) ids.push_back(office.open_case());
    office.clock.set(*office.procedure(ids.back()).timer_due_at_ms);
    return ids;
}

int sweep(Office& office) {
    return office.approval->fire_due_timers(office.clock.now_ms()).count;
}

void set_state(Office& office, const std::string& id, const char* state) {
    office.act([&](db::Session& session) -> Result<void> {
        session.execute("UPDATE procedures SET state = ? WHERE application_id = ?", state, id);
        return {};
    });
}

}  // namespace

TEST_CASE("a timer fires at its instant and not a millisecond before") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        const auto due_at_ms = office.procedure(id).timer_due_at_ms.value();
        const auto early = office.approval->fire_due_timers(due_at_ms - 1);
        CHECK(early.count == 0);
        CHECK(early.next_due_at_ms == due_at_ms);
        CHECK(office.approval->fire_due_timers(due_at_ms).count == 1);
        CHECK(office.procedure(id).state == "accepted");
        CHECK(office.count(id, "approval.fire_timers") == 1);
    });
}

TEST_CASE("of several workers exactly one fires each timer") {
    testing::on_each([](Office& office) {
        const auto ids = cases_due(office, 24);
        constexpr int kWorkers = 3;
        std::array<int, kWorkers> fired{};
        std::vector<std::thread> workers;
        workers.reserve(kWorkers);
        for (int& count : fired) {
            workers.emplace_back([&office, &count] {
                for (int round = 0; round < 3; ++round) count += sweep(office);
            });
        }
        for (auto& worker : workers) worker.join();
        CHECK(std::accumulate(fired.begin(), fired.end(), 0) == 24);
        for (const auto& id : ids) {
            CHECK(office.count(id, "approval.fire_timers") == 1);
            CHECK(office.procedure(id).state == "accepted");
        }
    });
}

TEST_CASE("a worker that dies after it took a case and before it commits loses nothing") {
    testing::on_each([](Office& office) {
        const auto id = cases_due(office, 1).front();
        struct Died {};
        CHECK_THROWS_AS(static_cast<void>(office.database.transact([&](db::Session& session) -> Result<void> {
                            KAIGONG_CHECK(operations::fire_timers(session, *office.around, id, office.clock.now_ms()));
                            throw Died();
                        })),
                        Died);
        CHECK(office.count(id, "approval.fire_timers") == 0);
        CHECK(sweep(office) == 1);
        CHECK(office.count(id, "approval.fire_timers") == 1);
    });
}

TEST_CASE("a sweep is bounded, and says at once that more is due") {
    testing::on_each([](Office& office) {
        cases_due(office, 103);
        const auto first = office.approval->fire_due_timers(office.clock.now_ms());
        CHECK(first.count <= 100);
        CHECK(first.next_due_at_ms.value() <= office.clock.now_ms());
        int fired = first.count;
        for (int rounds = 0; rounds < 1'000 && fired < 103; ++rounds) fired += sweep(office);
        CHECK(fired == 103);
    });
}

TEST_CASE("a case whose timer can't fire is put off, told to the officers once, and stands in nobody's way") {
    testing::on_each([](Office& office) {
        const auto ids = cases_due(office, 2);
        set_state(office, ids[0], "awaiting_decision");
        const auto told = [&] {
            return office.database.read([&](db::Session& session) { return store::timeline_of(session, ids[0]); })
                .value();
        };
        const auto before = told().size();
        const auto now_ms = office.clock.now_ms();
        CHECK(sweep(office) == 1);
        CHECK(office.procedure(ids[1]).state == "accepted");
        CHECK(office.approval->fire_due_timers(now_ms).next_due_at_ms.value() > now_ms);
        office.clock.set(*office.procedure(ids[0]).timer_due_at_ms);
        CHECK(sweep(office) == 0);
        CHECK(told().size() == before + 1);
        CHECK(told().front().kind == "timer_failed");
        CHECK_FALSE(told().front().for_applicant);

        set_state(office, ids[0], "submitted");
        office.clock.set(*office.procedure(ids[0]).timer_due_at_ms);
        CHECK(sweep(office) == 1);
    });
}

TEST_CASE("a timer that ends with its task does not fire any more") {
    testing::on_each([](Office& office) {
        const auto id = office.case_after("accept");
        CHECK_FALSE(office.procedure(id).timer_due_at_ms);
        office.clock.set(Office::kMorningMs + 30LL * 24 * 3'600'000);
        CHECK(sweep(office) == 0);
    });
}

TEST_CASE("while a case is suspended its timers don't fire; what fell due meanwhile fires when it goes on") {
    testing::on_each([](Office& office) {
        const auto id = cases_due(office, 1).front();
        const auto give = [&](const bpmn::Command& command) {
            office.act([&](db::Session& session) -> Result<void> {
                KAIGONG_TRY(work, open_case(session, *office.around, id, system_performer(), office.clock.now_ms()));
                KAIGONG_CHECK(work.run(command));
                return work.save();
            });
        };
        give(bpmn::Suspend{"special_procedure"});
        CHECK_FALSE(office.procedure(id).timer_due_at_ms);
        CHECK(sweep(office) == 0);
        give(bpmn::Resume{});
        CHECK(sweep(office) == 1);
        CHECK(office.procedure(id).state == "accepted");
    });
}

TEST_CASE("a timer of a process counts working days by the office's calendar") {
    testing::on_each([](Office& office) {
        // From Tuesday 1 December, over a weekend.
        CHECK(office.procedure(office.case_at_decision()).timer_due_at_ms ==
              office_midnight_ms(parse_date("2026-12-07").value()));
    });
}

}  // namespace kaigong::approval
