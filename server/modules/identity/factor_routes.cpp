// What the person does with his factors, over HTTP. Changing them asks for who proved within the last minutes who he is
// (else an unlocked computer would be enough to stay in for ever); adding the first one is also open to who had to sign
// in without, because his account must have one.
#include <boost/json.hpp>

#include "authz/permissions.hpp"
#include "base/json_members.hpp"
#include "crypto/encoding.hpp"
#include "crypto/webauthn.hpp"
#include "http/reply.hpp"
#include "modules/identity/factor_service.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;

/// Longer than any code, so that spaces and hyphens do no harm.
constexpr std::size_t kCodeMax = 20;

object json_of(const Factor& factor) {
    object json{{"factor_id", factor.factor_id},
                {"kind", to_string(factor.kind)},
                {"name", factor.name},
                {"created_at_ms", factor.created_at_ms},
                {"last_used_at_ms", nullptr}};
    if (factor.last_used_at_ms) json["last_used_at_ms"] = *factor.last_used_at_ms;
    return json;
}

/// Bytes of at most `bytes_max`, as base64url.
std::string bytes_of(JsonReader& reader, std::string_view name, std::size_t bytes_max) {
    const auto text = reader.text(name, {.length_max = (bytes_max * 4 + 2) / 3});
    const auto bytes = crypto::from_base64url(text);
    if (bytes) return crypto::to_text(*bytes);
    reader.refuse(name, "identity.factor_encoding_invalid", "安全密钥的数据编码不对，请刷新页面后重试。");
    return {};
}

Result<std::string> name_in(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    auto name = reader.text("name", {.length_max = kFactorNameMax});
    KAIGONG_CHECK(reader.finish());
    return name;
}

Result<std::string> factor_id_in(const Request& request) {
    const auto& text = request.path_parameter("factor_id");
    if (!is_uuid(text)) return factor_not_found();
    return text;
}

Result<void> check_may_change(const Request& request) {
    return authz::Permissions::require_recent(request.actor());
}

}  // namespace

WebauthnAssertion read_webauthn_assertion(JsonReader& reader) {
    WebauthnAssertion assertion;
    assertion.credential_id = bytes_of(reader, "credential_id", crypto::kCredentialIdBytesMax);
    assertion.client_data_json = bytes_of(reader, "client_data_json", crypto::kClientDataBytesMax);
    assertion.authenticator_data = bytes_of(reader, "authenticator_data", crypto::kAuthenticatorDataBytesMax);
    assertion.signature = bytes_of(reader, "signature", crypto::kWebauthnSignatureBytesMax);
    return assertion;
}

Result<void> FactorService::check_may_add(const Request& request) {
    if (request.session->stage == http::SessionStage::full) return check_may_change(request);
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        return std::pair(has_any(session, request.actor().account_id),
                         parts_.accounts.may_enrol(session, request.session->session_id));
    }));
    const auto& [has_one, may_enrol] = found;
    if (request.session->stage == http::SessionStage::enrolment && !has_one) {
        if (may_enrol) return {};
        return error(Errc::forbidden, "identity.enrolment_code_needed",
                     "绑定两步验证前，请先输入绑定码。绑定码由本单位安全管理员核对身份后发给您本人。");
    }
    return error(Errc::unauthenticated, "identity.factor_needs_sign_in", "请先完成登录的第二步，再修改两步验证方式。");
}

/// Only the session that bound the first factor has proven it.
Result<void> FactorService::note_enrolled(const Request& request) {
    if (request.session->stage != http::SessionStage::enrolment) return {};
    return parts_.database.transact(
        [&](db::Session& session) { parts_.accounts.enrolled(session, request.session->session_id); });
}

Result<http::Reply> FactorService::show(const Request& request) {
    if (request.session->stage != http::SessionStage::full) KAIGONG_CHECK(check_may_add(request));
    KAIGONG_TRY(found, list(request.actor().account_id));
    array factors;
    for (const auto& factor : found.factors) factors.push_back(json_of(factor));
    return http::json_reply(object{{"factors", std::move(factors)},
                                   {"recovery_codes_left", found.recovery_codes_left},
                                   {"webauthn_available", !parts_.site.rp_id.empty()}});
}

