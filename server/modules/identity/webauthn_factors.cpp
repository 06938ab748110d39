// Security keys.
#include <boost/json.hpp>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "crypto/webauthn.hpp"
#include "modules/identity/factor_service.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kChallengeMs = 5LL * 60'000;
constexpr std::size_t kChallengeBytes = 32;
/// Open ones of an account; who asks for more begins anew.
constexpr std::int64_t kChallengesMax = 20;
constexpr const char* kRegistration = "registration";
constexpr const char* kAssertion = "assertion";

Error unavailable_here() {
    return error(Errc::conflict, "identity.factor_webauthn_unavailable",
                 "本系统目前以 IP 地址访问，浏览器不允许使用安全密钥。请改用动态口令，或通过域名访问。");
}

Error clone_suspected() {
    return error(Errc::conflict, "identity.factor_clone_suspected",
                 "这个安全密钥的计数倒退，可能被复制过，本次没有通过。请换用其他方式登录并删除它，再联系管理员。");
}

std::string hash_of(std::string_view text) {
    return crypto::to_hex(crypto::sha256(crypto::view(text)));
}

object credential_json(std::string_view base64url_id) {
    return {{"type", "public-key"}, {"id", base64url_id}};
}

crypto::WebauthnKey key_of(const factor_store::FactorRow& row) {
    return {static_cast<int>(row.algorithm), crypto::from_base64url(row.public_key).value()};
}

}  // namespace

Result<std::string> FactorService::new_challenge(const authz::AccountId& account_id, const std::string& purpose) {
    if (parts_.site.rp_id.empty()) return unavailable_here();
    const auto now_ms = parts_.machine_clock.now_ms();
    auto challenge = crypto::random_token(kChallengeBytes);
    const auto hash = hash_of(challenge);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        factor_store::remove_challenges_before(session, now_ms);
        if (factor_store::count_challenges(session, account_id.text, purpose) >= kChallengesMax) {
            factor_store::remove_challenges(session, account_id.text, purpose);
        }
        factor_store::insert_challenge(session, hash, account_id.text, purpose, now_ms + kChallengeMs);
    }));
    return challenge;
}

/// In a transaction of its own, before anything is judged: a challenge is answered once, rightly or wrongly.
Result<void> FactorService::take_challenge(const authz::AccountId& account_id, const std::string& purpose,
                                           const std::string& challenge) {
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto hash = hash_of(challenge);
    KAIGONG_TRY(taken, parts_.database.transact([&](db::Session& session) {
        return factor_store::take_challenge(session, hash, account_id.text, purpose, now_ms);
    }));
    if (taken) return {};
    return error(Errc::invalid_input, "identity.factor_challenge_expired",
                 "这次确认已过期或已经用过，请重新发起并在 5 分钟内完成。");
}

Result<array> FactorService::credentials_of(const authz::AccountId& account_id) {
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return factor_store::active_factors(session, account_id.text);
    }));
    array list;
    for (const auto& row : rows) {
        if (row.kind == to_string(FactorKind::webauthn)) list.push_back(credential_json(row.credential_id));
    }
    return list;
}

Result<object> FactorService::begin_registration(const authz::AccountId& account_id) {
    KAIGONG_TRY(challenge, new_challenge(account_id, kRegistration));
    KAIGONG_TRY(known, credentials_of(account_id));
    KAIGONG_TRY(account, parts_.database.read([&](db::Session& session) {
        return std::pair(parts_.accounts.account_name(session, account_id),
                         factor_store::count_factors(session, account_id.text));
    }));
    if (account.second >= kFactorsMax) return too_many_factors();
    array algorithms;
    for (const int algorithm : crypto::kWebauthnAlgorithms) {
        algorithms.push_back(object{{"type", "public-key"}, {"alg", algorithm}});
    }
    return object{{"challenge", challenge},
                  {"rp", {{"id", parts_.site.rp_id}, {"name", "开工"}}},
                  // The account's id and not its name: a key may give this to whoever finds it.
                  {"user",
                   {{"id", crypto::to_base64url(crypto::view(account_id.text))},
                    {"name", account.first},
                    {"displayName", account.first}}},
                  {"pubKeyCredParams", std::move(algorithms)},
                  {"timeout", kChallengeMs},
                  {"excludeCredentials", std::move(known)},
                  {"authenticatorSelection",
                   {{"residentKey", "discouraged"}, {"requireResidentKey", false}, {"userVerification", "required"}}},
                  {"attestation", "none"}};
}

