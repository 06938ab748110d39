#include "base/civil_date.hpp"
#include "crypto/der.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace kaigong::crypto::der {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

void append_length(Bytes& out, std::size_t length) {
    if (length < 0x80) {
        out.push_back(static_cast<std::uint8_t>(length));
        return;
    }
    int bytes = 0;
    for (std::size_t rest = length; rest != 0; rest >>= 8) ++bytes;
    out.push_back(static_cast<std::uint8_t>(0x80 | bytes));
    for (int i = bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
}

void append_base128(Bytes& out, std::uint64_t number) {
    int groups = 1;
    for (std::uint64_t rest = number >> 7; rest != 0; rest >>= 7) ++groups;
    for (int i = groups; i-- > 0;) {
        const auto group = static_cast<std::uint8_t>((number >> (7 * i)) & 0x7F);
        out.push_back(i == 0 ? group : static_cast<std::uint8_t>(group | 0x80));
    }
}

std::vector<std::uint64_t> numbers_of(std::string_view text) {
    std::vector<std::uint64_t> numbers;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    while (true) {
        std::uint64_t number = 0;
        const auto [stop, problem] = std::from_chars(at, end, number);
        if (problem != std::errc{}) throw std::logic_error("not an object identifier");
        numbers.push_back(number);
        if (stop == end) return numbers;
        if (*stop != '.') throw std::logic_error("not an object identifier");
        at = stop + 1;
    }
}

struct UtcParts {
    CivilDate date;
    std::int64_t seconds = 0;
};

UtcParts utc_parts(std::int64_t at_ms) {
    const std::int64_t days = at_ms >= 0 ? at_ms / kDayMs : -((-at_ms + kDayMs - 1) / kDayMs);
    return {date_of_days(days), (at_ms - days * kDayMs) / 1000};
}

std::string clock_text(std::int64_t seconds) {
    return fmt::format("{:02}{:02}{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

Bytes value(Tag tag, BytesView content) {
    Bytes out;
    out.reserve(content.size() + 6);
    out.push_back(tag);
    append_length(out, content.size());
    out.insert(out.end(), content.begin(), content.end());
    return out;
}

Bytes joined(std::initializer_list<BytesView> parts) {
    Bytes out;
    for (const BytesView part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

Bytes joined(const std::vector<Bytes>& parts) {
    Bytes out;
    for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

Bytes sequence(std::initializer_list<BytesView> parts) {
    return value(kSequence, joined(parts));
}

Bytes sequence(const std::vector<Bytes>& parts) {
    return value(kSequence, joined(parts));
}

Bytes set_of(std::vector<Bytes> members) {
    std::ranges::sort(members);
    return value(kSet, joined(members));
}

Bytes explicitly(int number, BytesView whole) {
    return value(constructed(number), whole);
}

Bytes retagged(Tag tag, BytesView whole) {
    Bytes out(whole.begin(), whole.end());
    out.at(0) = tag;
    return out;
}

Bytes boolean(bool truth) {
    return {kBoolean, 1, static_cast<std::uint8_t>(truth ? 0xFF : 0)};
}

Bytes integer(std::int64_t number) {
    Bytes content;
    bool more = true;
    for (int shift = 56; shift >= 0; shift -= 8) {
        // A leading byte goes where it says no more than the sign bit behind it.
        const auto byte = static_cast<std::uint8_t>(number >> shift);
        const auto sign_behind = shift == 0 ? 2 : (number >> (shift - 1)) & 1;
        const bool redundant = (byte == 0 && sign_behind == 0) || (byte == 0xFF && sign_behind == 1);
        if (more && redundant) continue;
        more = false;
        content.push_back(byte);
    }
    return value(kInteger, content);
}

Bytes unsigned_integer(BytesView big_endian) {
    while (big_endian.size() > 1 && big_endian[0] == 0) big_endian = big_endian.subspan(1);
    Bytes content;
    if (big_endian.empty() || big_endian[0] >= 0x80) content.push_back(0);
    content.insert(content.end(), big_endian.begin(), big_endian.end());
    return value(kInteger, content);
}

Bytes oid(std::string_view text) {
    const std::vector<std::uint64_t> numbers = numbers_of(text);
    if (numbers.size() < 2 || numbers[0] > 2 || (numbers[0] < 2 && numbers[1] > 39)) {
        throw std::logic_error("not an object identifier");
    }
    Bytes content;
    append_base128(content, numbers[0] * 40 + numbers[1]);
    for (std::size_t i = 2; i < numbers.size(); ++i) append_base128(content, numbers[i]);
    return value(kOid, content);
}

Bytes octet_string(BytesView bytes) {
    return value(kOctetString, bytes);
}

Bytes bit_string(BytesView bytes) {
    Bytes content{0};
    content.insert(content.end(), bytes.begin(), bytes.end());
    return value(kBitString, content);
}

Bytes null() {
    return {kNull, 0};
}

Bytes utf8_string(std::string_view text) {
    return value(kUtf8String, view(text));
}

Bytes ia5_string(std::string_view text) {
    return value(kIa5String, view(text));
}

Bytes printable_string(std::string_view text) {
    return value(kPrintableString, view(text));
}

Bytes generalized_time(std::int64_t at_ms) {
    const UtcParts at = utc_parts(at_ms);
    const std::string text =
        fmt::format("{:04}{:02}{:02}{}", at.date.year, at.date.month, at.date.day, clock_text(at.seconds));
    return value(kGeneralizedTime, view(text));
}

Bytes certificate_time(std::int64_t at_ms) {
    const UtcParts at = utc_parts(at_ms);
    if (at.date.year < 1950 || at.date.year > 2049) return generalized_time(at_ms);
    const std::string text =
        fmt::format("{:02}{:02}{:02}{}", at.date.year % 100, at.date.month, at.date.day, clock_text(at.seconds));
    return value(kUtcTime, view(text));
}

}  // namespace kaigong::crypto::der