Result<http::Reply> FactorService::begin_totp(const Request& request) {
    KAIGONG_CHECK(check_may_add(request));
    KAIGONG_TRY(name, name_in(request));
    KAIGONG_TRY(enrolment, begin_totp(request.actor().account_id, name));
    return http::json_reply(object{{"factor_id", enrolment.factor_id},
                                   {"secret", enrolment.secret},
                                   {"otpauth_uri", enrolment.otpauth_uri},
                                   {"expires_at_ms", enrolment.expires_at_ms}},
                            201);
}

Result<http::Reply> FactorService::confirm_totp(const Request& request) {
    KAIGONG_CHECK(check_may_add(request));
    KAIGONG_TRY(factor_id, factor_id_in(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto code = reader.text("code", {.length_max = kCodeMax});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(factor, confirm_totp(request.actor().account_id, factor_id, code));
    KAIGONG_CHECK(note_enrolled(request));
    return http::json_reply(json_of(factor));
}

Result<http::Reply> FactorService::begin_registration(const Request& request) {
    KAIGONG_CHECK(check_may_add(request));
    KAIGONG_TRY(options, begin_registration(request.actor().account_id));
    return http::json_reply(object{{"public_key", std::move(options)}});
}

Result<http::Reply> FactorService::finish_registration(const Request& request) {
    KAIGONG_CHECK(check_may_add(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    WebauthnRegistration registration;
    registration.name = reader.text("name", {.length_max = kFactorNameMax});
    registration.client_data_json = bytes_of(reader, "client_data_json", crypto::kClientDataBytesMax);
    registration.authenticator_data = bytes_of(reader, "authenticator_data", crypto::kAuthenticatorDataBytesMax);
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(factor, finish_registration(request.actor().account_id, registration));
    KAIGONG_CHECK(note_enrolled(request));
    return http::json_reply(json_of(factor), 201);
}

Result<http::Reply> FactorService::rename(const Request& request) {
    KAIGONG_CHECK(check_may_change(request));
    KAIGONG_TRY(factor_id, factor_id_in(request));
    KAIGONG_TRY(name, name_in(request));
    KAIGONG_TRY(factor, rename(request.actor().account_id, factor_id, name));
    return http::json_reply(json_of(factor));
}

Result<http::Reply> FactorService::remove(const Request& request) {
    KAIGONG_CHECK(check_may_change(request));
    KAIGONG_TRY(factor_id, factor_id_in(request));
    KAIGONG_CHECK(remove(request.actor().account_id, factor_id));
    return http::no_content();
}

Result<http::Reply> FactorService::make_recovery_codes(const Request& request) {
    KAIGONG_CHECK(check_may_change(request));
    KAIGONG_TRY(codes, make_recovery_codes(request.actor().account_id));
    return http::json_reply(object{{"codes", array(codes.begin(), codes.end())}}, 201);
}

std::vector<http::Endpoint> FactorService::routes() {
    const std::string base = "/api/v1/account/factors";
    const auto ask = [this](Result<http::Reply> (FactorService::*act)(const Request&)) {
        return [this, act](const Request& request) { return (this->*act)(request); };
    };
    return {
        {.method = Method::get, .path = base, .early = true, .handler = ask(&FactorService::show)},
        {.method = Method::post, .path = base + "/totp", .early = true, .handler = ask(&FactorService::begin_totp)},
        {.method = Method::post,
         .path = base + "/totp/{factor_id}/confirmation",
         .early = true,
         .handler = ask(&FactorService::confirm_totp)},
        {.method = Method::post,
         .path = base + "/webauthn/options",
         .early = true,
         .handler = ask(&FactorService::begin_registration)},
        {.method = Method::post,
         .path = base + "/webauthn",
         .early = true,
         .handler = ask(&FactorService::finish_registration)},
        {.method = Method::patch, .path = base + "/{factor_id}", .handler = ask(&FactorService::rename)},
        {.method = Method::del, .path = base + "/{factor_id}", .handler = ask(&FactorService::remove)},
        {.method = Method::post,
         .path = "/api/v1/account/recovery-codes",
         .handler = ask(&FactorService::make_recovery_codes)},
    };
}

}  // namespace kaigong::identity
