// What a client sends a person with, is checked and kept (RFC 6749 4.1, RFC 7636, RFC 9126, RFC 8628).
#include "modules/oauth/authorization.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

#include "base/json_members.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "http/html.hpp"
#include "modules/oauth/addresses.hpp"

namespace kaigong::oauth {
namespace {

using boost::json::object;

constexpr std::int64_t kAskedMs = 10LL * 60'000;
constexpr std::int64_t kPushedMs = 90'000;
constexpr std::int64_t kPollMs = 5'000;
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kStateBytesMax = 500;
constexpr std::size_t kNonceBytesMax = 300;
/// base64url of a SHA-256.
constexpr std::size_t kChallengeLength = 43;
constexpr std::int64_t kMaxAgeMax = 366LL * 86'400;
constexpr std::string_view kPushedPrefix = "urn:ietf:params:oauth:request_uri:";
/// No vowels, so that no word comes out, and nothing that is taken for something else.
constexpr std::string_view kUserCodeLetters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t kUserCodeLength = 8;

std::string find_in(const http::Parameters& parameters, std::string_view name) {
    const auto found = std::ranges::find(parameters, name, &http::Parameters::value_type::first);
    return found == parameters.end() ? "" : found->second;
}

Error client_unknown() {
    return error(Errc::invalid_input, "oauth.client_unknown",
                 "请求授权的应用没有在本系统登记，或已被停用。请不要继续，并告诉应用的提供方。");
}

Error redirect_unknown() {
    return error(Errc::invalid_input, "oauth.redirect_unknown",
                 "应用要求返回的地址没有在本系统登记。请不要继续，并告诉应用的提供方。");
}

Error request_gone() {
    return error(Errc::not_found, "oauth.request_not_there", "这次授权请求已经过期或已经处理过，请回到应用重新开始。");
}

std::string new_user_code() {
    std::string code;
    while (code.size() < kUserCodeLength) {
        for (const auto byte : crypto::random_bytes(kUserCodeLength)) {
            // 240 is the largest multiple of twenty in a byte: each letter is as likely as the others.
            constexpr std::uint8_t kEvenBelow = 240;
            if (byte < kEvenBelow && code.size() < kUserCodeLength) {
                code += kUserCodeLetters[byte % kUserCodeLetters.size()];
            }
        }
    }
    return code;
}

Result<std::optional<std::int64_t>> read_max_age(const std::string& text) {
    if (text.empty()) return std::optional<std::int64_t>();
    std::int64_t seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || seconds < 0 || seconds > kMaxAgeMax) {
        return wire_error("invalid_request", "参数 max_age 须是秒数，请改正。");
    }
    return std::optional(seconds);
}

Result<void> check_form(const http::Parameters& parameters) {
    if (!find_in(parameters, "request").empty()) {
        return wire_error("request_not_supported", "不支持 request 参数，请改用推送的授权请求（PAR）。");
    }
    if (find_in(parameters, "response_type") != "code") {
        return wire_error("unsupported_response_type", "只支持 response_type=code，请改正。");
    }
    const auto mode = find_in(parameters, "response_mode");
    if (!mode.empty() && mode != "query") {
        return wire_error("invalid_request", "只支持 response_mode=query，请改正。");
    }
    // Neither a missing challenge nor a plain one: who could choose would choose the weaker.
    const auto challenge = find_in(parameters, "code_challenge");
    if (find_in(parameters, "code_challenge_method") != "S256" || challenge.size() != kChallengeLength ||
        !crypto::from_base64url(challenge)) {
        return wire_error("invalid_request", "须带 PKCE：code_challenge_method=S256 和 43 个字符的 code_challenge。");
    }
    if (find_in(parameters, "state").size() > kStateBytesMax || find_in(parameters, "nonce").size() > kNonceBytesMax) {
        return wire_error("invalid_request", "参数 state 最多 500 个字节，nonce 最多 300 个字节，请缩短。");
    }
    return {};
}

Result<ScopeNames> read_scopes(const Client& client, const std::string& text) {
    auto scopes = parse_scopes(text);
    if (!scopes || scopes->empty() || !is_within(*scopes, client.registration.scopes)) {
        return wire_error("invalid_scope", "请求的授权范围不存在或没有登记，请按登记的范围请求。");
    }
    return std::move(*scopes);
}

store::RequestRow new_row(const Client& client, const Wanted& wanted, std::string_view kind, std::string_view secret,
                          std::int64_t now_ms, std::int64_t lives_ms) {
    store::RequestRow row;
    row.request_hash = hash_of(secret);
    row.kind = kind;
    row.state = "waiting";
    row.client_id = client.client_id;
    row.parameters = wanted.json_text();
    row.created_at_ms = now_ms;
    row.expires_at_ms = now_ms + lives_ms;
    return row;
}

}  // namespace

