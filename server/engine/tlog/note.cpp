#include "engine/tlog/note.hpp"

#include "base/text.hpp"
#include "crypto/encoding.hpp"
#include "engine/tlog/cosignature.hpp"
#include "engine/tlog/lines.hpp"

#include <algorithm>

namespace kaigong::tlog {
namespace {

constexpr std::string_view kSignatureMark = "\u2014 ";
constexpr std::size_t kKeyIdBytes = 4;

Error note_malformed() {
    return error(Errc::invalid_input, "tlog.note_malformed", "签名文本的格式不正确，请重新获取完整的检查点文件。");
}

Error note_too_large() {
    return error(Errc::too_large, "tlog.note_too_large", "签名文本过长或签名过多，请重新获取检查点文件。");
}

bool is_note_character(char c) {
    return c == '\n' || static_cast<unsigned char>(c) >= 0x20;
}

std::optional<NoteSignature> parse_line(std::string_view line) {
    if (!line.starts_with(kSignatureMark)) return std::nullopt;
    line.remove_prefix(kSignatureMark.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
    const auto bytes = crypto::from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= kKeyIdBytes) return std::nullopt;
    NoteSignature signature{std::string(line.substr(0, space)), 0, {bytes->begin() + kKeyIdBytes, bytes->end()}};
    for (std::size_t i = 0; i < kKeyIdBytes; ++i) signature.key_id = (signature.key_id << 8) | (*bytes)[i];
    return signature;
}

/// The key of a signature; null where it is unknown.
Result<const VerifierKey*> find_key(const NoteSignature& signature, std::span<const VerifierKey> verifiers) {
    const VerifierKey* found = nullptr;
    for (const VerifierKey& key : verifiers) {
        if (key.name != signature.name || key.key_id() != signature.key_id) continue;
        if (found != nullptr && *found != key) {
            return error(Errc::invalid_input, "tlog.verifier_ambiguous",
                         "信任清单中有两把名称和编号都相同的密钥，请删去其中一把。");
        }
        found = &key;
    }
    return found;
}

std::optional<VerifiedSignature> verify(const VerifierKey& key, std::string_view text, crypto::BytesView signature) {
    if (key.type == SignatureType::ed25519) {
        if (!crypto::verify_ed25519(key.key, crypto::view(text), signature)) return std::nullopt;
        return VerifiedSignature{key, std::nullopt};
    }
    const auto timestamp_s = verify_cosignature(key.key, text, signature);
    if (!timestamp_s) return std::nullopt;
    return VerifiedSignature{key, timestamp_s};
}

}  // namespace

Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines) {
    std::vector<NoteSignature> signatures;
    while (!lines.empty()) {
        const auto line = take_line(lines);
        auto signature = line ? parse_line(*line) : std::nullopt;
        if (!signature) return note_malformed();
        if (signatures.size() == kNoteSignaturesMax) return note_too_large();
        signatures.push_back(std::move(*signature));
    }
    if (signatures.empty()) return note_malformed();
    return signatures;
}

Result<Note> parse_note(std::string_view bytes) {
    if (bytes.size() > kNoteBytesMax) return note_too_large();
    if (!std::ranges::all_of(bytes, is_note_character) || !count_code_points(bytes)) return note_malformed();
    const auto blank = bytes.rfind("\n\n");
    if (blank == std::string_view::npos) return note_malformed();
    KAIGONG_TRY(signatures, parse_signature_lines(bytes.substr(blank + 2)));
    return Note{std::string(bytes.substr(0, blank + 1)), std::move(signatures)};
}

std::string signature_line(const NoteSignature& signature) {
    crypto::Bytes bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(signature.key_id >> shift));
    bytes.insert(bytes.end(), signature.signature.begin(), signature.signature.end());
    return std::string(kSignatureMark) + signature.name + " " + crypto::to_base64(bytes) + "\n";
}

std::string note_text(const Note& note) {
    std::string text = note.text + "\n";
    for (const NoteSignature& signature : note.signatures) text += signature_line(signature);
    return text;
}

Result<std::vector<VerifiedSignature>> open_note(const Note& note, std::span<const VerifierKey> verifiers) {
    std::vector<VerifiedSignature> result;
    for (const NoteSignature& signature : note.signatures) {
        KAIGONG_TRY(key, find_key(signature, verifiers));
        if (key == nullptr) continue;
        auto verified = verify(*key, note.text, signature.signature);
        if (!verified) {
            return error(Errc::invalid_input, "tlog.signature_wrong",
                         "检查点的签名不正确，内容可能被改动，请向发证机关核实。");
        }
        const bool repeated = std::ranges::any_of(result, [&](const auto& one) { return one.key == *key; });
        if (!repeated) result.push_back(std::move(*verified));
    }
    if (result.empty()) {
        return error(Errc::invalid_input, "tlog.signature_missing",
                     "检查点没有受信任密钥的签名，请核对信任清单或向发证机关索取新的检查点。");
    }
    return result;
}

}  // namespace kaigong::tlog
