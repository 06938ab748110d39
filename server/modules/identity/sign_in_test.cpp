// Signing in and out leave a trace, and failing does too: without anything that was typed.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "db/testing/test_databases.hpp"
#include "http/request.hpp"
#include "modules/identity/identity.hpp"

using namespace kaigong;

namespace {

constexpr const char* kPassword = "correct horse battery";

/// Without a second factor, which factors_test.cpp and tests/api look after.
std::unique_ptr<identity::IdentityOffice> make_office(identity::Parts parts) {
    static const authz::Permissions permissions;
    parts.password_cost = crypto::Argon2Parameters{.memory_kib = 64, .passes = 1};
    parts.policy.factor_forced = false;
    parts.public_url = "http://127.0.0.1:8600";
    return identity::make_identity(parts, permissions);
}

class Office {
  public:
    Office()
        : audit_(audit::make_audit(*storage_)),
          identity_(make_office({*storage_, clock_, clock_, key_ring_, *audit_})) {}

    Result<identity::Account> create(const std::string& name, const std::string& password) {
        identity::Account account;
        account.account_name = name;
        account.display_name = "李窗口";
        account.kind = authz::AccountKind::officer;
        return identity_->create({account, password}, clock_.now_ms());
    }

    Result<http::Reply> ask(http::Method method, const http::Request& request) {
        clock_.set(clock_.now_ms() + 1);  // entries of one instant have no order
        for (const auto& endpoint : identity_->routes()) {
            if (endpoint.method == method && endpoint.path == "/api/v1/session") return endpoint.handler(request);
        }
        throw std::logic_error("no such route");
    }
    Result<http::Reply> sign_in(const std::string& account, const std::string& password) {
        http::Request request;
        request.headers = {{"content-type", "application/json"}};
        request.body = boost::json::serialize(boost::json::object{{"account", account}, {"password", password}});
        return ask(http::Method::post, request);
    }

    /// Newest first.
    std::vector<std::string> acts(const std::string& account_id) {
        const auto page = audit_->entries_of("account", account_id, std::nullopt, 100);
        REQUIRE(page);
        std::vector<std::string> list;
        for (const auto& entry : page->entries) {
            list.push_back(entry.act);
            for (const auto& text : {entry.actor_id, entry.actor_name, entry.summary}) {
                CHECK(text.find("13800000000") == std::string::npos);
            }
        }
        return list;
    }

  private:
    db::testing::SqliteForTest storage_{"identity", "audit"};
    FixedClock clock_{1'796'200'000'000};
    crypto::KeyRing key_ring_ = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    std::unique_ptr<audit::Audit> audit_;
    std::unique_ptr<identity::IdentityOffice> identity_;
};

}  // namespace

TEST_CASE("who signs out leaves an entry, and the session is gone") {
    Office office;
    const auto account = office.create("clerk", kPassword).value();
    const auto reply = office.sign_in("clerk", kPassword);
    REQUIRE(reply);
    http::Request request;
    request.session = http::Session{"some-session", {.account_id = account.account_id}, "token"};
    const auto cookie =
        std::ranges::find(reply->headers, "Set-Cookie", &std::pair<std::string, std::string>::first)->second;
    request.headers = {{"cookie", cookie.substr(0, cookie.find(';'))}};
    REQUIRE(office.ask(http::Method::del, request));
    CHECK(office.ask(http::Method::get, request).error().reason == "identity.signed_out");
    CHECK(office.acts(account.account_id.text) ==
          std::vector<std::string>{"identity.sign_out", "identity.sign_in", "identity.create_account"});
}

TEST_CASE(
    "a failed sign-in is recorded, for an account that exists and for one that does not, without what was typed") {
    Office office;
    const auto account = office.create("clerk", kPassword).value();
    CHECK(office.sign_in("clerk", "13800000000").error().reason == "identity.wrong_credentials");
    CHECK(office.sign_in("13800000000", kPassword).error().reason == "identity.wrong_credentials");
    CHECK(office.acts(account.account_id.text).front() == "identity.sign_in_failed");
    CHECK(office.acts("unknown") == std::vector<std::string>{"identity.sign_in_failed"});
}

TEST_CASE("weak passwords are refused") {
    Office office;
    for (const char* weak : {"short", "aaaaaaaaaaaaaaaa", "abababababababab", "my-CLERK-password"}) {
        const auto made = office.create("clerk", weak);
        REQUIRE_FALSE(made);
        CHECK(made.error().reason == "identity.password_weak");
    }
    // Characters count, not bytes.
    const std::string eleven = "西湖断桥残雪A1b2c";
    const std::string most = [] {
        std::string text;
        for (int i = 0; i < 32; ++i) text += "西湖断桥";
        return text;
    }();
    CHECK(office.create("clerk", eleven).error().reason == "identity.password_weak");
    CHECK(office.create("clerk", "西西湖湖断断桥桥西湖断桥西湖断桥").error().reason == "identity.password_weak");
    CHECK(office.create("clerk", most + "残").error().reason == "identity.password_weak");
    CHECK(office.create("twelve", eleven + "3"));
    CHECK(office.create("longest", most.substr(0, most.size() - 3) + "残"));
    CHECK(office.create("clerk", kPassword));
    CHECK(office.create("clerk", kPassword).error().reason == "identity.account_name_taken");
}

TEST_CASE("colleagues are the officers of the region and of those above it, found by name though names are sealed") {
    const db::testing::SqliteForTest storage{"identity", "audit"};
    const FixedClock clock{1'796'200'000'000};
    const auto key_ring = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    const auto audit = audit::make_audit(*storage);
    const auto identity = make_office({*storage, clock, clock, key_ring, *audit});
    const auto add = [&](const char* name, const char* shown, const char* department, const char* region,
                         authz::AccountKind kind = authz::AccountKind::officer) {
        identity::Account account;
        account.account_name = name;
        account.display_name = shown;
        account.department = department;
        account.region_code = region;
        account.kind = kind;
        REQUIRE(identity->create({account, kPassword}, 1));
    };
    add("wang", "王住建", "housing", "330106");
    add("city", "王市局", "housing", "330100");
    add("zhao", "赵消防", "fire", "330106");
    add("away", "王滨江", "housing", "330108");
    add("owner", "王甲方", "", "330106", authz::AccountKind::owner_agent);
    const auto names = [&](identity::OfficerQuery query) {
        query.region_code = "330106";
        std::vector<std::string> found;
        const auto officers = identity->find_officers(query).value();
        for (const auto& account : officers) found.push_back(account.account_name);
        return found;
    };
    CHECK(names({}) == std::vector<std::string>{"zhao", "city", "wang"});
    CHECK(names({.text = "王"}) == std::vector<std::string>{"city", "wang"});
    CHECK(names({.department = "fire"}) == std::vector<std::string>{"zhao"});
    CHECK(names({.limit = 1}) == std::vector<std::string>{"zhao"});
}
