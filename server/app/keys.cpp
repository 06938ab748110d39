#include "app/keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>

#include <boost/json.hpp>

#include "base/json_reader.hpp"

namespace kaigong::app {
namespace {

Error keys_missing() {
    return error(Errc::unavailable, "app.keys_missing",
                 "没有找到密钥文件，请在配置 keys.file 中写明路径；没有密钥就读不出已加密的内容。"
                 "新建的机构先用 kaigong admin make-keys 文件 生成一份。");
}

/// Written beside and synced; who is named by it, the caller says.
Result<std::string> write_beside(const std::filesystem::path& file, const std::string& text) {
    auto unfinished = file.string() + ".new-" + std::to_string(::getpid());
    ::unlink(unfinished.c_str());
    const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return error(Errc::unavailable, "app.keys_not_written", "密钥文件写不进去，请检查数据目录的权限。");
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (written) return unfinished;
    ::unlink(unfinished.c_str());
    return error(Errc::unavailable, "app.keys_not_written", "密钥文件没有写完整，请检查磁盘空间。");
}

/// A member that the key ring does not read.
constexpr const char* kDemoMark = "demo";

std::string marked_as_demo(const std::string& text) {
    auto root = boost::json::parse(text).as_object();
    root[kDemoMark] = true;
    return boost::json::serialize(root) + "\n";
}

Result<void> create(const std::filesystem::path& file, const std::string& text) {
    KAIGONG_TRY(unfinished, write_beside(file, text));
    // The name comes last, so that a death in between leaves no half file; a link never overwrites the keys of another
    // first start at the same time.
    const bool named = ::link(unfinished.c_str(), file.c_str()) == 0 || errno == EEXIST;
    ::unlink(unfinished.c_str());
    if (!named) return error(Errc::unavailable, "app.keys_not_written", "密钥文件没有写完整，请检查磁盘空间。");
    return {};
}

/// One step from the old keys to the new ones, also for who reads the file just then; the name is synced too, because
/// what is sealed a moment later is lost without the new key.
Result<void> exchange_key_file(const std::filesystem::path& file, const std::string& text) {
    KAIGONG_TRY(unfinished, write_beside(file, text));
    const bool named = ::rename(unfinished.c_str(), file.c_str()) == 0;
    const auto parent = std::filesystem::absolute(file).parent_path();
    const int folder = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = folder >= 0 && ::fsync(folder) == 0;
    if (folder >= 0) ::close(folder);
    if (named && synced) return {};
    ::unlink(unfinished.c_str());
    return error(Errc::unavailable, "app.keys_not_written", "密钥文件没有换成，请检查所在目录的权限和磁盘空间。");
}

}  // namespace

Result<void> make_keys(const std::filesystem::path& file) {
    if (std::filesystem::exists(file)) {
        return error(Errc::conflict, "app.keys_exist",
                     "密钥文件 " + file.string() + " 已经有了，没有动它。覆盖它会让已加密的内容永远打不开。");
    }
    return create(file, crypto::new_key_ring_text());
}

Result<std::string> read_key_file(const std::filesystem::path& file) {
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0) return keys_missing();
    if ((about.st_mode & 077U) != 0) {
        return error(Errc::forbidden, "app.keys_too_open",
                     "密钥文件可以被其他用户读取，请改成只有本用户可读（0600）。");
    }
    const std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

Result<void> refuse_demo_keys(const std::filesystem::path& file) {
    KAIGONG_TRY(text, read_key_file(file));
    KAIGONG_TRY(parsed, parse_json(text));
    const auto* root = parsed.if_object();
    if (root == nullptr || !root->contains(kDemoMark)) return {};
    return error(Errc::forbidden, "app.demo_keys",
                 "密钥文件 " + file.string() +
                     " 是演示机构的，正式机构不能使用。请用 kaigong admin make-keys 另行生成，并在 keys.file 中写明。");
}

Result<std::string> add_key(const std::filesystem::path& file) {
    KAIGONG_TRY(before, read_key_file(file));
    KAIGONG_TRY(text, crypto::with_new_key(before));
    KAIGONG_TRY(ring, crypto::KeyRing::load(text));
    KAIGONG_CHECK(exchange_key_file(file, text));
    return ring.wanted();
}

Result<void> retire_key_in(const std::filesystem::path& file, const std::string& key_id) {
    KAIGONG_TRY(before, read_key_file(file));
    KAIGONG_TRY(text, crypto::with_retired_key(before, key_id));
    return exchange_key_file(file, text);
}

Result<crypto::KeyRing> load_keys(const std::filesystem::path& file, bool may_create) {
    if (may_create && !std::filesystem::exists(file))
        KAIGONG_CHECK(create(file, marked_as_demo(crypto::new_key_ring_text())));
    KAIGONG_TRY(text, read_key_file(file));
    return crypto::KeyRing::load(text);
}

}  // namespace kaigong::app
