#include "modules/oauth/signing_keys.hpp"

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/jwk.hpp"
#include "crypto/jwt.hpp"

namespace kaigong::oauth {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kDayMs = 24LL * 3'600'000;
constexpr std::int64_t kRotateAfterMs = 90 * kDayMs;
/// Others keep what they fetched for at most a day.
constexpr std::int64_t kPublishedAheadMs = kDayMs;
/// An identity token lasts ten minutes; whoever's clock is wrong has an hour.
constexpr std::int64_t kPublishedAfterMs = 3'600'000;
/// The file's own passphrase guards nothing: the whole file is sealed by the field codec.
constexpr const char* kPassphrase = "sealed";

crypto::SignatureAlgorithm kind_of(const std::string& algorithm) {
    return algorithm == "RS256" ? crypto::SignatureAlgorithm::rsa_sha256
                                : crypto::SignatureAlgorithm::ecdsa_p256_sha256;
}

crypto::FieldPlace place_of(const std::string& key_id) {
    return {"oauth_signing_keys", "sealed_key", key_id};
}

Error key_not_readable() {
    return error(Errc::internal, "oauth.key_not_readable", "签名密钥读不出来，请管理员核对主密钥后轮换签名密钥。");
}

}  // namespace

std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring) {
    return {identity::sealed_column(database, key_ring, {"oauth_signing_keys", "key_id", "sealed_key"}),
            identity::sealed_column(database, key_ring, {"oauth_requests", "request_hash", "asked_from"})};
}

/// Of one algorithm, by when they sign: each is published until the next one has signed for a while.
Result<std::vector<SigningKeys::Living>> SigningKeys::living(std::int64_t now_ms) {
    KAIGONG_TRY(rows, parts_.database.read([](db::Session& session) { return store::signing_keys(session); }));
    std::erase_if(rows, [](const store::KeyRow& row) { return row.withdrawn_at_ms != 0; });
    std::vector<Living> keys;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool has_next = i + 1 < rows.size() && rows[i + 1].algorithm == rows[i].algorithm;
        const auto until_ms = has_next ? rows[i + 1].signs_from_ms + kPublishedAfterMs : 0;
        if (until_ms == 0 || until_ms > now_ms) keys.push_back({rows[i], until_ms});
    }
    return keys;
}

Result<store::KeyRow> SigningKeys::make(const std::string& algorithm, std::int64_t now_ms,
                                        std::int64_t signs_from_ms) const {
    KAIGONG_TRY(file, crypto::new_key_file(kind_of(algorithm), kPassphrase, 1));
    KAIGONG_TRY(signer, crypto::open_key_file(file, kPassphrase));
    const auto key_id = crypto::jwk_thumbprint(signer->public_key_info());
    KAIGONG_TRY(sealed, crypto::seal_field(parts_.key_ring, place_of(key_id), file));
    return store::KeyRow{key_id, algorithm,     sealed, crypto::to_base64url(signer->public_key_info()),
                         now_ms, signs_from_ms, 0};
}

Result<store::KeyRow> SigningKeys::current(const std::string& algorithm, std::int64_t now_ms) {
    KAIGONG_TRY(keys, living(now_ms));
    const store::KeyRow* found = nullptr;
    for (const auto& key : keys) {
        if (key.row.algorithm == algorithm && key.row.signs_from_ms <= now_ms) found = &key.row;
    }
    if (found != nullptr) return *found;
    KAIGONG_TRY(row, make(algorithm, now_ms, now_ms));
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) { store::insert_key(session, row); }));
    return row;
}

Result<const crypto::Signer*> SigningKeys::open(const store::KeyRow& row) {
    const std::scoped_lock lock(mutex_);
    auto& signer = opened_[row.key_id];
    if (!signer) {
        const auto file = crypto::open_field(parts_.key_ring, place_of(row.key_id), row.sealed_key);
        if (!file) return key_not_readable();
        auto opened = crypto::open_key_file(*file, kPassphrase);
        if (!opened) return key_not_readable();
        signer = std::move(*opened);
    }
    return signer.get();
}

Result<std::string> SigningKeys::sign(const std::string& algorithm, const object& claims) {
    KAIGONG_TRY(row, current(algorithm, parts_.machine_clock.now_ms()));
    KAIGONG_TRY(signer, open(row));
    return crypto::sign_jwt(claims, *signer, row.key_id);
}

Result<object> SigningKeys::published() {
    const auto now_ms = parts_.machine_clock.now_ms();
    KAIGONG_CHECK(current("ES256", now_ms));
    KAIGONG_TRY(keys, living(now_ms));
    array list;
    for (const auto& key : keys) {
        const auto info = crypto::from_base64url(key.row.public_key_info);
        if (!info) return key_not_readable();
        list.push_back(crypto::jwk_of(*info, key.row.key_id));
    }
    return object{{"keys", std::move(list)}};
}

Result<object> SigningKeys::list(const authz::Actor& by) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.read"));
    KAIGONG_TRY(keys, living(parts_.machine_clock.now_ms()));
    array rows;
    for (const auto& [row, until_ms] : keys) {
        rows.push_back({{"key_id", row.key_id},
                        {"algorithm", row.algorithm},
                        {"created_at_ms", row.created_at_ms},
                        {"signs_from_ms", row.signs_from_ms},
                        {"published_until_ms", until_ms == 0 ? boost::json::value(nullptr) : until_ms}});
    }
    return object{{"keys", std::move(rows)}};
}

Result<object> SigningKeys::rotate(const authz::Actor& by, bool urgent) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.rotate_keys"));
    KAIGONG_CHECK(authz::Permissions::require_recent(by));
    const auto now_ms = parts_.machine_clock.now_ms();
    KAIGONG_TRY(keys, living(now_ms));
    std::set<std::string> algorithms{"ES256"};
    for (const auto& key : keys) algorithms.insert(key.row.algorithm);
    std::vector<store::KeyRow> made;
    for (const auto& algorithm : algorithms) {
        KAIGONG_TRY(row, make(algorithm, now_ms, urgent ? now_ms : now_ms + kPublishedAheadMs));
        made.push_back(std::move(row));
    }
    const auto name = parts_.identity.name_of(by.account_id);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        for (const auto& key : keys) {
            if (urgent) store::withdraw_key(session, key.row.key_id, now_ms);
        }
        for (const auto& row : made) store::insert_key(session, row);
        parts_.audit.write(session,
                           {"oauth_keys", made.front().key_id, 1, "oauth.rotate_keys", by.account_id.text, name,
                            urgent ? "立即更换令牌签名密钥" : "轮换令牌签名密钥", parts_.office_clock.now_ms()});
    }));
    return list(by);
}

Result<void> SigningKeys::keep_fresh() {
    const auto now_ms = parts_.machine_clock.now_ms();
    KAIGONG_TRY(keys, living(now_ms));
    std::map<std::string, std::int64_t> newest;
    for (const auto& key : keys) newest[key.row.algorithm] = std::max(newest[key.row.algorithm], key.row.created_at_ms);
    for (const auto& [algorithm, created_at_ms] : newest) {
        if (now_ms - created_at_ms < kRotateAfterMs) continue;
        KAIGONG_TRY(row, make(algorithm, now_ms, now_ms + kPublishedAheadMs));
        KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) { store::insert_key(session, row); }));
        log_event(LogLevel::info, "oauth.signing_key_made", {{"algorithm", algorithm}});
    }
    return {};
}

}  // namespace kaigong::oauth
