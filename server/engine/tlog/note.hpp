// Text with signatures under it (C2SP signed-note), and the keys that sign and verify it. Of the kinds of signature
// there are Ed25519 over the text (0x01) and cosignatures of witnesses (0x04, cosignature.hpp).
#pragma once

#include "base/result.hpp"
#include "crypto/signing.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::tlog {

/// The specification asks for at least 16 signatures; those of ML-DSA have 3.3 kB each in base64.
inline constexpr std::size_t kNoteSignaturesMax = 64;
inline constexpr std::size_t kNoteBytesMax = 524'288;
inline constexpr std::size_t kKeyNameBytesMax = 512;

/// The byte that a kind of signature has in vkeys and key ids.
enum class SignatureType : std::uint8_t { ed25519 = 0x01, cosignature = 0x04 };

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    crypto::Bytes signature;  ///< without the key id; at least one byte

    bool operator==(const NoteSignature&) const = default;
};

struct Note {
    std::string text;  ///< ends with a newline
    std::vector<NoteSignature> signatures;

    bool operator==(const Note&) const = default;
};

/// Whether a text may be the name of a key: not empty, valid UTF-8, no spaces of Unicode, no `+`.
bool is_key_name(std::string_view name);

/// Believes nothing yet: `open_note`. Fails with tlog.note_malformed, tlog.note_too_large (either limit above).
Result<Note> parse_note(std::string_view bytes);
std::string note_text(const Note& note);
/// `— <name> <base64>` with its newline.
std::string signature_line(const NoteSignature& signature);
/// One or more such lines, as a witness answers. Fails as `parse_note`.
Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines);

/// A vkey: `<name>+<key id, 8 hexadecimal digits>+<base64 of type and public key>`.
struct VerifierKey {
    std::string name;
    SignatureType type = SignatureType::ed25519;
    crypto::Ed25519PublicKey key{};

    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key).
    std::uint32_t key_id() const;
    std::string to_text() const;
    /// Fails with tlog.key_malformed (also for an id that is not that of the key), tlog.key_type_unknown.
    static Result<VerifierKey> parse(std::string_view text);

    bool operator==(const VerifierKey&) const = default;
};

/// A private key with its name.
class SignerKey {
  public:
    /// Fails with tlog.key_malformed (name), crypto.signing_key_malformed.
    static Result<SignerKey> from_seed(std::string name, SignatureType type, crypto::BytesView seed);
    /// `PRIVATE+KEY+<name>+<key id>+<base64 of type and 32 bytes>`, as golang.org/x/mod/sumdb/note writes it. The
    /// specification leaves this open. Fails with tlog.key_malformed, tlog.key_type_unknown.
    static Result<SignerKey> parse(std::string_view text);

    const VerifierKey& verifier() const { return verifier_; }
    /// Over the message that the type of the key asks for; `text` is that of a note. A key for cosignatures signs by
    /// `cosign` (cosignature.hpp), since it needs a time; here it is a bug and throws.
    NoteSignature sign(std::string_view text) const;
    /// The bare signature over any bytes, for the formats of this folder.
    crypto::Ed25519Signature sign_message(std::string_view message) const { return key_.sign(crypto::view(message)); }

  private:
    SignerKey(VerifierKey verifier, crypto::SigningKey key) : verifier_(std::move(verifier)), key_(std::move(key)) {}

    VerifierKey verifier_;
    crypto::SigningKey key_;
};

/// A signature that was verified.
struct VerifiedSignature {
    VerifierKey key;
    std::optional<std::uint64_t> timestamp_s;  ///< POSIX seconds, of cosignatures only

    bool operator==(const VerifiedSignature&) const = default;
};

/// Signatures of keys that are not among `verifiers` (name and id together) are passed over; one of a known key that
/// does not verify spoils the note. In the order of the note; a repeated line of a key counts once.
/// Fails with tlog.signature_wrong, tlog.signature_missing (of none of the keys), tlog.verifier_ambiguous (two keys of
/// one name and id).
Result<std::vector<VerifiedSignature>> open_note(const Note& note, std::span<const VerifierKey> verifiers);

}  // namespace kaigong::tlog
