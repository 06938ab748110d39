// A large request body on disk: an unnamed file, so that neither a crash nor a forgotten path leaves it behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace kaigong::http {

class BodyFile {
  public:
    /// Throws std::system_error when the folder takes no file (full disk, wrong rights).
    static std::shared_ptr<BodyFile> create(const std::filesystem::path& folder);
    BodyFile(const BodyFile&) = delete;
    BodyFile& operator=(const BodyFile&) = delete;
    ~BodyFile();

    /// Appends all or throws std::system_error. One thread at a time.
    void append(std::span<const char> bytes);

    std::uint64_t size() const { return size_; }
    /// Reads at most `target.size()` bytes from `offset`; 0 at the end. Any thread. Throws std::system_error.
    std::size_t read(std::uint64_t offset, std::span<char> target) const;
    /// The whole content; for callers that have their own bound.
    std::string read_all() const;
    /// For libraries that open by name; valid while this object lives.
    std::string path() const;

  private:
    explicit BodyFile(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
    std::uint64_t size_ = 0;
};

}  // namespace kaigong::http
