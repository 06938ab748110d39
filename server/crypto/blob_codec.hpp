// Files at rest: one SM4-CTR stream per file, cut into chunks that carry a MAC each, so that a large file is written
// and read piece by piece and nothing unproven ever leaves. Layout:
//
//   "KGB1" · length of key id (1) · key id · IV (16) · chunks
//   chunk: last? (1) · length (4, big-endian) · ciphertext · HMAC-SM3 (32)
//
// The MAC covers header, blob id, number of the chunk, last?, and ciphertext: a chunk that is changed, moved, repeated,
// left out, cut off or taken from another file is found.
#pragma once

#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/sm4.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kaigong::crypto {

inline constexpr std::size_t kBlobChunkBytes = 65'536;
/// Largest file, before encryption.
inline constexpr std::uint64_t kBlobBytesMax = std::uint64_t{1} << 30;

/// Writes one file with the key that was current when it began. `update` any number of times, then `finish` once;
/// append what both return to `header()`.
class BlobSealer {
  public:
    BlobSealer(const KeyRing& ring, std::string_view blob_id);

    const Bytes& header() const { return header_; }
    /// Chunks that became full; maybe none. Fails with crypto.blob_too_large.
    Result<Bytes> update(BytesView bytes);
    /// The last chunk (there always is one, an empty file has only that).
    Bytes finish();

  private:
    Bytes header_;
    std::string blob_id_;
    KeyVersionPtr key_;
    std::optional<Sm4Ctr> cipher_;
    Bytes pending_;
    std::uint64_t chunk_ = 0;
    std::uint64_t total_ = 0;

    void emit(Bytes& out, std::span<std::uint8_t> plain, bool last);
};

/// Reads one file back. Bytes come out only after the MAC of their chunk was right.
class BlobOpener {
  public:
    /// The ring must outlive the opener.
    BlobOpener(const KeyRing& ring, std::string_view blob_id) : ring_(ring), blob_id_(blob_id) {}

    /// Plain bytes of the chunks that are complete now. Fails with crypto.blob_malformed, crypto.key_unknown,
    /// crypto.blob_tampered, crypto.blob_too_large; after a failure the opener is of no use.
    Result<Bytes> update(BytesView bytes);
    /// Fails with crypto.blob_truncated when the last chunk has not been seen.
    Result<void> finish() const;

  private:
    const KeyRing& ring_;
    std::string blob_id_;
    Bytes pending_;
    Bytes header_;
    KeyVersionPtr key_;
    std::optional<Sm4Ctr> cipher_;
    std::uint64_t chunk_ = 0;
    std::uint64_t total_ = 0;
    bool ended_ = false;

    Result<bool> read_header();
    Result<bool> read_chunk(std::size_t& at, Bytes& out);
};

/// The key that a sealed file names, from its first bytes (64 are enough); empty when it is none.
std::string key_of_blob(BytesView head);

/// A whole file at once.
Result<Bytes> seal_blob(const KeyRing& ring, std::string_view blob_id, BytesView bytes);
Result<Bytes> open_blob(const KeyRing& ring, std::string_view blob_id, BytesView sealed);

}  // namespace kaigong::crypto
