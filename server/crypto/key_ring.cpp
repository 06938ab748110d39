#include "crypto/key_ring.hpp"

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <charconv>
#include <map>
#include <mutex>

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

Result<json::object> parse(std::string_view text) {
    boost::system::error_code failure;
    if (text.size() > kTextBytesMax) return malformed();
    json::value root = json::parse(text, failure);
    if (failure || !root.is_object()) return malformed();
    return std::move(root.get_object());
}

/// The bytes behind each id of a member; a member that is not there has none.
Result<std::map<std::string, Secret>> read_secrets(const json::object& root, std::string_view member) {
    std::map<std::string, Secret> secrets;
    const auto* named = root.if_contains(member);
    if (named == nullptr) return secrets;
    if (!named->is_object()) return malformed();
    for (const auto& [key_id, value] : named->get_object()) {
        if (!is_key_id(key_id) || !value.is_string()) return malformed();
        auto bytes = from_base64(value.get_string());
        if (!bytes || bytes->size() != kMasterBytes) return malformed();
        secrets.emplace(std::string(key_id), Secret(std::move(*bytes)));
    }
    return secrets;
}

Error key_unknown(std::string_view key_id) {
    return error(Errc::not_found, "crypto.key_unknown", fmt::format("密钥文件里没有密钥 {}，请核对编号。", key_id));
}

std::string text_of(const json::object& root) {
    return json::serialize(root) + "\n";
}

}  // namespace

struct KeyRing::Keys {
    std::map<std::string, KeyVersionPtr, std::less<>> versions;
    std::map<std::string, std::shared_ptr<const Secret>, std::less<>> retired;
    std::string wanted;
    std::string sealing;
};

struct KeyRing::Shared {
    std::atomic<std::shared_ptr<const Keys>> keys;
    /// Two changes at once would lose one of them; readers never wait for it.
    std::mutex changing;
};

KeyRing::KeyRing(Keys keys) : shared_(std::make_unique<Shared>()) {
    shared_->keys.store(std::make_shared<const Keys>(std::move(keys)));
}
KeyRing::KeyRing(KeyRing&&) noexcept = default;
KeyRing& KeyRing::operator=(KeyRing&&) noexcept = default;
KeyRing::~KeyRing() = default;

std::shared_ptr<const KeyRing::Keys> KeyRing::keys() const {
    return shared_->keys.load();
}

Result<KeyRing::Keys> KeyRing::read(std::string_view text) {
    KAIGONG_TRY(root, parse(text));
    const auto* current = root.if_contains("current");
    if (current == nullptr || !current->is_string() || !root.contains("keys")) return malformed();
    KAIGONG_TRY(masters, read_secrets(root, "keys"));
    KAIGONG_TRY(links, read_secrets(root, "retired"));
    if (masters.size() > kVersionsMax) {
        return error(Errc::too_large, "crypto.key_ring_too_many",
                     "密钥版本超过 32 个，请先重新加密旧数据，再停用旧密钥。");
    }
    Keys keys;
    for (const auto& [key_id, master] : masters) {
        keys.versions.emplace(key_id, std::make_shared<const KeyVersion>(derive_all(key_id, master.bytes())));
    }
    for (auto& [key_id, link] : links) {
        if (keys.versions.contains(key_id)) return malformed();
        keys.retired.emplace(key_id, std::make_shared<const Secret>(std::move(link)));
    }
    keys.wanted = std::string(current->get_string());
    keys.sealing = keys.wanted;
    if (!keys.versions.contains(keys.wanted)) {
        return error(Errc::invalid_input, "crypto.key_ring_no_current",
                     "密钥文件的 current 没有对应的密钥，请改为 keys 中已有的编号。");
    }
    return keys;
}

Result<KeyRing> KeyRing::load(std::string_view text) {
    KAIGONG_TRY(keys, read(text));
    return KeyRing(std::move(keys));
}

KeyVersionPtr KeyRing::current() const {
    const auto keys = this->keys();
    return keys->versions.find(keys->sealing)->second;
}

KeyVersionPtr KeyRing::find(std::string_view key_id) const {
    const auto keys = this->keys();
    const auto found = keys->versions.find(key_id);
    return found == keys->versions.end() ? nullptr : found->second;
}

std::vector<KeyVersionPtr> KeyRing::all() const {
    const auto keys = this->keys();
    std::vector<KeyVersionPtr> result{keys->versions.find(keys->sealing)->second};
    for (const auto& [key_id, version] : keys->versions) {
        if (key_id != keys->sealing) result.push_back(version);
    }
    return result;
}

