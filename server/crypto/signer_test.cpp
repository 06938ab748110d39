#include "crypto/signer.hpp"

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

#include <doctest/doctest.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace kaigong::crypto;

namespace {

constexpr std::array kAlgorithms{SignatureAlgorithm::ecdsa_p256_sha256, SignatureAlgorithm::rsa_sha256,
                                 SignatureAlgorithm::sm2_sm3, SignatureAlgorithm::ed25519};

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("kaigong-signer-" + random_token(9));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string write(std::string_view name, BytesView bytes) const {
        const auto file = path / name;
        std::ofstream(file, std::ios::binary) << to_text(bytes);
        return file.string();
    }
};

bool openssl(const std::string& arguments) {
    return std::system(("openssl " + arguments + " >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace

TEST_CASE("a key file gives the same key back, and only to the right passphrase") {
    for (const SignatureAlgorithm algorithm : kAlgorithms) {
        CAPTURE(to_string(algorithm));
        const std::string file = new_key_file(algorithm, "通行口令").value();
        CHECK(file.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        const auto signer = open_key_file(file, "通行口令").value();
        CHECK(signer->algorithm() == algorithm);
        const Bytes signature = signer->sign(view("开工")).value();
        CHECK(verify_signature(signer->public_key_info(), algorithm, view("开工"), signature));
        CHECK_FALSE(verify_signature(signer->public_key_info(), algorithm, view("停工"), signature));
        // Each try costs the time of the passphrase; one kind of key stands for all.
        if (algorithm != SignatureAlgorithm::ecdsa_p256_sha256) continue;
        CHECK(reason_of(open_key_file(file, "别的口令")) == "crypto.passphrase_wrong");
        CHECK(reason_of(open_key_file(file, "")) == "crypto.passphrase_wrong");
    }
    CHECK(reason_of(open_key_file("-----BEGIN NOTHING-----", "口令")) == "crypto.key_file_malformed");
    CHECK(reason_of(new_key_file(SignatureAlgorithm::ed25519, "")) == "crypto.passphrase_missing");
}

TEST_CASE("a signature is refused under another key, another kind of key, or with any byte changed") {
    for (const SignatureAlgorithm algorithm : kAlgorithms) {
        CAPTURE(to_string(algorithm));
        const auto signer = new_signer(algorithm);
        const auto stranger = new_signer(algorithm);
        Bytes signature = signer->sign(view("message")).value();
        const Bytes& key = signer->public_key_info();
        CHECK(verify_signature_by_identifier(key, identifier_of(algorithm), view("message"), signature));
        CHECK_FALSE(verify_signature_by_identifier(key, "1.2.3", view("message"), signature));
        CHECK_FALSE(verify_signature(stranger->public_key_info(), algorithm, view("message"), signature));
        for (const SignatureAlgorithm other : kAlgorithms) {
            CHECK(verify_signature(key, other, view("message"), signature) == (other == algorithm));
        }
        for (std::uint8_t& byte : signature) {
            byte ^= 1;
            CHECK_FALSE(verify_signature(key, algorithm, view("message"), signature));
            byte ^= 1;
        }
        CHECK_FALSE(verify_signature(key, algorithm, view("message"), BytesView(signature).first(10)));
        CHECK_FALSE(verify_signature({}, algorithm, view("message"), signature));
    }
}

TEST_CASE("SM2 verifies the example of GB/T 32918.5 A.2") {
    // Curve and user id of the annex: M = "message digest", private key 3945208F…, public key 09F9DF31… / CCEA490C….
    const Bytes key = from_hex(
                          "3059301306072a8648ce3d020106082a811ccf5501822d034200"
                          "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                          "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
                          .value();
    const Bytes signature =
        der_of_raw_signature(from_hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                                      "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
                                 .value())
            .value();
    CHECK(verify_signature(key, SignatureAlgorithm::sm2_sm3, view("message digest"), signature));
    CHECK_FALSE(verify_signature(key, SignatureAlgorithm::sm2_sm3, view("message digesT"), signature));
}

TEST_CASE("openssl pkeyutl accepts our SM2 signatures, and we accept its") {
    const Folder folder;
    const std::string id = " -pkeyopt distid:1234567812345678";
    const auto file = new_key_file(SignatureAlgorithm::sm2_sm3, "pw").value();
    const auto signer = open_key_file(file, "pw").value();
    const std::string key = folder.write("key.pem", view(file));
    const std::string message = folder.write("message", view("开工"));
    const std::string signature = folder.write("signature", signer->sign(view("开工")).value());
    CHECK(openssl("pkeyutl -verify -rawin -digest sm3 -passin pass:pw -inkey " + key + " -in " + message +
                  " -sigfile " + signature + id));
    const std::string theirs = (folder.path / "theirs").string();
    REQUIRE(openssl("pkeyutl -sign -rawin -digest sm3 -passin pass:pw -inkey " + key + " -in " + message + " -out " +
                    theirs + id));
    std::ifstream in(theirs, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    CHECK(verify_signature(signer->public_key_info(), SignatureAlgorithm::sm2_sm3, view("开工"), view(bytes)));
}

TEST_CASE("r and s keep their value between both forms, whatever their leading bytes") {
    for (const std::string_view text : {
             "000000000000000000000000000000000000000000000000000000000000000180000000000000000000000000000000000000000"
             "00000000000000000000000",
             "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00800000000000000000000000000000000000000"
             "00000000000000000000000",
         }) {
        const Bytes raw = from_hex(text).value();
        CHECK(raw_of_der_signature(der_of_raw_signature(raw).value()).value() == raw);
    }
    CHECK(reason_of(der_of_raw_signature(Bytes(63))) == "crypto.signature_malformed");
    CHECK(reason_of(raw_of_der_signature(from_hex("3006020180020101").value())) == "crypto.signature_malformed");
    CHECK(reason_of(raw_of_der_signature(from_hex("300602010102010100").value())) == "crypto.signature_malformed");
    CHECK(reason_of(raw_of_der_signature({})) == "crypto.signature_malformed");
}
