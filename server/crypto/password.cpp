#include "crypto/password.hpp"

#include "crypto/random.hpp"

#include <argon2.h>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kPhcBytesMax = 256;
constexpr std::string_view kPrefix = "$argon2id$v=19$";

bool inside_limits(const Argon2Parameters& parameters) {
    return parameters.memory_kib >= 8 * parameters.lanes && parameters.memory_kib <= kArgon2Max.memory_kib &&
           parameters.passes >= 1 && parameters.passes <= kArgon2Max.passes && parameters.lanes >= 1 &&
           parameters.lanes <= kArgon2Max.lanes;
}

/// Reads `name=123` and what follows it, and steps over both.
std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view name, char after) {
    if (!text.starts_with(name)) return std::nullopt;
    text.remove_prefix(name.size());
    std::uint32_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(after)) return std::nullopt;
    text.remove_prefix(1);
    return value;
}

std::optional<Argon2Parameters> parameters_of(std::string_view phc) {
    if (phc.size() > kPhcBytesMax || !phc.starts_with(kPrefix)) return std::nullopt;
    phc.remove_prefix(kPrefix.size());
    const auto memory = take_number(phc, "m=", ',');
    const auto passes = take_number(phc, "t=", ',');
    const auto lanes = take_number(phc, "p=", '$');
    if (!memory || !passes || !lanes) return std::nullopt;
    return Argon2Parameters{*memory, *passes, *lanes};
}

Error parameters_refused() {
    return error(Errc::invalid_input, "crypto.password_parameters_refused",
                 "密码散列参数超出允许范围，请管理员检查配置或重置该账号密码。");
}

Error too_long() {
    return invalid_field("password", "crypto.password_too_long", "密码过长，请使用不超过 1024 字节的密码。");
}

}  // namespace

Result<std::string> hash_password(std::string_view password, const Argon2Parameters& parameters) {
    if (password.size() > kPasswordBytesMax) return too_long();
    if (!inside_limits(parameters)) return parameters_refused();
    const Bytes salt = random_bytes(kSaltBytes);
    std::array<char, kPhcBytesMax> text{};
    const int code =
        argon2id_hash_encoded(parameters.passes, parameters.memory_kib, parameters.lanes, password.data(),
                              password.size(), salt.data(), salt.size(), kHashBytes, text.data(), text.size());
    if (code != ARGON2_OK) throw std::runtime_error(argon2_error_message(code));
    return std::string(text.data());
}

Result<bool> verify_password(std::string_view password, std::string_view phc) {
    if (password.size() > kPasswordBytesMax) return too_long();
    const auto malformed = [] {
        return error(Errc::internal, "crypto.password_hash_malformed", "账号的密码记录已损坏，请管理员重置密码。");
    };
    const auto parameters = parameters_of(phc);
    if (!parameters) return malformed();
    if (!inside_limits(*parameters)) return parameters_refused();
    const int code = argon2id_verify(std::string(phc).c_str(), password.data(), password.size());
    if (code == ARGON2_OK) return true;
    if (code == ARGON2_VERIFY_MISMATCH) return false;
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
    return malformed();
}

bool password_needs_rehash(std::string_view phc, const Argon2Parameters& parameters) {
    return parameters_of(phc) != parameters;
}

}  // namespace kaigong::crypto
