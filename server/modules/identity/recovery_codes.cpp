// Codes on paper for who lost the phone and the key.
#include <array>

#include "crypto/field_codec.hpp"
#include "modules/identity/factor_service.hpp"
#include "modules/identity/printed_code.hpp"

namespace kaigong::identity {
namespace {

constexpr int kCodes = 10;
/// The account is part of it, so that nobody sees from a copy of the database that two people have the same code.
std::string indexed_value(const authz::AccountId& account_id, const std::string& code) {
    return account_id.text + ":" + code;
}

}  // namespace

int FactorService::recovery_codes_left(db::Session& session, const authz::AccountId& account_id) {
    int left = 0;
    for (const auto& index : factor_store::unused_recovery_codes(session, account_id.text)) {
        // A code ends with the key that it was made under.
        if (parts_.key_ring.find(index.substr(0, index.find(':')))) left += 1;
    }
    return left;
}

Result<std::vector<std::string>> FactorService::make_recovery_codes(const authz::AccountId& account_id) {
    const auto now_ms = parts_.machine_clock.now_ms();
    std::vector<std::string> printed;
    std::vector<std::string> indexes;
    for (int i = 0; i < kCodes; ++i) {
        const auto code = new_printed_code();
        printed.push_back(as_printed(code));
        indexes.push_back(
            crypto::blind_index(parts_.key_ring, "recovery_codes", "code", indexed_value(account_id, code)));
    }
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        factor_store::hold_account(session, account_id.text);
        if (!has_any(session, account_id)) {
            return error(Errc::conflict, "identity.factor_none",
                         "恢复码用来在手机或安全密钥不在身边时登录。请先添加一种两步验证方式，再生成恢复码。");
        }
        factor_store::remove_recovery_codes(session, account_id.text);
        for (const auto& index : indexes) {
            factor_store::insert_recovery_code(session, account_id.text, index, now_ms);
        }
        audit(session, account_id, "identity.make_recovery_codes", "生成新的恢复码，旧的作废");
        parts_.accounts.told(session, account_id, FactorEvent::recovery_codes_made);
        return {};
    }));
    return printed;
}

Result<int> FactorService::use_recovery_code(const authz::AccountId& account_id, std::string_view code) {
    const auto wrong = [] {
        return invalid_field("recovery_code", "identity.factor_recovery_code_wrong",
                             "恢复码不对，或者已经用过。每个恢复码只能用一次，请换一个没有用过的。");
    };
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto typed = as_stored(code);
    const auto indexes = typed.empty() ? std::vector<std::string>()
                                       : crypto::blind_indexes(parts_.key_ring, "recovery_codes", "code",
                                                               indexed_value(account_id, typed));
    int left = 0;
    const Take take = [&](db::Session& session) {
        const auto use = [&](const std::string& index) {
            return factor_store::use_recovery_code(session, account_id.text, index, now_ms);
        };
        if (std::ranges::none_of(indexes, use)) return false;
        left = recovery_codes_left(session, account_id);
        audit(session, account_id, "identity.use_recovery_code", "使用恢复码");
        parts_.accounts.told(session, account_id, FactorEvent::recovery_code_used);
        return true;
    };
    KAIGONG_TRY(judged, judge(account_id, take));
    if (judged == Judged::paused) return paused();
    if (judged != Judged::good) return wrong();
    return left;
}

}  // namespace kaigong::identity
