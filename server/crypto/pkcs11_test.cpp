#include "crypto/pkcs11.hpp"

#include "crypto/cms.hpp"
#include "crypto/der.hpp"
#include "crypto/jws.hpp"
#include "crypto/random.hpp"
#include "crypto/testing/authority.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <p11-kit/pkcs11.h>
#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace kaigong::crypto;
using namespace kaigong::crypto::testing;

namespace {

const std::string kModule = "/usr/lib/softhsm/libsofthsm2.so";
const std::string kToken = "kaigong-test";
const std::string kPin = "123456";

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

bool softhsm_is_here() {
    if (std::filesystem::exists(kModule) && std::system("softhsm2-util --version >/dev/null 2>&1") == 0) return true;
    MESSAGE("skipped: softhsm2 is not here");
    return false;
}

CK_FUNCTION_LIST& device() {
    const auto get_list =
        reinterpret_cast<CK_C_GetFunctionList>(dlsym(dlopen(kModule.c_str(), RTLD_NOW), "C_GetFunctionList"));
    CK_FUNCTION_LIST_PTR list = nullptr;
    REQUIRE(get_list(&list) == CKR_OK);
    return *list;
}

/// One token for the whole program: SoftHSM reads its settings once a process.
struct Token {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("kaigong-hsm-" + random_token(9));

    Token() {
        std::filesystem::create_directories(folder / "tokens");
        std::ofstream(folder / "softhsm2.conf") << "directories.tokendir = " << (folder / "tokens").string()
                                                << "\nobjectstore.backend = file\nlog.level = ERROR\n";
        setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
        const std::string command = "softhsm2-util --init-token --free --label " + kToken + " --pin " + kPin +
                                    " --so-pin 12345678 >/dev/null 2>&1";
        REQUIRE(std::system(command.c_str()) == 0);
        generate();
    }
    ~Token() { std::filesystem::remove_all(folder); }
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;

    static void generate();
};

CK_SESSION_HANDLE open_for_writing(CK_FUNCTION_LIST& list) {
    std::array<CK_SLOT_ID, 8> slots{};
    CK_ULONG count = slots.size();
    REQUIRE(list.C_GetSlotList(CK_TRUE, slots.data(), &count) == CKR_OK);
    CK_SESSION_HANDLE session = 0;
    REQUIRE(list.C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session) == CKR_OK);
    std::string pin = kPin;
    REQUIRE(list.C_Login(session, CKU_USER, reinterpret_cast<CK_UTF8CHAR_PTR>(pin.data()), pin.size()) == CKR_OK);
    return session;
}

void generate_pair(CK_FUNCTION_LIST& list, CK_SESSION_HANDLE session, std::string label, CK_MECHANISM_TYPE type,
                   CK_ATTRIBUTE parameters) {
    CK_MECHANISM mechanism{type, nullptr, 0};
    CK_BBOOL yes = CK_TRUE;
    std::array<CK_ATTRIBUTE, 4> open{CK_ATTRIBUTE{CKA_TOKEN, &yes, sizeof(yes)},
                                     CK_ATTRIBUTE{CKA_VERIFY, &yes, sizeof(yes)},
                                     CK_ATTRIBUTE{CKA_LABEL, label.data(), label.size()}, parameters};
    std::array<CK_ATTRIBUTE, 5> closed{
        CK_ATTRIBUTE{CKA_TOKEN, &yes, sizeof(yes)}, CK_ATTRIBUTE{CKA_PRIVATE, &yes, sizeof(yes)},
        CK_ATTRIBUTE{CKA_SENSITIVE, &yes, sizeof(yes)}, CK_ATTRIBUTE{CKA_SIGN, &yes, sizeof(yes)},
        CK_ATTRIBUTE{CKA_LABEL, label.data(), label.size()}};
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    REQUIRE(list.C_GenerateKeyPair(session, &mechanism, open.data(), open.size(), closed.data(), closed.size(),
                                   &public_key, &private_key) == CKR_OK);
}

void Token::generate() {
    CK_FUNCTION_LIST& list = device();
    const CK_RV code = list.C_Initialize(nullptr);
    REQUIRE((code == CKR_OK || code == CKR_CRYPTOKI_ALREADY_INITIALIZED));
    const CK_SESSION_HANDLE session = open_for_writing(list);
    Bytes p256 = der::oid("1.2.840.10045.3.1.7");
    Bytes p384 = der::oid("1.3.132.0.34");
    CK_ULONG bits = 2048;
    generate_pair(list, session, "ecdsa", CKM_EC_KEY_PAIR_GEN, {CKA_EC_PARAMS, p256.data(), p256.size()});
    generate_pair(list, session, "larger", CKM_EC_KEY_PAIR_GEN, {CKA_EC_PARAMS, p384.data(), p384.size()});
    generate_pair(list, session, "twice", CKM_EC_KEY_PAIR_GEN, {CKA_EC_PARAMS, p256.data(), p256.size()});
    generate_pair(list, session, "twice", CKM_EC_KEY_PAIR_GEN, {CKA_EC_PARAMS, p256.data(), p256.size()});
    generate_pair(list, session, "rsa", CKM_RSA_PKCS_KEY_PAIR_GEN, {CKA_MODULUS_BITS, &bits, sizeof(bits)});
    list.C_CloseSession(session);
}

Pkcs11Key key_named(const std::string& label) {
    static const Token token;
    return {.module_path = kModule, .token_label = kToken, .pin = kPin, .key_label = label};
}

}  // namespace

