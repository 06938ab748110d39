// Processes of one installation, without the network: each has the module's routes, all have one database and one
// clock.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/json_members.hpp"
#include "db/testing/test_databases.hpp"
#include "http/request.hpp"
#include "modules/identity/identity.hpp"

namespace kaigong::identity::testing {

using boost::json::object;
using http::Method;

inline constexpr const char* kPassword = "correct horse battery";
inline constexpr std::int64_t kNoonMs = 1'796'200'000'000;
inline constexpr const char* kCodeOfOne = "91330106MA0DEM0133";

inline std::string pattern_of(const std::string& path, http::Request& request) {
    // `/api/v1/organisations/{organisation_id=…}/…`: the test names each parameter where it stands.
    std::string pattern;
    for (std::size_t at = 0; at < path.size();) {
        const auto open = path.find('{', at);
        pattern += path.substr(at, open - at);
        if (open == std::string::npos) break;
        const auto equals = path.find('=', open);
        const auto close = path.find('}', open);
        const auto name = path.substr(open + 1, equals - open - 1);
        request.path_parameters.emplace_back(name, path.substr(equals + 1, close - equals - 1));
        pattern += "{" + name + "}";
        at = close + 1;
    }
    return pattern;
}

inline object body_of(const http::Reply& reply) {
    const auto& text = std::get<std::string>(reply.body);
    return text.empty() ? object() : boost::json::parse(text).as_object();
}

/// One process of the installation.
class Office {
  public:
    Office(db::Database& database, const crypto::KeyRing& key_ring, FixedClock& clock, identity::Policy policy,
           identity::MessageSink* sink = nullptr, const Clock* machine_clock = nullptr)
        : audit_(audit::make_audit(database)) {
        static const authz::Permissions permissions = [] {
            authz::Permissions all;
            all.add(identity::permissions());
            return all;
        }();
        identity::Parts parts{database, machine_clock != nullptr ? *machine_clock : clock, clock, key_ring, *audit_};
        parts.password_cost = {.memory_kib = 64, .passes = 1};
        parts.policy = policy;
        parts.public_url = "http://127.0.0.1:8600";
        parts.demo = true;
        parts.sink = sink;
        identity_ = identity::make_identity(parts, permissions);
        routes_ = identity_->routes();
    }

    identity::IdentityOffice& identity() { return *identity_; }
    audit::Audit& audit() { return *audit_; }

    struct Asked {
        std::string cookie = {};
        std::int64_t version = 0;
        std::vector<std::pair<std::string, std::string>> query = {};
        std::string address = "10.0.0.1";
    };

    Result<http::Reply> ask(Method method, const std::string& path, const object& body, const Asked& asked) {
        http::Request request;
        request.headers = {{"content-type", "application/json"}};
        request.body = boost::json::serialize(body);
        request.client_address = asked.address;
        request.if_match = asked.version;
        request.query = asked.query;
        const auto pattern = "/api/v1" + pattern_of(path, request);
        const auto found = std::ranges::find_if(
            routes_, [&](const http::Endpoint& one) { return one.method == method && one.path == pattern; });
        if (found == routes_.end()) throw std::logic_error("no such route: " + pattern);
        if (!asked.cookie.empty()) request.headers.emplace_back("cookie", "__Host-kaigong=" + asked.cookie);
        if (found->access == http::Access::session) {
            KAIGONG_TRY(session, identity_->authenticate({.cookie = asked.cookie}));
            request.session = std::move(session);
        }
        return found->handler(request);
    }

    Result<http::Reply> sign_in(const std::string& account, const std::string& password = kPassword,
                                const std::string& address = "10.0.0.1") {
        return ask(Method::post, "/session", {{"account", account}, {"password", password}}, {.address = address});
    }
    static std::string cookie_of(const http::Reply& reply) {
        for (const auto& [name, value] : reply.headers) {
            if (name == "Set-Cookie") return value.substr(15, value.find(';') - 15);
        }
        return "";
    }
    std::string cookie(const std::string& account) {
        const auto reply = sign_in(account);
        REQUIRE_MESSAGE(reply, account);
        return cookie_of(*reply);
    }

    std::string create(const std::string& name, authz::AccountKind kind, std::vector<authz::Role> roles,
                       const std::string& region = "", const std::string& code = "", const std::string& phone = "") {
        identity::Account account;
        account.account_name = name;
        account.display_name = "李窗口";
        account.kind = kind;
        account.roles = std::move(roles);
        account.region_code = region;
        account.department = region.empty() ? "" : "housing";
        account.credit_code = code;
        account.phone = phone;
        account.organisation_name = code.empty() ? "" : "示例单位";
        const auto made = identity_->create({account, kPassword}, kNoonMs);
        REQUIRE_MESSAGE(made, name);
        return made->account_id.text;
    }

    /// The digits or the token of the newest message.
    std::string secret_of_newest_message() {
        const auto shown = identity_->shown_messages().value();
        REQUIRE_FALSE(shown.empty());
        const auto& words = shown.front().words;
        const auto hash = words.find('#');
        if (hash != std::string::npos) return words.substr(hash + 1, words.find(' ', hash) - hash - 1);
        const auto digits = words.find_first_of("0123456789");
        return words.substr(digits, 6);
    }

  private:
    std::unique_ptr<audit::Audit> audit_;
    std::unique_ptr<identity::IdentityOffice> identity_;
    std::vector<http::Endpoint> routes_;
};

struct World {
    explicit World(db::Database& on, identity::Policy rules = identity::demo_policy())
        : database(on), policy(rules), first(on, key_ring, clock, rules), second(on, key_ring, clock, rules) {}

    db::Database& database;
    identity::Policy policy;
    FixedClock clock{kNoonMs};
    crypto::KeyRing key_ring = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    Office first;
    Office second;
};

inline void on_both(const std::function<void(World&)>& body) {
    db::testing::on_each_database({"identity", "audit", "authz"}, [&](db::Database& database) {
        World world(database);
        body(world);
    });
}

/// The reasons of what two did at the same time, sorted; empty for what went well.
template <class One, class Other>
std::vector<std::string> at_once(One one, Other other) {
    std::vector<std::string> reasons(2);
    const auto note = [](std::string& into, const Result<http::Reply>& reply) {
        if (!reply) into = reply.error().reason;
    };
    std::thread thread([&] { note(reasons[0], one()); });
    note(reasons[1], other());
    thread.join();
    std::ranges::sort(reasons);
    return reasons;
}

inline constexpr auto kAgent = authz::AccountKind::owner_agent;
inline constexpr auto kAdministrator = authz::AccountKind::administrator;

}  // namespace kaigong::identity::testing
