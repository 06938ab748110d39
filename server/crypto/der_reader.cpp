#include "crypto/der.hpp"
#include "base/civil_date.hpp"
#include "base/text.hpp"

#include <limits>

namespace kaigong::crypto::der {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

Error malformed() {
    return error(Errc::invalid_input, "crypto.der_malformed",
                 "数据不是有效的 DER 编码，可能已损坏，请重新取得原始文件。");
}

struct Header {
    std::size_t length = 0;
    std::size_t bytes = 0;
};

/// Tag and length, in their only form: one byte of tag, the shortest length.
std::optional<Header> read_header(BytesView bytes) {
    if (bytes.size() < 2 || (bytes[0] & 0x1F) == 0x1F) return std::nullopt;
    const std::uint8_t first = bytes[1];
    if (first < 0x80) return Header{first, 2};
    const std::size_t count = first & 0x7F;
    if (count == 0 || count > 4 || bytes.size() < 2 + count || bytes[2] == 0) return std::nullopt;
    std::size_t length = 0;
    for (std::size_t i = 0; i < count; ++i) length = (length << 8) | bytes[2 + i];
    if (length < 0x80) return std::nullopt;
    return Header{length, 2 + count};
}

bool shortest_integer(BytesView content) {
    if (content.empty()) return false;
    if (content.size() == 1) return true;
    const bool high = content[1] >= 0x80;
    return !(content[0] == 0 && !high) && !(content[0] == 0xFF && high);
}

std::optional<int> digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int number = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return number;
}

std::optional<CivilDate> date_part(Tag tag, std::string_view& text) {
    auto year = digits(text, tag == kUtcTime ? 2 : 4);
    const auto month = digits(text, 2);
    const auto day = digits(text, 2);
    if (!year || !month || !day) return std::nullopt;
    // RFC 5280 4.1.2.5.1: two digits from 50 on are of the last century.
    if (tag == kUtcTime) *year += *year >= 50 ? 1900 : 2000;
    if (*year < 1 || *month < 1 || *month > 12 || *day < 1 || *day > days_in_month(*year, *month)) return std::nullopt;
    return CivilDate{*year, *month, *day};
}

/// `.123` to milliseconds; nothing where the text does not begin with a point.
std::optional<std::int64_t> fraction_ms(std::string_view& text) {
    text.remove_prefix(1);
    std::int64_t result = 0;
    std::int64_t unit = 100;
    std::size_t count = 0;
    for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count, unit /= 10) {
        result += unit * (text[count] - '0');
    }
    if (count == 0 || text[count - 1] == '0') return std::nullopt;
    text.remove_prefix(count);
    return result;
}

void append_utf8(std::string& out, unsigned code) {
    if (code < 0x80) {
        out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
        out.push_back(static_cast<char>(0xC0 | (code >> 6)));
        out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    } else {
        out.push_back(static_cast<char>(0xE0 | (code >> 12)));
        out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    }
}

std::optional<std::string> from_bmp(BytesView content) {
    if (content.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < content.size(); i += 2) {
        append_utf8(out, (static_cast<unsigned>(content[i]) << 8) | content[i + 1]);
    }
    return out;
}

}  // namespace

Result<Element> Reader::next() {
    const auto header = read_header(rest_);
    if (rest_.size() > kBytesMax || depth_left_ == 0 || !header || header->length > rest_.size() - header->bytes) {
        return malformed();
    }
    const std::size_t size = header->bytes + header->length;
    const Element element{rest_[0], rest_.subspan(header->bytes, header->length), rest_.first(size)};
    rest_ = rest_.subspan(size);
    return element;
}

Result<Element> Reader::next(Tag tag) {
    if (!at(tag)) return malformed();
    return next();
}

Result<Reader> Reader::enter(Tag tag) {
    KAIGONG_TRY(element, next(tag));
    return Reader(element.content, depth_left_ - 1);
}

Result<std::vector<Element>> Reader::all() {
    std::vector<Element> elements;
    while (!empty()) {
        KAIGONG_TRY(element, next());
        elements.push_back(element);
    }
    return elements;
}

