// Unfinished sign-ins, access tokens, pages of other origins: what each reaches, and what it is told.
#include <doctest/doctest.h>

#include "base/json_reader.hpp"
#include "http/test_server.hpp"

using namespace kaigong;
using namespace kaigong::http;

namespace {

TestClient::Headers cookie(const std::string& value) {
    return {{"Cookie", "__Host-kaigong=" + value}, {"X-CSRF-Token", "token-1"}};
}

TestClient::Headers bearer(const std::string& token) {
    return {{"Authorization", "Bearer " + token}};
}

std::string told(const ClientReply& reply) {
    if (reply.header("content-type") != "application/problem+json") return std::to_string(reply.status);
    const auto document = parse_json(reply.body).value().as_object();
    return std::to_string(reply.status) + " " + std::string(document.at("reason").as_string());
}

const TestClient::Headers kFromPartner{{"Origin", "https://partner.example"}};

void let_partner_in(ServerParts& parts) {
    parts.origin_allowed = [](std::string_view origin) { return origin == "https://partner.example"; };
}

TestClient::Headers asks_for(const std::string& method, const std::string& origin) {
    return {{"Origin", origin}, {"Access-Control-Request-Method", method}};
}

}  // namespace

TEST_CASE("a sign-in that is not finished reaches what finishes it, and is told what that is") {
    const TestServer server;
    TestClient client(server.port());
    const auto ask = [&](const char* path, const char* value) { return client.ask("GET", path, cookie(value)); };
    CHECK(told(ask("/api/v1/mine", "half")) == "401 http.second_factor_needed");
    CHECK(told(ask("/api/v1/mine", "unenrolled")) == "401 http.enrolment_needed");
    CHECK(told(ask("/api/v1/mine", "old-password")) == "401 http.password_change_needed");
    CHECK(told(ask("/api/v1/maybe", "half")) == "401 http.second_factor_needed");
    for (const char* value : {"half", "unenrolled", "old-password", "alive"}) {
        CHECK(ask("/api/v1/early", value).body == "account-1");
        CHECK(client.ask("POST", "/api/v1/early", cookie(value)).status == 200);
    }
    CHECK(told(client.ask("POST", "/api/v1/early", {{"Cookie", "__Host-kaigong=half"}})) == "403 http.csrf_refused");
    CHECK(ask("/api/v1/mine", "half").header("www-authenticate").empty());
}

TEST_CASE("an access token reaches the actions it was given for, without cookie and without CSRF token") {
    const TestServer server;
    TestClient client(server.port());
    CHECK(client.ask("GET", "/api/v1/mine", bearer("reads")).body == "account-2");
    CHECK(client.ask("GET", "/api/v1/mine", {{"Authorization", "bearer reads"}}).body == "account-2");
    CHECK(client.ask("POST", "/api/v1/write", bearer("writes")).body == "account-2");
    auto from_elsewhere = bearer("writes");
    from_elsewhere.emplace_back("Origin", "https://partner.example");
    CHECK(client.ask("POST", "/api/v1/write", from_elsewhere).status == 200);
    CHECK(client.ask("GET", "/api/v1/userinfo", bearer("writes")).body == "account-2");
    // The token counts, whatever cookie the browser adds.
    auto both = bearer("reads");
    both.emplace_back("Cookie", "__Host-kaigong=alive");
    CHECK(client.ask("GET", "/api/v1/mine", both).body == "account-2");
    // Anonymous endpoints do not look at it.
    CHECK(client.ask("GET", "/api/v1/echo/x", bearer("dead")).status == 200);
}

TEST_CASE("a token outside its actions is refused by name, and told which it would need") {
    const TestServer server;
    TestClient client(server.port());
    const auto outside = client.ask("POST", "/api/v1/write", bearer("reads"));
    CHECK(told(outside) == "403 http.token_scope_insufficient");
    CHECK(outside.header("www-authenticate") ==
          R"(Bearer realm="kaigong", error="insufficient_scope", scope="test.write")");
    // An endpoint without an action is for people.
    const auto for_people = client.ask("GET", "/api/v1/early", bearer("reads"));
    CHECK(told(for_people) == "403 http.token_scope_insufficient");
    CHECK(for_people.header("www-authenticate") == R"(Bearer realm="kaigong", error="insufficient_scope")");
}

