#include "blob/disk_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace kaigong::blob {

DiskFile::~DiskFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

DiskFile DiskFile::create_new(const std::filesystem::path& path) {
    return DiskFile(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

DiskFile DiskFile::open_for_reading(const std::filesystem::path& path) {
    return DiskFile(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
}

bool DiskFile::write_all(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool DiskFile::sync() const {
    return ::fsync(descriptor_) == 0;
}

bool DiskFile::read_some(std::string& out) const {
    for (;;) {
        const auto got = ::read(descriptor_, out.data(), out.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        out.resize(static_cast<std::size_t>(got));
        return true;
    }
}

bool sync_folder(const std::filesystem::path& folder) {
    const DiskFile opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened.is_open() && opened.sync();
}

bool make_folder(const std::filesystem::path& folder) {
    if (::mkdir(folder.c_str(), 0700) == 0) return sync_folder(folder.parent_path());
    return errno == EEXIST && std::filesystem::is_directory(folder);
}

}  // namespace kaigong::blob
