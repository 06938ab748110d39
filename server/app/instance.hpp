// The name of this installation among the processes that share one database: kept in the data folder, borne by one
// process at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "db/file_lock.hpp"

namespace kaigong::app {

class Instance {
  public:
    /// Takes the folder's name, or makes one. While another process holds it, or where the folder can't be written, the
    /// name is empty: then nothing of an earlier process is taken over, and its leases run out by themselves.
    Instance(const std::filesystem::path& data_folder, std::int64_t now_ms);
    const std::string& name() const { return name_; }

  private:
    std::optional<db::FileLock> lock_;
    std::string name_;
};

}  // namespace kaigong::app