TEST_CASE("a token that does not count is told so") {
    const TestServer server;
    TestClient client(server.port());
    for (const char* path : {"/api/v1/mine", "/api/v1/userinfo"}) {
        const auto reply = client.ask("GET", path, bearer("dead"));
        CHECK(told(reply) == "401 oauth.token_expired");
        CHECK(reply.header("www-authenticate") == R"(Bearer realm="kaigong", error="invalid_token")");
    }
    const auto without = client.ask("GET", "/api/v1/userinfo");
    CHECK(told(without) == "401 http.session_missing");
    CHECK(without.header("www-authenticate") == R"(Bearer realm="kaigong")");
    CHECK(client.ask("GET", "/api/v1/mine").header("www-authenticate").empty());
    const int before = server.authenticator.calls;
    CHECK(told(client.ask("GET", "/api/v1/mine", bearer(std::string(10'000, 'x')))) == "401 http.session_missing");
    CHECK(told(client.ask("GET", "/api/v1/mine", {{"Authorization", "Basic cmVhZHM6"}})) == "401 http.session_missing");
    CHECK(server.authenticator.calls == before);
}

TEST_CASE("an endpoint for other origins reads no cookie") {
    const TestServer server([](ServerOptions&) {}, {}, let_partner_in);
    TestClient client(server.port());
    CHECK(client.ask("POST", "/api/v1/token", cookie("alive")).body == "nobody");
    CHECK(told(client.ask("GET", "/api/v1/userinfo", cookie("alive"))) == "401 http.session_missing");
    CHECK(server.authenticator.calls == 0);
    CHECK(client.ask("GET", "/api/v1/userinfo", bearer("reads")).body == "account-2");
}

TEST_CASE("pages of origins that are allowed read the replies, refusals among them") {
    const TestServer server([](ServerOptions&) {}, {}, let_partner_in);
    TestClient client(server.port());
    for (const char* path : {"/api/v1/token", "/api/v1/refused"}) {
        const auto reply = client.ask("POST", path, kFromPartner);
        CHECK(reply.header("access-control-allow-origin") == "https://partner.example");
        CHECK(reply.header("vary") == "Origin");
        CHECK(reply.header("access-control-allow-credentials").empty());
        CHECK(reply.header("access-control-expose-headers").find("WWW-Authenticate") != std::string::npos);
    }
    CHECK(client.ask("GET", "/api/v1/userinfo", kFromPartner).header("access-control-allow-origin") ==
          "https://partner.example");
    for (const char* origin : {"https://other.example", "null", "https://partner.example.evil", "*", ""}) {
        CAPTURE(origin);
        const auto reply = client.ask("POST", "/api/v1/token", {{"Origin", origin}});
        CHECK(reply.header("access-control-allow-origin").empty());
        CHECK(reply.header("vary") == "Origin");
    }
    const auto own = client.ask("GET", "/api/v1/echo/x", kFromPartner);
    CHECK(own.header("access-control-allow-origin").empty());
    CHECK(own.header("vary").empty());
}

TEST_CASE("a browser that asks first is answered for what is meant for other origins, and for nothing else") {
    const TestServer server([](ServerOptions&) {}, {}, let_partner_in);
    TestClient client(server.port());
    const auto ask = [&](const char* path, const TestClient::Headers& headers) {
        return client.ask("OPTIONS", path, headers);
    };
    const auto asked = ask("/api/v1/token", asks_for("POST", "https://partner.example"));
    CHECK(asked.status == 204);
    CHECK(asked.header("access-control-allow-origin") == "https://partner.example");
    CHECK(asked.header("access-control-allow-methods") == "POST");
    CHECK(asked.header("access-control-allow-headers").find("Authorization") != std::string::npos);
    CHECK(asked.header("access-control-max-age") == "600");
    CHECK(asked.header("access-control-allow-credentials").empty());
    CHECK(asked.header("vary") == "Origin");
    const auto stranger = ask("/api/v1/token", asks_for("POST", "https://other.example"));
    CHECK(told(stranger) == "403 http.origin_not_allowed");
    CHECK(stranger.header("access-control-allow-origin").empty());
    CHECK(told(ask("/api/v1/token", asks_for("DELETE", "https://partner.example"))) == "405 http.method_not_allowed");
    CHECK(told(ask("/api/v1/write", asks_for("POST", "https://partner.example"))) == "405 http.method_not_allowed");
    CHECK(told(ask("/api/v1/nothing", asks_for("GET", "https://partner.example"))) == "405 http.method_not_allowed");
    CHECK(told(ask("/api/v1/token", kFromPartner)) == "405 http.method_not_allowed");
    const TestServer closed;
    CHECK(told(ask_once(closed.port(), "OPTIONS", "/api/v1/token", asks_for("POST", "https://partner.example"))) ==
          "403 http.origin_not_allowed");
}

TEST_CASE("what is cached for all is not for pages of other origins") {
    Router router;
    const auto ok = [](const Request&) { return text_reply("ok"); };
    CHECK_THROWS_AS(
        router.add({{.path = "/x", .access = Access::anonymous, .cached = true, .cross_origin = true, .handler = ok}}),
        std::logic_error);
}
