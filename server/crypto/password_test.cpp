#include "crypto/password.hpp"

#include <doctest/doctest.h>

using namespace kaigong::crypto;

namespace {

constexpr Argon2Parameters kQuick{64, 1, 1};

}  // namespace

TEST_CASE("a password opens its own hash and no other does") {
    const auto phc = hash_password("kaigong-demo-2026", kQuick);
    REQUIRE(phc.has_value());
    CHECK(phc->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    CHECK(*verify_password("kaigong-demo-2026", *phc));
    CHECK_FALSE(*verify_password("kaigong-demo-2025", *phc));
    CHECK_FALSE(*verify_password("", *phc));
}

TEST_CASE("the same password twice gives two hashes") {
    CHECK(*hash_password("x", kQuick) != *hash_password("x", kQuick));
}

TEST_CASE("a stored hash cannot ask for more memory than the limit") {
    const auto phc = *hash_password("x", kQuick);
    std::string greedy = phc;
    greedy.replace(greedy.find("m=64"), 4, "m=4194304");
    const auto verified = verify_password("x", greedy);
    REQUIRE_FALSE(verified.has_value());
    CHECK(verified.error().reason == "crypto.password_parameters_refused");
    CHECK(hash_password("x", {4'194'304, 1, 1}).error().reason == "crypto.password_parameters_refused");
}

TEST_CASE("a damaged hash is an error, not a wrong password") {
    for (const char* text : {"", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=64,t=1$x$y",
                             "$argon2id$v=19$m=64,t=1,p=1$", "$argon2id$v=19$m=64,t=1,p=1$!!$!!"}) {
        const auto verified = verify_password("x", text);
        REQUIRE_FALSE(verified.has_value());
        CHECK(verified.error().reason == "crypto.password_hash_malformed");
    }
}

TEST_CASE("a password of a mebibyte is refused before it is hashed") {
    CHECK(hash_password(std::string(1 << 20, 'x'), kQuick).error().reason == "crypto.password_too_long");
    CHECK(verify_password(std::string(1 << 20, 'x'), "$").error().reason == "crypto.password_too_long");
}

TEST_CASE("a hash with old parameters asks to be made anew") {
    const auto phc = *hash_password("x", kQuick);
    CHECK(password_needs_rehash(phc));
    CHECK_FALSE(password_needs_rehash(phc, kQuick));
    CHECK(password_needs_rehash("nonsense", kQuick));
}
