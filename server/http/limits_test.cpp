// How much one address, account and route may have, and who goes when room is needed.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "http/test_server.hpp"

using namespace kaigong;
using namespace kaigong::http;
using namespace std::chrono_literals;

namespace {

using Clients = std::vector<std::unique_ptr<TestClient>>;

std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

/// How many of so many requests, each over a connection of its own, were answered with this status.
int answered(int status, int count, const TestServer& server, const char* method, const char* target, const char* from,
             const TestClient::Headers& headers = {}) {
    int found = 0;
    for (int i = 0; i < count; ++i)
        found += TestClient(server.port(), from).ask(method, target, headers).status == status;
    return found;
}

}  // namespace

TEST_CASE("an address that asks too much is told when to come again, others go on") {
    const TestServer server([](ServerOptions& options) {
        options.limits.address_rate = {1};
        options.limits.flood_pause = 10ms;
    });
    TestClient flooder(server.port(), "127.0.0.2");
    int good = 0;
    ClientReply refused;
    for (int i = 0; i < 12 && refused.status == 0; ++i) {
        auto reply = flooder.ask("GET", "/api/v1/echo/x");
        if (reply.status == 200) ++good;
        if (reply.status == 429) refused = std::move(reply);
    }
    CHECK(good >= 9);  // the connection counts too; a second may pass here
    CHECK(good < 12);
    CHECK(refused.body.find("http.too_many_requests") != std::string::npos);
    CHECK(refused.header("retry-after") == "5");
    CHECK(TestClient(server.port(), "127.0.0.2").waits_for_close());
    CHECK(ask_once(server.port(), "GET", "/api/v1/echo/x").status == 200);
    CHECK(server.reaches("kaigong_http_limited_requests_total{by=\"address\"} 1"));
    CHECK(server.reaches("kaigong_http_refused_address_connections_total 1"));
}

TEST_CASE("answers from rendered bytes count like any other") {
    const TestServer server([](ServerOptions& options) { options.limits.address_rate = {1}; });
    TestClient client(server.port());
    for (int i = 0; i < 9; ++i) CHECK(client.ask("GET", "/permits/33").status == 200);
    CHECK(client.ask("GET", "/permits/33").status == 429);
}

TEST_CASE("who was told to wait is not read until then") {
    const TestServer server([](ServerOptions& options) {
        options.limits.address_rate = {1};
        options.limits.flood_pause = 600ms;
    });
    TestClient client(server.port());
    for (int i = 0; i < 9; ++i) client.ask("GET", "/api/v1/echo/x");
    CHECK(client.ask("GET", "/api/v1/echo/x").status == 429);
    const auto start = std::chrono::steady_clock::now();
    (void)client.ask("GET", "/api/v1/echo/x");
    CHECK(since(start) >= 550ms);
}

TEST_CASE("a route has limits by what it costs, for each address its own") {
    const TestServer server([](ServerOptions& options) {
        options.limits.slow_rate = {1};
        options.limits.write_rate = {2};
        options.limits.flood_pause = 10ms;
    });
    CHECK(answered(200, 12, server, "POST", "/api/v1/hash", "127.0.0.2") == 10);
    CHECK(answered(200, 12, server, "POST", "/api/v1/hash", "127.0.0.3") == 10);
    CHECK(answered(200, 12, server, "POST", "/api/v1/open", "127.0.0.2") == 12);
    CHECK(answered(200, 12, server, "POST", "/api/v1/open", "127.0.0.2") < 12);
    CHECK(answered(200, 40, server, "GET", "/api/v1/echo/x", "127.0.0.2") == 40);
}

TEST_CASE("an account has its limit from wherever it comes") {
    const TestServer server([](ServerOptions& options) {
        options.limits.account_rate = {1};
        options.limits.flood_pause = 10ms;
    });
    const TestClient::Headers alive{{"Cookie", "__Host-kaigong=alive"}};
    CHECK(answered(200, 6, server, "GET", "/api/v1/mine", "127.0.0.2", alive) == 6);
    CHECK(answered(429, 6, server, "GET", "/api/v1/mine", "127.0.0.3", alive) >= 1);
    CHECK(answered(200, 3, server, "GET", "/api/v1/mine", "127.0.0.3", {{"Authorization", "Bearer reads"}}) == 3);
}

TEST_CASE("behind a proxy it is the client that counts, and the proxy's connection goes on") {
    const TestServer server([](ServerOptions& options) {
        options.trusted_proxies = {"127.0.0.1"};
        options.limits.address_rate = {1};
        options.limits.connections_per_address_max = 1;
    });
    TestClient proxy(server.port());
    TestClient second(server.port());
    const auto ask = [&](const char* address) {
        return proxy.ask("GET", "/api/v1/echo/x", {{"X-Forwarded-For", address}}).status;
    };
    for (int i = 0; i < 10; ++i) CHECK(ask("192.0.2.1") == 200);
    CHECK(ask("192.0.2.1") == 429);
    CHECK(ask("192.0.2.2") == 200);
    for (int i = 0; i < 10; ++i) CHECK(ask("2001:db8:0:1::1") == 200);
    CHECK(ask("2001:db8:0:1:ffff::2") == 429);
    CHECK(ask("2001:db8:0:2::1") == 200);
    CHECK(ask("192.0.2.1:4711") == 429);
    CHECK(ask("[2001:db8:0:1::9]:4711") == 429);
    CHECK(second.ask("GET", "/healthz", {{"X-Forwarded-For", "192.0.2.3"}}).status == 200);
}

