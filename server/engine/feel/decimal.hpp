// A FEEL number: IEEE 754 decimal128, 34 digits, rounded half-even. The only file that knows the decimal library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaigong::feel {

enum class Rounding { half_even, up, down, half_up, half_down, ceiling, floor };

/// A value type of 16 bytes. Operations never throw: overflow, division by zero and invalid operations give a Decimal
/// with `is_finite() == false`, which `Value` turns into null with a reason.
class Decimal {
  public:
    Decimal() : Decimal(0) {}
    explicit Decimal(std::int64_t value);
    /// `12`, `-0.5`, `1.23e-4`; nothing for anything else, for infinities and past the exponent range.
    static std::optional<Decimal> parse(std::string_view text);
    /// The shortest decimal that reads back as the same double (how JSON numbers arrive when they were doubles).
    static Decimal from_double(double value);

    bool is_finite() const { return (words_[1] & kSpecialMask) != kSpecialMask; }
    bool is_zero() const;
    bool is_negative() const;
    bool is_integer() const;
    /// The value when it is whole and fits.
    std::optional<std::int64_t> to_int64() const;
    /// The whole part, cut towards zero, when it fits.
    std::optional<std::int64_t> truncated_int64() const;
    double to_double() const;
    /// Plain digits without trailing zeros (`1.5`, `-0.001`); an exponent only beyond 40 digits.
    std::string to_string() const;

    Decimal operator-() const;
    friend Decimal operator+(const Decimal& left, const Decimal& right);
    friend Decimal operator-(const Decimal& left, const Decimal& right);
    friend Decimal operator*(const Decimal& left, const Decimal& right);
    friend Decimal operator/(const Decimal& left, const Decimal& right);
    friend bool operator==(const Decimal& left, const Decimal& right);
    friend bool operator<(const Decimal& left, const Decimal& right);
    friend bool operator>(const Decimal& left, const Decimal& right) { return right < left; }
    friend bool operator<=(const Decimal& left, const Decimal& right) { return left < right || left == right; }
    friend bool operator>=(const Decimal& left, const Decimal& right) { return right <= left; }

    /// `scale` digits after the point; negative scales round to tens, hundreds … A number that cannot be written with
    /// that many digits (34 in all) is given back unchanged.
    Decimal rounded(int scale, Rounding mode) const;
    Decimal floor() const { return rounded(0, Rounding::floor); }
    Decimal abs() const;
    Decimal sqrt() const;
    Decimal exp() const;
    Decimal log() const;
    /// Whole exponents by repeated multiplication (exact where 34 digits hold the result), others by the library.
    static Decimal power(const Decimal& base, const Decimal& exponent);

  private:
    friend struct DecimalBits;
    /// The bits that infinities and NaN have set (IEEE 754 §3.5.2).
    static constexpr std::uint64_t kSpecialMask = 0x7800'0000'0000'0000;
    std::uint64_t words_[2];
};

}  // namespace kaigong::feel
