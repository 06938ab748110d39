// One content being written: sealed and hashed while it comes, given its name when it is whole and synced.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "blob/disk_file.hpp"
#include "blob/disk_store.hpp"
#include "crypto/digest.hpp"

namespace kaigong::blob {

class DiskUpload final : public Upload {
  public:
    /// The store and the cipher must live longer.
    DiskUpload(const DiskStore& store, const Cipher& cipher, std::filesystem::path path, DiskFile file,
               std::int64_t size_bytes_max);
    ~DiskUpload() override;

    Result<void> write(std::string_view bytes) override;
    Result<StoredContent> finish() override;

  private:
    Result<void> write_sealed();
    Result<void> give_name(const ContentHash& sha256);

    const DiskStore& store_;
    const std::filesystem::path path_;
    DiskFile file_;
    const std::int64_t size_bytes_max_;
    std::int64_t size_bytes_ = 0;
    crypto::Hasher hasher_;
    std::unique_ptr<Transform> encryption_;
    std::string sealed_;
    /// The file in `incoming` is still ours to remove.
    bool pending_ = true;
};

}  // namespace kaigong::blob
