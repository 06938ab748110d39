// DER (ITU-T X.690) as certificates, signatures, seals and time stamps need it: a writer of values and a strict reader
// over bytes of strangers. The reader copies nothing: what it gives out lives as long as the bytes it was opened on.
// Refused: indefinite and overlong lengths, numbers and tags in a longer form than needed, anything nested too deep.
#pragma once

#include "base/result.hpp"
#include "crypto/bytes.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::crypto::der {

/// Larger inputs are refused before anything is read.
inline constexpr std::size_t kBytesMax = 16U << 20U;
/// How many values may stand inside each other.
inline constexpr int kDepthMax = 24;

using Tag = std::uint8_t;
inline constexpr Tag kBoolean = 0x01;
inline constexpr Tag kInteger = 0x02;
inline constexpr Tag kBitString = 0x03;
inline constexpr Tag kOctetString = 0x04;
inline constexpr Tag kNull = 0x05;
inline constexpr Tag kOid = 0x06;
inline constexpr Tag kUtf8String = 0x0C;
inline constexpr Tag kPrintableString = 0x13;
inline constexpr Tag kTeletexString = 0x14;
inline constexpr Tag kIa5String = 0x16;
inline constexpr Tag kUtcTime = 0x17;
inline constexpr Tag kGeneralizedTime = 0x18;
inline constexpr Tag kBmpString = 0x1E;
inline constexpr Tag kSequence = 0x30;
inline constexpr Tag kSet = 0x31;
/// `[number]` around a whole value (EXPLICIT) or in place of the tag of a constructed one. Numbers 0–30.
constexpr Tag constructed(int number) {
    return static_cast<Tag>(0xA0 | number);
}
/// `[number]` in place of the tag of a primitive value (IMPLICIT).
constexpr Tag primitive(int number) {
    return static_cast<Tag>(0x80 | number);
}

// ---- Writing. Each gives one whole value back: tag, length, content.

Bytes value(Tag tag, BytesView content);
Bytes joined(std::initializer_list<BytesView> parts);
Bytes joined(const std::vector<Bytes>& parts);
Bytes sequence(std::initializer_list<BytesView> parts);
Bytes sequence(const std::vector<Bytes>& parts);
/// SET OF: the members are sorted as DER asks for.
Bytes set_of(std::vector<Bytes> members);
/// `[number] EXPLICIT` around a whole value.
Bytes explicitly(int number, BytesView whole);
/// The whole value with another tag: `[number] IMPLICIT`.
Bytes retagged(Tag tag, BytesView whole);
Bytes boolean(bool truth);
Bytes integer(std::int64_t number);
/// A number ≥ 0 of any size, big-endian; leading zeros do not matter.
Bytes unsigned_integer(BytesView big_endian);
/// Dotted numbers of this program; a malformed text is a bug and throws.
Bytes oid(std::string_view dotted);
Bytes octet_string(BytesView bytes);
/// Without unused bits.
Bytes bit_string(BytesView bytes);
Bytes null();
Bytes utf8_string(std::string_view text);
Bytes ia5_string(std::string_view text);
Bytes printable_string(std::string_view text);
/// `YYYYMMDDHHMMSSZ`. UTC milliseconds, cut to the second.
Bytes generalized_time(std::int64_t at_ms);
/// As certificates want it (RFC 5280 4.1.2.5): UTCTime from 1950 to 2049, GeneralizedTime else.
Bytes certificate_time(std::int64_t at_ms);

// ---- Reading. All fail with crypto.der_malformed.

struct Element {
    Tag tag = 0;
    BytesView content;
    /// With tag and length, as it was signed.
    BytesView whole;
};

/// Walks over values that stand one after another. Cheap to copy.
class Reader {
  public:
    explicit Reader(BytesView bytes) : Reader(bytes, kDepthMax) {}

    bool empty() const { return rest_.empty(); }
    /// Whether the next value has that tag.
    bool at(Tag tag) const { return !rest_.empty() && rest_[0] == tag; }
    /// The next value, whatever it is.
    Result<Element> next();
    Result<Element> next(Tag tag);
    /// A reader over the content of the next value.
    Result<Reader> enter(Tag tag);
    Result<Reader> sequence() { return enter(kSequence); }
    /// All values of the rest, in order.
    Result<std::vector<Element>> all();
    /// Fails where something is left.
    Result<void> finish() const;

    Result<bool> boolean();
    /// A number that fits.
    Result<std::int64_t> integer();
    /// The content of an INTEGER of any size and sign, in its shortest form.
    Result<BytesView> big_integer();
    /// Dotted.
    Result<std::string> oid();
    Result<BytesView> octet_string();
    /// Only without unused bits.
    Result<BytesView> bit_string();
    /// UTF8String, PrintableString, IA5String or TeletexString with valid UTF-8 in it, or BMPString; in UTF-8.
    Result<std::string> text();
    /// UTCTime or GeneralizedTime in UTC (`Z`), seconds given; UTC milliseconds.
    Result<std::int64_t> time();

  private:
    Reader(BytesView bytes, int depth_left) : rest_(bytes), depth_left_(depth_left) {}

    BytesView rest_;
    int depth_left_;
};

/// The only value in the bytes: nothing may follow it.
Result<Element> single(BytesView bytes);
/// The parts of a time: content of a GeneralizedTime or UTCTime. A fraction of a second is read to the millisecond.
std::optional<std::int64_t> parse_time(Tag tag, std::string_view text);
/// The content of an OBJECT IDENTIFIER, dotted.
std::optional<std::string> dotted(BytesView content);

}  // namespace kaigong::crypto::der
