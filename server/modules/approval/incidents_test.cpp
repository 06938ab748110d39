// What stopped with an incident can be repaired by a person, and only repaired.
#include "events/dispatcher.hpp"
#include "modules/approval/events.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::Office;
using testing::reason_of;

Result<void> resolve(Office& office, const std::string& id, const boost::json::object& variables,
                     Role role = Role::section_head) {
    const auto incident = office.open_incident(id);
    return office.database.transact(
        [&](db::Session& session) { return office.resolve(session, id, incident, variables, role); });
}

}  // namespace

TEST_CASE("a job that failed is tried again as a job of its own, and the case goes on when it is done") {
    testing::on_each([](Office& office) {
        const auto id = office.case_with_failed_job();
        const auto failed = office.open_job(id);
        const auto incident = office.open_incident(id);
        const auto unexplained = office.database.transact(
            [&](db::Session& session) { return office.resolve(session, id, incident, {}, Role::section_head, ""); });
        CHECK(reason_of(unexplained) == "approval.reason_missing");
        CHECK(reason_of(resolve(office, id, {})) == "");
        const auto again = office.open_job(id);
        CHECK(again != failed);
        CHECK(office.open_incident(id) == "");
        CHECK(office.count(id, "approval.resolve_incident") == 1);
        Office::must(office.approval->complete_job(id, failed));
        CHECK(office.open_job(id) == again);
        Office::must(office.approval->complete_job(id, again));
        CHECK(office.open_task(id).element_id == "decide");
    });
}

TEST_CASE("a process without a way on goes on when the missing variable is set") {
    testing::on_each([](Office& office) {
        const auto id = office.case_without_way();
        CHECK(reason_of(resolve(office, id, {})) == "");
        CHECK(office.open_incident(id) != "");
        CHECK(reason_of(resolve(office, id, {{"district", "closed"}})) == "");
        CHECK(office.procedure(id).state == "refused");
    });
}

TEST_CASE("nobody decides in another's place by a repair") {
    testing::on_each([](Office& office) {
        const auto id = office.case_without_way();
        for (const char* name : {"decide_outcome", "decide_by", "accept_outcome", "state", "required_items",
                                 "findings_block", "application_id", "region_code", "intake_due_at", "round"}) {
            CAPTURE(name);
            CHECK(reason_of(resolve(office, id, {{name, "refuse"}})) == "approval.variable_protected");
        }
        CHECK(office.procedure(id).state == "awaiting_decision");
    });
}

TEST_CASE("only who may repair does, and a repaired incident can't be repaired again") {
    testing::on_each([](Office& office) {
        const auto id = office.case_with_failed_job();
        const auto incident = office.open_incident(id);
        CHECK(reason_of(resolve(office, id, {}, Role::deciding_leader)) == "authz.not_permitted");
        CHECK(reason_of(resolve(office, id, {})) == "");
        const auto again =
            office.database.transact([&](db::Session& session) { return office.resolve(session, id, incident, {}); });
        CHECK(reason_of(again) == "bpmn.incident_not_open");
        CHECK(office.count(id, "approval.resolve_incident") == 1);
    });
}

TEST_CASE("news of a case that was given up is taken again when somebody repairs it, and no other case's is") {
    testing::on_each([](Office& office) {
        bool mended = false;
        office.outbox.subscribe({"test.breaks", {kJobCreated}, [&](const events::Event&) -> Result<events::Effect> {
                                     if (!mended) return error(Errc::conflict, "test.broken", "坏了");
                                     return events::Effect([](db::Session&) -> Result<void> { return {}; });
                                 }});
        const SystemClock machine;
        events::Dispatcher dispatcher(office.database, office.outbox, machine, {.backoff_ms = 0, .failures_max = 1});
        const auto id = office.case_after("accept");
        const auto other = office.open_case();
        dispatcher.deliver_due();
        const auto parked =
            office.database.read([](db::Session& session) { return events::parked_deliveries(session, 10); }).value();
        REQUIRE(parked.size() == 1);
        const auto incident = parked[0].subscriber + ":" + parked[0].event_id;
        const auto repair = [&](const std::string& of) {
            return reason_of(office.database.transact(
                [&](db::Session& session) { return office.resolve(session, of, incident, {}); }));
        };
        mended = true;
        CHECK(repair(other) == "approval.incident_gone");
        CHECK(repair(id) == "");
        CHECK(repair(id) == "approval.incident_gone");
        dispatcher.deliver_due();
        CHECK(office.database.read([](db::Session& session) { return events::backlog(session).pending; }).value() == 0);
    });
}

}  // namespace kaigong::approval
