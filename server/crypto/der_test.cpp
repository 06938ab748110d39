#include "crypto/der.hpp"

#include "crypto/encoding.hpp"

#include <doctest/doctest.h>
#include <limits>

using namespace kaigong::crypto;

namespace {

Bytes hex(std::string_view text) {
    return from_hex(text).value();
}

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

constexpr std::int64_t kNoon2026 = 1'780'315'200'000;  // 2026-06-01T12:00:00Z

}  // namespace

TEST_CASE("DER writes numbers in their shortest form and reads them back") {
    CHECK(to_hex(der::integer(0)) == "020100");
    CHECK(to_hex(der::integer(127)) == "02017f");
    CHECK(to_hex(der::integer(128)) == "02020080");
    CHECK(to_hex(der::integer(-1)) == "0201ff");
    CHECK(to_hex(der::integer(-129)) == "0202ff7f");
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{255}, std::int64_t{-128}, std::int64_t{65536},
          std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
        const Bytes written = der::integer(number);
        der::Reader reader(written);
        CHECK(reader.integer().value() == number);
    }
    CHECK(to_hex(der::unsigned_integer(hex("0000ff"))) == "020200ff");
    CHECK(to_hex(der::unsigned_integer({})) == "020100");
}

TEST_CASE("DER writes object identifiers, times, strings and sorted sets") {
    CHECK(to_hex(der::oid("1.2.156.10197.1.501")) == "06082a811ccf55018375");
    CHECK(der::dotted(hex("2a811ccf55018375")).value() == "1.2.156.10197.1.501");
    CHECK(to_hex(der::oid("2.999")) == "06028837");
    CHECK(to_text(BytesView(der::generalized_time(kNoon2026)).subspan(2)) == "20260601120000Z");
    CHECK(to_text(BytesView(der::certificate_time(kNoon2026)).subspan(2)) == "260601120000Z");
    CHECK(to_text(BytesView(der::generalized_time(-1)).subspan(2)) == "19691231235959Z");
    CHECK(der::certificate_time(2'524'608'000'000)[0] == der::kGeneralizedTime);
    CHECK(to_hex(der::set_of({der::integer(2), der::integer(1)})) == "3106020101020102");
    CHECK(to_hex(der::explicitly(0, der::null())) == "a0020500");
    CHECK(to_hex(der::retagged(der::primitive(1), der::octet_string(hex("ff")))) == "8101ff");
    CHECK(to_hex(der::bit_string(hex("01"))) == "03020001");
    CHECK(der::value(der::kOctetString, Bytes(300))[1] == 0x82);
    CHECK_THROWS(der::oid("1"));
    CHECK_THROWS(der::oid("1.2.x"));
}

TEST_CASE("DER reads times in UTC only, with or without a fraction") {
    CHECK(der::parse_time(der::kGeneralizedTime, "20260601120000Z").value() == kNoon2026);
    CHECK(der::parse_time(der::kGeneralizedTime, "20260601120000.25Z").value() == kNoon2026 + 250);
    CHECK(der::parse_time(der::kUtcTime, "260601120000Z").value() == kNoon2026);
    CHECK(der::parse_time(der::kUtcTime, "500101000000Z").value() < 0);
    for (const std::string_view wrong :
         {"20260601120000", "20260601120000+0800", "20260631120000Z", "20261301120000Z", "2026060112000Z",
          "20260601250000Z", "20260601120000.Z", "20260601120000.20Z", "20260601120000ZZ", ""}) {
        CAPTURE(wrong);
        CHECK_FALSE(der::parse_time(der::kGeneralizedTime, wrong).has_value());
    }
}

TEST_CASE("DER refuses every longer form of the same value, and what is cut off") {
    for (const std::string_view wrong :
         {"0281010a", "02820001ff", "0201", "02", "1f0101", "02020001", "0202ff80", "0200", "0285000000000101"}) {
        CAPTURE(wrong);
        const Bytes bytes = hex(wrong);
        der::Reader reader(bytes);
        CHECK(reason_of(reader.integer()) == "crypto.der_malformed");
    }
    const Bytes indefinite = hex("30800201010000");
    CHECK(reason_of(der::single(indefinite)) == "crypto.der_malformed");
    const Bytes unused_bits = hex("03020780");
    CHECK(reason_of(der::Reader(unused_bits).bit_string()) == "crypto.der_malformed");
    const Bytes yes = hex("010101");
    CHECK(reason_of(der::Reader(yes).boolean()) == "crypto.der_malformed");
    const Bytes two = hex("05000500");
    CHECK(reason_of(der::single(two)) == "crypto.der_malformed");
    CHECK_FALSE(der::dotted(hex("2a8000")).has_value());
    CHECK_FALSE(der::dotted(hex("2a81")).has_value());
}

TEST_CASE("DER does not follow values that are nested without end") {
    Bytes nested = der::null();
    for (int i = 0; i < der::kDepthMax + 5; ++i) nested = der::sequence({nested});
    der::Reader reader(nested);
    int depth = 0;
    while (true) {
        auto inside = reader.sequence();
        if (!inside) break;
        reader = *inside;
        ++depth;
    }
    CHECK(depth == der::kDepthMax);
}

TEST_CASE("DER texts of four kinds come out in UTF-8, and only valid ones") {
    const Bytes bmp = hex("1e045f005de5");
    CHECK(der::Reader(bmp).text().value() == "开工");
    const Bytes utf8 = der::utf8_string("开工");
    CHECK(der::Reader(utf8).text().value() == "开工");
    const Bytes broken = hex("0c02c328");
    CHECK(reason_of(der::Reader(broken).text()) == "crypto.der_malformed");
    const Bytes odd = hex("1e035f005d");
    CHECK(reason_of(der::Reader(odd).text()) == "crypto.der_malformed");
}
