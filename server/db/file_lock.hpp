// Keeps a second process away from files that only one may use.
#pragma once

#include <string>

#include "base/result.hpp"

namespace kaigong::db {

/// Held until destroyed; the system lets go of it when the process ends in whatever way.
class FileLock {
  public:
    /// Locks `<path>.lock`. Fails with db.already_open (the message names the process), db.cannot_open.
    static Result<FileLock> acquire(const std::string& path);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

  private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace kaigong::db
