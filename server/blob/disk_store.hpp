// The store on a disk: `<root>/content/ab/ab34…` holds whole contents, `<root>/incoming/` what is being written.
#pragma once

#include <filesystem>
#include <memory>

#include "blob/store.hpp"

namespace kaigong::blob {

class DiskStore final : public Store {
  public:
    /// The folders are there already.
    DiskStore(std::filesystem::path root, std::shared_ptr<const Cipher> cipher);

    Result<std::unique_ptr<Upload>> begin(std::int64_t size_bytes_max) override;
    Result<std::unique_ptr<Download>> open_content(const ContentHash& sha256) const override;
    bool contains(const ContentHash& sha256) const override;
    Result<int> remove_unreferenced(const std::function<bool(const ContentHash&)>& is_referenced,
                                    std::int64_t stored_before_ms) override;
    Result<std::vector<ContentHash>> contents(const ContentHash& after, std::size_t limit) const override;
    Result<std::string> key_of(const ContentHash& sha256) const override;
    Result<void> reseal(const ContentHash& sha256) override;

    std::filesystem::path path_of(const ContentHash& sha256) const;
    std::filesystem::path incoming() const { return root_ / "incoming"; }

  private:
    const std::filesystem::path root_;
    const std::shared_ptr<const Cipher> cipher_;
};

}  // namespace kaigong::blob