TEST_CASE("a device is told apart from its absence, a wrong PIN and a missing key") {
    CHECK(
        reason_of(open_pkcs11_signer({.module_path = "/nowhere.so", .token_label = "", .pin = "", .key_label = ""})) ==
        "crypto.pkcs11_module_missing");
    if (!softhsm_is_here()) return;
    auto elsewhere = key_named("ecdsa");
    elsewhere.token_label = "another token";
    CHECK(reason_of(open_pkcs11_signer(elsewhere)) == "crypto.pkcs11_token_missing");
    auto wrong_pin = key_named("ecdsa");
    wrong_pin.pin = "654321";
    CHECK(reason_of(open_pkcs11_signer(wrong_pin)) == "crypto.pkcs11_pin_wrong");
    CHECK(reason_of(open_pkcs11_signer(key_named("nobody"))) == "crypto.pkcs11_key_missing");
    CHECK(reason_of(open_pkcs11_signer(key_named("twice"))) == "crypto.pkcs11_key_ambiguous");
    CHECK(reason_of(open_pkcs11_signer(key_named("larger"))) == "crypto.key_unsupported");
}

TEST_CASE("keys in a device sign, and their certificates and CMS signatures are right") {
    if (!softhsm_is_here()) return;
    const Authority authority(SignatureAlgorithm::ecdsa_p256_sha256);
    const std::array roots{authority.root()};
    for (const auto& [label, algorithm] : {std::pair{"ecdsa", SignatureAlgorithm::ecdsa_p256_sha256},
                                           std::pair{"rsa", SignatureAlgorithm::rsa_sha256}}) {
        CAPTURE(label);
        const auto opened = open_pkcs11_signer(key_named(label));
        REQUIRE_MESSAGE(opened.has_value(), reason_of(opened));
        const Signer& signer = **opened;
        CHECK(signer.algorithm() == algorithm);
        const Bytes signature = signer.sign(view("开工")).value();
        CHECK(verify_signature(signer.public_key_info(), algorithm, view("开工"), signature));
        CHECK_FALSE(verify_signature(signer.public_key_info(), algorithm, view("停工"), signature));

        const Certificate root = make_root_certificate(wanted("设备内的根", 1, true), signer).value();
        CHECK(signed_by(root, root));
        const Certificate certificate = authority.certify(wanted("设备内的签名人", 2, false), signer);
        const std::vector chain{certificate, authority.issuer()};
        const Digest digest = sha256(view("file"));
        const auto read = verify_cades(sign_cades(digest, signer, chain).value(), digest);
        REQUIRE_MESSAGE(read.has_value(), reason_of(read));
        CHECK(verify_cades_signer(*read, roots, kInsideMs).has_value());
        if (algorithm == SignatureAlgorithm::ecdsa_p256_sha256) {
            CHECK(verify_jws(sign_jws(view("{}"), signer, chain).value(), view("{}")).has_value());
        }
    }
}

TEST_CASE("a device that was away signs again when it is back") {
    if (!softhsm_is_here()) return;
    const auto signer = open_pkcs11_signer(key_named("ecdsa")).value();
    std::array<CK_SLOT_ID, 8> slots{};
    CK_ULONG count = slots.size();
    REQUIRE(device().C_GetSlotList(CK_TRUE, slots.data(), &count) == CKR_OK);
    REQUIRE(device().C_CloseAllSessions(slots[0]) == CKR_OK);
    const auto signature = signer->sign(view("开工"));
    REQUIRE_MESSAGE(signature.has_value(), reason_of(signature));
    CHECK(verify_signature(signer->public_key_info(), signer->algorithm(), view("开工"), *signature));
}

void change_pin(std::string from, std::string to) {
    CK_FUNCTION_LIST& list = device();
    std::array<CK_SLOT_ID, 8> slots{};
    CK_ULONG count = slots.size();
    REQUIRE(list.C_GetSlotList(CK_TRUE, slots.data(), &count) == CKR_OK);
    REQUIRE(list.C_CloseAllSessions(slots[0]) == CKR_OK);
    CK_SESSION_HANDLE session = 0;
    REQUIRE(list.C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session) == CKR_OK);
    const auto bytes = [](std::string& text) { return reinterpret_cast<CK_UTF8CHAR_PTR>(text.data()); };
    REQUIRE(list.C_Login(session, CKU_USER, bytes(from), from.size()) == CKR_OK);
    REQUIRE(list.C_SetPIN(session, bytes(from), from.size(), bytes(to), to.size()) == CKR_OK);
    REQUIRE(list.C_CloseSession(session) == CKR_OK);
}

TEST_CASE("a PIN that was refused is not tried again, so that retries do not lock the device") {
    if (!softhsm_is_here()) return;
    const auto signer = open_pkcs11_signer(key_named("ecdsa")).value();
    CHECK(signer->ready().has_value());
    change_pin(kPin, "777777");
    CHECK(reason_of(signer->sign(view("开工"))) == "crypto.pkcs11_pin_wrong");
    // Right again, and still refused: the device is not asked.
    change_pin("777777", kPin);
    CHECK(reason_of(signer->sign(view("开工"))) == "crypto.pkcs11_pin_wrong");
    CHECK(signer->ready().error().reason == "crypto.pkcs11_pin_wrong");
    CHECK(open_pkcs11_signer(key_named("ecdsa")).has_value());
}

TEST_CASE("threads share a key in a device") {
    if (!softhsm_is_here()) return;
    const auto signer = open_pkcs11_signer(key_named("ecdsa")).value();
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 10; ++n) {
                    const Bytes message = random_bytes(32);
                    const auto signature = signer->sign(message);
                    right += signature && verify_signature(signer->public_key_info(), signer->algorithm(), message,
                                                           *signature)
                                 ? 1
                                 : 0;
                }
            });
        }
    }
    CHECK(right == 40);
}
