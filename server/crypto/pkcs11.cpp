#include "crypto/pkcs11.hpp"

#include "base/text.hpp"
#include "crypto/der.hpp"
#include "crypto/digest.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <p11-kit/pkcs11.h>
#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>

namespace kaigong::crypto {
namespace {

constexpr std::string_view kP256 = "1.2.840.10045.3.1.7";
constexpr std::size_t kSignatureBytesMax = 1024;
constexpr CK_ULONG kSlotsMax = 256;
constexpr CK_ULONG kAttributeBytesMax = 4096;

Error failed(const char* call, CK_RV code) {
    return error(Errc::unavailable, "crypto.pkcs11_failed",
                 fmt::format("密码设备在 {} 时返回错误 0x{:X}，请检查设备是否接好、驱动是否正常。", call, code));
}

Result<void> done(const char* call, CK_RV code) {
    if (code == CKR_OK) return {};
    return failed(call, code);
}

Error module_missing(std::string_view path) {
    return error(Errc::unavailable, "crypto.pkcs11_module_missing",
                 fmt::format("无法加载密码设备的驱动“{}”，请检查配置中的路径。", printable(path, 200)));
}

/// Modules are process-wide by the standard: initialised once, and never unloaded, since their threads may outlive us.
Result<CK_FUNCTION_LIST_PTR> load_module(const std::string& path) {
    static std::mutex mutex;
    static std::map<std::string, CK_FUNCTION_LIST_PTR> modules;
    const std::scoped_lock lock(mutex);
    if (const auto known = modules.find(path); known != modules.end()) return known->second;
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return module_missing(path);
    const auto get_list = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
    CK_FUNCTION_LIST_PTR list = nullptr;
    if (get_list == nullptr || get_list(&list) != CKR_OK || list == nullptr) {
        dlclose(library);
        return module_missing(path);
    }
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    const CK_RV code = list->C_Initialize(&arguments);
    if (code != CKR_CRYPTOKI_ALREADY_INITIALIZED) KAIGONG_CHECK(done("C_Initialize", code));
    modules.emplace(path, list);
    return list;
}

bool has_label(const CK_TOKEN_INFO& token, std::string_view label) {
    std::string_view padded(reinterpret_cast<const char*>(token.label), sizeof(token.label));
    while (padded.ends_with(' ')) padded.remove_suffix(1);
    return padded == label;
}

Result<CK_SLOT_ID> find_token(CK_FUNCTION_LIST& device, std::string_view label) {
    std::array<CK_SLOT_ID, kSlotsMax> slots{};
    CK_ULONG count = kSlotsMax;
    KAIGONG_CHECK(done("C_GetSlotList", device.C_GetSlotList(CK_TRUE, slots.data(), &count)));
    for (CK_ULONG i = 0; i < count; ++i) {
        CK_TOKEN_INFO token{};
        if (device.C_GetTokenInfo(slots[i], &token) == CKR_OK && has_label(token, label)) return slots[i];
    }
    return error(Errc::unavailable, "crypto.pkcs11_token_missing",
                 fmt::format("没有找到名为“{}”的密码设备，请插好设备或核对配置中的名称。", printable(label)));
}

/// A session in which the user is logged in.
class Session {
  public:
    Session(CK_FUNCTION_LIST& device, CK_SESSION_HANDLE handle) : device_(&device), handle_(handle) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() { device_->C_CloseSession(handle_); }

    Result<void> log_in(const std::string& pin) {
        Bytes bytes(pin.begin(), pin.end());
        const CK_RV code = device_->C_Login(handle_, CKU_USER, bytes.data(), bytes.size());
        wipe(bytes);
        if (code == CKR_USER_ALREADY_LOGGED_IN) return {};
        if (code == CKR_PIN_INCORRECT || code == CKR_PIN_INVALID || code == CKR_PIN_LEN_RANGE) {
            return error(Errc::unauthenticated, "crypto.pkcs11_pin_wrong",
                         "密码设备的 PIN 不正确，不再向设备重试，以免锁定。请改正 PIN 文件后重启。");
        }
        if (code == CKR_PIN_LOCKED) {
            return error(Errc::unauthenticated, "crypto.pkcs11_pin_locked", "密码设备已锁定，请由设备管理员解锁。");
        }
        return done("C_Login", code);
    }

