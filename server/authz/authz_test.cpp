#include <doctest/doctest.h>

#include <array>
#include <stdexcept>

#include "authz/exclusion.hpp"
#include "authz/permissions.hpp"

using namespace kaigong;
using namespace kaigong::authz;

namespace {

constexpr std::array kGrants{
    Grant{Role::owner_agent, "cases.read", Scope::company},   Grant{Role::owner_agent, "cases.read", Scope::own},
    Grant{Role::owner_agent, "cases.delete", Scope::own},     Grant{Role::reviewer, "cases.read", Scope::region},
    Grant{Role::reviewer, "cases.review", Scope::department}, Grant{Role::audit_admin, "cases.read", Scope::any},
};

Permissions table() {
    Permissions permissions;
    permissions.add(kGrants);
    return permissions;
}

Actor agent(std::string id, std::string credit_code) {
    return {AccountId{std::move(id)}, AccountKind::owner_agent, std::move(credit_code), "", "", {Role::owner_agent}};
}

Actor reviewer(std::string department, std::string region) {
    return {AccountId{"r"}, AccountKind::officer, "", std::move(department), std::move(region), {Role::reviewer}};
}

const Resource kCase{AccountId{"a"}, "91330106MA0DEM0133", {"fire", "housing"}, "330106"};

/// Nobody has another account.
Applicant of_company(std::string credit_code) {
    return {std::move(credit_code), "", [](const AccountId&) { return false; }};
}

std::string outcome(const Result<void>& result) {
    return result ? "" : result.error().reason;
}

}  // namespace

TEST_CASE("an area holds itself and everything below it, and nothing else") {
    CHECK(region_contains("330000", "330106"));
    CHECK(region_contains("330100", "330106"));
    CHECK(region_contains("330106", "330106"));
    CHECK(region_contains("330106", "330106001"));
    CHECK(region_contains("330100", "330100"));
    CHECK_FALSE(region_contains("330106", "330100"));
    CHECK_FALSE(region_contains("330106", "330105"));
    CHECK_FALSE(region_contains("330200", "330106"));
    CHECK_FALSE(region_contains("", "330106"));
    CHECK_FALSE(region_contains("330106", ""));
    CHECK_FALSE(region_contains("33", "330106"));
    CHECK_FALSE(region_contains("33010%", "33010%"));
}

TEST_CASE("a row of somebody else and a row that is not there are the same answer") {
    const auto permissions = table();
    const auto stranger = agent("b", "91330108MA0DEM03XJ");
    const auto other = permissions.authorise(stranger, "cases.read", kCase);
    const auto missing = permissions.authorise(stranger, "cases.read", std::nullopt);
    REQUIRE_FALSE(other);
    REQUIRE_FALSE(missing);
    CHECK(other.error().code == Errc::not_found);
    CHECK(other.error().reason == "cases.not_found");
    CHECK(missing.error().reason == other.error().reason);
    CHECK(missing.error().message == other.error().message);
}

TEST_CASE("without any grant for the action it does not matter whether the row exists") {
    const auto permissions = table();
    CHECK(outcome(permissions.authorise(agent("a", "x"), "cases.review", kCase)) == "authz.not_permitted");
    CHECK(outcome(permissions.authorise(agent("a", "x"), "cases.review", std::nullopt)) == "authz.not_permitted");
    CHECK(outcome(permissions.require(agent("a", "x"), "cases.review")) == "authz.not_permitted");
    CHECK(outcome(permissions.authorise(Actor{}, "cases.read", kCase)) == "authz.not_permitted");
}

TEST_CASE("who may see a row but not act on it is told so") {
    const auto permissions = table();
    CHECK(permissions.authorise(reviewer("fire", "330106"), "cases.review", kCase));
    CHECK(outcome(permissions.authorise(reviewer("planning", "330106"), "cases.review", kCase)) ==
          "authz.outside_scope");
    CHECK(outcome(permissions.authorise(reviewer("fire", "330105"), "cases.review", kCase)) == "cases.not_found");
    CHECK(permissions.authorise(reviewer("planning", "330100"), "cases.read", kCase));
}

TEST_CASE("empty properties of actor and row never match each other") {
    const auto permissions = table();
    const Resource bare;
    CHECK(outcome(permissions.authorise(agent("", ""), "cases.read", bare)) == "cases.not_found");
    CHECK(outcome(permissions.authorise(reviewer("", ""), "cases.read", bare)) == "cases.not_found");
    CHECK(outcome(permissions.authorise(reviewer("", "330106"), "cases.review", kCase)) == "authz.outside_scope");
}

