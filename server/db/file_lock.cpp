#include "db/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace kaigong::db {
namespace {

std::string holder_of(int descriptor) {
    std::array<char, 24> text{};
    const auto length = ::pread(descriptor, text.data(), text.size(), 0);
    const std::string pid(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const bool digits =
        !pid.empty() && std::all_of(pid.begin(), pid.end(), [](unsigned char c) { return std::isdigit(c); });
    return digits ? fmt::format("(进程号 {})", pid) : std::string();
}

void write_own_pid(int descriptor) {
    const auto pid = std::to_string(::getpid());
    // Only a hint for the message; the lock itself is what counts.
    if (::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, pid.data(), pid.size(), 0) < 0) return;
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::string& path) {
    const auto lock_path = path + ".lock";
    const int descriptor = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return error(Errc::unavailable, "db.cannot_open",
                     fmt::format("无法在数据目录里建立锁文件 {}。请检查目录是否存在、当前用户是否可写。", lock_path));
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        auto message = fmt::format(
            "数据库文件 {} 正被另一个开工程序使用{}。请先停止它,或改用另一个数据目录;"
            "多个进程同时运行请改用 MariaDB。",
            path, holder_of(descriptor));
        ::close(descriptor);
        return error(Errc::conflict, "db.already_open", std::move(message));
    }
    write_own_pid(descriptor);
    return FileLock(descriptor);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace kaigong::db
