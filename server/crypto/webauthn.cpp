#include "crypto/webauthn.hpp"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <mutex>
#include <new>
#include <optional>

#include "base/json_reader.hpp"
#include "crypto/cbor.hpp"
#include "crypto/digest.hpp"

namespace kaigong::crypto {
namespace {

// WebAuthn 6.1.
constexpr std::size_t kRpHashBytes = 32;
constexpr std::size_t kFlagsAt = 32;
constexpr std::size_t kCountAt = 33;
constexpr std::size_t kHeadBytes = 37;
constexpr std::size_t kCredentialLengthAt = kHeadBytes + 16;
constexpr std::size_t kCredentialIdAt = kCredentialLengthAt + 2;
constexpr std::uint8_t kUserPresent = 0x01;
constexpr std::uint8_t kUserVerified = 0x04;
constexpr std::uint8_t kHasCredential = 0x40;
constexpr std::uint8_t kHasExtensions = 0x80;

template <class T, void (*Free)(T**)>
struct Freed {
    void operator()(T* handle) const { Free(&handle); }
};
using CredentialHandle = std::unique_ptr<fido_cred_t, Freed<fido_cred_t, fido_cred_free>>;
using AssertionHandle = std::unique_ptr<fido_assert_t, Freed<fido_assert_t, fido_assert_free>>;
using Es256Handle = std::unique_ptr<es256_pk_t, Freed<es256_pk_t, es256_pk_free>>;
using EddsaHandle = std::unique_ptr<eddsa_pk_t, Freed<eddsa_pk_t, eddsa_pk_free>>;
using Rs256Handle = std::unique_ptr<rs256_pk_t, Freed<rs256_pk_t, rs256_pk_free>>;

template <class Handle>
Handle made(typename Handle::pointer handle) {
    if (handle == nullptr) throw std::bad_alloc();
    return Handle(handle);
}

void initialise() {
    static std::once_flag once;
    std::call_once(once, [] { fido_init(0); });
}

Error refused(std::string reason, std::string message) {
    return error(Errc::invalid_input, "crypto.webauthn_" + std::move(reason), std::move(message));
}

Error client_data_malformed() {
    return refused("client_data_malformed", "浏览器送来的安全密钥数据无法读取，请刷新页面后重试。");
}

Error authenticator_data_malformed() {
    return refused("authenticator_data_malformed", "安全密钥送来的数据无法读取，请刷新页面后重试，或换一个安全密钥。");
}

Error key_unsupported() {
    return refused("key_unsupported", "这个安全密钥的算法不受支持，请换一个安全密钥或使用动态口令。");
}

struct ClientData {
    std::string type;
    std::string challenge;
    std::string origin;
    bool cross_origin = false;
};

/// Browsers add members as they like (WebAuthn 5.8.1), so only those that are judged go through the reader.
Result<ClientData> read_client_data(std::string_view text) {
    const auto parsed = parse_json(text, {.bytes_max = kClientDataBytesMax, .depth_max = 8, .values_max = 200});
    if (!parsed || !parsed->is_object()) return client_data_malformed();
    boost::json::object known;
    for (const auto* name : {"type", "challenge", "origin", "crossOrigin"}) {
        if (const auto* member = parsed->as_object().if_contains(name)) known[name] = *member;
    }
    const boost::json::value value(std::move(known));
    JsonReader reader(value);
    ClientData data;
    data.type = reader.text("type");
    data.challenge = reader.text("challenge", {.length_max = 200});
    data.origin = reader.text("origin", {.length_max = 300});
    data.cross_origin = reader.optional_boolean("crossOrigin").value_or(false);
    if (!reader.finish()) return client_data_malformed();
    return data;
}

Result<void> check_client_data(const WebauthnExpected& expected, std::string_view type, std::string_view text) {
    KAIGONG_TRY(data, read_client_data(text));
    if (data.type != type) return refused("type_wrong", "浏览器送来的是另一种操作的数据，请刷新页面后重试。");
    if (!equal_constant_time(view(data.challenge), view(expected.challenge))) {
        return refused("challenge_wrong", "这次确认对应的不是本次请求，请重新发起。");
    }
    if (data.origin != expected.origin) {
        return refused("origin_wrong", "安全密钥是在另一个网址上使用的。请核对地址栏，从本系统的正式网址重新登录。");
    }
    if (data.cross_origin) {
        return refused("cross_origin", "请求来自嵌在其他网站里的页面。请直接打开本系统的网址重新操作。");
    }
    return {};
}

std::uint32_t count_of(BytesView data) {
    std::uint32_t count = 0;
    for (std::size_t i = kCountAt; i < kHeadBytes; ++i) count = (count << 8) | data[i];
    return count;
}

/// Whether nothing but the extensions that the flags announce stands from `at` on: one map.
bool ends_well(BytesView data, std::size_t at) {
    if ((data[kFlagsAt] & kHasExtensions) == 0) return at == data.size();
    if (at >= data.size() || (data[at] >> 5) != 5) return false;
    return end_of_cbor_item(data, at) == data.size();
}

Result<void> check_head(const WebauthnExpected& expected, BytesView data) {
    if (!equal_constant_time(data.first(kRpHashBytes), sha256(view(expected.rp_id)))) {
        return refused("rp_wrong", "这个安全密钥的应答属于另一个网站。请从本系统的正式网址重新操作。");
    }
    if ((data[kFlagsAt] & kUserPresent) == 0) {
        return refused("user_absent", "安全密钥没有确认有人在场。请按提示触碰安全密钥后重试。");
    }
    if ((data[kFlagsAt] & kUserVerified) == 0) {
        return refused("user_unverified", "安全密钥没有核实使用人。请为它设置 PIN 或指纹后重试。");
    }
    return {};
}

/// The place behind the key; nothing where the form is not that of a registration.
std::optional<std::size_t> end_of_key(BytesView data) {
    if (data.size() <= kCredentialIdAt || data.size() > kAuthenticatorDataBytesMax) return std::nullopt;
    if ((data[kFlagsAt] & kHasCredential) == 0) return std::nullopt;
    const std::size_t length =
        static_cast<std::size_t>(data[kCredentialLengthAt]) * 256 + data[kCredentialLengthAt + 1];
    if (length == 0 || length > kCredentialIdBytesMax) return std::nullopt;
    const auto end = end_of_cbor_item(data, kCredentialIdAt + length);
    if (!end || !ends_well(data, *end)) return std::nullopt;
    return end;
}

/// `data` ends behind the key and announces nothing more: what extensions say is not judged.
std::optional<WebauthnCredential> read_credential(BytesView data, int algorithm) {
    const auto credential = made<CredentialHandle>(fido_cred_new());
    if (fido_cred_set_type(credential.get(), algorithm) != FIDO_OK ||
        fido_cred_set_authdata_raw(credential.get(), data.data(), data.size()) != FIDO_OK) {
        return std::nullopt;
    }
    const auto bytes = [](const unsigned char* start, std::size_t size) { return Bytes(start, start + size); };
    return WebauthnCredential{
        bytes(fido_cred_id_ptr(credential.get()), fido_cred_id_len(credential.get())),
        {algorithm, bytes(fido_cred_pubkey_ptr(credential.get()), fido_cred_pubkey_len(credential.get()))},
        count_of(data)};
}

/// The key as libfido2's own type, handed to `use` for as long as that runs. False for bytes that are no key (a point
/// that is not on the curve …).
template <class Use>
bool with_key(const WebauthnKey& key, Use&& use) {
    const auto* bytes = key.public_key.data();
    const auto size = key.public_key.size();
    switch (key.algorithm) {
        case COSE_ES256: {
            const auto handle = made<Es256Handle>(es256_pk_new());
            return es256_pk_from_ptr(handle.get(), bytes, size) == FIDO_OK && use(handle.get());
        }
        case COSE_EDDSA: {
            const auto handle = made<EddsaHandle>(eddsa_pk_new());
            return eddsa_pk_from_ptr(handle.get(), bytes, size) == FIDO_OK && use(handle.get());
        }
        case COSE_RS256: {
            const auto handle = made<Rs256Handle>(rs256_pk_new());
            return rs256_pk_from_ptr(handle.get(), bytes, size) == FIDO_OK && use(handle.get());
        }
        default: return false;
    }
}

bool is_signed(const WebauthnExpected& expected, const WebauthnKey& key, std::string_view client_data_json,
               BytesView data, BytesView signature) {
    const auto assertion = made<AssertionHandle>(fido_assert_new());
    const auto client_data_hash = sha256(view(client_data_json));
    auto* handle = assertion.get();
    if (fido_assert_set_clientdata_hash(handle, client_data_hash.data(), client_data_hash.size()) != FIDO_OK ||
        fido_assert_set_rp(handle, expected.rp_id.c_str()) != FIDO_OK ||
        fido_assert_set_up(handle, FIDO_OPT_TRUE) != FIDO_OK || fido_assert_set_uv(handle, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_count(handle, 1) != FIDO_OK ||
        fido_assert_set_authdata_raw(handle, 0, data.data(), data.size()) != FIDO_OK ||
        fido_assert_set_sig(handle, 0, signature.data(), signature.size()) != FIDO_OK) {
        return false;
    }
    return with_key(key, [&](const void* public_key) {
        return fido_assert_verify(handle, 0, key.algorithm, public_key) == FIDO_OK;
    });
}

}  // namespace

Result<std::string> webauthn_challenge_of(std::string_view client_data_json) {
    KAIGONG_TRY(data, read_client_data(client_data_json));
    return std::move(data.challenge);
}

Result<WebauthnCredential> verify_webauthn_registration(const WebauthnExpected& expected,
                                                        std::string_view client_data_json,
                                                        BytesView authenticator_data) {
    initialise();
    KAIGONG_CHECK(check_client_data(expected, "webauthn.create", client_data_json));
    const auto key_end = end_of_key(authenticator_data);
    if (!key_end) return authenticator_data_malformed();
    KAIGONG_CHECK(check_head(expected, authenticator_data));
    Bytes bare(authenticator_data.begin(), authenticator_data.begin() + static_cast<std::ptrdiff_t>(*key_end));
    bare[kFlagsAt] &= static_cast<std::uint8_t>(~kHasExtensions);
    for (const int algorithm : kWebauthnAlgorithms) {
        auto credential = read_credential(bare, algorithm);
        if (!credential) continue;
        if (!with_key(credential->key, [](const void*) { return true; })) break;
        return std::move(*credential);
    }
    return key_unsupported();
}

Result<std::uint32_t> verify_webauthn_assertion(const WebauthnExpected& expected, const WebauthnKey& key,
                                                std::uint32_t stored_count, std::string_view client_data_json,
                                                BytesView authenticator_data, BytesView signature) {
    initialise();
    KAIGONG_CHECK(check_client_data(expected, "webauthn.get", client_data_json));
    const bool well_formed =
        authenticator_data.size() >= kHeadBytes && authenticator_data.size() <= kAuthenticatorDataBytesMax &&
        (authenticator_data[kFlagsAt] & kHasCredential) == 0 && ends_well(authenticator_data, kHeadBytes);
    if (!well_formed) return authenticator_data_malformed();
    KAIGONG_CHECK(check_head(expected, authenticator_data));
    if (signature.empty() || signature.size() > kWebauthnSignatureBytesMax ||
        !is_signed(expected, key, client_data_json, authenticator_data, signature)) {
        return refused("signature_wrong", "安全密钥的签名不对。请确认用的是登记过的那一个，再试一次。");
    }
    const auto count = count_of(authenticator_data);
    if ((count != 0 || stored_count != 0) && count <= stored_count) {
        return error(Errc::conflict, "crypto.webauthn_counter_back",
                     "这个安全密钥的计数倒退，可能被复制过。请停用它，换用其他方式，并联系管理员。");
    }
    return count;
}

}  // namespace kaigong::crypto