std::vector<std::shared_ptr<const Secret>> KeyRing::links() const {
    std::vector<std::shared_ptr<const Secret>> result;
    for (const auto& version : all()) result.emplace_back(version, &version->link);
    // Held: g++ 12 lets go of a temporary of a loop's range before the loop begins.
    const auto held = keys();
    for (const auto& [key_id, link] : held->retired) result.push_back(link);
    return result;
}

std::shared_ptr<const Secret> KeyRing::find_link(std::string_view key_id) const {
    if (const auto version = find(key_id)) return {version, &version->link};
    const auto keys = this->keys();
    const auto found = keys->retired.find(key_id);
    return found == keys->retired.end() ? nullptr : found->second;
}

std::string KeyRing::wanted() const {
    return keys()->wanted;
}

std::vector<std::string> KeyRing::retired() const {
    std::vector<std::string> ids;
    const auto held = keys();
    for (const auto& [key_id, link] : held->retired) ids.push_back(key_id);
    return ids;
}

Result<void> KeyRing::replace(std::string_view text) {
    KAIGONG_TRY(read_keys, read(text));
    const std::lock_guard hold(shared_->changing);
    const auto before = keys();
    const auto lost = [](std::string_view key_id) {
        return error(Errc::conflict, "crypto.key_ring_lost_key",
                     fmt::format("新的密钥文件里少了密钥 {}，没有采用。请恢复完整的密钥文件。", key_id));
    };
    const auto check = [&](const std::string& key_id, const Secret& link) -> Result<void> {
        const auto version = read_keys.versions.find(key_id);
        const auto retired = read_keys.retired.find(key_id);
        const bool is_retired = retired != read_keys.retired.end();
        if (version == read_keys.versions.end() && !is_retired) return lost(key_id);
        const auto& now = is_retired ? *retired->second : version->second->link;
        if (equal_constant_time(link.bytes(), now.bytes())) return {};
        return error(Errc::conflict, "crypto.key_ring_changed_key",
                     fmt::format("密钥 {} 与正在使用的不是同一把，没有采用。请换回本机构的密钥文件。", key_id));
    };
    for (const auto& [key_id, version] : before->versions) KAIGONG_CHECK(check(key_id, version->link));
    for (const auto& [key_id, link] : before->retired) KAIGONG_CHECK(check(key_id, *link));
    if (!read_keys.versions.contains(before->sealing)) return lost(before->sealing);
    read_keys.sealing = before->sealing;
    shared_->keys.store(std::make_shared<const Keys>(std::move(read_keys)));
    return {};
}

Result<void> KeyRing::seal_with(std::string_view key_id) {
    const std::lock_guard hold(shared_->changing);
    auto changed = *keys();
    if (!changed.versions.contains(key_id)) return key_unknown(key_id);
    changed.sealing = key_id;
    shared_->keys.store(std::make_shared<const Keys>(std::move(changed)));
    return {};
}

std::string new_key_ring_text(std::string_view key_id) {
    const Secret master(random_bytes(kMasterBytes));
    return fmt::format("{{\"current\":\"{0}\",\"keys\":{{\"{0}\":\"{1}\"}}}}\n", key_id, to_base64(master.bytes()));
}

Result<std::string> with_new_key(std::string_view text) {
    KAIGONG_TRY(ring, KeyRing::load(text));
    KAIGONG_TRY(root, parse(text));
    auto ids = ring.retired();
    for (const auto& version : ring.all()) ids.push_back(version->key_id);
    int last = 0;
    for (const auto& key_id : ids) {
        int number = 0;
        const auto* end = key_id.data() + key_id.size();
        const bool numbered = key_id.front() == 'k' && std::from_chars(key_id.data() + 1, end, number).ptr == end;
        if (numbered) last = std::max(last, number);
    }
    const auto key_id = fmt::format("k{}", last + 1);
    const Secret master(random_bytes(kMasterBytes));
    root["keys"].as_object()[key_id] = to_base64(master.bytes());
    root["current"] = key_id;
    auto result = text_of(root);
    KAIGONG_CHECK(KeyRing::load(result));
    return result;
}

Result<std::string> with_retired_key(std::string_view text, std::string_view key_id) {
    KAIGONG_TRY(ring, KeyRing::load(text));
    KAIGONG_TRY(root, parse(text));
    const auto version = ring.find(key_id);
    if (!version) return key_unknown(key_id);
    if (ring.wanted() == key_id) {
        return error(Errc::conflict, "crypto.key_is_current",
                     fmt::format("密钥 {} 正在使用，不能停用。请先用 kaigong admin rotate-keys 换新的密钥。", key_id));
    }
    auto& retired = root["retired"];
    if (!retired.is_object()) retired.emplace_object();
    retired.get_object()[key_id] = to_base64(version->link.bytes());
    root["keys"].as_object().erase(key_id);
    return text_of(root);
}

}  // namespace kaigong::crypto