Result<Factor> FactorService::finish_registration(const authz::AccountId& account_id,
                                                  const WebauthnRegistration& registration) {
    KAIGONG_TRY(challenge, crypto::webauthn_challenge_of(registration.client_data_json));
    KAIGONG_CHECK(take_challenge(account_id, kRegistration, challenge));
    KAIGONG_TRY(credential, crypto::verify_webauthn_registration({challenge, parts_.site.origin, parts_.site.rp_id},
                                                                 registration.client_data_json,
                                                                 crypto::view(registration.authenticator_data)));
    factor_store::FactorRow row;
    row.created_at_ms = parts_.machine_clock.now_ms();
    row.factor_id = new_uuid(row.created_at_ms);
    row.account_id = account_id.text;
    row.kind = to_string(FactorKind::webauthn);
    row.state = "active";
    KAIGONG_TRY(name, sealed_name(row.factor_id, registration.name));
    row.name = name;
    row.credential_hash = hash_of(crypto::to_text(credential.credential_id));
    row.credential_id = crypto::to_base64url(credential.credential_id);
    row.algorithm = credential.key.algorithm;
    row.public_key = crypto::to_base64url(credential.key.public_key);
    row.sign_count = credential.sign_count;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        factor_store::hold_account(session, account_id.text);
        KAIGONG_CHECK(insert(session, row));
        added(session, account_id, FactorKind::webauthn);
        return {};
    }));
    return factor_of(row);
}

Result<object> FactorService::begin_assertion(const authz::AccountId& account_id) {
    KAIGONG_TRY(allowed, credentials_of(account_id));
    if (allowed.empty()) return factor_not_found();
    KAIGONG_TRY(challenge, new_challenge(account_id, kAssertion));
    return object{{"challenge", challenge},
                  {"rpId", parts_.site.rp_id},
                  {"allowCredentials", std::move(allowed)},
                  {"userVerification", "required"},
                  {"timeout", kChallengeMs}};
}

Result<std::string> FactorService::finish_assertion(const authz::AccountId& account_id,
                                                    const WebauthnAssertion& assertion) {
    KAIGONG_TRY(challenge, crypto::webauthn_challenge_of(assertion.client_data_json));
    KAIGONG_CHECK(take_challenge(account_id, kAssertion, challenge));
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) {
        return factor_store::find_credential(session, account_id.text, hash_of(assertion.credential_id));
    }));
    if (!row) return factor_not_found();
    const auto count = crypto::verify_webauthn_assertion(
        {challenge, parts_.site.origin, parts_.site.rp_id}, key_of(*row), static_cast<std::uint32_t>(row->sign_count),
        assertion.client_data_json, crypto::view(assertion.authenticator_data), crypto::view(assertion.signature));
    return finish_counted(account_id, *row, count);
}

Result<std::string> FactorService::finish_counted(const authz::AccountId& account_id,
                                                  const factor_store::FactorRow& row,
                                                  const Result<std::uint32_t>& count) {
    const auto now_ms = parts_.machine_clock.now_ms();
    const Take take = [&](db::Session& session) {
        return factor_store::use_count(session, row.factor_id, *count, now_ms);
    };
    KAIGONG_TRY(judged, judge(account_id, count ? take : Take()));
    if (judged == Judged::paused) return paused();
    if (judged == Judged::good) return row.factor_id;
    // Also when two answers with the same count come at once: the second finds it used.
    if (count || count.error().reason == "crypto.webauthn_counter_back") {
        KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
            audit(session, account_id, "identity.suspect_clone", "安全密钥计数倒退，可能被复制");
            parts_.accounts.told(session, account_id, FactorEvent::clone_suspected);
        }));
        return clone_suspected();
    }
    return count.error();
}

}  // namespace kaigong::identity
