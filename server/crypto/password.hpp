// Passwords as argon2id hashes in PHC text (`$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, RFC 9106).
// Each call holds `memory_kib` for tens of milliseconds: run it on the slow pool, never on the event loop.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace kaigong::crypto {

struct Argon2Parameters {
    std::uint32_t memory_kib = 19'456;
    std::uint32_t passes = 2;
    std::uint32_t lanes = 1;

    bool operator==(const Argon2Parameters&) const = default;
};

/// Above these a stored hash is refused, so that a changed database row cannot make the server run out of memory.
inline constexpr Argon2Parameters kArgon2Max{262'144, 10, 4};
inline constexpr std::size_t kPasswordBytesMax = 1'024;

/// Fails with crypto.password_too_long; with crypto.password_parameters_refused past `kArgon2Max`.
Result<std::string> hash_password(std::string_view password, const Argon2Parameters& parameters = {});

/// True when the password made this hash. A wrong password is `false`, not a failure.
/// Fails with crypto.password_hash_malformed, crypto.password_parameters_refused, crypto.password_too_long.
Result<bool> verify_password(std::string_view password, std::string_view phc);

/// True when the hash was made with other parameters: the caller hashes anew after the next successful sign-in.
bool password_needs_rehash(std::string_view phc, const Argon2Parameters& parameters = {});

}  // namespace kaigong::crypto
