// Messages and signals between cases: to whom they come, once, and what happens to one that nobody wants.
#include <array>
#include <thread>

#include "db/testing/interleaving.hpp"
#include "events/dispatcher.hpp"
#include "modules/approval/events.hpp"
#include "modules/approval/testing/office.hpp"
#include "modules/approval/waiting_events.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::Office;

const SystemClock kMachine;

void deliver(Office& office) {
    events::Dispatcher dispatcher(office.database, office.outbox, kMachine, {.backoff_ms = 0, .failures_max = 1});
    dispatcher.deliver_due();
}

void on_each_exchange(const std::function<void(Office&)>& body) {
    testing::on_each(
        [&](Office& office) {
            office.approval->subscribe();
            body(office);
        },
        {{"issue.bpmn", testing::test_file("messages.bpmn")}});
}

Result<void> complete(Office& office, const std::string& id, const std::string& outcome) {
    const auto task = office.open_task(id);
    const auto role = task.kind == "accept" ? Role::acceptance_officer : Role::deciding_leader;
    return office.database.transact(
        [&](db::Session& session) { return office.complete(session, id, task, Office::officer(role, 1), outcome); });
}

/// A case whose first task came to `outcome`, a millisecond later than the one before.
std::string case_after(Office& office, const std::string& outcome) {
    office.clock.set(office.clock.now_ms() + 1);
    const auto id = office.open_case();
    Office::must(complete(office, id, outcome));
    return id;
}

std::string step_of(const Office& office, const std::string& id) {
    return office.open_task(id).element_id;
}

std::int64_t count(const Office& office, const char* sql) {
    return office.database.read([&](db::Session& session) { return session.row<std::int64_t>(sql); }).value();
}

std::int64_t kept(const Office& office) {
    return count(office, "SELECT count(*) FROM messages");
}

std::vector<std::string> names_waited_for(const Office& office, const std::string& id) {
    return office.database
        .read([&](db::Session& session) {
            return session.rows<std::string>(
                "SELECT name FROM waiting_events WHERE application_id = ? ORDER BY name LIMIT 100", id);
        })
        .value();
}

void send_to(Office& office, const std::string& name, const std::string& key,
             const boost::json::object& variables = {}) {
    Office::must(office.approval->send_message({"register", new_uuid(office.clock.now_ms()), name, key, variables}));
}

