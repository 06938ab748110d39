#include "modules/identity/sign_in_locks.hpp"

#include <algorithm>
#include <limits>

#include "crypto/field_codec.hpp"
#include "http/attempt_limiter.hpp"
#include "modules/identity/session_store.hpp"

namespace kaigong::identity {
namespace {

constexpr std::string_view kTable = "sign_in_failures";
/// The uses of the one key column: what was typed is never mistaken for an account.
constexpr std::string_view kTyped = "account_name";
constexpr std::string_view kAccount = "account_id";

}  // namespace

/// What stands for the account. Nobody's is counted under what was typed; and so is everybody's, apart, while what was
/// typed is locked anyway: who waits and goes on trying the right one is not locked longer for it.
std::string SignInLocks::account_text(const Attempt& attempt, bool typed_locked) const {
    if (attempt.account != nullptr && attempt.emergency) {
        return attempt.account->account_id + "@" + http::network_of(attempt.address);
    }
    if (typed_locked) return "locked:" + attempt.typed;
    return attempt.account != nullptr ? attempt.account->account_id : "nobody:" + attempt.typed;
}

/// Under every key of the ring: a change of keys lifts no lock.
SignInLocks::Standing SignInLocks::standing(db::Session& session, const Attempt& attempt, std::int64_t now_ms) const {
    const auto is_locked = [&](std::string_view use, const std::string& text) {
        const auto keys = crypto::blind_indexes(key_ring_, kTable, use, text);
        return store::failures_locked_until_ms(session, keys) > now_ms;
    };
    return {is_locked(kTyped, attempt.typed), is_locked(kAccount, account_text(attempt, false))};
}

void SignInLocks::count_under(db::Session& session, const std::string& key, const Attempt& attempt,
                              std::int64_t now_ms) const {
    store::count_failure(session, {.failure_key = key,
                                   .account_id = attempt.account != nullptr ? attempt.account->account_id : "",
                                   .at_ms = now_ms,
                                   .window_from_ms = now_ms - policy_.lock_ms,
                                   .failures_max = policy_.failures_max,
                                   .locked_until_ms = now_ms + policy_.lock_ms});
}

void SignInLocks::count(db::Session& session, const Attempt& attempt, const Standing& seen, std::int64_t now_ms) const {
    const auto key = [&](std::string_view use, const std::string& text) {
        return crypto::blind_index(key_ring_, kTable, use, text);
    };
    if (!seen.typed_locked) count_under(session, key(kTyped, attempt.typed), attempt, now_ms);
    count_under(session, key(kAccount, account_text(attempt, seen.typed_locked)), attempt, now_ms);
}

/// What was counted before the account had this name or phone knows nothing of the account.
std::vector<std::string> SignInLocks::keys_of_names(const store::AccountRow& account) const {
    auto keys = crypto::blind_indexes(key_ring_, kTable, kTyped, account.account_name);
    const auto phone = accounts_.of_row(account).phone;
    if (phone.empty()) return keys;
    for (auto& key : crypto::blind_indexes(key_ring_, kTable, kTyped, phone)) keys.push_back(std::move(key));
    return keys;
}

void SignInLocks::forget(db::Session& session, const store::AccountRow& account, std::int64_t now_ms) const {
    store::forget_failures(session, account.account_id, keys_of_names(account), now_ms);
}

void SignInLocks::lift(db::Session& session, const store::AccountRow& account) const {
    store::forget_failures(session, account.account_id, keys_of_names(account),
                           std::numeric_limits<std::int64_t>::max());
}

std::int64_t SignInLocks::locked_until_ms(db::Session& session, const store::AccountRow& account,
                                          std::int64_t now_ms) const {
    const auto until_ms = std::max(store::failures_locked_until_ms(session, keys_of_names(account)),
                                   store::failures_locked_until_ms_of(session, account.account_id));
    return until_ms > now_ms ? until_ms : 0;
}

}  // namespace kaigong::identity
