// Every route of the program before every role, every unfinished session and every access token. A stub says who comes,
// so that roles are asked whose accounts a demo does not have; what each scope reaches of real cases is
// tests/api/matrix.test.mjs.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "app/bureau.hpp"
#include "base/log.hpp"
#include "db/testing/test_databases.hpp"
#include "http/server.hpp"
#include "http/test_client.hpp"

namespace kaigong::app {
namespace {

using authz::Role;
using http::SessionStage;

constexpr std::array kRoles{
    Role::owner_agent,         Role::individual_owner, Role::public_user,    Role::window_clerk,
    Role::acceptance_officer,  Role::reviewer,         Role::section_head,   Role::deciding_leader,
    Role::certificate_officer, Role::system_admin,     Role::security_admin, Role::audit_admin,
    Role::rule_admin,          Role::supervisor,       Role::partner_system, Role::system};
static_assert(kRoles.back() == Role::system && kRoles.size() == static_cast<std::size_t>(Role::system) + 1,
              "a new role is asked here too");

authz::AccountKind kind_of(Role role) {
    using authz::AccountKind;
    switch (role) {
        case Role::owner_agent:
        case Role::individual_owner:
        case Role::public_user: return AccountKind::owner_agent;
        case Role::system_admin:
        case Role::security_admin:
        case Role::audit_admin:
        case Role::rule_admin: return AccountKind::administrator;
        case Role::partner_system: return AccountKind::partner;
        case Role::system: return AccountKind::system;
        default: return AccountKind::officer;
    }
}

/// The role is the cookie or the token; what else there is to say of the session stands in members.
class Stub final : public http::Authenticator {
  public:
    Result<http::Session> authenticate(const http::Credentials& credentials) override {
        const bool by_token = credentials.cookie.empty();
        const auto role = authz::parse_role(by_token ? credentials.bearer : credentials.cookie);
        if (!role) return error(Errc::unauthenticated, "identity.session_expired", "");
        http::Session session;
        session.session_id = "s";
        session.csrf_token = "token";
        session.stage = stage;
        session.by_token = by_token;
        session.actor.account_id = authz::AccountId{"01900000-0000-7000-8000-00000000d00d"};
        session.actor.kind = kind_of(*role);
        session.actor.roles = {*role};
        const bool officer = session.actor.kind == authz::AccountKind::officer;
        session.actor.region_code = officer ? "330106" : "";
        session.actor.department = officer ? "fire" : "";
        session.actor.credit_code = *role == Role::owner_agent ? "91330106MA0DEM0133" : "";
        session.actor.recently_authenticated = true;
        if (by_token) session.actor.delegated_actions = delegated;
        return session;
    }
    SessionStage stage = SessionStage::full;
    std::vector<std::string> delegated;
};

struct Answer {
    int status = 0;
    std::string reason;
};

class Program {
  public:
    Program() {
        (void)configure_log({.level = LogLevel::error, .file = {}});
        BureauSettings settings;
        settings.data_folder = std::filesystem::path(folder_.path()) / "data";
        settings.catalog_folder = std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog";
        settings.key_file = settings.data_folder / "keys.json";
        settings.public_url = "http://127.0.0.1:8600";
        settings.demo = true;
        auto opened = Bureau::open(settings);
        if (!opened) throw std::runtime_error("the bureau did not open: " + opened.error().reason);
        bureau_ = std::move(*opened);
        endpoints = bureau_->endpoints();
        router_.add(bureau_->endpoints());
        http::ServerOptions options;
        options.port = 0;
        server_ = http::Server::start(options, {&router_, &stub, &bureau_->rendered_cache(), &bureau_->metrics(), {}})
                      .value();
    }

    Answer ask(const http::Endpoint& endpoint, const http::TestClient::Headers& who) const {
        auto headers = who;
        if (endpoint.needs.idempotency_key) headers.emplace_back("Idempotency-Key", kNobody);
        if (endpoint.needs.if_match) headers.emplace_back("If-Match", "\"1\"");
        const bool unsafe = endpoint.method != http::Method::get;
        if (unsafe) headers.emplace_back("Content-Type", "application/json");
        if (unsafe) headers.emplace_back("X-CSRF-Token", "token");
        http::TestClient client(server_->port());
        const auto reply = client.ask(to_string(endpoint.method), filled(endpoint.path), headers, unsafe ? "{}" : "");
        return {reply.status, reason_in(reply.body)};
    }
    Answer ask(const http::Endpoint& endpoint, Role role) const {
        return ask(endpoint, {{"Cookie", fmt::format("{}={}", http::kSessionCookie, to_string(role))}});
    }
    Answer ask_by_token(const http::Endpoint& endpoint, Role role) const {
        return ask(endpoint, {{"Authorization", fmt::format("Bearer {}", to_string(role))}});
    }

