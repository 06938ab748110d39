#include "blob/disk_store.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "base/id.hpp"
#include "base/log.hpp"
#include "blob/disk_file.hpp"
#include "blob/disk_upload.hpp"
#include "blob/failures.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::blob {
namespace {

constexpr std::size_t kReadBytes = 65'536;
/// Enough for what names the key of a sealed file.
constexpr std::size_t kHeadBytes = 64;
/// Contents up to this size stay in memory between proving and serving, so that they are decrypted once.
constexpr std::size_t kKeptBytesMax = 1'048'576;

bool is_content_hash(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(),
                                            [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Milliseconds since 1970 on the machine's clock.
std::int64_t written_at_ms(const std::filesystem::directory_entry& entry) {
    const auto system = std::chrono::file_clock::to_sys(entry.last_write_time());
    return std::chrono::duration_cast<std::chrono::milliseconds>(system.time_since_epoch()).count();
}

/// The plain bytes of a file, piece by piece.
class PlainStream {
  public:
    PlainStream(DiskFile file, std::unique_ptr<Transform> decryption)
        : file_(std::move(file)), decryption_(std::move(decryption)) {}

    /// Empty at the end.
    Result<std::string> next() {
        std::string plain;
        while (plain.empty() && !ended_) {
            sealed_.resize(kReadBytes);
            if (!file_.read_some(sealed_)) return damaged();
            ended_ = sealed_.empty();
            KAIGONG_CHECK(ended_ ? decryption_->finish(plain) : decryption_->update(sealed_, plain));
        }
        return plain;
    }

  private:
    DiskFile file_;
    std::unique_ptr<Transform> decryption_;
    std::string sealed_;
    bool ended_ = false;
};

class DiskDownload final : public Download {
  public:
    DiskDownload(std::int64_t size_bytes, std::string kept, std::optional<PlainStream> stream)
        : size_bytes_(size_bytes), kept_(std::move(kept)), stream_(std::move(stream)) {}

    std::int64_t size_bytes() const override { return size_bytes_; }
    Result<std::string> read() override {
        if (stream_) return stream_->next();
        return std::exchange(kept_, std::string());
    }

  private:
    const std::int64_t size_bytes_;
    std::string kept_;
    std::optional<PlainStream> stream_;
};

struct Proof {
    std::int64_t size_bytes = 0;
    /// The content itself while it is small.
    std::string kept;
};

/// Reads the whole and compares it with its address.
Result<Proof> prove(PlainStream& stream, const ContentHash& sha256) {
    Proof proof;
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    for (;;) {
        KAIGONG_TRY(piece, stream.next());
        if (piece.empty()) break;
        hasher.update(crypto::view(piece));
        proof.size_bytes += static_cast<std::int64_t>(piece.size());
        if (static_cast<std::size_t>(proof.size_bytes) <= kKeptBytesMax) proof.kept += piece;
    }
    if (crypto::to_hex(hasher.finish()) != sha256) return damaged();
    return proof;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& root, std::shared_ptr<const Cipher> cipher) {
    std::error_code failure;
    const auto absolute = std::filesystem::absolute(root, failure);
    if (!failure) std::filesystem::create_directories(absolute.parent_path(), failure);
    const auto incoming = absolute / "incoming";
    if (failure || !make_folder(absolute) || !make_folder(absolute / "content") || !make_folder(incoming)) {
        return error(Errc::unavailable, "blob.root_not_writable",
                     "附件目录无法使用。请检查数据目录是否存在、当前用户是否可写、磁盘是否已满。");
    }
    for (const auto& leftover : std::filesystem::directory_iterator(incoming, failure)) {
        std::filesystem::remove(leftover.path(), failure);
    }
    return std::unique_ptr<Store>(std::make_unique<DiskStore>(absolute, std::move(cipher)));
}

DiskStore::DiskStore(std::filesystem::path root, std::shared_ptr<const Cipher> cipher)
    : root_(std::move(root)), cipher_(std::move(cipher)) {}

std::filesystem::path DiskStore::path_of(const ContentHash& sha256) const {
    return root_ / "content" / sha256.substr(0, 2) / sha256;
}

Result<std::unique_ptr<Upload>> DiskStore::begin(std::int64_t size_bytes_max) {
    auto path = incoming() / new_uuid(0);
    auto file = DiskFile::create_new(path);
    if (!file.is_open()) return not_stored(errno);
    return std::unique_ptr<Upload>(
        std::make_unique<DiskUpload>(*this, *cipher_, std::move(path), std::move(file), size_bytes_max));
}

Result<std::unique_ptr<Download>> DiskStore::open_content(const ContentHash& sha256) const {
    if (!is_content_hash(sha256)) return not_found();
    const auto open_stream = [&] {
        auto file = DiskFile::open_for_reading(path_of(sha256));
        const bool opened = file.is_open();
        return opened ? std::optional<PlainStream>(std::in_place, std::move(file), cipher_->decryptor(kPlace))
                      : std::nullopt;
    };
    auto stream = open_stream();
    if (!stream) return not_found();
    auto proof = prove(*stream, sha256);
    if (!proof) {
        log_error(LogLevel::error, "blob.damaged", proof.error());
        return damaged();
    }
    std::optional<PlainStream> second;
    if (static_cast<std::size_t>(proof->size_bytes) > kKeptBytesMax) {
        second = open_stream();
        if (!second) return not_found();
    }
    return std::unique_ptr<Download>(
        std::make_unique<DiskDownload>(proof->size_bytes, std::move(proof->kept), std::move(second)));
}

bool DiskStore::contains(const ContentHash& sha256) const {
    std::error_code ignored;
    return is_content_hash(sha256) && std::filesystem::is_regular_file(path_of(sha256), ignored);
}

Result<int> DiskStore::remove_unreferenced(const std::function<bool(const ContentHash&)>& is_referenced,
                                           std::int64_t stored_before_ms) {
    int removed = 0;
    try {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / "content")) {
            const auto name = entry.path().filename().string();
            if (!entry.is_regular_file() || !is_content_hash(name)) continue;
            if (written_at_ms(entry) >= stored_before_ms || is_referenced(name)) continue;
            std::filesystem::remove(entry.path());
            ++removed;
        }
    } catch (const std::filesystem::filesystem_error& failure) {
        return not_stored(failure.code().value());
    }
    return removed;
}

Result<std::vector<ContentHash>> DiskStore::contents(const ContentHash& after, std::size_t limit) const {
    const auto in_order = [](const std::filesystem::path& folder, const std::string& from) {
        std::vector<std::filesystem::path> entries;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().filename().string() >= from) entries.push_back(entry.path());
        }
        std::ranges::sort(entries);
        return entries;
    };
    std::vector<ContentHash> found;
    try {
        for (const auto& folder : in_order(root_ / "content", after.substr(0, 2))) {
            for (const auto& file : in_order(folder, after)) {
                if (found.size() >= limit) return found;
                const std::string name = file.filename().native();
                if (name != after && is_content_hash(name)) found.push_back(name);
            }
        }
    } catch (const std::filesystem::filesystem_error& failure) {
        return not_stored(failure.code().value());
    }
    return found;
}