TEST_CASE("a data scope becomes a condition with parameters and never with values in it") {
    const auto permissions = table();
    const ScopeColumns columns{"created_by", "owner_credit_code", "department", "region_code"};
    const auto own = permissions.scope_condition(agent("a", "C1"), "cases.read", columns);
    CHECK(own.sql == "(owner_credit_code = :scope_1 OR (created_by = :scope_2 AND owner_credit_code = ''))");
    CHECK(own.parameters == std::vector<std::pair<std::string, std::string>>{{"scope_1", "C1"}, {"scope_2", "a"}});

    const auto department = permissions.scope_condition(reviewer("fire", "330900"), "cases.review", columns);
    CHECK(department.sql == "((department = :scope_1 AND (region_code >= :scope_2 AND region_code < :scope_3)))");
    CHECK(department.parameters[1].second == "3309");
    CHECK(department.parameters[2].second == "330:");

    const ScopeColumns exists{"", "", "EXISTS (SELECT 1 FROM items i WHERE i.department = {})", "region_code"};
    CHECK(permissions.scope_condition(reviewer("fire", "330106"), "cases.review", exists)
              .sql.starts_with("((EXISTS (SELECT 1 FROM items i WHERE i.department = :scope_1) AND"));
}

TEST_CASE("whoever has no rows gets the empty condition, whoever has all of them the full one") {
    const auto permissions = table();
    const ScopeColumns columns{"a", "b", "c", "d"};
    CHECK(permissions.scope_condition(Actor{}, "cases.read", columns).sql == "(1 = 0)");
    CHECK(permissions.scope_condition(reviewer("fire", ""), "cases.read", columns).sql == "(1 = 0)");
    const Actor auditor{
        AccountId{"x"}, AccountKind::administrator, "C", "", "", {Role::audit_admin, Role::owner_agent}};
    const auto all = permissions.scope_condition(auditor, "cases.read", columns);
    CHECK(all.sql == "(1 = 1)");
    CHECK(all.parameters.empty());
    CHECK_THROWS_AS(permissions.scope_condition(reviewer("f", "330106"), "cases.read", {"a", "b", "c", ""}),
                    std::logic_error);
}

TEST_CASE("what reaches the whole installation is nothing for who administers a part of it") {
    Permissions permissions;
    constexpr std::array kWhole{Grant{Role::rule_admin, "rules.edit", Scope::whole},
                                Grant{Role::audit_admin, "cases.read", Scope::whole},
                                Grant{Role::audit_admin, "cases.read", Scope::region}};
    permissions.add(kWhole);
    const auto in = [](std::string region, Role role) {
        return Actor{AccountId{"x"}, AccountKind::administrator, "", "", std::move(region), {role}};
    };
    CHECK(permissions.require(in("", Role::rule_admin), "rules.edit"));
    CHECK(outcome(permissions.require(in("330100", Role::rule_admin), "rules.edit")) ==
          "authz.whole_installation_only");
    CHECK(outcome(permissions.require(in("330100", Role::audit_admin), "rules.edit")) == "authz.not_permitted");
    CHECK(permissions.authorise(in("", Role::audit_admin), "cases.read", kCase));
    CHECK(permissions.authorise(in("330100", Role::audit_admin), "cases.read", kCase));
    CHECK(outcome(permissions.authorise(in("330200", Role::audit_admin), "cases.read", kCase)) == "cases.not_found");
    const ScopeColumns columns{"a", "b", "c", "d"};
    CHECK(permissions.scope_condition(in("", Role::audit_admin), "cases.read", columns).sql == "(1 = 1)");
    CHECK(permissions.scope_condition(in("330200", Role::audit_admin), "cases.read", columns).sql ==
          "((d >= :scope_1 AND d < :scope_2))");
}

TEST_CASE("a permission table with a repeated or malformed line stops the start") {
    Permissions permissions = table();
    CHECK_THROWS_AS(permissions.add(kGrants), std::logic_error);
    constexpr std::array kMalformed{Grant{Role::reviewer, "read", Scope::any}};
    CHECK_THROWS_AS(permissions.add(kMalformed), std::logic_error);
}

