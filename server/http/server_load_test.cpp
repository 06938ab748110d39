// Slow, many and ending: what the edge does when it is not asked politely.
#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "http/test_server.hpp"

using namespace kaigong;
using namespace kaigong::http;
using namespace std::chrono_literals;

namespace {

std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

void hurry(ServerOptions& options) {
    options.limits.first_byte_timeout = 150ms;
    options.limits.idle_timeout = 150ms;
    options.limits.header_timeout = 200ms;
    options.limits.body_grace = 200ms;
    options.limits.body_bytes_per_second_min = 1'000'000;
    options.limits.write_timeout = 300ms;
}

}  // namespace

TEST_CASE("a connection that asks nothing is closed without a word") {
    const TestServer server(hurry);
    TestClient client(server.port());
    CHECK(client.waits_for_close());
    TestClient kept(server.port());
    CHECK(kept.ask("GET", "/api/v1/echo/x").status == 200);
    CHECK(kept.waits_for_close());
}

TEST_CASE("a header that comes byte by byte is cut off at its deadline") {
    const TestServer server(hurry);
    TestClient client(server.port());
    const auto start = std::chrono::steady_clock::now();
    std::jthread drip([&](const std::stop_token& stop) {
        client.send("GET /api/v1/echo/x HTTP/1.1\r\nX: ");
        while (!stop.stop_requested() && client.send("a")) std::this_thread::sleep_for(5ms);
    });
    const auto reply = client.read_reply();
    REQUIRE(reply);
    CHECK(reply->status == 408);
    CHECK(since(start) < 5s);
}

TEST_CASE("a body that comes byte by byte is cut off however patient its sender is") {
    const TestServer server(hurry);
    TestClient client(server.port());
    client.send_request("POST", "/api/v1/json", {{"Content-Length", "90"}});
    std::jthread drip([&](const std::stop_token& stop) {
        while (!stop.stop_requested() && client.send("a")) std::this_thread::sleep_for(20ms);
    });
    const auto reply = client.read_reply();
    REQUIRE(reply);
    CHECK(reply->status == 408);
}

TEST_CASE("a client that does not read its reply does not keep its connection") {
    const TestServer server([](ServerOptions& options) {
        hurry(options);
        options.io_threads = 1;
    });
    TestClient deaf(server.port());
    for (int i = 0; i < 40; ++i) deaf.send_request("GET", "/large");
    CHECK(server.reaches("kaigong_http_connections 0"));
}

TEST_CASE("slow senders do not keep others waiting") {
    const TestServer server;
    std::vector<std::unique_ptr<TestClient>> slow;
    for (int i = 0; i < 300; ++i) {
        slow.push_back(std::make_unique<TestClient>(server.port()));
        slow.back()->send("GET /api/v1/echo/x HTTP/1.1\r\nX: a");
    }
    const auto start = std::chrono::steady_clock::now();
    CHECK(ask_once(server.port(), "GET", "/api/v1/echo/x").status == 200);
    CHECK(since(start) < 2s);
}

TEST_CASE("connections over the limit are refused with a problem and come in again later") {
    const TestServer server([](ServerOptions& options) { options.limits.connections_max = 3; });
    std::vector<std::unique_ptr<TestClient>> held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(std::make_unique<TestClient>(server.port()));
        CHECK(held.back()->ask("GET", "/healthz").status == 200);
    }
    TestClient over(server.port());
    const auto refused = over.read_reply();
    REQUIRE(refused);
    CHECK(refused->status == 503);
    CHECK(refused->body.find("http.too_many_connections") != std::string::npos);
    held.clear();
    REQUIRE(server.reaches("kaigong_http_connections 0"));
    CHECK(ask_once(server.port(), "GET", "/healthz").status == 200);
}

TEST_CASE("a full queue answers at once and the other pools go on") {
    TestServer server;  // two workers and four places for reads
    std::vector<std::unique_ptr<TestClient>> waiting;
    for (int i = 0; i < 6; ++i) {
        waiting.push_back(std::make_unique<TestClient>(server.port()));
        waiting.back()->send_request("GET", "/gate");
        if (i < 2) server.inside.acquire();
    }
    REQUIRE(server.reaches("kaigong_http_queue_length{pool=\"request\"} 4"));
    const auto reply = ask_once(server.port(), "GET", "/api/v1/echo/x");
    CHECK(reply.status == 503);
    CHECK(reply.body.find("http.overloaded") != std::string::npos);
    CHECK_FALSE(reply.header("retry-after").empty());
    CHECK(ask_once(server.port(), "POST", "/api/v1/open").status == 200);
    server.gate.release(6);
    for (auto& client : waiting) CHECK(client->read_reply()->body == "through");
    CHECK(ask_once(server.port(), "GET", "/api/v1/echo/x").status == 200);
}

TEST_CASE("many clients at once each get their own answers") {
    const TestServer server(
        [](ServerOptions& options) { options.limits.request = {.threads = 4, .queue_max = 1'000}; });
    std::vector<std::future<int>> clients;
    clients.reserve(32);
    for (int c = 0; c < 32; ++c) {
        clients.push_back(std::async(std::launch::async, [&server, c] {
            TestClient client(server.port());
            int right = 0;
            for (int i = 0; i < 100; ++i) {
                const auto name = std::to_string(c) + "-" + std::to_string(i);
                const auto reply = client.ask("GET", "/api/v1/echo/" + name);
                right += reply.body.starts_with("{\"name\":\"" + name + "\"") ? 1 : 0;
            }
            return right;
        }));
    }
    for (auto& client : clients) CHECK(client.get() == 100);
}

TEST_CASE("stopping finishes what was accepted, takes nothing new and returns") {
    TestServer server;
    TestClient idle(server.port());
    CHECK(idle.ask("GET", "/healthz").status == 200);
    std::vector<std::unique_ptr<TestClient>> working;
    for (int i = 0; i < 4; ++i) {  // two run, two wait in the queue
        working.push_back(std::make_unique<TestClient>(server.port()));
        working.back()->send_request("GET", "/gate");
        if (i < 2) server.inside.acquire();
    }
    REQUIRE(server.reaches("kaigong_http_queue_length{pool=\"request\"} 2"));
    const auto port = server.port();
    auto stopped = std::async(std::launch::async, [&] { return server.server->stop(); });
    CHECK(idle.waits_for_close());
    CHECK_THROWS(TestClient(port).ask("GET", "/healthz"));
    server.gate.release(100);
    for (auto& client : working) {
        const auto reply = client->read_reply();
        REQUIRE(reply);
        CHECK(reply->body == "through");
        CHECK(reply->header("connection") == "close");
    }
    CHECK(stopped.get());
}

TEST_CASE("stopping does not wait for ever for a client that never ends its request") {
    TestServer server([](ServerOptions& options) { options.limits.stop_grace = 200ms; });
    TestClient half(server.port());
    CHECK(half.ask("GET", "/healthz").status == 200);
    half.send_request("POST", "/api/v1/json", {{"Content-Length", "50"}, {"Expect", "100-continue"}});
    CHECK(half.read_reply()->status == 100);
    const auto start = std::chrono::steady_clock::now();
    CHECK_FALSE(server.server->stop());
    CHECK(since(start) < 5s);
    CHECK(half.waits_for_close());
}
