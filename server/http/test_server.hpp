// A server with one endpoint for each thing that the edge does, for the tests of this folder.
#pragma once

#include <boost/json/serialize.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/log.hpp"
#include "http/operations.hpp"
#include "http/server.hpp"
#include "http/test_client.hpp"

namespace kaigong::http {

class FakeAuthenticator final : public Authenticator {
  public:
    Result<Session> authenticate(const Credentials& credentials) override {
        calls += 1;
        kept_alive += credentials.background ? 0 : 1;
        if (!credentials.bearer.empty()) return by_token(credentials.bearer);
        for (const auto& [cookie, stage] : kStages) {
            if (credentials.cookie != cookie) continue;
            auto session = session_of("account-1");
            session.stage = stage;
            return session;
        }
        if (credentials.cookie == "broken") throw std::runtime_error("the table of sessions is gone");
        if (credentials.cookie != "alive") return error(Errc::unauthenticated, "identity.session_expired", "");
        return session_of("account-1");
    }
    std::atomic<int> calls{0};
    std::atomic<int> kept_alive{0};

  private:
    static constexpr std::array<std::pair<std::string_view, SessionStage>, 3> kStages{
        {{"half", SessionStage::second_factor},
         {"unenrolled", SessionStage::enrolment},
         {"old-password", SessionStage::password_change}}};

