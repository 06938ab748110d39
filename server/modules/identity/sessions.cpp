#include "modules/identity/sessions.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/random.hpp"
#include "http/authenticator.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;
using boost::json::object;
using http::SessionStage;

struct SessionTag;
using SessionId = Id<SessionTag>;

/// A session's row is written at most this often, so that reading pages doesn't mean writing.
constexpr std::int64_t kTouchEveryMs = kMinuteMs;
/// … and so many times within the time that it may be idle.
constexpr std::int64_t kTouchesOfIdle = 10;
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kAgentMax = 200;
constexpr int kListMax = 100;
constexpr std::string_view kSessionsTable = "account_sessions";
constexpr std::string_view kSignInsTable = "sign_ins";
constexpr std::array kStages{SessionStage::full, SessionStage::second_factor, SessionStage::enrolment,
                             SessionStage::password_change};

SessionStage stage_of(std::string_view text) {
    const auto found = std::ranges::find_if(kStages, [&](SessionStage stage) { return to_string(stage) == text; });
    if (found == kStages.end()) throw std::runtime_error("a session of an unknown stage");
    return *found;
}

}  // namespace

Error signed_out() {
    return error(Errc::unauthenticated, "identity.signed_out", "登录已过期，请重新登录；填写的内容已保存为草稿。");
}

std::string_view to_string(SessionStage stage) {
    switch (stage) {
        case SessionStage::full: return "full";
        case SessionStage::second_factor: return "second_factor";
        case SessionStage::enrolment: return "enrolment";
        case SessionStage::password_change: return "password_change";
    }
    return "";
}

std::string token_hash(std::string_view token) {
    return crypto::to_hex(crypto::sha256(crypto::view(token)));
}

std::string csrf_of(std::string_view cookie) {
    return crypto::to_base64url(crypto::hmac_sha256(crypto::view(cookie), crypto::view("csrf")));
}

Origin origin_of(const http::Request& request) {
    return {request.client_address, printable(request.header("user-agent").value_or(""), kAgentMax)};
}

std::int64_t Sessions::rest_ms() const {
    return std::min(kTouchEveryMs, shared_.parts.policy.idle_ms / kTouchesOfIdle);
}

std::int64_t Sessions::idle_after_answer_ms() const {
    return shared_.parts.policy.idle_ms - rest_ms();
}

std::int64_t Sessions::idle_until_ms(const store::SessionRow& row) const {
    const auto& policy = shared_.parts.policy;
    return std::min(row.last_seen_at_ms + policy.idle_ms, row.created_at_ms + policy.absolute_ms);
}

Result<Living> Sessions::find(std::string_view cookie, std::int64_t now_ms) const {
    const auto hash = token_hash(cookie);
    KAIGONG_TRY(found, shared_.parts.database.read([&](db::Session& session) {
        auto row = store::find_session(session, hash);
        auto account = row ? store::find_account(session, row->account_id) : std::nullopt;
        return std::pair(std::move(row), std::move(account));
    }));
    auto& [row, account] = found;
    if (!row || !account || account->state != "active" || now_ms > idle_until_ms(*row)) return signed_out();
    const auto stage = stage_of(row->stage);
    return Living{std::move(*row), std::move(*account), stage};
}

Result<Living> Sessions::of_request(const http::Request& request) const {
    return find(request.cookie(http::kSessionCookie).value_or(""), shared_.now_ms());
}

