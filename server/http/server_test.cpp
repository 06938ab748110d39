#include "http/server.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "base/json_reader.hpp"
#include "http/test_server.hpp"

using namespace kaigong;
using namespace kaigong::http;

namespace {

/// A text member of a JSON body.
std::string text_of(const ClientReply& reply, std::string_view name) {
    const auto body = parse_json(reply.body);
    REQUIRE(body);
    const auto& text = body->as_object().at(name).as_string();
    return {text.data(), text.size()};
}

std::string reason_of(const ClientReply& reply) {
    if (reply.header("content-type") != "application/problem+json") return "not a problem";
    const auto document = parse_json(reply.body).value().as_object();
    CHECK(document.at("status") == reply.status);
    CHECK(text_of(reply, "request_id") == reply.header("x-request-id"));
    CHECK_FALSE(document.at("detail").as_string().empty());
    return std::string(document.at("reason").as_string());
}

std::string answer_to(const TestServer& server, const std::string& bytes) {
    TestClient client(server.port());
    client.send(bytes);
    const auto reply = client.read_reply();
    if (!reply) return "closed";
    return std::to_string(reply->status) + " " + reason_of(*reply);
}

const TestClient::Headers kAlive{{"Cookie", "__Host-kaigong=alive"}};
const TestClient::Headers kAliveUnsafe{{"Cookie", "__Host-kaigong=alive"},
                                       {"X-CSRF-Token", "token-1"},
                                       {"Idempotency-Key", "0190a000-0000-7000-8000-000000000000"},
                                       {"If-Match", "\"7\""}};

TestClient::Headers with(TestClient::Headers headers, const std::string& name, const std::string& value) {
    std::erase_if(headers, [&](const auto& header) { return header.first == name; });
    if (!value.empty()) headers.emplace_back(name, value);
    return headers;
}

}  // namespace

TEST_CASE("a request reaches its handler decoded, and the reply carries its id") {
    const TestServer server;
    TestClient client(server.port());
    std::set<std::string> ids;
    for (int i = 0; i < 3; ++i) {
        const auto reply = client.ask("GET", "/api/v1/echo/%E5%BB%BA?q=a%26b");
        REQUIRE(reply.status == 200);
        CHECK(text_of(reply, "name") == "建");
        CHECK(text_of(reply, "q") == "a&b");
        CHECK(text_of(reply, "client") == "127.0.0.1");
        CHECK(text_of(reply, "request_id") == reply.header("x-request-id"));
        CHECK(reply.header("cache-control") == "no-store");
        CHECK(reply.header("x-content-type-options") == "nosniff");
        ids.insert(reply.header("x-request-id"));
    }
    CHECK(ids.size() == 3);
}

TEST_CASE("several requests sent at once are answered in their order") {
    const TestServer server;
    TestClient client(server.port());
    for (const char* name : {"one", "two", "three"}) client.send_request("GET", std::string("/api/v1/echo/") + name);
    for (const char* name : {"one", "two", "three"}) {
        const auto reply = client.read_reply();
        REQUIRE(reply);
        CHECK(text_of(*reply, "name") == name);
    }
}

TEST_CASE("HEAD answers like GET without the body") {
    const TestServer server;
    TestClient client(server.port());
    const auto head = client.ask("HEAD", "/large");
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == "1000000");
    CHECK(client.ask("GET", "/api/v1/echo/x").status == 200);
}

TEST_CASE("what the router does not know is a problem document") {
    const TestServer server;
    const auto unknown = ask_once(server.port(), "GET", "/api/v1/nothing");
    CHECK(unknown.status == 404);
    CHECK(reason_of(unknown) == "http.route_unknown");
    const auto method = ask_once(server.port(), "DELETE", "/api/v1/mine");
    CHECK(method.status == 405);
    CHECK(reason_of(method) == "http.method_not_allowed");
    CHECK(method.header("allow") == "GET, HEAD, POST");
    CHECK(ask_once(server.port(), "OPTIONS", "/api/v1/mine").status == 405);
    CHECK(reason_of(ask_once(server.port(), "BREW", "/api/v1/mine")) == "http.method_unknown");
    CHECK(reason_of(ask_once(server.port(), "GET", "/api/v1/echo/x?q=1&other=2")) == "http.query_unknown");
    CHECK(reason_of(ask_once(server.port(), "GET", "/api/v1/echo/x?q=1&q=2")) == "http.query_repeated");
    CHECK(reason_of(ask_once(server.port(), "GET", "/api/v1/echo/..%2f..%2fetc")) == "http.path_malformed");
    CHECK(ask_once(server.port(), "GET", "/page?from=singlemessage").status == 200);
}

