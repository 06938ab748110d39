// Production knows the demo's accounts when it sees them.
#include <doctest/doctest.h>

#include "app/demo_bureau.hpp"
#include "db/testing/test_databases.hpp"

using namespace kaigong;

namespace {

struct Office {
    db::testing::SqliteForTest storage{"identity", "authz", "audit"};
    FixedClock clock{1'796'200'000'000};
    crypto::KeyRing key_ring = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    std::unique_ptr<audit::Audit> audit = audit::make_audit(*storage);
    authz::Permissions permissions;
    std::unique_ptr<identity::IdentityOffice> identity;

    explicit Office(const std::string& published) {
        identity::Parts parts{*storage, clock, clock, key_ring, *audit};
        parts.password_cost = crypto::Argon2Parameters{.memory_kib = 64, .passes = 1};
        parts.public_url = "http://127.0.0.1:8600";
        parts.policy.published_password = published;
        identity = identity::make_identity(parts, permissions);
    }

    Result<identity::Account> create(const std::string& name, const std::string& password) {
        identity::Account account;
        account.account_name = name;
        account.display_name = "李窗口";
        account.kind = authz::AccountKind::officer;
        return identity->create({account, password}, clock.now_ms());
    }
};

}  // namespace

TEST_CASE("a bureau with an account of the demo's list and its password is refused, by name") {
    Office office("");
    REQUIRE(office.create("fire", app::kDemoPassword));
    REQUIRE(office.create("clerk", "correct horse battery"));
    REQUIRE(office.create("somebody", app::kDemoPassword));
    const auto refused = app::refuse_demo_accounts(*office.identity);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "app.demo_accounts");
    CHECK(refused.error().message.find("fire") != std::string::npos);
    CHECK(refused.error().message.find("clerk") == std::string::npos);
}

TEST_CASE("nobody of a production bureau takes the demo's password") {
    Office office(app::kDemoPassword);
    CHECK(office.create("fire", app::kDemoPassword).error().reason == "identity.password_published");
    REQUIRE(office.create("fire", "correct horse battery"));
    CHECK(app::refuse_demo_accounts(*office.identity));
}
