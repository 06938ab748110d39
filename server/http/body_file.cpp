#include "http/body_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

namespace kaigong::http {
namespace {

[[noreturn]] void fail(const char* act) {
    throw std::system_error(errno, std::generic_category(), act);
}

}  // namespace

std::shared_ptr<BodyFile> BodyFile::create(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0) fail("making a spool file");
    return std::shared_ptr<BodyFile>(new BodyFile(descriptor));
}

BodyFile::~BodyFile() {
    ::close(descriptor_);
}

void BodyFile::append(std::span<const char> bytes) {
    while (!bytes.empty()) {
        const auto written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
        if (written < 0) {
            if (errno == EINTR) continue;
            fail("writing a spool file");
        }
        size_ += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

std::size_t BodyFile::read(std::uint64_t offset, std::span<char> target) const {
    for (;;) {
        const auto count = ::pread(descriptor_, target.data(), target.size(), static_cast<off_t>(offset));
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) fail("reading a spool file");
    }
}

std::string BodyFile::read_all() const {
    std::string content(static_cast<std::size_t>(size_), '\0');
    std::size_t at = 0;
    while (at < content.size()) {
        const auto count = read(at, std::span(content).subspan(at));
        if (count == 0) break;
        at += count;
    }
    content.resize(at);
    return content;
}

std::string BodyFile::path() const {
    return fmt::format("/proc/self/fd/{}", descriptor_);
}

}  // namespace kaigong::http