    static Session session_of(const char* account) {
        Session session;
        session.session_id = "s";
        session.actor.account_id = authz::AccountId{account};
        session.csrf_token = "token-1";
        return session;
    }
    static Result<Session> by_token(std::string_view bearer) {
        if (bearer != "reads" && bearer != "writes") return error(Errc::unauthenticated, "oauth.token_expired", "");
        auto session = session_of("account-2");
        session.by_token = true;
        session.csrf_token.clear();
        session.actor.delegated_actions = {bearer == "reads" ? "test.read" : "test.write"};
        return session;
    }
};

class TestServer {
  public:
    explicit TestServer(
        const std::function<void(ServerOptions&)>& adjust = [](ServerOptions&) {},
        const std::filesystem::path& static_folder = {},
        const std::function<void(ServerParts&)>& adjust_parts = [](ServerParts&) {}) {
        (void)configure_log({.level = LogLevel::error, .file = {}});
        add_endpoints();
        ServerOptions options;
        options.limits.request = {.threads = 2, .queue_max = 4};
        options.limits.writer = {.threads = 4, .queue_max = 8};
        options.limits.stop_grace = std::chrono::seconds(10);
        adjust(options);
        ServerParts parts;
        parts.router = &router;
        parts.authenticator = &authenticator;
        parts.cache = &cache;
        parts.metrics = &metrics;
        if (!static_folder.empty()) {
            static_files.emplace(StaticFiles::load({"/app/", static_folder, true}).value());
            parts.static_files = {&*static_files};
        }
        adjust_parts(parts);
        server = Server::start(std::move(options), std::move(parts)).value();
    }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;
    ~TestServer() { gate.release(1'000); }

    std::uint16_t port() const { return server->port(); }
    /// Waits, at most 10 s, until the rendered metrics have this line.
    bool reaches(const std::string& line) const {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (metrics.render().find(line + "\n") == std::string::npos) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::yield();
        }
        return true;
    }

    Router router;
    FakeAuthenticator authenticator;
    RenderedCache cache;
    Metrics metrics;
    /// `/gate` says that it is in, then waits here.
    std::counting_semaphore<> inside{0};
    std::counting_semaphore<> gate{0};
    std::atomic<int> rendered{0};
    std::optional<StaticFiles> static_files;
    std::unique_ptr<Server> server;

  private:
    void add_endpoints();
    void add_bodies();
    void add_for_clients();
};

inline void TestServer::add_endpoints() {
    const auto ok = [](const Request&) { return text_reply("ok"); };
    router.add({
        {.path = "/api/v1/echo/{name}",
         .access = Access::anonymous,
         .query = {"q"},
         .handler =
             [](const Request& r) {
                 return json_reply({{"name", r.path_parameter("name")},
                                    {"q", std::string(r.query_parameter("q").value_or("-"))},
                                    {"client", r.client_address},
                                    {"request_id", r.request_id}});
             }},
        {.path = "/page", .access = Access::anonymous, .handler = [](const Request&) { return page_reply("<p>"); }},
        {.path = "/api/v1/throws",
         .access = Access::anonymous,
         .handler = [](const Request&) -> Reply { throw std::runtime_error("secret 13812345678"); }},
        {.path = "/api/v1/bad-header",
         .access = Access::anonymous,
         .handler = [](const Request&) { return text_reply("x").with_header("X-A", "a\r\nX-B: b"); }},
        {.path = "/api/v1/mine",
         .action = "test.read",
         .handler = [](const Request& r) { return text_reply(r.actor().account_id.text); }},
        {.path = "/api/v1/maybe",
         .access = Access::optional_session,
         .handler = [](const Request& r) { return text_reply(r.session ? "known" : "unknown"); }},
        {.method = Method::post,
         .path = "/api/v1/mine",
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [](const Request& r) { return text_reply(r.idempotency_key + " " + std::to_string(r.if_match)); }},
        {.method = Method::post, .path = "/api/v1/open", .access = Access::anonymous, .handler = ok},
        {.path = "/gate",
         .access = Access::anonymous,
         .handler =
             [this](const Request&) {
                 inside.release();
                 gate.acquire();
                 return text_reply("through");
             }},
        {.path = "/permits/{number}",
         .access = Access::anonymous,
         .cached = true,
         .handler =
             [this](const Request& r) {
                 auto reply = page_reply("page " + std::to_string(++rendered));
                 reply.cache_subject = r.path_parameter("number");
                 return reply;
             }},
    });
    add_bodies();
    add_for_clients();
    router.add(operations_endpoints({{"database", [] { return Result<void>(); }}}, metrics));
}

/// What unfinished sign-ins, access tokens and pages of other origins reach.
inline void TestServer::add_for_clients() {
    const auto who = [](const Request& r) { return text_reply(r.session ? r.actor().account_id.text : "nobody"); };
    router.add({
        {.path = "/api/v1/early", .early = true, .handler = who},
        {.path = "/api/v1/userinfo", .by_token = true, .cross_origin = true, .handler = who},
        {.method = Method::post, .path = "/api/v1/early", .early = true, .handler = who},
        {.method = Method::post, .path = "/api/v1/write", .action = "test.write", .handler = who},
        {.method = Method::post,
         .path = "/api/v1/token",
         .access = Access::optional_session,
         .cross_origin = true,
         .handler = who},
        {.method = Method::post,
         .path = "/api/v1/refused",
         .access = Access::anonymous,
         .cross_origin = true,
         .handler = [](const Request&) -> Result<Reply> { return error(Errc::conflict, "test.refused", "不行"); }},
        {.method = Method::post,
         .path = "/api/v1/hash",
         .access = Access::anonymous,
         .pool = Pool::slow,
         .handler = who},
    });
}

inline void TestServer::add_bodies() {
    router.add({
        {.method = Method::post,
         .path = "/api/v1/json",
         .access = Access::anonymous,
         .body_bytes_max = 100,
         .handler = [](const Request& r) -> Result<Reply> {
             KAIGONG_TRY(body, json_body(r));
             JsonReader reader(body);
             const auto name = reader.text("name", {.length_max = 5});
             KAIGONG_CHECK(reader.finish());
             return json_reply({{"name", name}}, 201);
         }},
        {.method = Method::post,
         .path = "/api/v1/upload",
         .body = Body::file,
         .body_bytes_max = 3'000'000,
         .handler =
             [](const Request& r) {
                 const auto content = r.body_file->read_all();
                 std::uint64_t sum = 0;
                 for (const char c : content) sum += static_cast<unsigned char>(c);
                 return json_reply({{"size", r.body_file->size()}, {"sum", sum}, {"in_memory", r.body.size()}});
             }},
        {.path = "/large",
         .access = Access::anonymous,
         .handler = [](const Request&) { return text_reply(std::string(1'000'000, 'L')); }},
        {.path = "/stream",
         .access = Access::anonymous,
         .handler =
             [](const Request&) {
                 auto left = std::make_shared<std::size_t>(1'000'000);
                 auto read = [left](std::span<char> target) {
                     const auto count = std::min(*left, std::min<std::size_t>(target.size(), 70'001));
                     std::fill_n(target.begin(), count, 'S');
                     *left -= count;
                     return count;
                 };
                 return stranger_file({1'000'000, read}, "application/pdf", "图.pdf", Disposition::inline_preview);
             }},
        {.path = "/broken-stream",
         .access = Access::anonymous,
         .handler =
             [](const Request&) {
                 auto read = [](std::span<char>) -> std::size_t { throw std::runtime_error("blob is damaged"); };
                 return stranger_file({1'000, read}, "application/pdf", "x.pdf");
             }},
    });
}

}  // namespace kaigong::http
