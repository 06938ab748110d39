// The person's side: who asks, for what, for whom; agreed to, refused, remembered, taken back.
#include <boost/json/array.hpp>

#include <algorithm>

#include "base/id.hpp"
#include "base/json_members.hpp"
#include "crypto/random.hpp"
#include "modules/oauth/account_stamp.hpp"
#include "modules/oauth/addresses.hpp"
#include "modules/oauth/authorization.hpp"

namespace kaigong::oauth {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kCodeMs = 60'000;
constexpr std::int64_t kHourMs = 3'600'000;
/// However often it is refreshed, after this long the person is asked again.
constexpr std::int64_t kFamilyMs = 90LL * 24 * kHourMs;
constexpr std::size_t kTokenBytes = 32;

Error request_gone() {
    return error(Errc::not_found, "oauth.request_not_there", "这次授权请求已经过期或已经处理过，请回到应用重新开始。");
}

Error account_gone() {
    return error(Errc::unauthenticated, "http.session_missing", "您还没有登录，或登录已过期。请登录后继续。");
}

}  // namespace

/// prompt=login asks for a sign-in after the request, max_age for one that is no older.
bool Authorization::is_fresh_enough(const http::Request& request, const Open& open) const {
    if (!open.wanted.sign_in_again && !open.wanted.max_age_s) return true;
    const auto facts = parts_.identity.find_session(request.session->session_id);
    if (!facts) return false;
    if (open.wanted.sign_in_again && facts->proven_at_ms < open.row.created_at_ms) return false;
    return !open.wanted.max_age_s ||
           parts_.machine_clock.now_ms() - facts->proven_at_ms <= *open.wanted.max_age_s * 1000;
}

/// Never for programs of a person's machine: whoever runs there could take over the address (RFC 8252 8.6).
bool Authorization::is_remembered(const authz::Actor& by, const Open& open) {
    const auto kind = open.client.registration.kind;
    if (open.row.kind != "code" || (kind != ClientKind::web && kind != ClientKind::browser)) return false;
    const auto consent = parts_.database.read(
        [&](db::Session& session) { return store::find_consent(session, by.account_id.text, open.client.client_id); });
    return consent && *consent && (*consent)->credit_code == by.credit_code &&
           is_within(open.wanted.scopes, scopes_of_row((*consent)->scopes));
}

object Authorization::open_json(const Open& open, const std::string& request_id, const identity::Account& account,
                                bool remembered, bool again) const {
    const auto origin = origin_of(open.wanted.redirect_uri);
    return {{"request_id", request_id},
            {"kind", open.row.kind},
            {"client_name", open.client.registration.client_name},
            {"client_organisation", open.client.registration.organisation_name},
            {"client_origin", text_or_null(origin)},
            {"scopes", scope_words(open.wanted.scopes)},
            {"display_name", account.display_name},
            {"organisation_name", text_or_null(account.organisation_name)},
            {"credit_code", text_or_null(account.credit_code)},
            {"remembered", remembered},
            {"sign_in_again", again},
            {"expires_at_ms", open.row.expires_at_ms}};
}

/// As the session acts, not as the account acted last: what is agreed to is what the page shows.
Result<identity::Account> Authorization::person_of(const http::Request& request) const {
    const auto facts = parts_.identity.find_session(request.session->session_id);
    if (!facts) return account_gone();
    KAIGONG_TRY(account, parts_.identity.find_acting(request.actor().account_id, facts->organisation_id));
    if (!account) return account_gone();
    return std::move(*account);
}

Result<object> Authorization::show(const http::Request& request, const std::string& request_id) {
    KAIGONG_TRY(open, load_open(request, request_id));
    KAIGONG_CHECK(enter(request, open));
    KAIGONG_TRY(account, person_of(request));
    auto json =
        open_json(open, request_id, account, is_remembered(request.actor(), open), !is_fresh_enough(request, open));
    KAIGONG_TRY(device, device_json(request, open));
    json["device"] = open.row.kind == "device" ? boost::json::value(std::move(device)) : nullptr;
    return json;
}

/// Whoever entered the code first decides, in this session: another person to whom it was sent, or another sign-in of
/// the same one, does not find it any more.
Result<void> Authorization::enter(const http::Request& request, const Open& open) {
    if (open.row.kind != "device") return {};
    KAIGONG_TRY(mine, parts_.database.transact([&](db::Session& session) {
        return store::enter_request(session, open.row.request_hash, request.session->session_id);
    }));
    if (!mine) return request_gone();
    return {};
}

Result<Authorization::Open> Authorization::load_seen(const http::Request& request, const std::string& request_id) {
    KAIGONG_TRY(open, load_open(request, request_id));
    if (open.row.kind == "device" && open.row.entered_by != request.session->session_id) return request_gone();
    return std::move(open);
}

/// When and from where it asked: a code that somebody sent belongs to a device somewhere else.
Result<object> Authorization::device_json(const http::Request& request, const Open& open) const {
    if (open.row.asked_from.empty()) return object{};
    KAIGONG_TRY(address, crypto::open_field(parts_.key_ring, place_asked_from(open.row), open.row.asked_from));
    return object{{"asked_at_ms", open.row.created_at_ms},
                  {"address", address},
                  {"same_address", address == request.client_address}};
}

