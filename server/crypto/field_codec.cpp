#include "crypto/field_codec.hpp"

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "crypto/sm4.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <optional>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kMacBytes = 32;
constexpr std::size_t kOverheadBytes = kSm4BlockBytes + kMacBytes;
constexpr std::size_t kIndexBytes = 16;
constexpr std::size_t kSealedTextMax = kFieldBytesMax * 4 / 3 + 128;

struct SealedParts {
    std::string_view key_id;
    std::string_view body;
};

std::optional<SealedParts> split(std::string_view text) {
    if (text.size() > kSealedTextMax || !text.starts_with(kSealedFieldPrefix)) return std::nullopt;
    text.remove_prefix(kSealedFieldPrefix.size());
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    return SealedParts{text.substr(0, colon), text.substr(colon + 1)};
}

Digest mac_of(const KeyVersion& key, const FieldPlace& place, BytesView iv, BytesView ciphertext) {
    return hmac_sm3_parts(key.field_mac.bytes(), {view("enc1"), view(key.key_id), view(place.table), view(place.field),
                                                  view(place.row_id), iv, ciphertext});
}

std::string index_under(const KeyVersion& key, std::string_view table, std::string_view field, std::string_view value) {
    const Digest digest = hmac_sm3_parts(key.blind_index.bytes(), {view(table), view(field), view(value)});
    return key.key_id + ":" + to_hex(BytesView(digest).first(kIndexBytes));
}

}  // namespace

Result<std::string> seal_field(const KeyRing& ring, const FieldPlace& place, std::string_view value) {
    if (value.size() > kFieldBytesMax) {
        return invalid_field(std::string(place.field), "crypto.field_too_large", "内容过长，请缩短到 64 KB 以内。");
    }
    const auto version = ring.current();
    const KeyVersion& key = *version;
    Bytes body = random_bytes(kSm4BlockBytes);
    Sm4Block iv{};
    std::ranges::copy(body, iv.begin());
    body.insert(body.end(), value.begin(), value.end());
    const auto ciphertext = std::span(body).subspan(kSm4BlockBytes);
    Sm4Ctr(key.field_cipher.bytes(), iv).apply(ciphertext);
    const Digest mac = mac_of(key, place, iv, ciphertext);
    body.insert(body.end(), mac.begin(), mac.end());
    return fmt::format("{}{}:{}", kSealedFieldPrefix, key.key_id, to_base64url(body));
}

Result<std::string> open_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed) {
    const auto malformed = [] {
        return error(Errc::internal, "crypto.field_malformed", "已加密的数据格式不对，请管理员从备份核对该记录。");
    };
    const auto parts = split(sealed);
    if (!parts) return malformed();
    const auto key = ring.find(parts->key_id);
    if (key == nullptr) {
        return error(Errc::unavailable, "crypto.key_unknown", "缺少解密所需的密钥版本，请管理员恢复完整的密钥文件。");
    }
    auto body = from_base64url(parts->body);
    if (!body || body->size() < kOverheadBytes) return malformed();
    Sm4Block iv{};
    std::ranges::copy_n(body->begin(), kSm4BlockBytes, iv.begin());
    const auto ciphertext = std::span(*body).subspan(kSm4BlockBytes, body->size() - kOverheadBytes);
    const auto mac = BytesView(*body).last(kMacBytes);
    if (!equal_constant_time(mac, mac_of(*key, place, iv, ciphertext))) {
        return error(Errc::internal, "crypto.field_tampered",
                     "已加密的数据校验不通过，可能被改动或错位，请管理员查看审计记录。");
    }
    Sm4Ctr(key->field_cipher.bytes(), iv).apply(ciphertext);
    return to_text(ciphertext);
}

bool is_sealed_field(std::string_view text) {
    return split(text).has_value();
}

std::string key_of_field(std::string_view sealed) {
    const auto parts = split(sealed);
    return parts ? std::string(parts->key_id) : std::string();
}

Result<std::string> reseal_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed) {
    KAIGONG_TRY(value, open_field(ring, place, sealed));
    return seal_field(ring, place, value);
}

std::string blind_index(const KeyRing& ring, std::string_view table, std::string_view field, std::string_view value) {
    return index_under(*ring.current(), table, field, value);
}

std::vector<std::string> blind_indexes(const KeyRing& ring, std::string_view table, std::string_view field,
                                       std::string_view value) {
    std::vector<std::string> result;
    for (const auto& key : ring.all()) result.push_back(index_under(*key, table, field, value));
    return result;
}

}  // namespace kaigong::crypto
