#include "app/key_routes.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "app/bureau.hpp"
#include "http/request.hpp"

namespace kaigong::app {
namespace {

constexpr std::array kKeyGrants{
    authz::Grant{authz::Role::security_admin, "keys.read", authz::Scope::whole},
    authz::Grant{authz::Role::security_admin, "keys.rotate", authz::Scope::whole},
};

using boost::json::object;
using boost::json::value;

value or_null(const std::optional<std::int64_t>& at_ms) {
    return at_ms ? value(*at_ms) : value(nullptr);
}

value round_json(const std::optional<rotation_store::RoundRow>& round, std::int64_t now_ms) {
    if (!round) return nullptr;
    const auto spent_ms = std::max<std::int64_t>(1, round->ended_at_ms.value_or(now_ms) - round->started_at_ms);
    return object{{"key_id", round->key_id},
                  {"state", round->state},
                  {"counting", round->pass == 0},
                  {"looked_at", round->looked_at},
                  {"resealed", round->resealed},
                  {"left", left_in(*round)},
                  {"per_minute", round->resealed * 60'000 / spent_ms},
                  {"started_at_ms", round->started_at_ms},
                  {"ended_at_ms", or_null(round->ended_at_ms)}};
}

/// How many values the key still protects, as the last finished round for the current key counted; nothing before.
value sealed_json(const std::optional<rotation_store::RoundRow>& round, const std::string& key_id) {
    if (!round || round->state != "done") return nullptr;
    const auto counts = boost::json::parse(round->counts).as_object();
    const auto* count = counts.if_contains(key_id);
    return count == nullptr ? value(0) : *count;
}

value key_json(const rotation_store::KeyRow& row, const std::optional<rotation_store::RoundRow>& round) {
    const auto sealed = sealed_json(round, row.key_id);
    return object{{"key_id", row.key_id},
                  {"state", row.state},
                  {"published_at_ms", row.published_at_ms},
                  {"current_at_ms", or_null(row.current_at_ms)},
                  {"replaced_at_ms", or_null(row.replaced_at_ms)},
                  {"retired_at_ms", or_null(row.retired_at_ms)},
                  {"sealed", sealed},
                  {"may_retire", row.state == "former" && sealed.is_int64() && sealed.get_int64() == 0}};
}

}  // namespace

std::span<const authz::Grant> key_permissions() {
    return kKeyGrants;
}

std::vector<http::Endpoint> Bureau::key_endpoints() {
    const auto show = [this]() -> Result<object> {
        KAIGONG_TRY(round, resealing_->latest());
        KAIGONG_TRY(found, database_->read([](db::Session& session) {
            return std::pair(rotation_store::keys(session), rotation_store::holders(session));
        }));
        const auto now_ms = machine_clock_.now_ms();
        boost::json::array keys;
        for (const auto& row : found.first) keys.push_back(key_json(row, round));
        const auto living = std::ranges::count_if(found.second, [&](const rotation_store::HolderRow& holder) {
            return now_ms - holder.seen_at_ms <= kHolderLivesMs;
        });
        return object{{"keys", std::move(keys)}, {"processes", living}, {"round", round_json(round, now_ms)}};
    };
    const auto list = [this, show](const http::Request& request) -> Result<http::Reply> {
        KAIGONG_CHECK(permissions_.require(request.actor(), "keys.read"));
        KAIGONG_TRY(shown, show());
        return http::json_reply(std::move(shown));
    };
    const auto start = [this, show](const http::Request& request) -> Result<http::Reply> {
        KAIGONG_CHECK(permissions_.require(request.actor(), "keys.rotate"));
        KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
        KAIGONG_CHECK(resealing_->start(request.actor().account_id.text));
        keeping_keys_->nudge();
        KAIGONG_TRY(shown, show());
        return http::json_reply(std::move(shown), 202);
    };
    return {{.method = http::Method::get, .path = "/api/v1/keys", .action = "keys.read", .handler = list},
            {.method = http::Method::post, .path = "/api/v1/keys/rotation", .action = "keys.rotate", .handler = start}};
}

}  // namespace kaigong::app