TEST_CASE("an address has so many connections and no more, another one its own") {
    const TestServer server([](ServerOptions& options) { options.limits.connections_per_address_max = 3; });
    Clients held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(std::make_unique<TestClient>(server.port(), "127.0.0.2"));
        CHECK(held.back()->ask("GET", "/healthz").status == 200);
    }
    CHECK(TestClient(server.port(), "127.0.0.2").waits_for_close());
    CHECK(ask_once(server.port(), "GET", "/healthz").status == 200);
    held.clear();
    CHECK(server.reaches("kaigong_http_connections 0"));
    CHECK(TestClient(server.port(), "127.0.0.2").ask("GET", "/healthz").status == 200);
}

TEST_CASE("a connection that never says anything goes before one that only rests") {
    const TestServer server([](ServerOptions& options) {
        options.limits.first_byte_timeout = 150ms;
        options.limits.idle_timeout = 60s;
    });
    TestClient resting(server.port());
    CHECK(resting.ask("GET", "/healthz").status == 200);
    TestClient silent(server.port());
    CHECK(silent.waits_for_close());
    CHECK(resting.ask("GET", "/healthz").status == 200);
}

TEST_CASE("when connections run out, silent and half ones make room and those at work stay") {
    TestServer server([](ServerOptions& options) { options.limits.connections_max = 32; });
    TestClient working(server.port());
    working.send_request("GET", "/gate");
    server.inside.acquire();
    TestClient resting(server.port());
    CHECK(resting.ask("GET", "/healthz").status == 200);
    Clients slow;
    for (int i = 0; i < 30; ++i) {  // with the two above all that there are
        slow.push_back(std::make_unique<TestClient>(server.port(), "127.0.0.2"));
        if (i % 2 == 0) slow.back()->send("GET /healthz HTTP/1.1\r\nX: ");
    }
    // Whoever was silent for less than a quarter of a second stays: the first who come are told to come again.
    const auto until = std::chrono::steady_clock::now() + 10s;
    int let_in = 0;
    while (let_in < 20 && std::chrono::steady_clock::now() < until) {
        TestClient person(server.port(), "127.0.0.3");
        person.send_request("GET", "/healthz");
        const auto reply = person.read_reply();
        let_in += reply && reply->status == 200;
    }
    CHECK(let_in == 20);
    CHECK(slow[0]->waits_for_close());  // of the one I/O thread the oldest with half a header, …
    CHECK(slow[1]->waits_for_close());  // … of the other the oldest that is silent
    CHECK(server.metrics.render().find("kaigong_http_given_up_connections_total 0\n") == std::string::npos);
    CHECK(resting.ask("GET", "/healthz").status == 200);
    server.gate.release();
    CHECK(working.read_reply()->body == "through");
}

TEST_CASE("many bodies that come in two pieces all arrive") {
    const TestServer server([](ServerOptions& options) {
        options.limits.request = {.threads = 2, .queue_max = 100};
        options.limits.writer = {.threads = 4, .queue_max = 100};
    });
    Clients slow;
    for (int i = 0; i < 50; ++i) {
        slow.push_back(std::make_unique<TestClient>(server.port()));
        slow.back()->send_request(
            "POST", "/api/v1/upload",
            {{"Cookie", "__Host-kaigong=alive"}, {"X-CSRF-Token", "token-1"}, {"Content-Length", "1000"}});
        slow.back()->send("x");
    }
    CHECK(ask_once(server.port(), "GET", "/healthz").status == 200);
    for (auto& one : slow) {
        one->send(std::string(999, 'x'));
        CHECK(one->read_reply()->status == 200);
    }
}

TEST_CASE("answers that nobody reads are not kept in memory without end") {
    const TestServer server([](ServerOptions& options) {
        options.limits.unsent_bytes_max = 4'000'000;
        options.limits.connections_max = 64;
    });
    Clients deaf;
    for (int i = 0; i < 8; ++i) {
        deaf.push_back(std::make_unique<TestClient>(server.port(), "127.0.0.2"));
        for (int asked = 0; asked < 20; ++asked) deaf.back()->send_request("GET", "/large");
    }
    // Those who do not read for two seconds are given up while more than half of the limit waits for them.
    const auto until = std::chrono::steady_clock::now() + 15s;
    const auto given_up = [&] {
        return server.metrics.render().find("kaigong_http_given_up_connections_total 0\n") == std::string::npos;
    };
    while (!given_up() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(20ms);
    CHECK(given_up());
    int status = 0;
    while (status != 200 && std::chrono::steady_clock::now() < until) {
        status = ask_once(server.port(), "GET", "/large").status;
    }
    CHECK(status == 200);
}