TEST_CASE("accepting, reviewing, rechecking and deciding need different people") {
    const auto actor = reviewer("fire", "330106");
    const auto after = [&](Duty done, Duty next) {
        const std::array past{PastDuty{actor.account_id, done}};
        return outcome(check_exclusion(actor, next, past, of_company("C")));
    };
    CHECK(after(Duty::accept, Duty::review) == "authz.excluded_by_past_duty");
    CHECK(after(Duty::review, Duty::accept) == "authz.excluded_by_past_duty");
    CHECK(after(Duty::review, Duty::decide) == "authz.excluded_by_past_duty");
    CHECK(after(Duty::recheck, Duty::decide) == "authz.excluded_by_past_duty");
    CHECK(after(Duty::check, Duty::review).empty());
    CHECK(after(Duty::review, Duty::review).empty());
    const std::array others{PastDuty{AccountId{"someone"}, Duty::accept}};
    CHECK(check_exclusion(actor, Duty::decide, others, of_company("C")));
}

TEST_CASE("nobody handles the case of his own organisation, but the applicant corrects it") {
    const Actor actor{.account_id = AccountId{"r"}, .kind = AccountKind::officer, .credit_code = "C"};
    CHECK(outcome(check_exclusion(actor, Duty::check, {}, of_company("C"))) == "authz.excluded_own_case");
    CHECK(check_exclusion(actor, Duty::check, {}, of_company("D")));
    CHECK(check_exclusion(agent("a", "C"), Duty::correct, {}, of_company("C")));
    CHECK(check_exclusion(reviewer("fire", "330106"), Duty::check, {}, of_company("")));
}

TEST_CASE("a second account makes nobody a stranger to his own case") {
    const auto officer = reviewer("fire", "330106");
    Applicant applicant{"", "private", [](const AccountId& account_id) { return account_id.text == "r"; }};
    for (const auto duty : {Duty::check, Duty::review, Duty::recheck, Duty::decide, Duty::accept, Duty::certificate}) {
        CHECK(outcome(check_exclusion(officer, duty, {}, applicant)) == "authz.excluded_own_case");
    }
    const auto told = check_exclusion(officer, Duty::decide, {}, applicant).error().message;
    CHECK(told.find("您（或您的另一个账号）是本案申请人") == 0);
    CHECK(told.find("请由同岗位的其他人员领取") != std::string::npos);
    CHECK(check_exclusion(officer, Duty::correct, {}, applicant));
    applicant.has_stake = [](const AccountId&) { return false; };
    CHECK(check_exclusion(officer, Duty::decide, {}, applicant));
}

TEST_CASE("a second account makes nobody somebody else in what he did before") {
    const auto officer = reviewer("fire", "330106");
    auto applicant = of_company("C");
    applicant.same_person = [](const AccountId& one, const AccountId& other) {
        return one.text == "r" && other.text == "his other";
    };
    const std::array his{PastDuty{AccountId{"his other"}, Duty::accept}};
    CHECK(outcome(check_exclusion(officer, Duty::decide, his, applicant)) == "authz.excluded_by_past_duty");
    CHECK(check_exclusion(officer, Duty::accept, his, applicant));
    const std::array anothers{PastDuty{AccountId{"another"}, Duty::accept}};
    CHECK(check_exclusion(officer, Duty::decide, anothers, applicant));
}

TEST_CASE("roles, kinds and duties read back what they write") {
    CHECK(parse_role(to_string(Role::deciding_leader)) == Role::deciding_leader);
    CHECK(parse_role(to_string(Role::system)) == Role::system);
    CHECK_FALSE(parse_role("root"));
    CHECK(parse_account_kind("officer") == AccountKind::officer);
    CHECK_FALSE(parse_account_kind(""));
    CHECK(parse_duty("recheck") == Duty::recheck);
    CHECK_FALSE(parse_duty("x"));
}

TEST_CASE("what somebody did for a company is the company's, also when he no longer acts for it") {
    const auto permissions = table();
    const auto dismissed = agent("a", "");
    for (const char* action : {"cases.read", "cases.delete"}) {
        CAPTURE(action);
        CHECK(outcome(permissions.authorise(dismissed, action, kCase)) == "cases.not_found");
        CHECK(permissions.authorise(dismissed, action, Resource{.account_id = AccountId{"a"}}).has_value());
    }
    const ScopeColumns both{.account_id = "account_id", .credit_code = "credit_code"};
    CHECK(permissions.scope_condition(dismissed, "cases.delete", both).sql ==
          "((account_id = :scope_1 AND credit_code = ''))");
    // A list of what is never a company's names no such column.
    CHECK(permissions.scope_condition(dismissed, "cases.delete", {.account_id = "to_id"}).sql == "(to_id = :scope_1)");
}