TEST_CASE("a browser that asks for a page gets its problem as a page") {
    const TestServer server;
    const auto page = ask_once(server.port(), "GET", "/nothing", {{"Accept", "text/html,*/*"}});
    CHECK(page.status == 404);
    CHECK(page.header("content-type") == "text/html; charset=utf-8");
    CHECK(page.body.find(page.header("x-request-id")) != std::string::npos);
    CHECK(reason_of(ask_once(server.port(), "GET", "/api/v1/no", {{"Accept", "text/html"}})) == "http.route_unknown");
}

TEST_CASE("a handler that fails by a bug answers 500 without a word about it, and the server goes on") {
    const TestServer server;
    TestClient client(server.port());
    const auto reply = client.ask("GET", "/api/v1/throws");
    CHECK(reply.status == 500);
    CHECK(reason_of(reply) == "http.internal");
    CHECK(reply.body.find("secret") == std::string::npos);
    const auto split = client.ask("GET", "/api/v1/bad-header");
    CHECK(split.status == 500);
    CHECK(split.header("x-b").empty());
    CHECK(client.ask("GET", "/api/v1/mine", {{"Cookie", "__Host-kaigong=broken"}}).status == 500);
    CHECK(client.ask("GET", "/api/v1/echo/x").status == 200);
}

TEST_CASE("broken or ambiguous requests are refused and the connection ends") {
    const TestServer server;
    const std::string host = "Host: localhost\r\n";
    const std::string get = "GET /api/v1/echo/x HTTP/1.1\r\n";
    const std::string post = "POST /api/v1/json HTTP/1.1\r\n" + host;
    for (const auto& bytes : {
             std::string("\x16\x03\x01\x02\x00\x01\r\n\r\n", 10),
             std::string("GET\r\n\r\n"),
             "GET  /x HTTP/1.1\r\n" + host + "\r\n",
             "GET /x HTTP/9.9\r\n" + host + "\r\n",
             get + host + "Bad Header: x\r\n\r\n",
             get + host +
                 "X: a\x01"
                 "b\r\n\r\n",
             post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
             post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             post + "Transfer-Encoding: gzip\r\n\r\nGET /api/v1/echo/smuggled HTTP/1.1\r\n\r\n",
             post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
             post + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
             post + "Content-Length: -1\r\n\r\n",
             post + "Content-Length: 99999999999999999999\r\n\r\n",
         }) {
        CAPTURE(bytes);
        CHECK(answer_to(server, bytes) == "400 http.request_malformed");
    }
    CHECK(answer_to(server, get + "\r\n") == "400 http.host_malformed");
    CHECK(answer_to(server, get + host + host + "\r\n") == "400 http.host_malformed");
    CHECK(answer_to(server, get + "Host: a b\r\n\r\n") == "400 http.host_malformed");
    CHECK(answer_to(server, get + "Host: evil.example\r\n\r\n") == "421 http.host_unknown");
    CHECK(ask_once(server.port(), "GET", "/api/v1/echo/x").status == 200);
}

