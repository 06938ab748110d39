#include "engine/feel/decimal.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>

// The library's calling convention, as Debian builds it: arguments by value, rounding and flags passed explicitly.
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
#include <bid_functions.h>

namespace kaigong::feel {

/// Moves the sixteen bytes between our type and the library's.
struct DecimalBits {
    static BID_UINT128 of(const Decimal& value) {
        BID_UINT128 bits;
        bits.w[0] = value.words_[0];
        bits.w[1] = value.words_[1];
        return bits;
    }
    static Decimal from(const BID_UINT128& bits) {
        Decimal value;
        value.words_[0] = bits.w[0];
        value.words_[1] = bits.w[1];
        return value;
    }
};

namespace {

// The encoding with a binary coefficient (IEEE 754 §3.5.2): sign, 14 bits of exponent, 113 bits of coefficient.
constexpr std::uint64_t kSign = 0x8000'0000'0000'0000;
constexpr std::uint64_t kSignAndExponent = 0xFFFE'0000'0000'0000;
constexpr std::uint64_t kExponentZero = 0x3040'0000'0000'0000;
constexpr std::uint64_t kLargeCoefficient = 0x6000'0000'0000'0000;
constexpr std::uint64_t kSmallMax = std::uint64_t{1} << 31U;

/// Most numbers of a form are small and whole: those are calculated here, with the result that the library gives.
std::optional<std::int64_t> small_whole(const BID_UINT128& bits) {
    if ((bits.w[1] & ~kSign) != kExponentZero || bits.w[0] >= kSmallMax) return std::nullopt;
    const auto size = static_cast<std::int64_t>(bits.w[0]);
    // A negative zero keeps its sign in the library's hands.
    if ((bits.w[1] & kSign) == 0) return size;
    return size == 0 ? std::nullopt : std::optional(-size);
}

/// Of two numbers with the same sign and exponent the coefficients decide.
std::optional<int> order_of_alike(const BID_UINT128& left, const BID_UINT128& right) {
    if (((left.w[1] ^ right.w[1]) & kSignAndExponent) != 0 || (left.w[1] & kLargeCoefficient) == kLargeCoefficient) {
        return std::nullopt;
    }
    const auto size = [](const BID_UINT128& bits) { return std::pair(bits.w[1] & ~kSignAndExponent, bits.w[0]); };
    const int sign = (left.w[1] & kSign) != 0 ? -1 : 1;
    if (size(left) == size(right)) return 0;
    return size(left) < size(right) ? -sign : sign;
}

constexpr _IDEC_round kHalfEven = BID_ROUNDING_TO_NEAREST;
constexpr int kPlainDigitsMax = 40;
constexpr std::int64_t kExactExponentMax = 512;

Decimal not_finite() {
    std::array<char, 4> nan{"NaN"};
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_from_string(nan.data(), kHalfEven, &flags));
}

/// One unit of the last digit kept: 10^-scale.
BID_UINT128 quantum(int scale) {
    _IDEC_flags flags = 0;
    return bid128_scalbn(bid128_from_int64(1), -scale, kHalfEven, &flags);
}

BID_UINT128 quantized(const BID_UINT128& bits, int scale, _IDEC_round mode) {
    _IDEC_flags flags = 0;
    return bid128_quantize(bits, quantum(scale), mode, &flags);
}

_IDEC_round library_mode(Rounding mode, bool negative) {
    switch (mode) {
        case Rounding::half_even: return BID_ROUNDING_TO_NEAREST;
        case Rounding::half_up: return BID_ROUNDING_TIES_AWAY;
        case Rounding::ceiling: return BID_ROUNDING_UP;
        case Rounding::floor: return BID_ROUNDING_DOWN;
        case Rounding::up: return negative ? BID_ROUNDING_DOWN : BID_ROUNDING_UP;
        case Rounding::down:
        case Rounding::half_down: return BID_ROUNDING_TO_ZERO;
    }
    return BID_ROUNDING_TO_NEAREST;
}

bool is_number_text(std::string_view text) {
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    std::size_t digits = 0;
    bool point = false;
    for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
        if (text[at] == '.') {
            if (point) return false;
            point = true;
        } else if (text[at] >= '0' && text[at] <= '9') {
            ++digits;
        } else {
            return false;
        }
    }
    if (digits == 0) return false;
    if (at == text.size()) return true;
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (at == text.size() || text.size() - at > 9) return false;
    for (; at < text.size(); ++at) {
        if (text[at] < '0' || text[at] > '9') return false;
    }
    return true;
}

