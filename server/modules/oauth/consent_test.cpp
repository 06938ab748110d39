// What a person agrees to asks for who he is when it is new or lasts, and ends with the sign-in that it was agreed to
// in: on both databases.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <memory>

#include "base/json_members.hpp"
#include "crypto/key_ring.hpp"
#include "db/testing/test_databases.hpp"
#include "http/request.hpp"
#include "modules/oauth/authorization.hpp"
#include "modules/oauth/oauth.hpp"
#include "modules/oauth/registration.hpp"

using namespace kaigong;
using boost::json::object;
using http::Method;

namespace {

constexpr const char* kUrl = "http://127.0.0.1:8600";
constexpr const char* kPassword = "correct horse battery";
constexpr const char* kClient = "01900000-0000-7000-8000-00000000c11e";
constexpr const char* kDone = "https://a.example/done";
constexpr std::int64_t kNoonMs = 1'796'200'000'000;

class Office {
  public:
    explicit Office(db::Database& database) : database_(database), audit_(audit::make_audit(database)) {
        identity::Parts parts{database, clock, clock, key_ring_, *audit_};
        parts.password_cost = {.memory_kib = 64, .passes = 1};
        parts.policy = policy;
        parts.public_url = kUrl;
        identity_ = identity::make_identity(parts, permissions_);
        oauth_ =
            oauth::make_oauth({database, clock, clock, key_ring_, permissions_, *identity_, *audit_, kUrl, {}}).value();
        routes_ = identity_->routes();
        for (auto& more : oauth_->routes()) routes_.push_back(std::move(more));
        identity::NewAccount wanted;
        wanted.account.account_name = "school";
        wanted.account.display_name = "孙经办";
        wanted.password = kPassword;
        const auto made = identity_->create(wanted, kNoonMs);
        REQUIRE(made);
        account_id_ = made->account_id;
        register_client();
    }

    Result<http::Reply> ask(Method method, const std::string& pattern, const std::string& cookie,
                            const std::string& id = "", const object& body = {}) {
        http::Request request;
        request.headers = {{"content-type", "application/json"}, {"cookie", "__Host-kaigong=" + cookie}};
        request.body = boost::json::serialize(body);
        request.client_address = "10.0.0.1";
        if (!id.empty()) {
            const auto open = pattern.find('{') + 1;
            request.path_parameters.emplace_back(pattern.substr(open, pattern.find('}') - open), id);
        }
        const auto found = std::ranges::find_if(routes_, [&](const http::Endpoint& one) {
            return one.method == method && one.path == "/api/v1" + pattern;
        });
        REQUIRE(found != routes_.end());
        if (found->access == http::Access::session) {
            KAIGONG_TRY(session, identity_->authenticate({.cookie = cookie}));
            request.session = std::move(session);
        }
        return found->handler(request);
    }

    std::string signed_in() {
        const auto reply =
            ask(Method::post, "/session", "", "", object{{"account", "school"}, {"password", kPassword}});
        REQUIRE(reply);
        for (const auto& [name, value] : reply->headers) {
            if (name == "Set-Cookie") return value.substr(15, value.find(';') - 15);
        }
        return "";
    }

    /// A provider of identities vouches for him, who proved there at that time who he is.
    std::string by_provider(std::int64_t proven_at_ms) {
        http::Request request;
        request.client_address = "10.0.0.1";
        const auto cookie = identity_->begin_session(account_id_, request, proven_at_ms);
        REQUIRE(cookie);
        return *cookie;
    }

    /// The reason, or nothing where the client got its code.
    std::string agreed(const std::string& cookie, const oauth::ScopeNames& scopes) {
        const auto id = "request-" + std::to_string(++asked_);
        oauth::Wanted wanted;
        wanted.redirect_uri = kDone;
        wanted.scopes = scopes;
        oauth::store::RequestRow row;
        row.request_hash = oauth::hash_of(id);
        row.kind = "code";
        row.state = "waiting";
        row.client_id = kClient;
        row.parameters = wanted.json_text();
        row.created_at_ms = clock.now_ms();
        row.expires_at_ms = clock.now_ms() + 600'000;
        REQUIRE(database_.transact([&](db::Session& session) { oauth::store::insert_request(session, row); }));
        const auto reply = ask(Method::post, "/oauth/requests/{request_id}/approval", cookie, id);
        if (!reply) return reply.error().reason;
        grant_id = database_
                       .read([&](db::Session& session) {
                           return oauth::store::find_request(session, row.request_hash)->grant_id;
                       })
                       .value();
        return "";
    }
    bool lives(const std::string& grant) {
        return database_
                   .read([&](db::Session& session) { return oauth::store::find_grant(session, grant)->revoked_at_ms; })
                   .value() == 0;
    }
    /// Of what was agreed to last.
    std::string grant_id;
    FixedClock clock{kNoonMs};
    identity::Policy policy = identity::demo_policy();

