#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "authz/bound_scope.hpp"
#include "db/testing/test_databases.hpp"

using namespace kaigong;
using namespace kaigong::authz;

namespace {

constexpr std::array kGrants{
    Grant{Role::owner_agent, "cases.read", Scope::company}, Grant{Role::individual_owner, "cases.read", Scope::own},
    Grant{Role::reviewer, "cases.read", Scope::department}, Grant{Role::section_head, "cases.read", Scope::region},
    Grant{Role::audit_admin, "cases.read", Scope::any},
};

constexpr ScopeColumns kColumns{.account_id = "account_id",
                                .credit_code = "credit_code",
                                .department =
                                    "EXISTS (SELECT 1 FROM case_items i WHERE i.case_id = cases.case_id AND "
                                    "i.department = {})",
                                .region_code = "region_code",
                                .matter_code = "matter_code",
                                .confidentiality = "confidentiality"};

constexpr std::array kTables{db::Migration{
    "test", 1, "cases", std::nullopt,
    "CREATE TABLE IF NOT EXISTS cases (case_id {{code}} NOT NULL PRIMARY KEY, account_id {{code}} NOT NULL, "
    "credit_code {{code}} NOT NULL, region_code {{code}} NOT NULL, matter_code {{code}} NOT NULL, "
    "confidentiality {{code}} NOT NULL) {{table}}; CREATE TABLE IF NOT EXISTS case_items (case_id {{code}} "
    "NOT NULL, department {{code}} NOT NULL, PRIMARY KEY (case_id, department)) {{table}};"}};

/// One case of each combination; those without a company are somebody's own.
std::vector<std::pair<std::string, Resource>> all_cases() {
    std::vector<std::pair<std::string, Resource>> cases;
    for (const char* account : {"a", "b"}) {
        for (const char* company : {"C1", "C2", "C3", ""}) {
            for (const char* region : {"330106", "330105", "331000"}) {
                for (const char* department : {"fire", "housing"}) {
                    for (const char* matter : {"construction-permit", "night-construction"}) {
                        for (const auto known : {Confidentiality::normal, Confidentiality::restricted}) {
                            cases.emplace_back(
                                fmt::format("{:04}", cases.size()),
                                Resource{AccountId{account}, company, {department}, region, matter, known});
                        }
                    }
                }
            }
        }
    }
    return cases;
}

void fill(db::Session& session) {
    for (const auto& [id, one] : all_cases()) {
        session.execute("INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?)", id, one.account_id, one.credit_code,
                        one.region_code, one.matter_code, to_string(one.confidentiality));
        session.execute("INSERT INTO case_items VALUES (?, ?)", id, one.departments.front());
    }
}

/// Everybody that a table of accounts can hold: roles by ones and twos, regions of each level, bounds, predecessors.
std::vector<Actor> everybody() {
    std::vector<Actor> actors;
    const std::vector<std::vector<Role>> roles{{Role::owner_agent},
                                               {Role::individual_owner},
                                               {Role::reviewer},
                                               {Role::section_head},
                                               {Role::audit_admin},
                                               {Role::public_user},
                                               {Role::reviewer, Role::section_head},
                                               {Role::owner_agent, Role::audit_admin},
                                               {Role::owner_agent, Role::individual_owner}};
    for (const auto& mine : roles) {
        for (const char* region : {"330106", "330100", "330000", ""}) {
            for (const auto& matters : {std::vector<std::string>{}, {"night-construction"}, {"x", "y", "z"}}) {
                for (const auto clearance : {Confidentiality::normal, Confidentiality::restricted}) {
                    Actor actor{AccountId{"a"}, AccountKind::officer, "C1", "fire", region, mine, {}, matters,
                                clearance};
                    actors.push_back(actor);
                    actor.predecessor_codes = {"C2", "C9", "C8"};
                    actors.push_back(actor);
                }
            }
        }
    }
    return actors;
}

std::set<std::string> listed(db::Session& session, const BoundScope& scope) {
    const auto ids = scoped_rows<std::string>(
        session, fmt::format("SELECT case_id FROM cases WHERE {} LIMIT ?", scope.sql()), scope, 1'000);
    return {ids.begin(), ids.end()};
}

}  // namespace

TEST_CASE("a list shows exactly the rows that the same actor may open one by one") {
    Permissions permissions;
    permissions.add(kGrants);
    db::testing::on_each_database(kTables, [&](db::Database& database) {
        REQUIRE(database.transact(fill));
        const auto cases = all_cases();
        for (const auto& actor : everybody()) {
            std::set<std::string> allowed;
            for (const auto& [id, one] : cases) {
                if (permissions.authorise(actor, "cases.read", one)) allowed.insert(id);
            }
            const BoundScope scope(permissions.scope_condition(actor, "cases.read", kColumns));
            const auto rows = database.read([&](db::Session& session) { return listed(session, scope); });
            REQUIRE(rows);
            CAPTURE(scope.sql());
            CHECK(*rows == allowed);
        }
    });
}

TEST_CASE("no row that an actor may reach lies beyond the bound of his region") {
    Permissions permissions;
    permissions.add(kGrants);
    const auto cases = all_cases();
    std::size_t bounded = 0;
    for (const auto& actor : everybody()) {
        const auto bound = region_bound(permissions, actor, "cases.read");
        bounded += bound.empty() ? 0 : 1;
        for (const auto& [id, one] : cases) {
            if (permissions.authorise(actor, "cases.read", one)) CHECK(one.region_code.starts_with(bound));
        }
    }
    CHECK(bounded > 5);
    const Actor head{AccountId{"a"}, AccountKind::officer, "", "fire", "330100", {Role::section_head}};
    CHECK(region_bound(permissions, head, "cases.read") == "3301");
    Actor auditor_too = head;
    auditor_too.roles.push_back(Role::audit_admin);
    CHECK(region_bound(permissions, auditor_too, "cases.read").empty());
}

TEST_CASE("a list without a scope is empty, and one of everything is whole") {
    db::testing::on_each_database(kTables, [&](db::Database& database) {
        REQUIRE(database.transact(fill));
        const auto count = [&](const BoundScope& scope) {
            return database.read([&](db::Session& session) { return listed(session, scope).size(); }).value();
        };
        CHECK(count(BoundScope()) == 0);
        CHECK(count(BoundScope::everything()) == all_cases().size());
    });
}

TEST_CASE("a colon in a column's expression is no parameter") {
    Permissions permissions;
    permissions.add(kGrants);
    const Actor fire{AccountId{"a"}, AccountKind::officer, "", "fire", "330106", {Role::reviewer}};
    const ScopeColumns columns{.department = "substr(candidate_group, 1, instr(candidate_group, ':') - 1)",
                               .region_code = "region_code"};
    const BoundScope scope(permissions.scope_condition(fire, "cases.read", columns));
    CHECK(scope.sql().find("instr(candidate_group, ':') - 1) = ?") != std::string::npos);
    CHECK(scope.values().front() == "fire");
}

TEST_CASE("many actors share few texts, so that their statements stay prepared") {
    Permissions permissions;
    permissions.add(kGrants);
    std::set<std::string> texts;
    for (const auto& actor : everybody()) {
        texts.insert(BoundScope(permissions.scope_condition(actor, "cases.read", kColumns)).sql());
    }
    CHECK(texts.size() < 40);
    Actor expert{AccountId{"a"}, AccountKind::officer, "", "fire", "330106", {Role::section_head}};
    for (int i = 0; i < 50; ++i) expert.matters.push_back(fmt::format("matter-{}", i));
    CHECK_NOTHROW(BoundScope(permissions.scope_condition(expert, "cases.read", kColumns)));
    Actor busy{AccountId{"a"}, AccountKind::owner_agent, "C1", "", "", {Role::owner_agent}};
    for (int i = 0; i < 70; ++i) busy.predecessor_codes.push_back(fmt::format("C{}", i));
    CHECK_THROWS_AS(BoundScope(permissions.scope_condition(busy, "cases.read", kColumns)), std::logic_error);
}