std::string plain(bool negative, std::string digits, int exponent) {
    while (digits.size() > 1 && digits.back() == '0') {
        digits.pop_back();
        ++exponent;
    }
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    if (digits == "0") return "0";
    const int size = static_cast<int>(digits.size());
    std::string text;
    if (exponent >= 0 && size + exponent <= kPlainDigitsMax) {
        text = digits + std::string(static_cast<std::size_t>(exponent), '0');
    } else if (exponent < 0 && -exponent < size) {
        text = digits;
        text.insert(text.end() + exponent, '.');
    } else if (exponent < 0 && -exponent <= kPlainDigitsMax) {
        text = "0." + std::string(static_cast<std::size_t>(-exponent - size), '0') + digits;
    } else {
        text =
            digits.substr(0, 1) + (size > 1 ? "." + digits.substr(1) : "") + "E" + std::to_string(exponent + size - 1);
    }
    return negative ? "-" + text : text;
}

}  // namespace

Decimal::Decimal(std::int64_t value) : words_{} {
    const BID_UINT128 bits = bid128_from_int64(value);
    words_[0] = bits.w[0];
    words_[1] = bits.w[1];
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
    if (!is_number_text(text)) return std::nullopt;
    std::string copy(text);
    _IDEC_flags flags = 0;
    const Decimal result = DecimalBits::from(bid128_from_string(copy.data(), kHalfEven, &flags));
    if (!result.is_finite()) return std::nullopt;
    return result;
}

Decimal Decimal::from_double(double value) {
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return parse(std::string_view(buffer.data(), end)).value_or(not_finite());
}

bool Decimal::is_zero() const {
    return bid128_isZero(DecimalBits::of(*this)) != 0;
}
bool Decimal::is_negative() const {
    return bid128_isSigned(DecimalBits::of(*this)) != 0 && !is_zero();
}

bool Decimal::is_integer() const {
    if (!is_finite()) return false;
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_round_integral_zero(DecimalBits::of(*this), &flags)) == *this;
}

std::optional<std::int64_t> Decimal::to_int64() const {
    if (const auto whole = small_whole(DecimalBits::of(*this))) return whole;
    return is_integer() ? truncated_int64() : std::nullopt;
}

std::optional<std::int64_t> Decimal::truncated_int64() const {
    if (!is_finite()) return std::nullopt;
    if (const auto whole = small_whole(DecimalBits::of(*this))) return whole;
    _IDEC_flags flags = 0;
    const std::int64_t value = bid128_to_int64_int(DecimalBits::of(*this), &flags);
    if ((flags & BID_INVALID_EXCEPTION) != 0) return std::nullopt;
    return value;
}

double Decimal::to_double() const {
    const std::string text = to_string();
    double value = std::numeric_limits<double>::quiet_NaN();
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string Decimal::to_string() const {
    if (!is_finite()) return "NaN";
    if (const auto whole = small_whole(DecimalBits::of(*this))) return std::to_string(*whole);
    std::array<char, 64> buffer{};
    _IDEC_flags flags = 0;
    bid128_to_string(buffer.data(), DecimalBits::of(*this), &flags);
    const std::string_view text(buffer.data());
    const std::size_t mark = text.find('E');
    int exponent = 0;
    const std::size_t from = mark + (text[mark + 1] == '+' ? 2 : 1);
    std::from_chars(text.data() + from, text.data() + text.size(), exponent);
    return plain(text.front() == '-', std::string(text.substr(1, mark - 1)), exponent);
}

Decimal Decimal::operator-() const {
    return DecimalBits::from(bid128_negate(DecimalBits::of(*this)));
}
Decimal Decimal::abs() const {
    return DecimalBits::from(bid128_abs(DecimalBits::of(*this)));
}

Decimal operator+(const Decimal& left, const Decimal& right) {
    const auto one = small_whole(DecimalBits::of(left));
    const auto other = small_whole(DecimalBits::of(right));
    if (one && other) return Decimal(*one + *other);
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_add(DecimalBits::of(left), DecimalBits::of(right), kHalfEven, &flags));
}