TEST_CASE("a header that is too long or too rich is refused with its limit") {
    const TestServer server([](ServerOptions& options) {
        options.limits.header_bytes_max = 8'192;
        options.limits.target_bytes_max = 1'000;
        options.limits.header_count_max = 10;
    });
    const std::string start = "GET /api/v1/echo/x HTTP/1.1\r\nHost: localhost\r\n";
    CHECK(answer_to(server, start + "X: " + std::string(9'000, 'a') + "\r\n\r\n") == "431 http.header_too_large");
    std::string many = start;
    for (int i = 0; i < 10; ++i) many += "X" + std::to_string(i) + ": 1\r\n";
    CHECK(answer_to(server, many + "\r\n") == "431 http.header_too_large");
    CHECK(answer_to(server, "GET /" + std::string(1'100, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n") ==
          "414 http.target_too_long");
}

TEST_CASE("a JSON body is read with all its problems named") {
    const TestServer server;
    TestClient client(server.port());
    const TestClient::Headers json{{"Content-Type", "application/json; charset=utf-8"}};
    const auto made = client.ask("POST", "/api/v1/json", json, R"({"name":"甲乙"})");
    CHECK(made.status == 201);
    CHECK(made.body == R"({"name":"甲乙"})");
    const auto wrong = client.ask("POST", "/api/v1/json", json, R"({"name":"太长太长太长","x":1})");
    CHECK(wrong.status == 422);
    CHECK(reason_of(wrong) == "json.fields_invalid");
    CHECK(parse_json(wrong.body)->at("fields").as_array().size() == 2);
    const auto malformed = client.ask("POST", "/api/v1/json", json, "{");
    CHECK(malformed.status == 400);
    CHECK(reason_of(malformed) == "json.malformed");
    CHECK(client.ask("POST", "/api/v1/json", {}, "{}").status == 415);
}

TEST_CASE("a body over the limit is refused with the limit, announced or not") {
    const TestServer server;
    TestClient announced(server.port());
    announced.send_request("POST", "/api/v1/json", {{"Content-Length", "101"}});
    const auto early = announced.read_reply();
    REQUIRE(early);
    CHECK(early->status == 413);
    CHECK(reason_of(*early) == "http.body_too_large");
    CHECK(early->header("connection") == "close");

    TestClient chunked(server.port());
    chunked.send_request("POST", "/api/v1/json", {{"Transfer-Encoding", "chunked"}});
    chunked.send("80\r\n" + std::string(128, 'x') + "\r\n0\r\n\r\n");
    const auto late = chunked.read_reply();
    REQUIRE(late);
    CHECK(late->status == 413);

    CHECK(ask_once(server.port(), "GET", "/api/v1/echo/x", {}, "body").status == 413);
    const TestClient::Headers json{{"Content-Type", "application/json"}};
    const std::string exact = R"({"name":"x"})" + std::string(88, ' ');
    CHECK(exact.size() == 100);
    CHECK(ask_once(server.port(), "POST", "/api/v1/json", json, exact).status == 201);
}

TEST_CASE("chunked bodies and expectations are understood") {
    const TestServer server;
    TestClient client(server.port());
    client.send_request(
        "POST", "/api/v1/json",
        {{"Content-Type", "application/json"}, {"Transfer-Encoding", "chunked"}, {"Expect", "100-continue"}});
    CHECK(client.read_reply()->status == 100);
    client.send("5;ext=1\r\n{\"nam\r\n8\r\ne\":\"ab\"}\r\n0\r\nX-Trailer: 1\r\n\r\n");
    const auto reply = client.read_reply();
    REQUIRE(reply);
    CHECK(reply->body == R"({"name":"ab"})");
    CHECK(client.ask("GET", "/api/v1/echo/x").status == 200);
}

TEST_CASE("only a living session opens what needs one, and a dead cookie is like none") {
    const TestServer server;
    TestClient client(server.port());
    CHECK(client.ask("GET", "/api/v1/mine", kAlive).body == "account-1");
    for (const char* cookie :
         {"", "__Host-kaigong=dead", "__Host-kaigong=", "kaigong=alive", "__Host-kaigong=alive; __Host-kaigong=dead"}) {
        const auto reply = client.ask("GET", "/api/v1/mine", {{"Cookie", cookie}});
        CHECK(reply.status == 401);
        CHECK(reason_of(reply) == "http.session_missing");
    }
    CHECK(client.ask("GET", "/api/v1/maybe", kAlive).body == "known");
    CHECK(client.ask("GET", "/api/v1/maybe", {{"Cookie", "__Host-kaigong=dead"}}).body == "unknown");
    const int before = server.authenticator.calls;
    client.ask("GET", "/api/v1/echo/x", kAlive);
    CHECK(server.authenticator.calls == before);
}

TEST_CASE("an unsafe request needs the token of its session and an origin of this host") {
    const TestServer server;
    TestClient client(server.port());
    const auto ask = [&](const TestClient::Headers& headers) { return client.ask("POST", "/api/v1/mine", headers); };
    CHECK(ask(kAliveUnsafe).body == "0190a000-0000-7000-8000-000000000000 7");
    CHECK(ask(with(kAliveUnsafe, "Origin", "http://localhost")).status == 200);
    CHECK(reason_of(ask(with(kAliveUnsafe, "X-CSRF-Token", ""))) == "http.csrf_refused");
    CHECK(reason_of(ask(with(kAliveUnsafe, "X-CSRF-Token", "token-2"))) == "http.csrf_refused");
    CHECK(reason_of(ask(with(kAliveUnsafe, "Origin", "http://evil.example"))) == "http.csrf_refused");
    CHECK(reason_of(ask(with(kAliveUnsafe, "Origin", "null"))) == "http.csrf_refused");
    CHECK(reason_of(ask(with(kAliveUnsafe, "Sec-Fetch-Site", "cross-site"))) == "http.csrf_refused");
    CHECK(client.ask("POST", "/api/v1/open", {{"Origin", "http://evil.example"}}).status == 403);
    CHECK(client.ask("POST", "/api/v1/open").status == 200);
}

TEST_CASE("a missing key or version is said before anything is done, after who asks") {
    const TestServer server;
    TestClient client(server.port());
    const auto ask = [&](const TestClient::Headers& headers) { return client.ask("POST", "/api/v1/mine", headers); };
    CHECK(reason_of(ask(with(kAliveUnsafe, "Idempotency-Key", ""))) == "http.idempotency_key_missing");
    CHECK(reason_of(ask(with(kAliveUnsafe, "Idempotency-Key", "7"))) == "http.idempotency_key_missing");
    const auto unversioned = ask(with(kAliveUnsafe, "If-Match", ""));
    CHECK(unversioned.status == 412);
    CHECK(reason_of(unversioned) == "http.if_match_missing");
    CHECK(ask({}).status == 401);
}

TEST_CASE("uploads go to disk, are counted whole, and strangers cannot send them") {
    const TestServer server;
    const std::string content(2'500'000, 'u');
    const auto headers = with(with(kAliveUnsafe, "Idempotency-Key", ""), "Content-Type", "application/pdf");
    const auto stored = ask_once(server.port(), "POST", "/api/v1/upload", headers, content);
    REQUIRE(stored.status == 200);
    CHECK(stored.body == R"({"size":2500000,"sum":292500000,"in_memory":0})");
    CHECK(ask_once(server.port(), "POST", "/api/v1/upload", headers).body == R"({"size":0,"sum":0,"in_memory":0})");

    TestClient stranger(server.port());
    stranger.send_request("POST", "/api/v1/upload", {{"Content-Length", "2500000"}});
    const auto refused = stranger.read_reply();  // before a byte of the body was sent
    REQUIRE(refused);
    CHECK(refused->status == 401);

    TestClient large(server.port());
    large.send_request("POST", "/api/v1/upload", with(headers, "Content-Length", "3000001"));
    const auto too_large = large.read_reply();
    REQUIRE(too_large);
    CHECK(too_large->status == 413);
    CHECK(reason_of(*too_large) == "http.body_too_large");
}

TEST_CASE("a refused upload's answer is seen although the client goes on sending") {
    const TestServer server;
    TestClient client(server.port());
    client.send_request("POST", "/api/v1/upload", with(kAliveUnsafe, "Content-Length", "4000000"));
    client.send(std::string(4'000'000, 'x'));
    const auto reply = client.read_reply();
    REQUIRE(reply);
    CHECK(reply->status == 413);
}

TEST_CASE("an upload without a place to put it is told to come again") {
    const TestServer server([](ServerOptions& options) { options.spool_folder = "/nonexistent"; });
    const auto reply =
        ask_once(server.port(), "POST", "/api/v1/upload", with(kAliveUnsafe, "Idempotency-Key", ""), "x");
    CHECK(reply.status == 503);
    CHECK(reason_of(reply) == "http.spool_failed");
    CHECK_FALSE(reply.header("retry-after").empty());
}

TEST_CASE("large and streamed replies arrive whole, a damaged one visibly broken") {
    const TestServer server;
    TestClient client(server.port());
    CHECK(client.ask("GET", "/large").body == std::string(1'000'000, 'L'));
    const auto stream = client.ask("GET", "/stream");
    CHECK(stream.body == std::string(1'000'000, 'S'));
    CHECK(stream.header("content-security-policy").starts_with("sandbox"));
    CHECK(stream.header("content-disposition") == "inline; filename=\"_.pdf\"; filename*=UTF-8''%E5%9B%BE.pdf");
    client.send_request("GET", "/broken-stream");
    CHECK_FALSE(client.read_reply());
    CHECK(ask_once(server.port(), "GET", "/api/v1/echo/x").status == 200);
}

TEST_CASE("our own pages may run no inline script and may be framed by nobody else") {
    const TestServer server;
    const auto page = ask_once(server.port(), "GET", "/page");
    const auto policy = page.header("content-security-policy");
    CHECK(policy.find("script-src 'self';") != std::string::npos);
    CHECK(policy.find("default-src 'none'") != std::string::npos);
    CHECK(policy.find("frame-ancestors 'self'") != std::string::npos);
    CHECK(page.header("referrer-policy") == "same-origin");
    CHECK(page.header("cross-origin-opener-policy") == "same-origin");
    CHECK(page.header("permissions-policy").find("camera=()") != std::string::npos);
}

TEST_CASE("a public page is rendered once until its subject changes") {
    TestServer server;
    TestClient client(server.port());
    const auto first = client.ask("GET", "/permits/33");
    const auto second = client.ask("GET", "/permits/33");
    CHECK(first.body == "page 1");
    CHECK(second.body == "page 1");
    CHECK(second.header("content-security-policy") == first.header("content-security-policy"));
    CHECK(second.header("x-request-id") != first.header("x-request-id"));
    CHECK(client.ask("HEAD", "/permits/33").header("content-length") == "6");
    CHECK(client.ask("GET", "/permits/34").body == "page 3");
    server.cache.invalidate("33");
    CHECK(client.ask("GET", "/permits/33").body == "page 4");
    CHECK(client.ask("GET", "/permits/34").body == "page 3");
}

TEST_CASE("health, readiness and metrics answer those who run the server") {
    const TestServer server;
    CHECK(ask_once(server.port(), "GET", "/healthz").status == 200);
    const auto ready = ask_once(server.port(), "GET", "/readyz");
    CHECK(ready.status == 200);
    CHECK(ready.body == R"({"ready":true,"checks":[{"name":"database","ok":true}]})");
    const auto metrics = ask_once(server.port(), "GET", "/metrics").body;
    CHECK(metrics.find("kaigong_http_requests_total{route=\"/healthz\",method=\"GET\",status=\"2xx\"} 1\n") !=
          std::string::npos);
    CHECK(metrics.find("kaigong_http_queue_length{pool=\"writer\"} 0\n") != std::string::npos);
    CHECK(ask_once(server.port(), "GET", "/metrics", {{"X-Forwarded-For", "10.0.0.1"}}).status == 404);
}

TEST_CASE("only a trusted proxy says who the client is") {
    const TestServer direct;
    const TestClient::Headers forwarded{{"X-Forwarded-For", "1.2.3.4, 10.9.8.7"}};
    CHECK(text_of(ask_once(direct.port(), "GET", "/api/v1/echo/x", forwarded), "client") == "127.0.0.1");
    const TestServer behind([](ServerOptions& options) { options.trusted_proxies = {"127.0.0.1"}; });
    CHECK(text_of(ask_once(behind.port(), "GET", "/api/v1/echo/x", forwarded), "client") == "10.9.8.7");
    CHECK(text_of(ask_once(behind.port(), "GET", "/api/v1/echo/x", {{"X-Forwarded-For", "<x>"}}), "client") ==
          "127.0.0.1");
}

TEST_CASE("what a proxy writes beside the address of its client makes no other client of him") {
    const TestServer behind([](ServerOptions& options) { options.trusted_proxies = {"127.0.0.1"}; });
    const auto client = [&](const char* forwarded) {
        return text_of(ask_once(behind.port(), "GET", "/api/v1/echo/x", {{"X-Forwarded-For", forwarded}}), "client");
    };
    for (const char* same : {"203.0.113.8", "203.0.113.8:20001", "10.0.0.1, 203.0.113.8:20002",
                             "[::ffff:203.0.113.8]:7", "::ffff:203.0.113.8", "[::ffff:cb00:7108]"}) {
        CHECK_MESSAGE(client(same) == "203.0.113.8", std::string(same));
    }
    for (const char* same : {"2001:db8::8", "[2001:db8::8]:20001", "[2001:DB8:0:0::8]", "2001:0db8::0008"}) {
        CHECK_MESSAGE(client(same) == "2001:db8::8", std::string(same));
    }
    for (const char* none : {"203.0.113.8:", "203.0.113.8:x", "203.0.113.8:123456", "[2001:db8::8", "[2001:db8::8]7",
                             "[203.0.113.8]", "1.2.3", "999.1.1.1", "1:2", "fe80::1%eth0", "unknown", ""}) {
        CHECK_MESSAGE(client(none) == "127.0.0.1", std::string(none));
    }
}

TEST_CASE("a server that listens on :: knows its proxies and itself by their IPv4 addresses") {
    const TestServer everywhere([](ServerOptions& options) {
        options.address = "::";
        options.hosts = {"localhost"};
        options.trusted_proxies = {"127.0.0.1"};
    });
    const auto echo = [&](const TestClient::Headers& headers) {
        return text_of(ask_once(everywhere.port(), "GET", "/api/v1/echo/x", headers), "client");
    };
    CHECK(echo({}) == "127.0.0.1");
    CHECK(echo({{"X-Forwarded-For", "192.0.2.7"}}) == "192.0.2.7");
    CHECK(ask_once(everywhere.port(), "GET", "/metrics").status == 200);
    CHECK(ask_once(everywhere.port(), "GET", "/metrics", {{"X-Forwarded-For", "192.0.2.7"}}).status == 404);
}

TEST_CASE("a proxy is known however its address is written, and what is no address is refused by name") {
    for (const char* proxy : {"::ffff:127.0.0.1", "::FFFF:7f00:1"}) {
        const TestServer behind([&](ServerOptions& options) { options.trusted_proxies = {"2001:DB8:0::1", proxy}; });
        CHECK(text_of(ask_once(behind.port(), "GET", "/api/v1/echo/x", {{"X-Forwarded-For", "192.0.2.7"}}), "client") ==
              "192.0.2.7");
    }
    Router router;
    ServerParts parts;
    parts.router = &router;
    for (const char* none : {"", "proxy.example", "10.0.0.0/8", "127.0.0.1:8080", " 127.0.0.1", "fe80::1%eth0"}) {
        ServerOptions options;
        options.trusted_proxies = {"127.0.0.1", none};
        const auto refused = Server::start(options, parts);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "http.trusted_proxy_invalid");
        CHECK(refused.error().message.find(std::string("“") + none + "”") != std::string::npos);
    }
}

TEST_CASE("a port that is taken and an address that is none are refused by name") {
    const TestServer server;
    Router router;
    ServerParts parts;
    parts.router = &router;
    ServerOptions taken;
    taken.port = server.port();
    CHECK(Server::start(taken, parts).error().reason == "http.address_in_use");
    ServerOptions wrong;
    wrong.address = "not-an-address";
    CHECK(Server::start(wrong, parts).error().reason == "http.address_invalid");
    ServerOptions foreign;
    foreign.address = "192.0.2.1";
    CHECK(Server::start(foreign, parts).error().reason == "http.address_refused");
}
