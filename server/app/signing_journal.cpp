#include "app/signing_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "blob/disk_file.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::app {
namespace {

/// The name of a new file is on the disk once its folder is.
bool sync_folder_of(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    return blob::sync_folder(folder);
}

bool ends_torn(int descriptor) {
    struct stat about{};
    char last = '\n';
    if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0) return false;
    return ::pread(descriptor, &last, 1, about.st_size - 1) != 1 || last != '\n';
}

}  // namespace

Result<std::unique_ptr<SigningJournal>> SigningJournal::open(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0 || !sync_folder_of(file)) {
        if (descriptor >= 0) ::close(descriptor);
        return error(Errc::unavailable, "app.journal_not_opened",
                     "签名日志 " + file.string() + " 打不开，请检查签章文件夹的权限。");
    }
    return std::unique_ptr<SigningJournal>(new SigningJournal(descriptor, ends_torn(descriptor)));
}

SigningJournal::~SigningJournal() {
    ::close(descriptor_);
}

bool SigningJournal::write(std::string_view key, crypto::BytesView message) {
    const auto line = fmt::format("{}{} {} {}\n", is_torn_ ? "\n" : "", SystemClock().now_ms(), key,
                                  crypto::to_hex(crypto::sha256(message)));
    const auto written = ::write(descriptor_, line.data(), line.size());
    if (written > 0) is_torn_ = static_cast<std::size_t>(written) < line.size();
    return written == static_cast<ssize_t>(line.size()) && ::fdatasync(descriptor_) == 0;
}

}  // namespace kaigong::app
