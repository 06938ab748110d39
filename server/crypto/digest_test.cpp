#include "crypto/digest.hpp"

#include "crypto/encoding.hpp"
#include "crypto/sm4.hpp"

#include <doctest/doctest.h>

using namespace kaigong::crypto;

TEST_CASE("SM3 of abc is the vector of GB/T 32905") {
    CHECK(to_hex(sm3(view("abc"))) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

TEST_CASE("SHA-256 of abc is the vector of FIPS 180") {
    CHECK(to_hex(sha256(view("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("HMAC-SHA-256 gives the vectors of RFC 4231, also for a key longer than a block") {
    CHECK(to_hex(hmac_sha256(view("Jefe"), view("what do ya want for nothing?"))) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    const Bytes long_key(131, 0xAA);
    CHECK(to_hex(hmac_sha256(long_key, view("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("a digest in pieces is the digest of the whole") {
    Hasher hasher(DigestKind::sm3);
    hasher.update(view("a"));
    hasher.update({});
    hasher.update(view("bc"));
    CHECK(hasher.finish() == sm3(view("abc")));
}

TEST_CASE("moving a boundary between two authenticated parts changes the MAC") {
    CHECK(hmac_sm3_parts(view("k"), {view("ab"), view("c")}) != hmac_sm3_parts(view("k"), {view("a"), view("bc")}));
    CHECK(hmac_sm3_parts(view("k"), {view("ab")}) != hmac_sm3_parts(view("k"), {view("ab"), view("")}));
}

TEST_CASE("comparing looks at every byte and at the length") {
    CHECK(equal_constant_time(view("same"), view("same")));
    CHECK_FALSE(equal_constant_time(view("same"), view("samE")));
    CHECK_FALSE(equal_constant_time(view("same"), view("sam")));
    CHECK(equal_constant_time({}, {}));
}

TEST_CASE("SM4 encrypts the block of GB/T 32907") {
    const auto key = *from_hex("0123456789abcdeffedcba9876543210");
    Sm4Block counter{};
    std::ranges::copy(key, counter.begin());  // the standard's plain text equals its key
    Bytes stream(kSm4BlockBytes, 0);          // counter mode over zeros shows the encrypted counter
    Sm4Ctr(key, counter).apply(stream);
    CHECK(to_hex(stream) == "681edf34d206965e86b3e94f536e4246");
}

TEST_CASE("an SM4 stream can be entered in the middle, also where the counter carries over") {
    const Bytes key(16, 7);
    Sm4Block iv{};
    iv.fill(0xFF);
    Bytes whole(48, 0);
    Sm4Ctr(key, iv).apply(whole);
    Bytes tail(16, 0);
    Sm4Ctr(key, iv, 2).apply(tail);
    CHECK(std::ranges::equal(tail, std::span(whole).last(16)));
}