Decimal operator-(const Decimal& left, const Decimal& right) {
    const auto one = small_whole(DecimalBits::of(left));
    const auto other = small_whole(DecimalBits::of(right));
    if (one && other) return Decimal(*one - *other);
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_sub(DecimalBits::of(left), DecimalBits::of(right), kHalfEven, &flags));
}

Decimal operator*(const Decimal& left, const Decimal& right) {
    const auto one = small_whole(DecimalBits::of(left));
    const auto other = small_whole(DecimalBits::of(right));
    // A zero takes its sign from both factors.
    if (one && other && *one != 0 && *other != 0) return Decimal(*one * *other);
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_mul(DecimalBits::of(left), DecimalBits::of(right), kHalfEven, &flags));
}

Decimal operator/(const Decimal& left, const Decimal& right) {
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_div(DecimalBits::of(left), DecimalBits::of(right), kHalfEven, &flags));
}

bool operator==(const Decimal& left, const Decimal& right) {
    if (const auto sign = order_of_alike(DecimalBits::of(left), DecimalBits::of(right))) return *sign == 0;
    _IDEC_flags flags = 0;
    return bid128_quiet_equal(DecimalBits::of(left), DecimalBits::of(right), &flags) != 0;
}

bool operator<(const Decimal& left, const Decimal& right) {
    if (const auto sign = order_of_alike(DecimalBits::of(left), DecimalBits::of(right))) return *sign < 0;
    _IDEC_flags flags = 0;
    return bid128_quiet_less(DecimalBits::of(left), DecimalBits::of(right), &flags) != 0;
}

Decimal Decimal::rounded(int scale, Rounding mode) const {
    const BID_UINT128 bits = DecimalBits::of(*this);
    const Decimal cut = DecimalBits::from(quantized(bits, scale, library_mode(mode, is_negative())));
    // A number of 34 digits has no room for more zeros: it is already exact to that place.
    if (!cut.is_finite()) return *this;
    if (mode != Rounding::half_down) return cut;
    const Decimal unit = DecimalBits::from(quantum(scale));
    const Decimal rest = (*this - cut).abs();
    if (rest + rest <= unit) return cut;
    return is_negative() ? cut - unit : cut + unit;
}

Decimal Decimal::sqrt() const {
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_sqrt(DecimalBits::of(*this), kHalfEven, &flags));
}

Decimal Decimal::exp() const {
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_exp(DecimalBits::of(*this), kHalfEven, &flags));
}

Decimal Decimal::log() const {
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_log(DecimalBits::of(*this), kHalfEven, &flags));
}

Decimal Decimal::power(const Decimal& base, const Decimal& exponent) {
    const auto whole = exponent.to_int64();
    if (whole && *whole >= -kExactExponentMax && *whole <= kExactExponentMax) {
        Decimal result(1);
        Decimal square = base;
        for (std::int64_t rest = *whole < 0 ? -*whole : *whole; rest > 0; rest /= 2) {
            if (rest % 2 == 1) result = result * square;
            if (rest > 1) square = square * square;
        }
        return *whole < 0 ? Decimal(1) / result : result;
    }
    _IDEC_flags flags = 0;
    return DecimalBits::from(bid128_pow(DecimalBits::of(base), DecimalBits::of(exponent), kHalfEven, &flags));
}

}  // namespace kaigong::feel
