#include "app/keys.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include <boost/json.hpp>

#include "base/json_reader.hpp"

namespace kaigong::app {
namespace {

/// Far more than a key file has.
constexpr std::size_t kFileBytesMax = 16'384;

Error keys_missing() {
    return error(Errc::unavailable, "app.keys_missing",
                 "没有找到密钥文件，请在配置 keys.file 中写明路径；没有密钥就读不出已加密的内容。"
                 "新建的机构先用 kaigong admin make-keys 文件 生成一份。");
}

Error not_written(const char* why) {
    return error(Errc::unavailable, "app.keys_not_written", why);
}

/// Closed with the block.
class Descriptor {
  public:
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    int operator*() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }

  private:
    int descriptor_;
};

/// The folder of a key file, which nobody else changes a key file in meanwhile: two that read the same keys and add one
/// each would lose one of them. Locked is the folder itself, because the file is another one after each exchange.
class KeyFolder {
  public:
    static Result<KeyFolder> hold(const std::filesystem::path& file) {
        const auto parent = std::filesystem::absolute(file).parent_path();
        KeyFolder folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!*folder.descriptor_) return not_written("密钥文件所在的目录打不开，请检查路径和权限。");
        for (int tries = 0; ::flock(**folder.descriptor_, LOCK_EX | LOCK_NB) != 0; ++tries) {
            if (tries >= kTriesMax) {
                return error(Errc::unavailable, "app.keys_busy",
                             "另一个命令正在修改密钥文件，没有动它。请等它完成后重试。");
            }
            std::this_thread::sleep_for(kBetweenTries);
        }
        return folder;
    }
    /// What is sealed a moment after a new name is lost without it.
    bool sync() const { return ::fsync(**descriptor_) == 0; }

  private:
    explicit KeyFolder(int descriptor) : descriptor_(std::make_unique<Descriptor>(descriptor)) {}

    static constexpr int kTriesMax = 100;
    static constexpr std::chrono::milliseconds kBetweenTries{50};
    std::unique_ptr<Descriptor> descriptor_;
};

bool write_all(int descriptor, const std::string& text) {
    return ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
           ::fsync(descriptor) == 0;
}

/// Written beside and synced; who is named by it, the caller says. With `like` it belongs to whom that belongs to: the
/// service must be able to read what root has changed.
Result<std::string> write_beside(const std::filesystem::path& file, const std::string& text, const struct stat* like) {
    auto unfinished = file.string() + ".new-" + std::to_string(::getpid());
    ::unlink(unfinished.c_str());
    const Descriptor out(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!out) return not_written("密钥文件写不进去，请检查数据目录的权限。");
    const bool owned = like == nullptr ||
                       (::fchown(*out, like->st_uid, like->st_gid) == 0 && ::fchmod(*out, like->st_mode & 0700U) == 0);
    if (owned && write_all(*out, text)) return unfinished;
    ::unlink(unfinished.c_str());
    if (!owned) return not_written("密钥文件属于另一个用户，没有动它。请用它的所有者或 root 执行这个命令。");
    return not_written("密钥文件没有写完整，请检查磁盘空间。");
}

/// A member that the key ring does not read.
constexpr const char* kDemoMark = "demo";

std::string marked_as_demo(const std::string& text) {
    auto root = boost::json::parse(text).as_object();
    root[kDemoMark] = true;
    return boost::json::serialize(root) + "\n";
}

Result<void> create(const std::filesystem::path& file, const std::string& text) {
    KAIGONG_TRY(folder, KeyFolder::hold(file));
    KAIGONG_TRY(unfinished, write_beside(file, text, nullptr));
    // The name comes last, so that a death in between leaves no half file; a link never overwrites the keys of another
    // first start at the same time.
    const bool named = ::link(unfinished.c_str(), file.c_str()) == 0 || errno == EEXIST;
    ::unlink(unfinished.c_str());
    if (named && folder.sync()) return {};
    return not_written("密钥文件没有写完整，请检查磁盘空间。");
}

/// The file itself, not a link to it: a link would be replaced by a file, and who can point it elsewhere would choose
/// what root overwrites.
Result<struct stat> look_at_own(const std::filesystem::path& file) {
    struct stat about{};
    if (::lstat(file.c_str(), &about) != 0) return keys_missing();
    if (S_ISREG(about.st_mode)) return about;
    std::error_code fault;
    const auto target = std::filesystem::canonical(file, fault);
    return error(Errc::forbidden, "app.keys_not_a_file",
                 "密钥文件 " + file.string() + " 是一个链接，没有动它。请在 keys.file 中写明文件本身的路径" +
                     (fault ? std::string("。") : "：" + target.string() + "。"));
}

/// Reads the keys and puts changed ones in their place while nobody else does. One step from the old ones to the new
/// ones, also for who reads the file just then.
template <class Change>
Result<std::string> exchange(const std::filesystem::path& file, Change change) {
    KAIGONG_TRY(folder, KeyFolder::hold(file));
    KAIGONG_TRY(about, look_at_own(file));
    KAIGONG_TRY(before, read_key_file(file));
    KAIGONG_TRY(text, change(before));
    KAIGONG_TRY(unfinished, write_beside(file, text, &about));
    if (::rename(unfinished.c_str(), file.c_str()) == 0 && folder.sync()) return text;
    ::unlink(unfinished.c_str());
    return not_written("密钥文件没有换成，请检查所在目录的权限和磁盘空间。");
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
    // One look at one file: what was judged is what is read.
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat about{};
    if (!in || ::fstat(*in, &about) != 0 || !S_ISREG(about.st_mode)) return keys_missing();
    if ((about.st_mode & 077U) != 0) {
        return error(Errc::forbidden, "app.keys_too_open",
                     "密钥文件可以被其他用户读取，请改成只有本用户可读（0600）。");
    }
    // One byte more than a key file may have, so that one that is too long is known as such.
    std::string text(kFileBytesMax + 1, '\0');
    const auto size = ::pread(*in, text.data(), text.size(), 0);
    if (size < 0) return keys_missing();
    text.resize(static_cast<std::size_t>(size));
    return text;
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
    KAIGONG_TRY(text, exchange(file, [](const std::string& before) { return crypto::with_new_key(before); }));
    KAIGONG_TRY(ring, crypto::KeyRing::load(text));
    return ring.wanted();
}

Result<void> retire_key_in(const std::filesystem::path& file, const std::string& key_id) {
    KAIGONG_CHECK(exchange(file, [&](const std::string& before) { return crypto::with_retired_key(before, key_id); }));
    return {};
}

Result<crypto::KeyRing> load_keys(const std::filesystem::path& file, bool may_create) {
    if (may_create && !std::filesystem::exists(file))
        KAIGONG_CHECK(create(file, marked_as_demo(crypto::new_key_ring_text())));
    KAIGONG_TRY(text, read_key_file(file));
    return crypto::KeyRing::load(text);
}

}  // namespace kaigong::app