crypto::FieldPlace place_asked_from(const store::RequestRow& row) {
    return {"oauth_requests", "asked_from", row.request_hash};
}

std::string Wanted::json_text() const {
    return boost::json::serialize(
        object{{"redirect_uri", redirect_uri},
               {"state", state},
               {"nonce", nonce},
               {"code_challenge", code_challenge},
               {"scopes", boost::json::array(scopes.begin(), scopes.end())},
               {"sign_in_again", sign_in_again},
               {"max_age_s", max_age_s ? boost::json::value(*max_age_s) : boost::json::value(nullptr)}});
}

Wanted Wanted::of_row(const std::string& json) {
    const auto value = boost::json::parse(json);
    const auto& members = value.as_object();
    Wanted wanted;
    wanted.redirect_uri = text_of(members, "redirect_uri");
    wanted.state = text_of(members, "state");
    wanted.nonce = text_of(members, "nonce");
    wanted.code_challenge = text_of(members, "code_challenge");
    wanted.scopes = scopes_of_row(boost::json::serialize(members.at("scopes")));
    wanted.sign_in_again = members.at("sign_in_again").as_bool();
    if (members.at("max_age_s").is_int64()) wanted.max_age_s = members.at("max_age_s").as_int64();
    return wanted;
}

Result<Wanted> Authorization::read_wanted(const Client& client, const http::Parameters& parameters) const {
    KAIGONG_CHECK(check_form(parameters));
    Wanted wanted;
    KAIGONG_TRY(scopes, read_scopes(client, find_in(parameters, "scope")));
    KAIGONG_TRY(max_age, read_max_age(find_in(parameters, "max_age")));
    const auto prompt = find_in(parameters, "prompt");
    if (prompt == "none") {
        // The cookie of the session never comes along from another site, so nobody can be recognised silently.
        return wire_error("interaction_required", "本系统不支持无界面授权（prompt=none），请打开授权页面。");
    }
    wanted.redirect_uri = find_in(parameters, "redirect_uri");
    wanted.state = find_in(parameters, "state");
    wanted.nonce = find_in(parameters, "nonce");
    wanted.code_challenge = find_in(parameters, "code_challenge");
    wanted.scopes = std::move(scopes);
    wanted.sign_in_again = prompt.find("login") != std::string::npos;
    wanted.max_age_s = max_age;
    return wanted;
}

http::Reply Authorization::to_consent_page(const std::string& request_id) const {
    return http::redirect("/app/authorise?request=" + request_id);
}

Result<void> Authorization::count_begun(const http::Request& request) {
    if (begun_.take(request.client_address, parts_.machine_clock.now_ms())) return {};
    return too_many_attempts();
}

Result<http::Reply> Authorization::authorize(const http::Request& request) {
    KAIGONG_CHECK(count_begun(request));
    KAIGONG_TRY(client, clients_.find(find_in(request.query, "client_id")));
    if (!client || !client->active || !client->registration.may_use(GrantType::authorization_code)) {
        return client_unknown();
    }
    const auto request_uri = find_in(request.query, "request_uri");
    if (!request_uri.empty()) return take_pushed(*client, request_uri);
    const auto redirect_uri = find_in(request.query, "redirect_uri");
    if (!is_registered_redirect(client->registration, redirect_uri)) return redirect_unknown();
    auto reply = begin(*client, request.query);
    if (reply) return reply;
    // Now the address is known to be the client's: it hears what is wrong.
    if (!wire_reply(reply.error())) return reply;
    const auto state = find_in(request.query, "state");
    return http::redirect(answer_address(redirect_uri, {{"error", reply.error().reason.substr(sizeof("oauth.") - 1)},
                                                        {"state", state.size() > kStateBytesMax ? "" : state},
                                                        {"iss", parts_.public_url}}));
}

Result<http::Reply> Authorization::begin(const Client& client, const http::Parameters& parameters) {
    if (client.registration.pushed_only) {
        return wire_error("invalid_request", "这个接入系统登记为只用推送的授权请求（PAR），请先推送。");
    }
    KAIGONG_TRY(wanted, read_wanted(client, parameters));
    const auto request_id = crypto::random_token(kTokenBytes);
    const auto row = new_row(client, wanted, "code", request_id, parts_.machine_clock.now_ms(), kAskedMs);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) { store::insert_request(session, row); }));
    return to_consent_page(request_id);
}

