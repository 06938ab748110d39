#include "http/event_stream.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "http/test_server.hpp"

namespace kaigong::http {
namespace {

using namespace std::chrono_literals;

ServerEvent event(std::string data) {
    return {"1", "changed", std::move(data)};
}

/// A server with a stream at /api/v1/live that `hub` feeds, and one ordinary route on the same two workers.
class LiveServer {
  public:
    explicit LiveServer(
        EventHubLimits limits = {}, const std::function<void(ServerLimits&)>& adjust = [](auto&) {})
        : hub(limits), server([&](ServerOptions& options) {
              options.limits.heartbeat = 100ms;
              options.limits.stream_check = 200ms;
              adjust(options.limits);
          }) {
        server.router.add({{.path = "/api/v1/live",
                            .action = "test.read",
                            .background = true,
                            .handler = [this](const Request& request) { return open(request); }}});
    }

    std::unique_ptr<TestClient> listen(std::string_view account = "account-1") {
        auto client = std::make_unique<TestClient>(server.port());
        client->send_request("GET", "/api/v1/live",
                             {{"Cookie", "__Host-kaigong=alive"}, {"X-Account", std::string(account)}});
        return client;
    }
    /// Waits, at most 10 s.
    bool comes_to(std::size_t count) const {
        for (int i = 0; i < 1'000 && hub.count() != count; ++i) std::this_thread::sleep_for(10ms);
        return hub.count() == count;
    }

    EventHub hub;
    std::atomic<bool> allowed{true};
    TestServer server;

  private:
    Result<Reply> open(const Request& request) {
        const std::string account(request.header("x-account").value_or("account-1"));
        KAIGONG_TRY(stream, hub.open(account, "topic", [this](const Session&) -> Result<void> {
            if (allowed) return {};
            return error(Errc::forbidden, "test.no_longer", "");
        }));
        stream->send(event("here"));
        return event_stream_reply(std::move(stream));
    }
};

}  // namespace

TEST_CASE("an event is written as a client reads it, line by line") {
    CHECK(to_text({"7", "changed", "a\nb"}) == "id: 7\nevent: changed\ndata: a\ndata: b\n\n");
    CHECK(to_text({"", "", ""}) == "data: \n\n");
    CHECK_THROWS_AS(to_text({"7\ndata: forged", "", ""}), std::logic_error);
}

TEST_CASE("who listens is told, and between two events there is a sign of life") {
    LiveServer live;
    const auto client = live.listen();
    const auto reply = client->read_reply(true);
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->header("content-type").starts_with("text/event-stream"));
    CHECK(reply->header("content-length").empty());
    CHECK(client->read_until("data: here\n\n"));
    live.hub.publish("topic", [](const std::string& account) { return event("for " + account); });
    CHECK(client->read_until("data: for account-1\n\n"));
    CHECK(client->read_until(": \n\n"));
}

TEST_CASE("two hundred open streams hold no worker: an ordinary request is answered at once") {
    LiveServer live({.per_account_max = 500});
    std::vector<std::unique_ptr<TestClient>> clients;
    for (int i = 0; i < 200; ++i) {
        clients.push_back(live.listen());
        REQUIRE(clients.back()->read_until("data: here\n\n"));
    }
    CHECK(live.hub.count() == 200);
    for (int i = 0; i < 20; ++i) CHECK(ask_once(live.server.port(), "GET", "/api/v1/echo/x").status == 200);
    live.hub.publish("topic", [](const std::string&) { return event("to all"); });
    for (const auto& client : clients) CHECK(client->read_until("data: to all\n\n"));
    clients.clear();
    CHECK(live.comes_to(0));
}

TEST_CASE("streams are bounded, for one account and in all") {
    LiveServer live({.streams_max = 3, .per_account_max = 2});
    std::vector<std::unique_ptr<TestClient>> open;
    for (int i = 0; i < 2; ++i) {
        open.push_back(live.listen("anna"));
        REQUIRE(open.back()->read_until("data: here\n\n"));
    }
    CHECK(live.listen("anna")->read_reply()->status == 429);
    open.push_back(live.listen("bert"));
    REQUIRE(open.back()->read_until("data: here\n\n"));
    CHECK(live.listen("carl")->read_reply()->status == 503);
    open.pop_back();
    REQUIRE(live.comes_to(2));
    CHECK(live.listen("carl")->read_until("data: here\n\n"));
}

TEST_CASE("a reader who does not keep up is dropped, and nobody waits for him") {
    LiveServer live({.pending_bytes_max = std::size_t{64} * 1'024},
                    [](ServerLimits& limits) { limits.write_timeout = 300ms; });
    const auto slow = live.listen();
    REQUIRE(slow->read_until("data: here\n\n"));
    const std::string large(60'000, 'x');
    for (int i = 0; i < 400 && live.hub.count() > 0; ++i) {
        live.hub.publish("topic", [&](const std::string&) { return event(large); });
        std::this_thread::sleep_for(5ms);
    }
    CHECK(live.comes_to(0));
}

TEST_CASE("a stream ends when its reader may no longer read") {
    LiveServer live;
    const auto client = live.listen();
    REQUIRE(client->read_until("data: here\n\n"));
    live.allowed = false;
    CHECK(live.comes_to(0));
}

TEST_CASE("an open stream, and what a page asks by itself, keep no session alive") {
    LiveServer live;
    const auto client = live.listen();
    REQUIRE(client->read_until("data: here\n\n"));
    const auto& asked = live.server.authenticator;
    for (int i = 0; i < 1'000 && asked.calls < 3; ++i) std::this_thread::sleep_for(10ms);
    CHECK(asked.calls >= 3);
    CHECK(asked.kept_alive == 0);
    const auto ask = [&](Parameters headers) {
        headers.emplace_back("Cookie", "__Host-kaigong=alive");
        TestClient page(live.server.port());
        return page.ask("GET", "/api/v1/mine", headers).status;
    };
    CHECK(ask({{"X-Kaigong-Background", "1"}}) == 200);
    CHECK(asked.kept_alive == 0);
    CHECK(ask({}) == 200);
    CHECK(asked.kept_alive == 1);
}

TEST_CASE("a server that stops ends its streams at once") {
    LiveServer live;
    const auto client = live.listen();
    REQUIRE(client->read_until("data: here\n\n"));
    const auto begun = std::chrono::steady_clock::now();
    CHECK(live.server.server->stop());
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("HEAD opens no stream") {
    LiveServer live;
    TestClient client(live.server.port());
    const auto reply = client.ask("HEAD", "/api/v1/live", {{"Cookie", "__Host-kaigong=alive"}});
    CHECK(reply.status == 200);
    CHECK(live.comes_to(0));
}

}  // namespace kaigong::http