void give(Office& office, const std::string& id, const bpmn::Command& command) {
    office.act([&](db::Session& session) -> Result<void> {
        KAIGONG_TRY(work, open_case(session, *office.around, id, system_performer(), office.clock.now_ms()));
        KAIGONG_CHECK(work.run(command));
        return work.save();
    });
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("what a case waits for is listed while it waits, and no longer") {
    on_each_exchange([](Office& office) {
        const auto id = office.open_case();
        CHECK(names_waited_for(office, id) == Names{"notice", "remark"});
        Office::must(complete(office, id, "accept"));
        CHECK(names_waited_for(office, id) == Names{"halt", "notice", "report"});
        office.act([&](db::Session& session) { return office.withdraw(session, id); });
        CHECK(names_waited_for(office, id).empty());
        CHECK(names_waited_for(office, case_after(office, "receive")) == Names{"notice", "report"});
    });
}

TEST_CASE("a message comes to the one case that has waited longest, and to nobody else") {
    on_each_exchange([](Office& office) {
        const auto first = case_after(office, "accept");
        const auto second = case_after(office, "accept");
        const auto sender = office.open_case();
        send_to(office, "report", "330106", {{"report_number", "B-7"}});
        deliver(office);
        CHECK(step_of(office, first) == "decide");
        CHECK(office.state(first).variables.at("report_number") == "B-7");
        CHECK(office.count(first, "approval.correlate_message") == 1);
        CHECK(step_of(office, second) == "");
        CHECK(step_of(office, sender) == "accept");
        CHECK(kept(office) == 0);
        send_to(office, "report", "330105");
        deliver(office);
        CHECK(step_of(office, second) == "");
        CHECK(kept(office) == 1);
    });
}

TEST_CASE("a message that a case sends moves another, after the sender's own transaction and once") {
    on_each_exchange([](Office& office) {
        const auto receiver = case_after(office, "receive");
        const auto sender = case_after(office, "tell");
        CHECK(step_of(office, receiver) == "");
        deliver(office);
        CHECK(step_of(office, receiver) == "accept");
        CHECK(step_of(office, sender) == "accept");
        CHECK(office.count(receiver, "approval.correlate_message") == 1);
        deliver(office);
        CHECK(office.count(receiver, "approval.correlate_message") == 1);
    });
}

TEST_CASE("a message that comes before anybody waits is kept for who does") {
    on_each_exchange([](Office& office) {
        send_to(office, "report", "330106", {{"report_number", "B-1"}});
        office.clock.set(office.clock.now_ms() + 1);
        send_to(office, "report", "330106", {{"report_number", "B-2"}});
        deliver(office);
        CHECK(kept(office) == 2);
        const auto id = case_after(office, "accept");
        CHECK(step_of(office, id) == "");
        deliver(office);
        CHECK(step_of(office, id) == "decide");
        CHECK(office.state(id).variables.at("report_number") == "B-1");
        CHECK(kept(office) == 1);
    });
}

TEST_CASE("one that goes on waiting takes every message that was kept for it") {
    on_each_exchange([](Office& office) {
        const auto id = office.open_case();
        for (int i = 0; i < 3; ++i) send_to(office, "remark", id);
        send_to(office, "notice", id);
        deliver(office);
        CHECK(kept(office) == 0);
        CHECK(office.count(id, "approval.correlate_message") == 4);
        CHECK(step_of(office, id) == "accept");
        CHECK(names_waited_for(office, id) == Names{"notice", "remark"});
    });
}

TEST_CASE("a message that nobody takes is given up after thirty days, and the sender's officers see it") {
    on_each_exchange([](Office& office) {
        const auto sender = case_after(office, "tell");
        send_to(office, "report", "330105");
        deliver(office);
        CHECK(kept(office) == 2);
        const auto sent_at_ms = office.clock.now_ms();
        const auto told = [&] { return office.read(&store::timeline_of, sender).front(); };
        office.clock.set(sent_at_ms + kMessageKeptMs - 1);
        office.approval->fire_due_timers(office.clock.now_ms());
        CHECK(kept(office) == 2);
        CHECK(office.approval->fire_due_timers(office.clock.now_ms()).next_due_at_ms == sent_at_ms + kMessageKeptMs);
        office.clock.set(sent_at_ms + kMessageKeptMs);
        office.approval->fire_due_timers(office.clock.now_ms());
        CHECK(kept(office) == 0);
        CHECK(told().kind == "message_given_up");
        CHECK_FALSE(told().for_applicant);
        CHECK(office.count(sender, "approval.give_up_message") == 1);
        CHECK(step_of(office, case_after(office, "accept")) == "");
    });
}

TEST_CASE("a message from outside that is sent twice comes once, and carries nothing that the office records") {
    on_each_exchange([](Office& office) {
        const auto id = office.open_case();
        const Message message{"register", new_uuid(office.clock.now_ms()), "remark", id, {{"remark_number", 1}}};
        Office::must(office.approval->send_message(message));
        deliver(office);
        Office::must(office.approval->send_message(message));
        deliver(office);
        CHECK(office.count(id, "approval.correlate_message") == 1);
        auto other = message;
        other.variables["remark_number"] = 2;
        CHECK(office.approval->send_message(other).error().reason == "db.idempotency_key_reused");
        for (const char* name : {"accept_outcome", "accept_by", "state", "region_code"}) {
            const Message forged{"register", new_uuid(office.clock.now_ms()), "remark", id, {{name, "x"}}};
            CHECK(office.approval->send_message(forged).error().reason == "approval.variable_protected");
        }
        CHECK(kept(office) == 0);
    });
}

TEST_CASE("a suspended case hears nothing; a message waits until it goes on") {
    on_each_exchange([](Office& office) {
        const auto id = case_after(office, "receive");
        give(office, id, bpmn::Suspend{"special_procedure"});
        CHECK(names_waited_for(office, id).empty());
        send_to(office, "report", "330106");
        deliver(office);
        CHECK(kept(office) == 1);
        give(office, id, bpmn::Resume{});
        deliver(office);
        CHECK(kept(office) == 0);
        CHECK(step_of(office, id) == "accept");
    });
}

TEST_CASE("a signal reaches every case that waits for it, in batches, and nobody who comes later") {
    on_each_exchange([](Office& office) {
        std::vector<std::string> waiting;
        constexpr int kWaiting = 103;
        waiting.reserve(kWaiting);
        for (int i = 0; i < kWaiting; ++i) waiting.push_back(case_after(office, "accept"));
        const auto sender = case_after(office, "tell");
        const auto late = case_after(office, "accept");
        deliver(office);
        std::int64_t heard = 0;
        for (const auto& id : waiting) heard += office.count(id, "approval.take_signal");
        // One of them had the report first.
        CHECK(heard == 102);
        CHECK(step_of(office, waiting.front()) == "decide");
        CHECK(step_of(office, waiting.back()) == "stop");
        CHECK(step_of(office, sender) == "accept");
        CHECK(step_of(office, late) == "");
        CHECK(office.count(late, "approval.take_signal") == 0);
    });
}

TEST_CASE("a case that can't take a signal is in nobody's way") {
    on_each_exchange([](Office& office) {
        const auto broken = case_after(office, "accept");
        const auto whole = case_after(office, "accept");
        send_to(office, "report", "330105");
        office.act([&](db::Session& session) -> Result<void> {
            session.execute("UPDATE procedures SET catalog_version = 'gone' WHERE application_id = ?", broken);
            session.execute("DELETE FROM waiting_events WHERE name = 'report'");
            return {};
        });
        case_after(office, "tell");
        deliver(office);
        CHECK(step_of(office, whole) == "stop");
        const auto parked =
            office.database.read([](db::Session& session) { return events::parked_deliveries(session, 10); }).value();
        REQUIRE(parked.size() == 1);
        CHECK(parked[0].subscriber == "approval.take_signal");
        CHECK(parked[0].aggregate_id == broken);
    });
}

TEST_CASE("a worker that dies while it delivers a message loses nothing and moves nobody twice") {
    on_each_exchange([](Office& office) {
        const auto id = case_after(office, "receive");
        send_to(office, "report", "330106");
        const auto message =
            office.database
                .read([](db::Session& session) { return session.row<std::string>("SELECT message_id FROM messages"); })
                .value();
        struct Died {};
        CHECK_THROWS_AS(static_cast<void>(office.database.transact([&](db::Session& session) -> Result<void> {
                            KAIGONG_CHECK(operations::correlate_message(session, *office.around, id, message,
                                                                        office.clock.now_ms()));
                            throw Died();
                        })),
                        Died);
        CHECK(kept(office) == 1);
        CHECK(step_of(office, id) == "");
        deliver(office);
        CHECK(kept(office) == 0);
        CHECK(office.count(id, "approval.correlate_message") == 1);
        const auto again = office.database.transact([&](db::Session& session) {
            return operations::correlate_message(session, *office.around, id, message, office.clock.now_ms());
        });
        CHECK_FALSE(again.value());
    });
}

TEST_CASE("of two workers with one message exactly one moves one case once, also where they chose different cases") {
    on_each_exchange([](Office& office) {
        const auto one = case_after(office, "receive");
        const auto other = case_after(office, "receive");
        for (const auto& second : {one, other}) {
            send_to(office, "report", "330106");
            const auto message = office.database
                                     .read([](db::Session& session) {
                                         return session.row<std::string>("SELECT message_id FROM messages");
                                     })
                                     .value();
            const auto before =
                office.count(one, "approval.correlate_message") + office.count(other, "approval.correlate_message");
            db::testing::Interleaving steps(office.database, {"first began", "second began"});
            const auto give_to = [&](const std::string& id, const char* step) {
                static_cast<void>(office.database.transact([&](db::Session& session) {
                    steps.reach(step);
                    return operations::correlate_message(session, *office.around, id, message, office.clock.now_ms());
                }));
            };
            steps.run([&] { give_to(one, "first began"); }, [&] { give_to(second, "second began"); });
            CHECK(kept(office) == 0);
            CHECK(office.count(one, "approval.correlate_message") + office.count(other, "approval.correlate_message") ==
                  before + 1);
            for (const auto& id : {one, other}) {
                if (step_of(office, id) == "accept") Office::must(complete(office, id, "receive"));
            }
        }
    });
}

TEST_CASE("several workers bring messages and cases together, each once") {
    on_each_exchange([](Office& office) {
        constexpr int kMessages = 12;
        constexpr int kCases = 16;
        std::vector<std::string> cases;
        cases.reserve(kCases);
        for (int i = 0; i < kCases / 2; ++i) cases.push_back(case_after(office, "accept"));
        for (int i = 0; i < kMessages; ++i) send_to(office, "report", "330106");
        for (int i = 0; i < kCases / 2; ++i) cases.push_back(case_after(office, "accept"));
        std::vector<std::thread> workers;
        constexpr int kWorkers = 3;
        workers.reserve(kWorkers);
        for (int i = 0; i < kWorkers; ++i) {
            workers.emplace_back([&office] {
                events::Dispatcher dispatcher(office.database, office.outbox, kMachine, {.claims_max = 2});
                for (int round = 0; round < 3; ++round) dispatcher.deliver_due();
            });
        }
        for (auto& worker : workers) worker.join();
        deliver(office);
        std::int64_t moved = 0;
        for (const auto& id : cases) moved += office.count(id, "approval.correlate_message");
        CHECK(moved == kMessages);
        CHECK(kept(office) == 0);
        CHECK(count(office, "SELECT count(*) FROM waiting_events WHERE name = 'report'") == kCases - kMessages);
    });
}

TEST_CASE("an address tells kind, name and key apart, wherever the border between them is") {
    CHECK(address_of(kMessage, "ab", "c") != address_of(kMessage, "a", "bc"));
    CHECK(address_of(kMessage, "a") != address_of(kSignal, "a"));
    CHECK(address_of(kMessage, "a", "") == address_of(kMessage, "a"));
}

}  // namespace kaigong::approval
