#include "crypto/timestamp.hpp"

#include "crypto/encoding.hpp"
#include "crypto/testing/authority.hpp"
#include "crypto/testing/timestamp_authority.hpp"

#include <doctest/doctest.h>
#include <array>

using namespace kaigong::crypto;
using namespace kaigong::crypto::testing;

namespace {

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

const Bytes kNonce = from_hex("80c0ffee00112233").value();
const Digest kImprint = sha256(view("signature"));
const Digest kOther = sha256(view("another"));

}  // namespace

TEST_CASE("a time stamp says when, by whom, and for exactly these bytes") {
    const TimestampAuthority authority;
    const Bytes response = authority.answer(timestamp_request(kImprint, kNonce), kInsideMs);
    const auto token = read_timestamp_response(response, kImprint, kNonce);
    REQUIRE_MESSAGE(token.has_value(), reason_of(token));
    const std::array roots{authority.root()};
    const auto stamp = verify_timestamp(*token, kImprint, roots);
    REQUIRE_MESSAGE(stamp.has_value(), reason_of(stamp));
    CHECK(stamp->at_ms == kInsideMs);
    CHECK(stamp->authority == authority.certificate());
    CHECK(read_timestamp(*token, kImprint).value().at_ms == kInsideMs);
    CHECK(reason_of(verify_timestamp(*token, kOther, roots)) == "crypto.timestamp_wrong");
    CHECK(reason_of(read_timestamp(*token, kOther)) == "crypto.timestamp_wrong");
}

TEST_CASE("an answer to another question is refused") {
    const TimestampAuthority authority;
    const Bytes response = authority.answer(timestamp_request(kImprint, kNonce), kInsideMs);
    CHECK(reason_of(read_timestamp_response(response, kOther, kNonce)) == "crypto.timestamp_wrong");
    CHECK(reason_of(read_timestamp_response(response, kImprint, Bytes(8, 1))) == "crypto.timestamp_wrong");
    CHECK(reason_of(read_timestamp_response(authority.answer(view("nonsense"), kInsideMs), kImprint, kNonce)) ==
          "crypto.timestamp_refused");
    CHECK(reason_of(read_timestamp_response(view("nonsense"), kImprint, kNonce)) == "crypto.timestamp_malformed");
    CHECK(reason_of(read_timestamp({}, kImprint)) == "crypto.timestamp_malformed");
}

TEST_CASE("a time stamp of an unknown authority, or outside of its certificate's time, proves nothing") {
    const TimestampAuthority authority;
    const TimestampAuthority stranger;
    const std::array others{stranger.root()};
    const Bytes token = authority.source(kInsideMs)(kImprint).value();
    CHECK(reason_of(verify_timestamp(token, kImprint, others)) == "crypto.timestamp_unknown_authority");
    CHECK(reason_of(verify_timestamp(token, kImprint, {})) == "crypto.timestamp_unknown_authority");
    CHECK(reason_of(authority.source(kValidFromMs - 1000)(kImprint)) == "crypto.timestamp_wrong");
    CHECK(reason_of(authority.source(kValidUntilMs + 5000)(kImprint)) == "crypto.timestamp_wrong");
}

TEST_CASE("a changed byte in a time stamp never changes what it proves") {
    const TimestampAuthority authority;
    const std::array roots{authority.root()};
    const Bytes token = authority.source(kInsideMs)(kImprint).value();
    int refused = 0;
    for (std::size_t i = 0; i < token.size(); ++i) {
        Bytes changed = token;
        changed[i] ^= 0x01;
        const auto stamp = verify_timestamp(changed, kImprint, roots);
        CAPTURE(i);
        if (!stamp) {
            ++refused;
            continue;
        }
        // What OpenSSL passes over are parts that neither say nor prove anything: versions and algorithm lists.
        CHECK(stamp->at_ms == kInsideMs);
        CHECK(stamp->authority == authority.certificate());
    }
    CHECK(refused > static_cast<int>(token.size()) - 40);
    for (std::size_t i = 0; i < token.size(); ++i) {
        CHECK_FALSE(read_timestamp(BytesView(token).first(i), kImprint).has_value());
    }
}
