// A SQLite VFS that fails on demand: full disks, broken disks and failing COMMITs for tests and for `serve --fault`.
// Put `Settings::sqlite_vfs = FaultVfs::install()` before opening. One for the process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kaigong::db::testing {

enum class FileOperation { write, sync };
enum class DiskFault { full, io_error };

class FaultVfs {
  public:
    /// Registers it once and gives its name.
    static std::string install();

    /// The `nth` operation from now (1 = the next) on a file whose name ends with `file_suffix` ("" = all, "-wal")
    /// fails, and `times - 1` more after it (-1: until `heal`).
    static void fail(FileOperation operation, int nth, int times, DiskFault fault, std::string_view file_suffix = "");
    static void heal();

    /// Since `install`.
    static std::uint64_t failures();
    static std::uint64_t syncs();
};

}  // namespace kaigong::db::testing