Result<std::string> DiskStore::key_of(const ContentHash& sha256) const {
    if (!is_content_hash(sha256)) return not_found();
    const auto file = DiskFile::open_for_reading(path_of(sha256));
    if (!file.is_open()) return not_found();
    std::string head(kHeadBytes, '\0');
    if (!file.read_some(head)) return damaged();
    auto key_id = cipher_->key_of(head);
    if (key_id.empty()) return damaged();
    return key_id;
}

Result<void> DiskStore::reseal(const ContentHash& sha256) {
    KAIGONG_TRY(download, open_content(sha256));
    KAIGONG_TRY(upload, begin(download->size_bytes()));
    for (;;) {
        KAIGONG_TRY(piece, download->read());
        if (piece.empty()) break;
        KAIGONG_CHECK(upload->write(piece));
    }
    // It takes the name that its bytes give it, which `open_content` has compared.
    KAIGONG_CHECK(upload->finish());
    return {};
}

Result<StoredContent> Store::put(std::string_view bytes, std::int64_t size_bytes_max) {
    KAIGONG_TRY(upload, begin(size_bytes_max));
    KAIGONG_CHECK(upload->write(bytes));
    return upload->finish();
}

Result<std::string> Store::get(const ContentHash& sha256, std::int64_t size_bytes_max) const {
    KAIGONG_TRY(download, open_content(sha256));
    if (download->size_bytes() > size_bytes_max) return too_large(size_bytes_max);
    std::string whole;
    for (;;) {
        KAIGONG_TRY(piece, download->read());
        if (piece.empty()) return whole;
        whole += piece;
    }
}

}  // namespace kaigong::blob
