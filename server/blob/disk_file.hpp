// File descriptors and the system calls that make a file durable.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace kaigong::blob {

/// Owns a descriptor. One thread.
class DiskFile {
  public:
    DiskFile() = default;
    explicit DiskFile(int descriptor) : descriptor_(descriptor) {}
    DiskFile(DiskFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    DiskFile& operator=(DiskFile&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~DiskFile();

    /// Not open when it failed; errno says why.
    static DiskFile create_new(const std::filesystem::path& path);
    static DiskFile open_for_reading(const std::filesystem::path& path);

    bool is_open() const { return descriptor_ >= 0; }
    /// All of it; false with errno.
    bool write_all(std::string_view bytes) const;
    bool sync() const;
    /// At most `out.size()` bytes into `out`, which is cut to what came; false with errno.
    bool read_some(std::string& out) const;

  private:
    int descriptor_ = -1;
};

/// Makes the names in a folder durable.
bool sync_folder(const std::filesystem::path& folder);
/// Makes a folder (mode 0700) and its name durable; true when it is there already.
bool make_folder(const std::filesystem::path& folder);

}  // namespace kaigong::blob