  private:
    void register_client() {
        oauth::Registration registration;
        registration.client_name = "示例";
        registration.organisation_name = "示例单位";
        registration.kind = oauth::ClientKind::web;
        registration.redirect_uris = {kDone};
        registration.scopes = {"openid", "offline_access", "permits.read"};
        oauth::store::ClientRow row;
        row.client_id = kClient;
        row.client_name = registration.client_name;
        row.state = "active";
        row.registration = boost::json::serialize(registration_json(registration));
        REQUIRE(database_.transact([&](db::Session& session) { oauth::store::insert_client(session, row); }));
    }

    db::Database& database_;
    crypto::KeyRing key_ring_ = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    authz::Permissions permissions_;
    std::unique_ptr<audit::Audit> audit_;
    std::unique_ptr<identity::IdentityOffice> identity_;
    std::unique_ptr<oauth::OAuth> oauth_;
    std::vector<http::Endpoint> routes_;
    authz::AccountId account_id_;
    int asked_ = 0;
};

void on_both(const std::function<void(Office&)>& body) {
    db::testing::on_each_database({"identity", "oauth", "audit", "authz"}, [&](db::Database& database) {
        Office office(database);
        body(office);
    });
}

}  // namespace

TEST_CASE("a cookie that was found gives no program lasting access: what is new, or lasts, asks who is there") {
    on_both([](Office& office) {
        const auto cookie = office.signed_in();
        office.clock.set(kNoonMs + office.policy.recent_ms + 1);
        CHECK(office.agreed(cookie, {"openid"}) == "authz.step_up_needed");
        CHECK(office.agreed(cookie, {"openid", "offline_access"}) == "authz.step_up_needed");
        REQUIRE(office.ask(Method::post, "/session/step-up", cookie, "", object{{"password", kPassword}}));
        CHECK(office.agreed(cookie, {"openid", "offline_access"}).empty());
        office.clock.set(kNoonMs + 2 * (office.policy.recent_ms + 1));
        CHECK_MESSAGE(office.agreed(cookie, {"openid"}).empty(), "what he agreed to before goes on by itself");
        CHECK(office.agreed(cookie, {"openid", "permits.read"}) == "authz.step_up_needed");
        CHECK(office.agreed(cookie, {"openid", "offline_access"}) == "authz.step_up_needed");
    });
}

TEST_CASE("a sign-on elsewhere counts as a proof from when it was made, and never as one that is still to come") {
    on_both([](Office& office) {
        for (const auto proven_at_ms : {kNoonMs - office.policy.recent_ms - 1, std::int64_t{0}}) {
            const auto cookie = office.by_provider(proven_at_ms);
            REQUIRE(office.ask(Method::get, "/account", cookie));
            CHECK(office.agreed(cookie, {"openid"}) == "authz.step_up_needed");
        }
        CHECK(office.agreed(office.by_provider(kNoonMs - office.policy.recent_ms), {"openid"}).empty());
        const auto ahead = office.by_provider(kNoonMs + office.policy.recent_ms);
        office.clock.set(kNoonMs + office.policy.recent_ms + 1);
        CHECK(office.agreed(ahead, {"openid", "permits.read"}) == "authz.step_up_needed");
    });
}

TEST_CASE("who ends his other sign-ins ends what programs were given in them, and keeps what he gave in this one") {
    on_both([](Office& office) {
        const auto strange = office.signed_in();
        CHECK(office.agreed(strange, {"openid", "offline_access"}).empty());
        const auto of_strange = office.grant_id;
        REQUIRE(office.ask(Method::del, "/session", strange));
        const auto own = office.signed_in();
        CHECK(office.agreed(own, {"openid", "offline_access"}).empty());
        CHECK_MESSAGE(office.lives(of_strange), "signing out is no alarm: access stays as it was agreed to");
        REQUIRE(office.ask(Method::del, "/account/sessions", own));
        CHECK_FALSE(office.lives(of_strange));
        CHECK(office.lives(office.grant_id));
    });
}

TEST_CASE("who ends one sign-in ends what programs were given in it, and nothing else") {
    on_both([](Office& office) {
        const auto strange = office.signed_in();
        CHECK(office.agreed(strange, {"openid", "offline_access"}).empty());
        const auto of_strange = office.grant_id;
        office.clock.set(kNoonMs + 1);
        const auto third = office.signed_in();
        CHECK(office.agreed(third, {"openid", "offline_access"}).empty());
        const auto of_third = office.grant_id;
        const auto own = office.signed_in();
        const auto list = office.ask(Method::get, "/account/sessions", own);
        REQUIRE(list);
        const auto rows = boost::json::parse(std::get<std::string>(list->body)).at("sessions").as_array();
        const auto oldest = std::ranges::min_element(
            rows, {}, [](const boost::json::value& row) { return row.at("created_at_ms").as_int64(); });
        REQUIRE(
            office.ask(Method::del, "/account/sessions/{session_id}", own, text_of(oldest->as_object(), "session_id")));
        CHECK_FALSE(office.lives(of_strange));
        CHECK(office.lives(of_third));
    });
}
