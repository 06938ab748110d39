// Files that people upload and files that the program makes, on disk, addressed by the SHA-256 of their plain bytes.
// The store computes the address itself while the bytes come: a hash that a client claims is never believed. A content
// is there whole or not at all, also after `kill -9` and power loss; it is encrypted per file.
//
// Order for a module: put the content, then write its row in a transaction. A crash between the two leaves a content
// without a row, which `remove_unreferenced` takes away later.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "blob/cipher.hpp"

namespace kaigong::blob {

/// 64 lower-case hex digits.
using ContentHash = std::string;

struct StoredContent {
    ContentHash sha256;
    std::int64_t size_bytes = 0;
};

/// A content on its way in. Destroyed before `finish`, it leaves nothing behind. One thread.
class Upload {
  public:
    Upload() = default;
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;
    virtual ~Upload() = default;
    /// Fails with blob.too_large as soon as the limit is passed, blob.disk_full, blob.not_stored (unavailable).
    virtual Result<void> write(std::string_view bytes) = 0;
    /// On disk for good when it returns: file and folder are synced.
    virtual Result<StoredContent> finish() = 0;
};

/// A content on its way out. It was read once and compared with its address when it was opened, so that no byte of a
/// damaged or exchanged file is ever served. One thread.
class Download {
  public:
    Download() = default;
    Download(const Download&) = delete;
    Download& operator=(const Download&) = delete;
    virtual ~Download() = default;
    virtual std::int64_t size_bytes() const = 0;
    /// The next piece, at most 1 MiB; empty at the end. Fails only when the file was changed after opening.
    virtual Result<std::string> read() = 0;
};

class Store {
  public:
    /// `root` is made when missing (mode 0700). Left-overs of interrupted uploads are removed.
    /// Fails with blob.root_not_writable. Only one store may use a folder at a time.
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& root, std::shared_ptr<const Cipher> cipher);

    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    /// `size_bytes_max` counts plain bytes.
    virtual Result<std::unique_ptr<Upload>> begin(std::int64_t size_bytes_max) = 0;
    /// Fails with blob.not_found, blob.damaged (logged with what the cipher said).
    virtual Result<std::unique_ptr<Download>> open_content(const ContentHash& sha256) const = 0;
    virtual bool contains(const ContentHash& sha256) const = 0;

    /// Contents in the order of their hashes, after the one named (empty: from the beginning), at most `limit`.
    virtual Result<std::vector<ContentHash>> contents(const ContentHash& after, std::size_t limit) const = 0;
    /// The key that a content is sealed with. Fails with blob.not_found, blob.damaged.
    virtual Result<std::string> key_of(const ContentHash& sha256) const = 0;
    /// Seals a content anew under the key that is current: read, proved, written beside, exchanged in one step. Who
    /// reads it goes on reading what he opened. Fails as `open_content` and `begin`.
    virtual Result<void> reseal(const ContentHash& sha256) = 0;

    Result<StoredContent> put(std::string_view bytes, std::int64_t size_bytes_max);
    /// The whole content, for small ones. Fails with blob.too_large, blob.not_found, blob.damaged.
    Result<std::string> get(const ContentHash& sha256, std::int64_t size_bytes_max) const;

    /// Removes contents that nobody refers to and that are older than `stored_before_ms` (machine's clock; leave a day
    /// for uploads whose row is still to be written). Gives how many.
    virtual Result<int> remove_unreferenced(const std::function<bool(const ContentHash&)>& is_referenced,
                                            std::int64_t stored_before_ms) = 0;
};

}  // namespace kaigong::blob