    /// The only object of that class and label.
    Result<CK_OBJECT_HANDLE> find(CK_OBJECT_CLASS kind, std::string label) {
        std::array<CK_ATTRIBUTE, 2> wanted{CK_ATTRIBUTE{CKA_CLASS, &kind, sizeof(kind)},
                                           CK_ATTRIBUTE{CKA_LABEL, label.data(), label.size()}};
        std::array<CK_OBJECT_HANDLE, 2> found{};
        CK_ULONG count = 0;
        KAIGONG_CHECK(done("C_FindObjectsInit", device_->C_FindObjectsInit(handle_, wanted.data(), wanted.size())));
        const CK_RV code = device_->C_FindObjects(handle_, found.data(), found.size(), &count);
        device_->C_FindObjectsFinal(handle_);
        KAIGONG_CHECK(done("C_FindObjects", code));
        if (count == 1) return found[0];
        if (count > 1) {
            return error(Errc::conflict, "crypto.pkcs11_key_ambiguous",
                         fmt::format("密码设备中有多个名为“{}”的密钥，请改名后重试。", printable(label)));
        }
        return error(Errc::not_found, "crypto.pkcs11_key_missing",
                     fmt::format("密码设备中没有名为“{}”的密钥对，请核对配置中的名称。", printable(label)));
    }

    Result<Bytes> attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
        CK_ATTRIBUTE asked{type, nullptr, 0};
        KAIGONG_CHECK(done("C_GetAttributeValue", device_->C_GetAttributeValue(handle_, object, &asked, 1)));
        if (asked.ulValueLen > kAttributeBytesMax) return failed("C_GetAttributeValue", CKR_GENERAL_ERROR);
        Bytes bytes(asked.ulValueLen);
        asked.pValue = bytes.data();
        KAIGONG_CHECK(done("C_GetAttributeValue", device_->C_GetAttributeValue(handle_, object, &asked, 1)));
        return bytes;
    }

    /// Nothing where the session is gone: the caller opens another.
    Result<std::optional<Bytes>> sign(CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type, BytesView input) {
        CK_MECHANISM mechanism{type, nullptr, 0};
        CK_RV code = device_->C_SignInit(handle_, &mechanism, key);
        if (gone(code)) return std::optional<Bytes>();
        KAIGONG_CHECK(done("C_SignInit", code));
        Bytes bytes(input.begin(), input.end());
        Bytes signature(kSignatureBytesMax);
        CK_ULONG size = signature.size();
        code = device_->C_Sign(handle_, bytes.data(), bytes.size(), signature.data(), &size);
        if (gone(code)) return std::optional<Bytes>();
        KAIGONG_CHECK(done("C_Sign", code));
        signature.resize(size);
        return std::optional<Bytes>(std::move(signature));
    }

  private:
    static bool gone(CK_RV code) {
        return code == CKR_SESSION_HANDLE_INVALID || code == CKR_SESSION_CLOSED || code == CKR_DEVICE_REMOVED ||
               code == CKR_TOKEN_NOT_PRESENT || code == CKR_USER_NOT_LOGGED_IN || code == CKR_OBJECT_HANDLE_INVALID ||
               code == CKR_KEY_HANDLE_INVALID;
    }

    CK_FUNCTION_LIST* device_;
    CK_SESSION_HANDLE handle_;
};

Result<std::unique_ptr<Session>> open_session(const Pkcs11Key& key) {
    KAIGONG_TRY(device, load_module(key.module_path));
    KAIGONG_TRY(slot, find_token(*device, key.token_label));
    CK_SESSION_HANDLE handle = 0;
    KAIGONG_CHECK(done("C_OpenSession", device->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &handle)));
    auto session = std::make_unique<Session>(*device, handle);
    KAIGONG_CHECK(session->log_in(key.pin));
    return session;
}

/// CKA_EC_POINT is an OCTET STRING by the standard and the bare point by some devices.
BytesView point_of(BytesView attribute) {
    const auto wrapped = der::single(attribute);
    return wrapped && wrapped->tag == der::kOctetString ? wrapped->content : attribute;
}