store::GrantRow Authorization::grant_of(const http::Request& request, const Open& open,
                                        const identity::Account& account) const {
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto facts = parts_.identity.find_session(request.session->session_id);
    const bool stays = has_scope(open.wanted.scopes, kOfflineAccess);
    store::GrantRow grant;
    grant.grant_id = new_uuid(now_ms);
    grant.client_id = open.client.client_id;
    grant.account_id = account.account_id.text;
    grant.scopes = scopes_json_text(open.wanted.scopes);
    grant.account_stamp = account_stamp(account);
    grant.session_hash = request.session->session_id;
    grant.organisation_id = account.organisation_id.empty() ? identity::kForHimself : account.organisation_id;
    grant.authenticated_at_ms = facts ? facts->proven_at_ms : 0;
    grant.nonce = open.wanted.nonce;
    grant.created_at_ms = now_ms;
    grant.expires_at_ms = now_ms + (stays ? kFamilyMs : kHourMs);
    return grant;
}

Result<void> Authorization::save_agreed(const Open& open, const store::GrantRow& grant, const std::string& credit_code,
                                        const std::string& code) {
    const auto now_ms = grant.created_at_ms;
    const auto name = parts_.identity.name_of(authz::AccountId{grant.account_id});
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        const bool device = open.row.kind == "device";
        if (!store::move_request(session, open.row.request_hash, "waiting", device ? "agreed" : "used",
                                 grant.grant_id)) {
            return request_gone();
        }
        store::insert_grant(session, grant);
        if (!device) {
            store::insert_code(session, {hash_of(code), grant.grant_id, open.wanted.redirect_uri,
                                         open.wanted.code_challenge, now_ms + kCodeMs, 0});
        }
        store::save_consent(
            session, {new_uuid(now_ms), grant.account_id, grant.client_id, grant.scopes, credit_code, now_ms, now_ms});
        parts_.audit.write(session, {"oauth_grant", grant.grant_id, 1, "oauth.agree", grant.account_id, name,
                                     "同意接入系统代为访问", parts_.office_clock.now_ms()});
        return {};
    });
}

Result<object> Authorization::agree(const http::Request& request, const std::string& request_id) {
    KAIGONG_TRY(open, load_seen(request, request_id));
    if (!is_fresh_enough(request, open)) {
        return error(Errc::conflict, "oauth.sign_in_again", "应用要求您重新登录后再授权，请先退出并重新登录。");
    }
    // A cookie that somebody found on a desk becomes no access that outlives it.
    const bool lasts = has_scope(open.wanted.scopes, kOfflineAccess);
    if (lasts || !is_remembered(request.actor(), open)) {
        KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    }
    KAIGONG_TRY(account, person_of(request));
    const auto code = crypto::random_token(kTokenBytes);
    KAIGONG_CHECK(save_agreed(open, grant_of(request, open, account), account.credit_code, code));
    if (open.row.kind == "device") return object{{"redirect_to", nullptr}};
    return object{
        {"redirect_to", answer_address(open.wanted.redirect_uri,
                                       {{"code", code}, {"state", open.wanted.state}, {"iss", parts_.public_url}})}};
}

Result<object> Authorization::refuse(const http::Request& request, const std::string& request_id) {
    KAIGONG_TRY(open, load_seen(request, request_id));
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        if (!store::move_request(session, open.row.request_hash, "waiting", "refused", "")) return request_gone();
        return {};
    }));
    if (open.row.kind == "device") return object{{"redirect_to", nullptr}};
    return object{{"redirect_to", answer_address(open.wanted.redirect_uri, {{"error", "access_denied"},
                                                                            {"state", open.wanted.state},
                                                                            {"iss", parts_.public_url}})}};
}

Result<object> Authorization::list_consents(const authz::Actor& by, const http::Page& page) {
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return store::consents_of(session, by.account_id.text, page.cursor, static_cast<int>(page.limit) + 1);
    }));
    boost::json::value next = nullptr;
    if (rows.size() > static_cast<std::size_t>(page.limit)) {
        rows.resize(static_cast<std::size_t>(page.limit));
        next = rows.back().client_id;
    }
    array consents;
    for (const auto& row : rows) {
        KAIGONG_TRY(client, clients_.find(row.client_id));
        if (!client) continue;
        consents.push_back({{"consent_id", row.consent_id},
                            {"client_name", client->registration.client_name},
                            {"client_organisation", client->registration.organisation_name},
                            {"scopes", scope_words(scopes_of_row(row.scopes))},
                            {"given_at_ms", row.given_at_ms},
                            {"used_at_ms", row.used_at_ms}});
    }
    return object{{"consents", std::move(consents)}, {"next_cursor", std::move(next)}};
}

Result<void> Authorization::revoke_consent(const authz::Actor& by, const std::string& consent_id) {
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto name = parts_.identity.name_of(by.account_id);
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        const auto row = store::find_consent_by_id(session, consent_id);
        if (!row || row->account_id != by.account_id.text) {
            return error(Errc::not_found, "oauth.not_found", "没有找到这项授权，可能已经撤回，请刷新页面。");
        }
        store::remove_consent(session, consent_id);
        store::revoke_grants_of_consent(session, row->account_id, row->client_id, now_ms);
        parts_.audit.write(session, {"oauth_consent", consent_id, 1, "oauth.revoke_consent", by.account_id.text, name,
                                     "撤回对接入系统的授权", parts_.office_clock.now_ms()});
        return {};
    });
}

}  // namespace kaigong::oauth