Result<http::Session> Sessions::authenticate(const http::Credentials& credentials) {
    if (credentials.cookie.empty()) return signed_out();
    const auto now_ms = shared_.now_ms();
    KAIGONG_TRY(living, find(credentials.cookie, now_ms));
    const auto& row = living.row;
    KAIGONG_TRY(account, shared_.parts.database.read([&](db::Session& session) {
        return shared_.accounts.acting(session, living.account, row.organisation_id, shared_.today());
    }));
    // Opened for an organisation that he may no longer act for: not somebody else all of a sudden, but over.
    const bool for_one = !row.organisation_id.empty() && row.organisation_id != kForHimself;
    if (for_one && account.organisation_id != row.organisation_id) return signed_out();
    if (!credentials.background && now_ms - row.last_seen_at_ms > rest_ms()) {
        KAIGONG_CHECK(shared_.parts.database.transact(
            [&](db::Session& session) { store::touch_session(session, row.session_hash, now_ms); }));
    }
    auto actor = actor_of(account);
    actor.recently_authenticated =
        living.stage == SessionStage::full && now_ms - row.authenticated_at_ms <= shared_.parts.policy.recent_ms;
    return http::Session{row.session_hash, std::move(actor), csrf_of(credentials.cookie), living.stage, false};
}

std::string Sessions::open(db::Session& session, const New& wanted, const Origin& origin, std::int64_t now_ms) const {
    const auto cookie = crypto::random_token(kTokenBytes);
    store::SessionRow row;
    row.session_hash = token_hash(cookie);
    row.session_id = new_id<SessionId>(now_ms).text;
    row.account_id = wanted.account_id;
    row.organisation_id = wanted.organisation_id;
    row.stage = to_string(wanted.stage);
    row.method = wanted.method;
    row.address =
        crypto::seal_field(shared_.parts.key_ring, {kSessionsTable, "address", row.session_id}, origin.address).value();
    row.user_agent = origin.user_agent;
    row.authenticated_at_ms = wanted.proven_at_ms;
    row.created_at_ms = now_ms;
    row.last_seen_at_ms = now_ms;
    store::insert_session(session, row);
    return cookie;
}

std::string Sessions::move_on(db::Session& session, const store::SessionRow& row, SessionStage stage,
                              const std::string& method, std::int64_t now_ms) const {
    const auto cookie = crypto::random_token(kTokenBytes);
    auto next = row;
    next.session_hash = token_hash(cookie);
    next.stage = to_string(stage);
    next.method = method;
    next.authenticated_at_ms = now_ms;
    next.last_seen_at_ms = now_ms;
    store::move_session(session, row.session_hash, next);
    return cookie;
}

std::string Sessions::opened(std::string_view table, const std::string& row_id, const std::string& sealed) const {
    auto value = crypto::open_field(shared_.parts.key_ring, {table, "address", row_id}, sealed);
    if (!value) throw std::runtime_error("a sealed address does not open: " + value.error().reason);
    return std::move(*value);
}

array Sessions::list(db::Session& session, const std::string& account_id, const std::string& current_hash) const {
    array list;
    for (const auto& row : store::sessions_of(session, account_id, kListMax)) {
        if (shared_.now_ms() > idle_until_ms(row)) continue;
        list.push_back({{"session_id", row.session_id},
                        {"current", row.session_hash == current_hash},
                        {"stage", row.stage},
                        {"method", row.method},
                        {"address", opened(kSessionsTable, row.session_id, row.address)},
                        {"user_agent", row.user_agent},
                        {"created_at_ms", row.created_at_ms},
                        {"last_seen_at_ms", row.last_seen_at_ms}});
    }
    return list;
}

void Sessions::log(db::Session& session, const store::AccountRow* account, std::string_view outcome,
                   std::string_view method, const Origin& origin, std::int64_t now_ms) const {
    const auto id = new_id<SessionId>(now_ms).text;
    store::insert_sign_in(
        session, {id, account != nullptr ? account->account_id : "", account != nullptr ? account->region_code : "",
                  std::string(outcome), std::string(method),
                  crypto::seal_field(shared_.parts.key_ring, {kSignInsTable, "address", id}, origin.address).value(),
                  origin.user_agent, now_ms});
}

object Sessions::sign_in_json(const store::SignInRow& row) const {
    return {{"entry_id", row.entry_id},     {"outcome", row.outcome},
            {"method", row.method},         {"address", opened(kSignInsTable, row.entry_id, row.address)},
            {"user_agent", row.user_agent}, {"at_ms", row.at_ms}};
}

}  // namespace kaigong::identity
