#include "blob/sealed_cipher.hpp"

#include <utility>

#include "crypto/blob_codec.hpp"

namespace kaigong::blob {
namespace {

void append(std::string& out, crypto::BytesView bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

class Encryption final : public Transform {
  public:
    Encryption(const crypto::KeyRing& ring, std::string_view place) : sealer_(ring, place) {}

    Result<void> update(std::string_view bytes, std::string& out) override {
        write_header(out);
        KAIGONG_TRY(sealed, sealer_.update(crypto::view(bytes)));
        append(out, sealed);
        return {};
    }
    Result<void> finish(std::string& out) override {
        write_header(out);
        append(out, sealer_.finish());
        return {};
    }

  private:
    void write_header(std::string& out) {
        if (!std::exchange(header_written_, true)) append(out, sealer_.header());
    }

    crypto::BlobSealer sealer_;
    bool header_written_ = false;
};

class Decryption final : public Transform {
  public:
    Decryption(const crypto::KeyRing& ring, std::string_view place) : opener_(ring, place) {}

    Result<void> update(std::string_view bytes, std::string& out) override {
        KAIGONG_TRY(plain, opener_.update(crypto::view(bytes)));
        append(out, plain);
        return {};
    }
    Result<void> finish(std::string&) override { return opener_.finish(); }

  private:
    crypto::BlobOpener opener_;
};

class SealedCipher final : public Cipher {
  public:
    explicit SealedCipher(const crypto::KeyRing& ring) : ring_(ring) {}

    std::unique_ptr<Transform> encryptor(std::string_view place) const override {
        return std::make_unique<Encryption>(ring_, place);
    }
    std::unique_ptr<Transform> decryptor(std::string_view place) const override {
        return std::make_unique<Decryption>(ring_, place);
    }
    std::string key_of(std::string_view head) const override { return crypto::key_of_blob(crypto::view(head)); }

  private:
    const crypto::KeyRing& ring_;
};

}  // namespace

std::shared_ptr<const Cipher> sealed_cipher(const crypto::KeyRing& ring) {
    return std::make_shared<SealedCipher>(ring);
}

}  // namespace kaigong::blob
