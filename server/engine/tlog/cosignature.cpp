#include "engine/tlog/cosignature.hpp"

#include "engine/tlog/lines.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace kaigong::tlog {
namespace {

constexpr std::size_t kTimestampBytes = 8;
constexpr std::size_t kTimestampedBytes = kTimestampBytes + 64;

}  // namespace

std::string cosignature_message(std::string_view checkpoint_text, std::uint64_t timestamp_s) {
    return fmt::format("cosignature/v1\ntime {}\n{}", timestamp_s, checkpoint_text);
}

NoteSignature cosign(const SignerKey& signer, std::string_view checkpoint_text, std::uint64_t timestamp_s) {
    const VerifierKey& key = signer.verifier();
    if (key.type != SignatureType::cosignature) throw std::logic_error("this key is not for cosignatures");
    if (timestamp_s == 0 || timestamp_s > kNumberMax) throw std::logic_error("no time for a cosignature");
    NoteSignature result{key.name, key.key_id(), {}};
    for (int shift = 56; shift >= 0; shift -= 8) {
        result.signature.push_back(static_cast<std::uint8_t>(timestamp_s >> shift));
    }
    const auto signature = signer.sign_message(cosignature_message(checkpoint_text, timestamp_s));
    result.signature.insert(result.signature.end(), signature.begin(), signature.end());
    return result;
}

std::optional<std::uint64_t> verify_cosignature(const crypto::Ed25519PublicKey& key, std::string_view checkpoint_text,
                                                crypto::BytesView timestamped) {
    if (timestamped.size() != kTimestampedBytes) return std::nullopt;
    std::uint64_t timestamp_s = 0;
    for (const std::uint8_t byte : timestamped.first(kTimestampBytes)) timestamp_s = (timestamp_s << 8) | byte;
    if (timestamp_s > kNumberMax) return std::nullopt;
    const std::string message = cosignature_message(checkpoint_text, timestamp_s);
    if (!crypto::verify_ed25519(key, crypto::view(message), timestamped.subspan(kTimestampBytes))) return std::nullopt;
    return timestamp_s;
}

}  // namespace kaigong::tlog