TEST_CASE("an officer of some kinds of case neither reads nor lists the others") {
    const auto permissions = table();
    auto officer = reviewer("fire", "330106");
    officer.matters = {"construction-permit"};
    auto filed = kCase;
    CHECK(outcome(permissions.authorise(officer, "cases.read", filed)) == "cases.not_found");
    filed.matter_code = "night-construction";
    CHECK(outcome(permissions.authorise(officer, "cases.read", filed)) == "cases.not_found");
    filed.matter_code = "construction-permit";
    CHECK(permissions.authorise(officer, "cases.read", filed).has_value());
    const auto listed = permissions.scope_condition(officer, "cases.read",
                                                    {.region_code = "region_code", .matter_code = "matter_code"});
    CHECK(listed.sql == "(((region_code >= :scope_1 AND region_code < :scope_2) AND matter_code = :scope_3))");
    CHECK(permissions.scope_condition(officer, "cases.read", {.region_code = "region_code"})
              .sql.ends_with("AND 1 = 0))"));
}

TEST_CASE("a restricted case is there only for who is cleared for it, and for its owner") {
    const auto permissions = table();
    auto officer = reviewer("fire", "330106");
    auto filed = kCase;
    filed.confidentiality = Confidentiality::restricted;
    CHECK(outcome(permissions.authorise(officer, "cases.read", filed)) == "cases.not_found");
    CHECK(permissions.authorise(agent("b", "91330106MA0DEM0133"), "cases.read", filed).has_value());
    officer.clearance = Confidentiality::restricted;
    CHECK(permissions.authorise(officer, "cases.read", filed).has_value());
    const ScopeColumns columns{.region_code = "region_code", .confidentiality = "confidentiality"};
    CHECK(permissions.scope_condition(officer, "cases.read", columns).sql.find("confidentiality") == std::string::npos);
    officer.clearance = Confidentiality::normal;
    CHECK(permissions.scope_condition(officer, "cases.read", columns).sql.find("confidentiality = :scope_3") !=
          std::string::npos);
}

TEST_CASE("a successor has the cases of the company whose rights passed to it") {
    const auto permissions = table();
    auto successor = agent("c", "91330105MA0DEM021F");
    CHECK(outcome(permissions.authorise(successor, "cases.read", kCase)) == "cases.not_found");
    successor.predecessor_codes = {"91330106MA0DEM0133"};
    CHECK(permissions.authorise(successor, "cases.read", kCase).has_value());
    const auto listed = permissions.scope_condition(successor, "cases.read",
                                                    {.account_id = "account_id", .credit_code = "credit_code"});
    CHECK(listed.sql == "(credit_code IN (:scope_1, :scope_2) OR (account_id = :scope_3 AND credit_code = ''))");
}

TEST_CASE("an access token reaches no more than what it was granted for") {
    const auto permissions = table();
    auto by_token = agent("a", "91330106MA0DEM0133");
    by_token.delegated_actions = {"cases.read"};
    CHECK(permissions.authorise(by_token, "cases.read", kCase).has_value());
    CHECK(outcome(permissions.authorise(by_token, "cases.delete", kCase)) == "authz.not_permitted");
    by_token.delegated_actions = std::vector<std::string>();
    CHECK(outcome(permissions.authorise(by_token, "cases.read", kCase)) == "authz.not_permitted");
}

TEST_CASE("signing asks for who proved just now who he is") {
    auto leader = reviewer("housing", "330106");
    CHECK(outcome(Permissions::require_recent(leader)) == "authz.step_up_needed");
    leader.recently_authenticated = true;
    CHECK(Permissions::require_recent(leader).has_value());
    CHECK(Permissions::require_recent(system_actor()).has_value());
}

TEST_CASE("an officer of the whole region needs no second condition for his department in it") {
    const auto permissions = table();
    auto officer = reviewer("fire", "330106");
    officer.matters = {"a", "b", "c"};
    constexpr std::array kBoth{Grant{Role::reviewer, "permits.read", Scope::department},
                               Grant{Role::reviewer, "permits.read", Scope::region}};
    Permissions both;
    both.add(kBoth);
    const ScopeColumns columns{.department = "department", .region_code = "region_code", .matter_code = "matter_code"};
    CHECK(both.scope_condition(officer, "permits.read", columns).sql ==
          "(((region_code >= :scope_1 AND region_code < :scope_2) AND matter_code IN (:scope_3, :scope_4, :scope_5, "
          ":scope_6)))");
}
