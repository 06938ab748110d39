// Names, ids and texts of the keys of notes (C2SP signed-note, Signatures and Verifier keys).
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "engine/tlog/note.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <stdexcept>

namespace kaigong::tlog {
namespace {

constexpr std::string_view kSignerPrefix = "PRIVATE+KEY+";
constexpr std::size_t kKeyBytes = 32;

/// White space of Unicode (property White_Space) above ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> kWideSpaces{
    "\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

Error key_malformed() {
    return error(Errc::invalid_input, "tlog.key_malformed", "日志密钥的文字不正确，请重新复制完整的一行密钥。");
}

Error key_type_unknown() {
    return error(Errc::invalid_input, "tlog.key_type_unknown",
                 "不支持这种日志密钥，请使用 Ed25519 密钥（类型 01 或 04）。");
}

/// `<name>+<key id>+<base64 of type and key>`, of public and private keys alike.
struct KeyText {
    std::string name;
    std::uint32_t key_id = 0;
    SignatureType type = SignatureType::ed25519;
    crypto::Bytes key;
};

std::optional<std::uint32_t> parse_key_id(std::string_view text) {
    const auto bytes = crypto::from_hex(text);
    if (!bytes || bytes->size() != 4 || crypto::to_hex(*bytes) != text) return std::nullopt;
    std::uint32_t id = 0;
    for (const std::uint8_t byte : *bytes) id = (id << 8) | byte;
    return id;
}

Result<KeyText> parse_key_text(std::string_view text) {
    const auto first = text.find('+');
    const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos) return key_malformed();
    const auto key_id = parse_key_id(text.substr(first + 1, second - first - 1));
    auto key = crypto::from_base64(text.substr(second + 1));
    const auto name = text.substr(0, first);
    if (!is_key_name(name) || !key_id || !key || key->empty()) return key_malformed();
    const auto type = static_cast<SignatureType>(key->front());
    if (type != SignatureType::ed25519 && type != SignatureType::cosignature) return key_type_unknown();
    key->erase(key->begin());
    if (key->size() != kKeyBytes) return key_malformed();
    return KeyText{std::string(name), *key_id, type, std::move(*key)};
}

}  // namespace

bool is_key_name(std::string_view name) {
    if (name.empty() || name.size() > kKeyNameBytesMax || !count_code_points(name)) return false;
    if (std::ranges::any_of(name, [](char c) { return c == '+' || (c >= 0 && c <= ' '); })) return false;
    return std::ranges::none_of(kWideSpaces, [&](auto space) { return name.find(space) != std::string_view::npos; });
}

std::uint32_t VerifierKey::key_id() const {
    std::string message = name + "\n";
    message.push_back(static_cast<char>(type));
    message += crypto::to_text(key);
    const crypto::Digest digest = crypto::sha256(crypto::view(message));
    return (std::uint32_t{digest[0]} << 24) | (std::uint32_t{digest[1]} << 16) | (std::uint32_t{digest[2]} << 8) |
           digest[3];
}

std::string VerifierKey::to_text() const {
    crypto::Bytes bytes{static_cast<std::uint8_t>(type)};
    bytes.insert(bytes.end(), key.begin(), key.end());
    return fmt::format("{}+{:08x}+{}", name, key_id(), crypto::to_base64(bytes));
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
    KAIGONG_TRY(parts, parse_key_text(text));
    VerifierKey result{parts.name, parts.type, {}};
    std::ranges::copy(parts.key, result.key.begin());
    if (result.key_id() != parts.key_id) return key_malformed();
    return result;
}

Result<SignerKey> SignerKey::from_seed(std::string name, SignatureType type, crypto::BytesView seed) {
    if (!is_key_name(name)) return key_malformed();
    KAIGONG_TRY(key, crypto::SigningKey::from_bytes(seed));
    VerifierKey verifier{std::move(name), type, key.public_key()};
    return SignerKey(std::move(verifier), std::move(key));
}

Result<SignerKey> SignerKey::parse(std::string_view text) {
    if (!text.starts_with(kSignerPrefix)) return key_malformed();
    KAIGONG_TRY(parts, parse_key_text(text.substr(kSignerPrefix.size())));
    const crypto::Secret seed(std::move(parts.key));
    KAIGONG_TRY(signer, from_seed(parts.name, parts.type, seed.bytes()));
    if (signer.verifier_.key_id() != parts.key_id) return key_malformed();
    return std::move(signer);
}

NoteSignature SignerKey::sign(std::string_view text) const {
    if (verifier_.type != SignatureType::ed25519) throw std::logic_error("this key signs with a time only");
    const auto signature = sign_message(text);
    return {verifier_.name, verifier_.key_id(), {signature.begin(), signature.end()}};
}

}  // namespace kaigong::tlog
