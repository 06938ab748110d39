#include <doctest/doctest.h>

#include "authz/two_person.hpp"
#include "db/testing/test_databases.hpp"

using namespace kaigong;
using namespace kaigong::authz;

namespace {

constexpr std::string_view kAct = "permits.correct";
constexpr std::int64_t kNow = 1'764'000'000'000;

bool nobody_else(db::Session&, const AccountId&) {
    return false;
}

const two_person::Person kOne{AccountId{"0190a000-0000-7000-8000-000000000001"}, "王科长（住建）", nobody_else};
const two_person::Person kOther{AccountId{"0190a000-0000-7000-8000-000000000002"}, "周局长（住建）", nobody_else};

two_person::NewProposal correction(std::string reason = "证载地址少一个字") {
    return {std::string(kAct), "permit", "330106202611290101", R"({"field":"works_address"})", std::move(reason)};
}

/// Proposes and gives the id.
std::string proposed(db::Database& database) {
    const auto id =
        database.transact([](db::Session& session) { return two_person::propose(session, correction(), kOne, kNow); });
    REQUIRE(id);
    return *id;
}

std::string outcome(const auto& result) {
    return result ? "" : result.error().reason;
}

auto confirm(db::Database& database, const std::string& id, const two_person::Person& by, std::int64_t at_ms = kNow) {
    return database.transact([&](db::Session& session) { return two_person::confirm(session, id, kAct, by, at_ms); });
}

void on_databases(const std::function<void(db::Database&)>& body) {
    db::testing::on_each_database({"authz"}, body);
}

}  // namespace

TEST_CASE("what one proposed another confirms, once") {
    on_databases([](db::Database& database) {
        const auto id = proposed(database);
        const auto done = confirm(database, id, kOther);
        REQUIRE(done);
        CHECK(done->content == R"({"field":"works_address"})");
        CHECK(done->settled_by == kOther.name);
        CHECK(outcome(confirm(database, id, kOther)) == "authz.proposal_settled");
    });
}

TEST_CASE("what somebody proposed who may no longer waits for nobody, and stands in nobody's way") {
    on_databases([](db::Database& database) {
        const auto id = proposed(database);
        const auto others = database.transact([](db::Session& session) {
            auto other = correction();
            other.subject_id = "330106202611290202";
            return two_person::propose(session, other, kOther, kNow);
        });
        REQUIRE(others);
        REQUIRE(database.transact([](db::Session& session) {
            two_person::withdraw_all_of(session, kOne.account_id, kOther, "账号已停用", kNow + 1);
        }));
        CHECK(outcome(confirm(database, id, kOther)) == "authz.proposal_settled");
        const auto row = database.read([&](db::Session& session) { return two_person::find(session, id); });
        REQUIRE(row);
        CHECK((*row)->state == "withdrawn");
        CHECK((*row)->settled_by == kOther.name);
        CHECK((*row)->settle_reason == "账号已停用");
        CHECK(outcome(confirm(database, *others, kOne)) == "");
        proposed(database);
    });
}

TEST_CASE("what was confirmed, refused or forgotten is not withdrawn afterwards") {
    on_databases([](db::Database& database) {
        const auto id = proposed(database);
        REQUIRE(confirm(database, id, kOther));
        const auto forgotten = proposed(database);
        REQUIRE(database.transact([](db::Session& session) {
            two_person::withdraw_all_of(session, kOne.account_id, kOther, "账号已停用", kNow + two_person::kOpenForMs);
        }));
        const auto state_of = [&](const std::string& one) {
            return (*database.read([&](db::Session& session) { return two_person::find(session, one); }))->state;
        };
        CHECK(state_of(id) == "confirmed");
        CHECK(state_of(forgotten) == "open");
        CHECK(outcome(confirm(database, forgotten, kOther, kNow + two_person::kOpenForMs)) == "authz.proposal_expired");
    });
}

TEST_CASE("nobody confirms or refuses what he proposed himself, with another account of his neither") {
    on_databases([](db::Database& database) {
        const auto id = proposed(database);
        auto alias = kOther;
        alias.is_also = [](db::Session&, const AccountId& other) { return other == kOne.account_id; };
        CHECK(outcome(confirm(database, id, kOne)) == "authz.second_person_needed");
        CHECK(outcome(confirm(database, id, alias)) == "authz.second_person_needed");
        const auto refused = database.transact(
            [&](db::Session& session) { return two_person::refuse(session, id, kAct, kOne, "不办了", kNow); });
        CHECK(outcome(refused) == "authz.second_person_needed");
        CHECK(confirm(database, id, kOther));
    });
}

TEST_CASE("a proposal of another act is not found") {
    on_databases([](db::Database& database) {
        const auto id = proposed(database);
        const auto other = database.transact(
            [&](db::Session& session) { return two_person::confirm(session, id, "accounts.grant", kOther, kNow); });
        CHECK(outcome(other) == "authz.proposal_not_found");
    });
}

TEST_CASE("a subject has one open proposal of an act, and the next one when that is settled or expired") {
    on_databases([](db::Database& database) {
        const auto propose = [&](std::int64_t at_ms) {
            return database.transact(
                [&](db::Session& session) { return two_person::propose(session, correction(), kOther, at_ms); });
        };
        const auto first = proposed(database);
        CHECK(outcome(propose(kNow)) == "authz.proposal_is_open");
        const auto late = kNow + two_person::kOpenForMs;
        CHECK(outcome(confirm(database, first, kOther, late)) == "authz.proposal_expired");
        const auto second = propose(late);
        REQUIRE(second);
        REQUIRE(confirm(database, *second, kOne, late));
        CHECK(propose(late));
    });
}

TEST_CASE("only who proposed takes it back, and a refusal says why") {
    on_databases([](db::Database& database) {
        const auto id = proposed(database);
        const auto withdraw = [&](const two_person::Person& by) {
            return database.transact(
                [&](db::Session& session) { return two_person::withdraw(session, id, kAct, by, kNow); });
        };
        const auto refuse = [&](const std::string& reason) {
            return database.transact(
                [&](db::Session& session) { return two_person::refuse(session, id, kAct, kOther, reason, kNow); });
        };
        CHECK(outcome(withdraw(kOther)) == "authz.proposal_not_found");
        CHECK(outcome(refuse("  ")) == "authz.reason_missing");
        const auto refused = refuse("与档案不符");
        REQUIRE(refused);
        CHECK(refused->settle_reason == "与档案不符");
        CHECK(outcome(withdraw(kOne)) == "authz.proposal_settled");
    });
}

TEST_CASE("a proposal needs a reason, and what waits is listed until it ends") {
    on_databases([](db::Database& database) {
        const auto without = database.transact(
            [](db::Session& session) { return two_person::propose(session, correction(" "), kOne, kNow); });
        CHECK(outcome(without) == "authz.reason_missing");
        const auto id = proposed(database);
        const auto waiting = [&](std::int64_t at_ms) {
            return database.read([&](db::Session& session) {
                return two_person::open_of_act(session, std::string(kAct), "", at_ms, 10).size();
            });
        };
        CHECK(*waiting(kNow) == 1);
        CHECK(*waiting(kNow + two_person::kOpenForMs) == 0);
        REQUIRE(confirm(database, id, kOther));
        CHECK(*waiting(kNow) == 0);
        const auto past = database.read([](db::Session& session) {
            return two_person::of_subject(session, "permit", "330106202611290101").size();
        });
        CHECK(*past == 1);
    });
}