Result<void> Reader::finish() const {
    if (!empty()) return malformed();
    return {};
}

Result<bool> Reader::boolean() {
    KAIGONG_TRY(element, next(kBoolean));
    if (element.content.size() != 1 || (element.content[0] != 0 && element.content[0] != 0xFF)) return malformed();
    return element.content[0] != 0;
}

Result<BytesView> Reader::big_integer() {
    KAIGONG_TRY(element, next(kInteger));
    if (!shortest_integer(element.content)) return malformed();
    return element.content;
}

Result<std::int64_t> Reader::integer() {
    KAIGONG_TRY(content, big_integer());
    if (content.size() > 8) return malformed();
    std::uint64_t number = content[0] >= 0x80 ? std::numeric_limits<std::uint64_t>::max() : 0;
    for (const std::uint8_t byte : content) number = (number << 8) | byte;
    return static_cast<std::int64_t>(number);
}

Result<std::string> Reader::oid() {
    KAIGONG_TRY(element, next(kOid));
    auto text = dotted(element.content);
    if (!text) return malformed();
    return std::move(*text);
}

Result<BytesView> Reader::octet_string() {
    KAIGONG_TRY(element, next(kOctetString));
    return element.content;
}

Result<BytesView> Reader::bit_string() {
    KAIGONG_TRY(element, next(kBitString));
    if (element.content.empty() || element.content[0] != 0) return malformed();
    return element.content.subspan(1);
}

Result<std::string> Reader::text() {
    KAIGONG_TRY(element, next());
    switch (element.tag) {
        case kUtf8String:
        case kPrintableString:
        case kIa5String:
        case kTeletexString: {
            std::string text = to_text(element.content);
            if (!count_code_points(text)) return malformed();
            return text;
        }
        case kBmpString: {
            auto text = from_bmp(element.content);
            if (!text || !count_code_points(*text)) return malformed();
            return std::move(*text);
        }
        default: return malformed();
    }
}

Result<std::int64_t> Reader::time() {
    KAIGONG_TRY(element, next());
    const auto at_ms = parse_time(element.tag, to_text(element.content));
    if (!at_ms) return malformed();
    return *at_ms;
}

Result<Element> single(BytesView bytes) {
    Reader reader(bytes);
    KAIGONG_TRY(element, reader.next());
    KAIGONG_CHECK(reader.finish());
    return element;
}

std::optional<std::int64_t> parse_time(Tag tag, std::string_view text) {
    if (tag != kUtcTime && tag != kGeneralizedTime) return std::nullopt;
    const auto date = date_part(tag, text);
    const auto hour = digits(text, 2);
    const auto minute = digits(text, 2);
    const auto second = digits(text, 2);
    if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    std::int64_t at_ms = days_of(*date) * kDayMs + ((*hour * 60 + *minute) * 60 + *second) * std::int64_t{1000};
    if (tag == kGeneralizedTime && text.starts_with('.')) {
        const auto fraction = fraction_ms(text);
        if (!fraction) return std::nullopt;
        at_ms += *fraction;
    }
    if (text != "Z") return std::nullopt;
    return at_ms;
}

std::optional<std::string> dotted(BytesView content) {
    if (content.empty() || content.back() >= 0x80) return std::nullopt;
    std::string text;
    std::uint64_t number = 0;
    bool begins = true;
    for (const std::uint8_t byte : content) {
        if (begins && byte == 0x80) return std::nullopt;
        if (number >> 57 != 0) return std::nullopt;
        number = (number << 7) | (byte & 0x7F);
        begins = byte < 0x80;
        if (!begins) continue;
        if (text.empty()) {
            const std::uint64_t root = number < 80 ? number / 40 : 2;
            text = std::to_string(root) + "." + std::to_string(number - root * 40);
        } else {
            text += "." + std::to_string(number);
        }
        number = 0;
    }
    return text;
}

}  // namespace kaigong::crypto::der
