#include "blob/disk_upload.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "blob/failures.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::blob {

DiskUpload::DiskUpload(const DiskStore& store, const Cipher& cipher, std::filesystem::path path, DiskFile file,
                       std::int64_t size_bytes_max)
    : store_(store),
      path_(std::move(path)),
      file_(std::move(file)),
      size_bytes_max_(size_bytes_max),
      hasher_(crypto::DigestKind::sha256),
      encryption_(cipher.encryptor(kPlace)) {}

DiskUpload::~DiskUpload() {
    std::error_code ignored;
    if (pending_) std::filesystem::remove(path_, ignored);
}

Result<void> DiskUpload::write(std::string_view bytes) {
    if (static_cast<std::int64_t>(bytes.size()) > size_bytes_max_ - size_bytes_) return too_large(size_bytes_max_);
    size_bytes_ += static_cast<std::int64_t>(bytes.size());
    hasher_.update(crypto::view(bytes));
    KAIGONG_CHECK(encryption_->update(bytes, sealed_));
    return write_sealed();
}

Result<void> DiskUpload::write_sealed() {
    const bool written = file_.write_all(sealed_);
    sealed_.clear();
    if (!written) return not_stored(errno);
    return {};
}

Result<StoredContent> DiskUpload::finish() {
    KAIGONG_CHECK(encryption_->finish(sealed_));
    KAIGONG_CHECK(write_sealed());
    if (!file_.sync()) return not_stored(errno);
    const ContentHash sha256 = crypto::to_hex(hasher_.finish());
    KAIGONG_CHECK(give_name(sha256));
    return StoredContent{sha256, size_bytes_};
}

/// Also when the content is there already: the new file replaces it in one step, which mends one that was damaged.
Result<void> DiskUpload::give_name(const ContentHash& sha256) {
    const auto target = store_.path_of(sha256);
    if (!make_folder(target.parent_path())) return not_stored(errno);
    std::error_code failure;
    std::filesystem::rename(path_, target, failure);
    if (failure) return not_stored(failure.value());
    pending_ = false;
    if (!sync_folder(target.parent_path())) return not_stored(errno);
    return {};
}

}  // namespace kaigong::blob
