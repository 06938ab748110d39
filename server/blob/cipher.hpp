// How files are protected at rest. The store knows no algorithm; the program's is `sealed_cipher`.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kaigong::blob {

/// A stream of bytes turned into another. One thread; `finish` once, after the last `update`.
class Transform {
  public:
    Transform() = default;
    Transform(const Transform&) = delete;
    Transform& operator=(const Transform&) = delete;
    virtual ~Transform() = default;
    /// Appends to `out`; a decryptor appends only bytes whose authenticity it has proved.
    virtual Result<void> update(std::string_view bytes, std::string& out) = 0;
    /// Appends what is left. A decryptor fails here when the end is missing.
    virtual Result<void> finish(std::string& out) = 0;
};

/// Any thread.
class Cipher {
  public:
    Cipher() = default;
    Cipher(const Cipher&) = delete;
    Cipher& operator=(const Cipher&) = delete;
    virtual ~Cipher() = default;
    /// `place` is bound into the authentication: what was sealed for another use is not taken for a file. That one file
    /// does not stand in for another is seen by its SHA-256, which is its address.
    virtual std::unique_ptr<Transform> encryptor(std::string_view place) const = 0;
    virtual std::unique_ptr<Transform> decryptor(std::string_view place) const = 0;
    /// The key that a sealed file names in its first bytes (64 are enough); empty when it is none.
    virtual std::string key_of(std::string_view head) const = 0;
};

}  // namespace kaigong::blob
