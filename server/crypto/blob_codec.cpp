#include "crypto/blob_codec.hpp"

#include "crypto/random.hpp"

#include <algorithm>

namespace kaigong::crypto {
namespace {

constexpr std::string_view kMagic = "KGB1";
constexpr std::size_t kMacBytes = 32;
constexpr std::size_t kChunkHeadBytes = 5;

Bytes big_endian(std::uint64_t value, int size) {
    Bytes bytes;
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    return bytes;
}

Digest chunk_mac(const KeyVersion& key, BytesView header, std::string_view blob_id, std::uint64_t chunk, bool last,
                 BytesView ciphertext) {
    const Bytes number = big_endian(chunk, 8);
    const std::uint8_t flag = last ? 1 : 0;
    return hmac_sm3_parts(key.blob_mac.bytes(), {header, view(blob_id), number, BytesView(&flag, 1), ciphertext});
}

void append(Bytes& out, BytesView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

Sm4Block iv_of(BytesView header) {
    Sm4Block iv{};
    std::ranges::copy(header.last(kSm4BlockBytes), iv.begin());
    return iv;
}

Error too_large() {
    return error(Errc::too_large, "crypto.blob_too_large", "文件超过 1 GB，请拆分后上传。");
}

Error blob_malformed() {
    return error(Errc::internal, "crypto.blob_malformed", "存储的文件格式不对，请管理员从备份恢复该文件。");
}

}  // namespace

BlobSealer::BlobSealer(const KeyRing& ring, std::string_view blob_id) : blob_id_(blob_id), key_(ring.current()) {
    append(header_, view(kMagic));
    header_.push_back(static_cast<std::uint8_t>(key_->key_id.size()));
    append(header_, view(key_->key_id));
    append(header_, random_bytes(kSm4BlockBytes));
    cipher_.emplace(key_->blob_cipher.bytes(), iv_of(header_));
}

void BlobSealer::emit(Bytes& out, std::span<std::uint8_t> plain, bool last) {
    cipher_->apply(plain);
    out.push_back(last ? 1 : 0);
    append(out, big_endian(plain.size(), 4));
    append(out, plain);
    append(out, chunk_mac(*key_, header_, blob_id_, chunk_, last, plain));
    ++chunk_;
}

Result<Bytes> BlobSealer::update(BytesView bytes) {
    total_ += bytes.size();
    if (total_ > kBlobBytesMax) return too_large();
    append(pending_, bytes);
    Bytes out;
    std::size_t at = 0;
    for (; pending_.size() - at > kBlobChunkBytes; at += kBlobChunkBytes) {
        emit(out, std::span(pending_).subspan(at, kBlobChunkBytes), false);
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
    return out;
}

Bytes BlobSealer::finish() {
    Bytes out;
    emit(out, pending_, true);
    pending_.clear();
    return out;
}

Result<bool> BlobOpener::read_header() {
    const std::size_t fixed = kMagic.size() + 1;
    if (pending_.size() < fixed) return false;
    if (!std::ranges::equal(view(kMagic), BytesView(pending_).first(kMagic.size()))) return blob_malformed();
    const std::size_t key_id_size = pending_[kMagic.size()];
    const std::size_t size = fixed + key_id_size + kSm4BlockBytes;
    if (pending_.size() < size) return false;
    key_ = ring_.find(to_text(BytesView(pending_).subspan(fixed, key_id_size)));
    if (key_ == nullptr) {
        return error(Errc::unavailable, "crypto.key_unknown", "缺少解密所需的密钥版本，请管理员恢复完整的密钥文件。");
    }
    header_.assign(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(size));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(size));
    cipher_.emplace(key_->blob_cipher.bytes(), iv_of(header_));
    return true;
}

Result<bool> BlobOpener::read_chunk(std::size_t& at, Bytes& out) {
    const auto left = std::span(pending_).subspan(at);
    if (left.empty()) return false;
    if (ended_ || left[0] > 1) return blob_malformed();
    if (left.size() < kChunkHeadBytes) return false;
    std::size_t size = 0;
    for (std::size_t i = 1; i < kChunkHeadBytes; ++i) size = size * 256 + left[i];
    if (size > kBlobChunkBytes) return blob_malformed();
    if (left.size() < kChunkHeadBytes + size + kMacBytes) return false;
    const bool last = left[0] == 1;
    const auto body = left.subspan(kChunkHeadBytes, size);
    const BytesView mac = left.subspan(kChunkHeadBytes + size, kMacBytes);
    if (!equal_constant_time(mac, chunk_mac(*key_, header_, blob_id_, chunk_, last, body))) {
        return error(Errc::internal, "crypto.blob_tampered",
                     "存储的文件校验不通过，可能被改动，请管理员从备份恢复并查看审计记录。");
    }
    total_ += size;
    if (total_ > kBlobBytesMax) return too_large();
    cipher_->apply(body);
    append(out, body);
    at += kChunkHeadBytes + size + kMacBytes;
    ++chunk_;
    ended_ = last;
    return true;
}

Result<Bytes> BlobOpener::update(BytesView bytes) {
    append(pending_, bytes);
    if (key_ == nullptr) {
        KAIGONG_TRY(complete, read_header());
        if (!complete) return Bytes{};
    }
    Bytes out;
    std::size_t at = 0;
    for (bool more = true; more;) {
        KAIGONG_TRY(read, read_chunk(at, out));
        more = read;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
    return out;
}

Result<void> BlobOpener::finish() const {
    if (ended_) return {};
    return error(Errc::internal, "crypto.blob_truncated", "存储的文件不完整，请管理员从备份恢复该文件。");
}

std::string key_of_blob(BytesView head) {
    const std::size_t fixed = kMagic.size() + 1;
    if (head.size() < fixed || !std::ranges::equal(view(kMagic), head.first(kMagic.size()))) return {};
    const std::size_t size = head[kMagic.size()];
    return head.size() < fixed + size ? std::string() : to_text(head.subspan(fixed, size));
}

Result<Bytes> seal_blob(const KeyRing& ring, std::string_view blob_id, BytesView bytes) {
    BlobSealer sealer(ring, blob_id);
    Bytes out = sealer.header();
    KAIGONG_TRY(chunks, sealer.update(bytes));
    append(out, chunks);
    append(out, sealer.finish());
    return out;
}

Result<Bytes> open_blob(const KeyRing& ring, std::string_view blob_id, BytesView sealed) {
    BlobOpener opener(ring, blob_id);
    KAIGONG_TRY(plain, opener.update(sealed));
    KAIGONG_CHECK(opener.finish());
    return std::move(plain);
}

}  // namespace kaigong::crypto
