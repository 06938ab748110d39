#include "crypto/key_ring.hpp"

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>

namespace kaigong::crypto {
namespace {

namespace json = boost::json;

constexpr std::size_t kMasterBytes = 32;
constexpr std::size_t kSm4KeyBytes = 16;
constexpr std::size_t kKeyIdMax = 16;
constexpr std::size_t kVersionsMax = 32;
constexpr std::size_t kTextBytesMax = 16'384;

Error malformed() {
    return error(
        Errc::invalid_input, "crypto.key_ring_malformed",
        "密钥文件格式不对：应为 {\"current\":\"k1\",\"keys\":{\"k1\":\"32 字节的 base64\"}}。请从备份恢复密钥文件。");
}

bool is_key_id(std::string_view text) {
    return !text.empty() && text.size() <= kKeyIdMax &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

Secret derive(BytesView master, std::string_view use, std::size_t size) {
    Digest bytes = hmac_sm3(master, view(use));
    Secret key(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    wipe(bytes);
    return key;
}

KeyVersion derive_all(std::string key_id, BytesView master) {
    return {.key_id = std::move(key_id),
            .field_cipher = derive(master, "kaigong field cipher v1", kSm4KeyBytes),
            .field_mac = derive(master, "kaigong field mac v1", kMasterBytes),
            .blob_cipher = derive(master, "kaigong blob cipher v1", kSm4KeyBytes),
            .blob_mac = derive(master, "kaigong blob mac v1", kMasterBytes),
            .blind_index = derive(master, "kaigong blind index v1", kMasterBytes),
            .link = derive(master, "kaigong link v1", kMasterBytes)};
}

}  // namespace

Result<KeyRing> KeyRing::load(std::string_view text) {
    boost::system::error_code failure;
    if (text.size() > kTextBytesMax) return malformed();
    const json::value root = json::parse(text, failure);
    if (failure || !root.is_object()) return malformed();
    const auto* current = root.get_object().if_contains("current");
    const auto* keys = root.get_object().if_contains("keys");
    if (current == nullptr || !current->is_string() || keys == nullptr || !keys->is_object()) return malformed();
    if (keys->get_object().size() > kVersionsMax) {
        return error(Errc::too_large, "crypto.key_ring_too_many",
                     "密钥版本超过 32 个，请先重新加密旧数据再删除旧密钥。");
    }
    KeyRing ring;
    for (const auto& [key_id, value] : keys->get_object()) {
        if (!is_key_id(key_id) || !value.is_string()) return malformed();
        auto bytes = from_base64(value.get_string());
        if (!bytes || bytes->size() != kMasterBytes) return malformed();
        const Secret master(std::move(*bytes));
        ring.versions_.emplace(std::string(key_id), derive_all(std::string(key_id), master.bytes()));
    }
    ring.current_ = std::string(current->get_string());
    if (!ring.versions_.contains(ring.current_)) {
        return error(Errc::invalid_input, "crypto.key_ring_no_current",
                     "密钥文件的 current 没有对应的密钥，请改为 keys 中已有的编号。");
    }
    return ring;
}

const KeyVersion* KeyRing::find(std::string_view key_id) const {
    const auto found = versions_.find(key_id);
    return found == versions_.end() ? nullptr : &found->second;
}

std::vector<const KeyVersion*> KeyRing::all() const {
    std::vector<const KeyVersion*> result{&current()};
    for (const auto& [key_id, version] : versions_) {
        if (key_id != current_) result.push_back(&version);
    }
    return result;
}

std::string new_key_ring_text(std::string_view key_id) {
    const Secret master(random_bytes(kMasterBytes));
    return fmt::format("{{\"current\":\"{0}\",\"keys\":{{\"{0}\":\"{1}\"}}}}\n", key_id, to_base64(master.bytes()));
}

}  // namespace kaigong::crypto