/// Once, and only by the client that pushed it.
Result<http::Reply> Authorization::take_pushed(const Client& client, const std::string& request_uri) {
    if (!request_uri.starts_with(kPushedPrefix)) return request_gone();
    const auto hash = hash_of(std::string_view(request_uri).substr(kPushedPrefix.size()));
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto request_id = crypto::random_token(kTokenBytes);
    return parts_.database.transact([&](db::Session& session) -> Result<http::Reply> {
        const auto row = store::find_request(session, hash);
        const bool own = row && row->kind == "pushed" && row->client_id == client.client_id;
        if (!own || row->expires_at_ms <= now_ms) return request_gone();
        if (!store::take_pushed(session, hash, hash_of(request_id), now_ms + kAskedMs)) return request_gone();
        return to_consent_page(request_id);
    });
}

Result<http::Reply> Authorization::push(const http::Request& request) {
    KAIGONG_CHECK(count_begun(request));
    KAIGONG_TRY(form, Form::read(request));
    KAIGONG_TRY(client, clients_.authenticate(request, form));
    if (!client.registration.may_use(GrantType::authorization_code)) {
        return wire_error("unauthorized_client", "这类接入系统不能请求个人授权，请核对登记。");
    }
    if (form.find("request_uri")) return wire_error("invalid_request", "推送的请求里不能再带 request_uri，请去掉。");
    if (!is_registered_redirect(client.registration, form.find("redirect_uri").value_or(""))) {
        return wire_error("invalid_request", "回调地址没有登记，请按登记的地址填写。");
    }
    KAIGONG_TRY(wanted, read_wanted(client, form.fields()));
    const auto token = crypto::random_token(kTokenBytes);
    const auto row = new_row(client, wanted, "pushed", token, parts_.machine_clock.now_ms(), kPushedMs);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) { store::insert_request(session, row); }));
    return http::json_reply({{"request_uri", std::string(kPushedPrefix) + token}, {"expires_in", kPushedMs / 1000}},
                            201);
}

Result<http::Reply> Authorization::begin_device(const http::Request& request) {
    KAIGONG_CHECK(count_begun(request));
    KAIGONG_TRY(form, Form::read(request));
    KAIGONG_TRY(client, clients_.authenticate(request, form));
    if (!client.registration.may_use(GrantType::device_code)) {
        return wire_error("unauthorized_client", "这类接入系统不能用设备码，请核对登记。");
    }
    Wanted wanted;
    KAIGONG_TRY(scopes, read_scopes(client, form.find("scope").value_or("")));
    wanted.scopes = std::move(scopes);
    const auto device_code = crypto::random_token(kTokenBytes);
    const auto user_code = new_user_code();
    auto row = new_row(client, wanted, "device", device_code, parts_.machine_clock.now_ms(), kAskedMs);
    row.user_code_hash = hash_of(user_code);
    row.poll_interval_ms = kPollMs;
    KAIGONG_TRY(asked_from, crypto::seal_field(parts_.key_ring, place_asked_from(row), request.client_address));
    row.asked_from = asked_from;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) { store::insert_request(session, row); }));
    const auto shown = user_code.substr(0, 4) + "-" + user_code.substr(4);
    return http::json_reply({{"device_code", device_code},
                             {"user_code", shown},
                             {"verification_uri", parts_.public_url + "/app/device"},
                             {"verification_uri_complete", parts_.public_url + "/app/device?user_code=" + shown},
                             {"expires_in", kAskedMs / 1000},
                             {"interval", kPollMs / 1000}});
}

/// `BCDF-GHJK` as people type it, too.
Result<std::optional<store::RequestRow>> Authorization::find_row(const http::Request& request,
                                                                 const std::string& request_id) {
    std::string code;
    for (const char c : request_id) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (kUserCodeLetters.find(upper) != std::string_view::npos) code += upper;
    }
    if (request_id.size() > kUserCodeLength + 2 || code.size() != kUserCodeLength) {
        return parts_.database.read(
            [&](db::Session& session) { return store::find_request(session, hash_of(request_id)); });
    }
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto who = request.actor().account_id.text;
    if (user_codes_.is_over(who, now_ms)) return too_many_attempts();
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) {
        return store::find_request_by_user_code(session, hash_of(code));
    }));
    const bool others = row && !row->entered_by.empty() && row->entered_by != request.session->session_id;
    if (!row || others || row->expires_at_ms <= now_ms) user_codes_.count(who, now_ms);
    if (others) return std::optional<store::RequestRow>();
    return std::move(row);
}

Result<Authorization::Open> Authorization::load_open(const http::Request& request, const std::string& request_id) {
    KAIGONG_TRY(row, find_row(request, request_id));
    const bool asked = row && (row->kind == "code" || row->kind == "device") && row->state == "waiting";
    if (!asked || row->expires_at_ms <= parts_.machine_clock.now_ms()) return request_gone();
    KAIGONG_TRY(client, clients_.find(row->client_id));
    if (!client || !client->active) return request_gone();
    const auto wanted = Wanted::of_row(row->parameters);
    return Open{std::move(*row), std::move(*client), wanted};
}

}  // namespace kaigong::oauth
