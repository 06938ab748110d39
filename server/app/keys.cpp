#include "app/keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>

namespace kaigong::app {
namespace {

Result<void> create(const std::filesystem::path& file) {
    const auto text = crypto::new_key_ring_text();
    const auto unfinished = file.string() + ".new-" + std::to_string(::getpid());
    ::unlink(unfinished.c_str());
    const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return error(Errc::unavailable, "app.keys_not_written", "密钥文件写不进去，请检查数据目录的权限。");
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    // The name comes last, so that a death in between leaves no half file; a link never overwrites the keys of another
    // first start at the same time.
    const bool named = written && (::link(unfinished.c_str(), file.c_str()) == 0 || errno == EEXIST);
    ::unlink(unfinished.c_str());
    if (!named) return error(Errc::unavailable, "app.keys_not_written", "密钥文件没有写完整，请检查磁盘空间。");
    return {};
}

}  // namespace

Result<void> make_keys(const std::filesystem::path& file) {
    if (std::filesystem::exists(file)) {
        return error(Errc::conflict, "app.keys_exist",
                     "密钥文件 " + file.string() + " 已经有了，没有动它。覆盖它会让已加密的内容永远打不开。");
    }
    return create(file);
}

Result<crypto::KeyRing> load_keys(const std::filesystem::path& file, bool may_create) {
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0) {
        if (!may_create) {
            return error(Errc::unavailable, "app.keys_missing",
                         "没有找到密钥文件，请在配置 keys.file 中写明路径；没有密钥就读不出已加密的内容。"
                         "新建的机构先用 kaigong admin make-keys 文件 生成一份。");
        }
        KAIGONG_CHECK(create(file));
        if (::stat(file.c_str(), &about) != 0) throw std::runtime_error("the key file is gone again");
    }
    if ((about.st_mode & 077U) != 0) {
        return error(Errc::forbidden, "app.keys_too_open",
                     "密钥文件可以被其他用户读取，请改成只有本用户可读（0600）。");
    }
    const std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return crypto::KeyRing::load(text.str());
}

}  // namespace kaigong::app
