// What the security administrator hands to somebody who binds his first factor (docs/adr/0040).
#include <algorithm>

#include "crypto/field_codec.hpp"
#include "modules/identity/factor_service.hpp"
#include "modules/identity/printed_code.hpp"

namespace kaigong::identity {
namespace {

std::string indexed_value(const authz::AccountId& account_id, const std::string& code) {
    return account_id.text + ":" + code;
}

}  // namespace

bool FactorService::is_enrolment_code_owed(db::Session& session, const authz::AccountId& account_id) {
    return factor_store::find_enrolment_code(session, account_id.text).has_value();
}

std::optional<std::int64_t> FactorService::enrolment_code_until_ms(db::Session& session,
                                                                   const authz::AccountId& account_id) {
    const auto row = factor_store::find_enrolment_code(session, account_id.text);
    if (!row || row->expires_at_ms <= parts_.machine_clock.now_ms()) return std::nullopt;
    return row->expires_at_ms;
}

Result<std::string> FactorService::give_enrolment_code(db::Session& session, const authz::AccountId& account_id,
                                                       std::int64_t until_ms) {
    factor_store::hold_account(session, account_id.text);
    if (has_any(session, account_id)) {
        return error(Errc::conflict, "identity.factor_bound_already",
                     "这个账号已经绑定了两步验证，不需要绑定码。手机或密钥丢失的，请先由系统管理员提议重置。");
    }
    const auto code = new_printed_code();
    const auto index = crypto::blind_index(parts_.key_ring, "enrolment_codes", "code", indexed_value(account_id, code));
    factor_store::save_enrolment_code(session, {account_id.text, index, until_ms});
    parts_.accounts.told(session, account_id, FactorEvent::enrolment_code_given);
    return as_printed(code);
}

/// Not taken here: who closes the page before he has bound anything types it once more. It ends with what it is for.
Result<void> FactorService::prove_enrolment_code(const authz::AccountId& account_id, std::string_view code) {
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto typed = as_stored(code);
    const auto indexes = typed.empty() ? std::vector<std::string>()
                                       : crypto::blind_indexes(parts_.key_ring, "enrolment_codes", "code",
                                                               indexed_value(account_id, typed));
    const Take take = [&](db::Session& session) {
        const auto row = factor_store::find_enrolment_code(session, account_id.text);
        return row && row->expires_at_ms > now_ms && std::ranges::find(indexes, row->code_index) != indexes.end();
    };
    KAIGONG_TRY(judged, judge(account_id, take));
    if (judged == Judged::paused) return paused();
    if (judged == Judged::good) return {};
    return invalid_field("enrolment_code", "identity.enrolment_code_wrong",
                         "绑定码不对，或者已经过期。请核对后重新输入；过期的，请安全管理员重新发放一个。");
}

}  // namespace kaigong::identity