    bool may(Role role, std::string_view action) const {
        return std::ranges::any_of(bureau_->permissions().grants(), [&](const authz::Grant& grant) {
            return grant.role == role && grant.action == action;
        });
    }

    std::vector<http::Endpoint> endpoints;
    Stub stub;

  private:
    static constexpr const char* kNobody = "01900000-0000-7000-8000-000000000000";

    /// Ids of nothing: who gets through to the handler finds nothing, whatever the order of its questions.
    static std::string filled(const std::string& path) {
        std::string target;
        for (std::size_t i = 0; i < path.size(); ++i) {
            if (path[i] != '{') {
                target += path[i];
                continue;
            }
            const auto end = path.find('}', i);
            const auto name = path.substr(i + 1, end - i - 1);
            target += name.ends_with("_id") ? kNobody : name == "permit_number" ? "330106202612020199" : "1";
            i = end;
        }
        return target;
    }

    static std::string reason_in(const std::string& body) {
        constexpr std::string_view kName = "\"reason\":\"";
        const auto at = body.find(kName);
        if (at == std::string::npos) return "";
        const auto begin = at + kName.size();
        return body.substr(begin, body.find('"', begin) - begin);
    }

    db::testing::TemporaryFolder folder_;
    std::unique_ptr<Bureau> bureau_;
    http::Router router_;
    std::unique_ptr<http::Server> server_;
};

const Program& program() {
    static const Program one;
    return one;
}

Stub& stub() {
    return const_cast<Stub&>(program().stub);
}

std::string name_of(const http::Endpoint& endpoint) {
    return fmt::format("{} {}", to_string(endpoint.method), endpoint.path);
}

}  // namespace

TEST_CASE("without a session nobody gets to a route that wants one") {
    for (const auto& endpoint : program().endpoints) {
        if (endpoint.access != http::Access::session) continue;
        CAPTURE(name_of(endpoint));
        CHECK(program().ask(endpoint, http::TestClient::Headers{}).status == 401);
    }
}

TEST_CASE("each role gets past the question of its role exactly where a grant says so") {
    std::size_t asked = 0;
    for (const auto& endpoint : program().endpoints) {
        if (endpoint.access != http::Access::session || endpoint.action.empty()) continue;
        for (const auto role : kRoles) {
            CAPTURE(name_of(endpoint));
            CAPTURE(to_string(role));
            const auto answer = program().ask(endpoint, role);
            CAPTURE(answer.status);
            CAPTURE(answer.reason);
            ++asked;
            CHECK(answer.status < 500);
            if (program().may(role, endpoint.action)) {
                CHECK(answer.reason != "authz.not_permitted");
            } else {
                CHECK(answer.status == 403);
                CHECK(answer.reason == "authz.not_permitted");
            }
        }
    }
    CHECK(asked > 16 * 80);
}

TEST_CASE("a session that has not come through gets only to the routes that are for it") {
    const std::map<SessionStage, std::string> reasons{{SessionStage::second_factor, "http.second_factor_needed"},
                                                      {SessionStage::enrolment, "http.enrolment_needed"},
                                                      {SessionStage::password_change, "http.password_change_needed"}};
    for (const auto& [stage, reason] : reasons) {
        stub().stage = stage;
        for (const auto& endpoint : program().endpoints) {
            if (endpoint.access != http::Access::session || endpoint.early) continue;
            CAPTURE(name_of(endpoint));
            const auto answer = program().ask(endpoint, Role::reviewer);
            CHECK(answer.status == 401);
            // Where pages of other origins may call, no cookie is looked at.
            CHECK(answer.reason == (endpoint.cross_origin ? "http.session_missing" : reason));
        }
    }
    stub().stage = SessionStage::full;
}

TEST_CASE("an access token reaches the actions it was given and nothing else") {
    std::set<std::string> actions;
    for (const auto& endpoint : program().endpoints) {
        if (endpoint.access == http::Access::session && !endpoint.action.empty()) actions.insert(endpoint.action);
    }
    REQUIRE(actions.size() > 10);
    for (const auto& given : {*actions.begin(), *std::next(actions.begin(), 5)}) {
        stub().delegated = {given};
        for (const auto& endpoint : program().endpoints) {
            if (endpoint.access != http::Access::session || endpoint.by_token) continue;
            CAPTURE(name_of(endpoint));
            const auto answer = program().ask_by_token(endpoint, Role::section_head);
            const bool reaches = endpoint.action == given;
            CHECK((answer.reason == "http.token_scope_insufficient") == !reaches);
        }
    }
    stub().delegated = {};
}

}  // namespace kaigong::app
