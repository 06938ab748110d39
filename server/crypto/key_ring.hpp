// The keys of one installation: several versions, one of them current. New values are written with the current key, old
// ones are read with the key they name. Knows no file and no environment: `app` passes the bytes in.
//
// Text form (the key file): {"current":"k2","keys":{"k1":"<base64 of 32 bytes>","k2":"…"}}
#pragma once

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

#include <map>
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

/// Immutable after loading: any thread.
class KeyRing {
  public:
    /// Fails with crypto.key_ring_malformed (not the text form above, a key that is not 32 bytes, a key id that is not
    /// 1–16 of a–z, 0–9), crypto.key_ring_no_current, crypto.key_ring_too_many (more than 32).
    static Result<KeyRing> load(std::string_view text);

    const KeyVersion& current() const { return versions_.at(current_); }
    /// Null when there is no such version.
    const KeyVersion* find(std::string_view key_id) const;
    /// Newest use first: the current one, then the others by id.
    std::vector<const KeyVersion*> all() const;

  private:
    std::string current_;
    std::map<std::string, KeyVersion, std::less<>> versions_;
};

/// The text of a fresh key file with one random key.
std::string new_key_ring_text(std::string_view key_id = "k1");

}  // namespace kaigong::crypto
