// Whoever begins requests leaves rows: only so many from one network, at each of the three doors together.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "crypto/key_ring.hpp"
#include "db/testing/test_databases.hpp"
#include "http/request.hpp"
#include "modules/oauth/oauth.hpp"

using namespace kaigong;

namespace {

constexpr int kFree = 600;
constexpr std::int64_t kWindowMs = 10LL * 60 * 1000;

class Office {
  public:
    Office() {
        identity::Parts parts{*storage_, clock_, clock_, key_ring_, *audit_};
        parts.public_url = kUrl;
        identity_ = identity::make_identity(parts, permissions_);
        oauth_ = oauth::make_oauth({*storage_, clock_, clock_, key_ring_, permissions_, *identity_, *audit_, kUrl, {}})
                     .value();
        routes_ = oauth_->routes();
    }

    /// A client that nobody knows: refused as unknown, or as one too many before anything was looked at.
    bool is_let_in(http::Method method, const std::string& path, const std::string& address) {
        http::Request request;
        request.client_address = address;
        request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
        request.body = "client_id=nobody";
        request.query = {{"client_id", "nobody"}};
        const auto found = std::ranges::find_if(
            routes_, [&](const http::Endpoint& one) { return one.method == method && one.path == path; });
        REQUIRE(found != routes_.end());
        const auto answer = found->handler(request);
        if (answer || answer.error().reason != "oauth.too_many_attempts") return true;
        CHECK(answer.error().code == Errc::rate_limited);
        return false;
    }
    bool push(const std::string& address) { return is_let_in(http::Method::post, "/oauth/par", address); }
    void wait(std::int64_t ms) { clock_.set(clock_.now_ms() + ms); }

  private:
    static constexpr const char* kUrl = "http://127.0.0.1:8600";
    db::testing::SqliteForTest storage_{"identity", "oauth", "audit"};
    FixedClock clock_{1'796'200'000'000};
    crypto::KeyRing key_ring_ = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    authz::Permissions permissions_;
    std::unique_ptr<audit::Audit> audit_ = audit::make_audit(*storage_);
    std::unique_ptr<identity::IdentityOffice> identity_;
    std::unique_ptr<oauth::OAuth> oauth_;
    std::vector<http::Endpoint> routes_;
};

}  // namespace

TEST_CASE("pushed requests of one network have a limit, which the other ways to begin share") {
    Office office;
    for (int i = 0; i < kFree; ++i) REQUIRE(office.push("192.0.2.1"));
    CHECK_FALSE(office.push("192.0.2.1"));
    CHECK_FALSE(office.push("::ffff:192.0.2.1"));
    CHECK_FALSE(office.is_let_in(http::Method::get, "/oauth/authorize", "192.0.2.1"));
    CHECK_FALSE(office.is_let_in(http::Method::post, "/oauth/device_authorization", "192.0.2.1"));
    CHECK(office.push("192.0.2.2"));
    office.wait(kWindowMs);
    CHECK(office.push("192.0.2.1"));
}

TEST_CASE("who changes his address within a /64 begins no more requests than others") {
    Office office;
    for (int i = 0; i < kFree; ++i) REQUIRE(office.push("2001:db8:1:2::" + std::to_string(i)));
    CHECK_FALSE(office.push("2001:db8:1:2:a:b:c:d"));
    CHECK(office.push("2001:db8:1:3::1"));
}