Result<Bytes> read_public_key(Session& session, CK_OBJECT_HANDLE object) {
    KAIGONG_TRY(kind_bytes, session.attribute(object, CKA_KEY_TYPE));
    CK_KEY_TYPE kind = 0;
    if (kind_bytes.size() == sizeof(kind)) std::ranges::copy(kind_bytes, reinterpret_cast<std::uint8_t*>(&kind));
    if (kind == CKK_RSA) {
        KAIGONG_TRY(modulus, session.attribute(object, CKA_MODULUS));
        KAIGONG_TRY(exponent, session.attribute(object, CKA_PUBLIC_EXPONENT));
        const Bytes key = der::sequence({der::unsigned_integer(modulus), der::unsigned_integer(exponent)});
        return der::sequence({der::sequence({der::oid("1.2.840.113549.1.1.1"), der::null()}), der::bit_string(key)});
    }
    KAIGONG_TRY(parameters, session.attribute(object, CKA_EC_PARAMS));
    if (kind != CKK_EC || parameters != der::oid(kP256)) {
        return error(Errc::invalid_input, "crypto.key_unsupported",
                     "密码设备中的密钥不是 P-256 或 RSA，请在设备中另建密钥。");
    }
    KAIGONG_TRY(point, session.attribute(object, CKA_EC_POINT));
    return der::sequence(
        {der::sequence({der::oid("1.2.840.10045.2.1"), parameters}), der::bit_string(point_of(point))});
}

class DeviceSigner final : public Signer {
  public:
    static Result<std::unique_ptr<Signer>> open(const Pkcs11Key& where) {
        auto signer = std::make_unique<DeviceSigner>(where);
        KAIGONG_CHECK(signer->connect());
        KAIGONG_TRY(object, signer->session_->find(CKO_PUBLIC_KEY, where.key_label));
        KAIGONG_TRY(info, read_public_key(*signer->session_, object));
        KAIGONG_TRY(algorithm, algorithm_of(info));
        signer->public_key_info_ = std::move(info);
        signer->algorithm_ = algorithm;
        return signer;
    }

    explicit DeviceSigner(Pkcs11Key where) : where_(std::move(where)) {}

    SignatureAlgorithm algorithm() const override { return algorithm_; }
    const Bytes& public_key_info() const override { return public_key_info_; }

    Result<Bytes> sign(BytesView message) const override {
        const std::scoped_lock lock(mutex_);
        if (algorithm_ == SignatureAlgorithm::rsa_sha256) return sign_input(CKM_SHA256_RSA_PKCS, message);
        KAIGONG_TRY(raw, sign_input(CKM_ECDSA, sha256(message)));
        return der_of_raw_signature(raw);
    }

    Result<void> ready() const override {
        const std::scoped_lock lock(mutex_);
        return session_ != nullptr ? Result<void>() : connect();
    }

  private:
    Result<void> connect() const {
        if (refused_) return *refused_;
        // The old session goes first: a login ends with the last session of the process.
        session_.reset();
        auto session = open_session(where_);
        if (!session) {
            // Whoever tries a refused PIN again and again locks the device.
            if (session.error().code == Errc::unauthenticated) refused_ = session.error();
            return session.error();
        }
        KAIGONG_TRY(key, (*session)->find(CKO_PRIVATE_KEY, where_.key_label));
        session_ = std::move(*session);
        key_ = key;
        return {};
    }

    /// Once more after the device was away; the second time its answer stands.
    Result<Bytes> sign_input(CK_MECHANISM_TYPE mechanism, BytesView input) const {
        for (const bool again : {false, true}) {
            if (session_ == nullptr || again) KAIGONG_CHECK(connect());
            KAIGONG_TRY(signature, session_->sign(key_, mechanism, input));
            if (signature) return std::move(*signature);
        }
        return failed("C_Sign", CKR_DEVICE_REMOVED);
    }

    Pkcs11Key where_;
    SignatureAlgorithm algorithm_ = SignatureAlgorithm::ecdsa_p256_sha256;
    Bytes public_key_info_;
    mutable std::mutex mutex_;
    mutable std::unique_ptr<Session> session_;
    mutable CK_OBJECT_HANDLE key_ = 0;
    mutable std::optional<Error> refused_;
};

}  // namespace

Result<std::unique_ptr<Signer>> open_pkcs11_signer(const Pkcs11Key& key) {
    return DeviceSigner::open(key);
}

}  // namespace kaigong::crypto
