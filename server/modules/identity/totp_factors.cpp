// Authenticator apps.
#include <optional>
#include <utility>

#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/random.hpp"
#include "crypto/totp.hpp"
#include "modules/identity/factor_service.hpp"

namespace kaigong::identity {
namespace {

constexpr std::int64_t kEnrolmentMs = 10LL * 60'000;
constexpr std::string_view kIssuer = "开工";

Error code_wrong() {
    return invalid_field("code", "identity.factor_code_wrong",
                         "动态口令不对。请核对验证器上的 6 位数字，并确认手机时间准确，再试一次。");
}

Error code_used() {
    return invalid_field("code", "identity.factor_code_used", "这个动态口令已经用过，请等验证器显示下一个再输入。");
}

Result<crypto::Secret> secret_of(const crypto::KeyRing& ring, const factor_store::FactorRow& row) {
    KAIGONG_TRY(text, crypto::open_field(ring, {"second_factors", "secret", row.factor_id}, row.secret));
    const auto bytes = crypto::view(text);
    return crypto::Secret(crypto::Bytes(bytes.begin(), bytes.end()));
}

}  // namespace

Result<TotpEnrolment> FactorService::begin_totp(const authz::AccountId& account_id, std::string_view name) {
    const auto now_ms = parts_.machine_clock.now_ms();
    const crypto::Secret secret(crypto::random_bytes(crypto::kTotpSecretBytes));
    factor_store::FactorRow row;
    row.factor_id = new_uuid(now_ms);
    row.account_id = account_id.text;
    row.kind = to_string(FactorKind::totp);
    row.state = "pending";
    row.created_at_ms = now_ms;
    KAIGONG_TRY(sealed_name_text, sealed_name(row.factor_id, name));
    row.name = sealed_name_text;
    KAIGONG_TRY(sealed, crypto::seal_field(parts_.key_ring, {"second_factors", "secret", row.factor_id},
                                           crypto::to_text(secret.bytes())));
    row.secret = sealed;
    KAIGONG_TRY(account_name, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        factor_store::hold_account(session, account_id.text);
        factor_store::remove_pending_before(session, account_id.text, now_ms - kEnrolmentMs);
        KAIGONG_CHECK(insert(session, row));
        audit(session, account_id, "identity.begin_factor", "开始绑定动态口令");
        return parts_.accounts.account_name(session, account_id);
    }));
    return TotpEnrolment{row.factor_id, crypto::to_base32(secret.bytes()),
                         crypto::otpauth_uri(kIssuer, account_name, secret.bytes()), now_ms + kEnrolmentMs};
}

Result<Factor> FactorService::confirm_totp(const authz::AccountId& account_id, std::string_view factor_id,
                                           std::string_view code) {
    const auto now_ms = parts_.machine_clock.now_ms();
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) {
        return factor_store::find_factor(session, account_id.text, std::string(factor_id));
    }));
    if (!row || row->state != "pending") return factor_not_found();
    if (now_ms - row->created_at_ms > kEnrolmentMs) {
        return error(Errc::conflict, "identity.factor_expired", "绑定超过了 10 分钟，请重新添加并扫描新的二维码。");
    }
    KAIGONG_TRY(secret, secret_of(parts_.key_ring, *row));
    const auto step = crypto::matching_totp_step(secret.bytes(), code, now_ms);
    const Take take = [&](db::Session& session) {
        if (!factor_store::activate_factor(session, row->factor_id, *step)) return false;
        added(session, account_id, FactorKind::totp);
        return true;
    };
    KAIGONG_TRY(judged, judge(account_id, step ? take : Take()));
    if (judged == Judged::paused) return paused();
    if (judged == Judged::wrong) return code_wrong();
    if (judged == Judged::used) return factor_not_found();
    return factor_of(*row);
}

Result<std::string> FactorService::verify_totp(const authz::AccountId& account_id, std::string_view code) {
    const auto now_ms = parts_.machine_clock.now_ms();
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return factor_store::active_factors(session, account_id.text);
    }));
    // Two apps may show the same six digits by chance; then either will do.
    std::vector<std::pair<std::string, std::int64_t>> matches;
    for (const auto& row : rows) {
        if (row.kind != to_string(FactorKind::totp)) continue;
        KAIGONG_TRY(secret, secret_of(parts_.key_ring, row));
        if (const auto step = crypto::matching_totp_step(secret.bytes(), code, now_ms)) {
            matches.emplace_back(row.factor_id, *step);
        }
    }
    std::string used_factor;
    const Take take = [&](db::Session& session) {
        for (const auto& [factor_id, step] : matches) {
            if (!factor_store::use_step(session, factor_id, step, now_ms)) continue;
            used_factor = factor_id;
            return true;
        }
        return false;
    };
    KAIGONG_TRY(judged, judge(account_id, matches.empty() ? Take() : take));
    if (judged == Judged::paused) return paused();
    if (judged == Judged::wrong) return code_wrong();
    if (judged == Judged::used) return code_used();
    return used_factor;
}

}  // namespace kaigong::identity
