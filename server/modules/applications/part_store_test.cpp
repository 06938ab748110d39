#include "modules/applications/part_store.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "db/testing/test_databases.hpp"
#include "modules/applications/store.hpp"

using namespace kaigong;
using namespace kaigong::applications;

namespace {

constexpr const char* kFirm = "91330105MA0DEM021F";
constexpr const char* kOther = "91330108MA0DEM03XJ";

std::string id_of(int number) {
    return fmt::format("01900000-0000-7000-8000-{:012}", number);
}

store::PartRow part(int number, const std::string& credit_code, std::int64_t expires_at_ms) {
    store::PartRow row;
    row.part_id = id_of(number);
    row.application_id = id_of(0);
    row.part = "own_row";
    row.credit_code = credit_code;
    row.role = "designer";
    row.kind = "fill";
    row.state = "open";
    row.invited_by = id_of(9);
    row.expires_at_ms = expires_at_ms;
    return row;
}

authz::BoundScope scope_of(const char* credit_code) {
    authz::Permissions permissions;
    constexpr std::array kGrants{authz::Grant{authz::Role::owner_agent, "invited_parts.read", authz::Scope::company}};
    permissions.add(kGrants);
    authz::Actor actor;
    actor.credit_code = credit_code;
    actor.roles = {authz::Role::owner_agent};
    return authz::BoundScope(permissions.scope_condition(actor, "invited_parts.read", store::kScopeOfParts));
}

std::vector<std::string> ids_of(db::Session& session, const char* firm, std::int64_t from_ms,
                                const std::string& after) {
    std::vector<std::string> ids;
    for (const auto& row : store::parts_of_firm(session, scope_of(firm), from_ms, after, 10)) {
        ids.push_back(row.part_id);
    }
    return ids;
}

struct PlanStep {
    std::int64_t id = 0;
    std::int64_t parent = 0;
    std::int64_t unused = 0;
    std::string detail;
};

}  // namespace

TEST_CASE("a firm's list: its open invitations that are not over, soonest due first, page by page, by an index") {
    db::testing::on_each_database({"applications"}, [](db::Database& database) {
        const auto done = database.transact([](db::Session& session) {
            store::ApplicationRow application;
            application.application_id = id_of(0);
            application.matter_code = "construction-permit";
            application.works_name = "校舍";
            application.form = "{}";
            application.committed = "[]";
            application.remarks = "[]";
            application.account_id = id_of(9);
            store::insert(session, application);
            store::insert_part(session, part(1, kFirm, 300));
            store::insert_part(session, part(2, kFirm, 200));
            store::insert_part(session, part(3, kFirm, 200));
            store::insert_part(session, part(4, kFirm, 100));
            store::insert_part(session, part(5, kOther, 300));
            auto gone = part(6, kFirm, 300);
            store::insert_part(session, gone);
            gone.state = "withdrawn";
            CHECK(store::change_part(session, gone));
            CHECK(ids_of(session, kFirm, 150, "") == std::vector{id_of(2), id_of(3), id_of(1)});
            CHECK(ids_of(session, kFirm, 200, id_of(2)) == std::vector{id_of(3), id_of(1)});
            CHECK(ids_of(session, kOther, 150, "") == std::vector{id_of(5)});
            CHECK(store::parts_of_firm(session, scope_of(kFirm), 150, "", 1).front().works_name == "校舍");
            if (session.kind() != db::DatabaseKind::sqlite) return;
            std::string plan;
            for (const auto& step : session.rows<PlanStep>(
                     "EXPLAIN QUERY PLAN SELECT p.part_id FROM application_parts p JOIN applications a ON "
                     "a.application_id = p.application_id WHERE (p.credit_code = ?) AND p.state = 'open' AND "
                     "p.expires_at_ms >= ? AND (p.expires_at_ms > ? OR p.part_id > ?) ORDER BY p.expires_at_ms, "
                     "p.part_id LIMIT ?",
                     kFirm, 150, 150, "", 10)) {
                plan += step.detail + "\n";
            }
            CHECK(plan.find("application_parts_of_firm") != std::string::npos);
            CHECK(plan.find("TEMP B-TREE") == std::string::npos);
        });
        CHECK(done);
    });
}

TEST_CASE("of two who change an invitation one is told; after the filing nobody changes it") {
    db::testing::on_each_database({"applications"}, [](db::Database& database) {
        const auto done = database.transact([](db::Session& session) {
            store::insert_part(session, part(1, kFirm, 300));
            auto first = *store::find_part(session, id_of(1));
            auto second = first;
            CHECK(store::change_part(session, first));
            CHECK(first.version == 2);
            CHECK_FALSE(store::change_part(session, second));
            store::count_part_up(session, id_of(1));
            CHECK_FALSE(store::change_part(session, first));
            store::insert_part(session, part(2, kFirm, 300));
            store::set_part_state(session, id_of(2), "unlisted");
            CHECK(store::find_part(session, id_of(2))->version == 2);
            CHECK(store::parts_of_firm(session, scope_of(kFirm), 1, "", 10).empty());
            store::end_parts(session, id_of(0));
            auto late = *store::find_part(session, id_of(1));
            CHECK(late.state == "ended");
            CHECK_FALSE(store::change_part(session, late));
            CHECK(store::find_part(session, id_of(2))->state == "ended");
            CHECK(store::parts_of(session, id_of(0), 10).size() == 2);
            store::remove_parts(session, id_of(0));
            CHECK(store::parts_of(session, id_of(0), 10).empty());
        });
        CHECK(done);
    });
}
