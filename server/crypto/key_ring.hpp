// The keys of one installation: several versions, one of them current. New values are written with the current key, old
// ones are read with the key they name. Knows no file and no environment: `app` passes the bytes in.
//
// Text form (the key file): {"current":"k2","keys":{"k1":"<base64 of 32 bytes>","k2":"…"},"retired":{"k0":"…"}}. A
// retired version has lost its master: what is left is its link key, because printed certificates outlive every key.
#pragma once

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::crypto {

/// One version, cut into keys for one use each (HMAC-SM3 of the use's name under the master key), so that a mistake
/// with one of them says nothing about the others.
struct KeyVersion {
    std::string key_id;
    Secret field_cipher;  // SM4, 16 bytes
    Secret field_mac;     // 32 bytes, as all below
    Secret blob_cipher;   // SM4, 16 bytes
    Secret blob_mac;
    Secret blind_index;
    Secret link;
};
using KeyVersionPtr = std::shared_ptr<const KeyVersion>;

/// A handle on a set of keys that is exchanged as a whole, so that keys change while everything runs: who holds a
/// version keeps it until he is done. Any thread; not to be used after it was moved from.
class KeyRing {
  public:
    /// Fails with crypto.key_ring_malformed (not the text form above, a key that is not 32 bytes, a key id that is not
    /// 1–16 of a–z, 0–9), crypto.key_ring_no_current, crypto.key_ring_too_many (more than 32).
    static Result<KeyRing> load(std::string_view text);
    KeyRing(KeyRing&&) noexcept;
    KeyRing& operator=(KeyRing&&) noexcept;
    ~KeyRing();

    /// What new values are sealed with: after `load` what the text calls current, then what `seal_with` said.
    KeyVersionPtr current() const;
    /// Null when there is no such version, or it is retired.
    KeyVersionPtr find(std::string_view key_id) const;
    /// Newest use first: the current one, then the others by id.
    std::vector<KeyVersionPtr> all() const;
    /// The link keys of every version, also of the retired ones; the current one first.
    std::vector<std::shared_ptr<const Secret>> links() const;
    /// Null when no version, not even a retired one, has this id.
    std::shared_ptr<const Secret> find_link(std::string_view key_id) const;

    /// What the text calls current. It is sealed with only after `seal_with`: other processes must know it first.
    std::string wanted() const;
    std::vector<std::string> retired() const;

    /// Takes the keys of another text and goes on sealing with the same one. Nothing changes when it fails: as `load`,
    /// and with crypto.key_ring_lost_key (a version is gone, or the one in use is retired), crypto.key_ring_changed_key
    /// (the same id with other bytes: a file of another installation).
    Result<void> replace(std::string_view text);
    /// Fails with crypto.key_unknown.
    Result<void> seal_with(std::string_view key_id);

  private:
    struct Keys;
    struct Shared;
    explicit KeyRing(Keys keys);
    static Result<Keys> read(std::string_view text);
    std::shared_ptr<const Keys> keys() const;

    std::unique_ptr<Shared> shared_;
};

/// The text of a fresh key file with one random key.
std::string new_key_ring_text(std::string_view key_id = "k1");
/// The same file with one more random key, which is its current one: `k` and the next free number. Fails as
/// `KeyRing::load`.
Result<std::string> with_new_key(std::string_view text);
/// The same file with a version cut down to its link key. Fails as `KeyRing::load`, and with crypto.key_unknown,
/// crypto.key_is_current.
Result<std::string> with_retired_key(std::string_view text, std::string_view key_id);

}  // namespace kaigong::crypto
