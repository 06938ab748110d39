#include <array>

#include "engine/feel/builtins.hpp"
#include "engine/feel/machine.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::feel {

namespace {

// The exponents of decimal128: no number has digits beyond these places.
constexpr std::int64_t kScaleMin = -6'111;
constexpr std::int64_t kScaleMax = 6'176;

Value rounded(const Call& call, Rounding mode) {
    std::int64_t scale = 0;
    if (call.arguments.size() > 1) {
        const auto asked = call[1].as_number().truncated_int64();
        if (!asked || *asked < kScaleMin || *asked > kScaleMax) {
            return Value::null("feel.wrong_scale", "小数位数应在 -6111 到 6176 之间，请改正。");
        }
        scale = *asked;
    }
    return Value(call[0].as_number().rounded(static_cast<int>(scale), mode));
}

Value decimal(const Call& call) {
    return rounded(call, Rounding::half_even);
}
Value floor(const Call& call) {
    return rounded(call, Rounding::floor);
}
Value ceiling(const Call& call) {
    return rounded(call, Rounding::ceiling);
}
Value round_up(const Call& call) {
    return rounded(call, Rounding::up);
}
Value round_down(const Call& call) {
    return rounded(call, Rounding::down);
}
Value round_half_up(const Call& call) {
    return rounded(call, Rounding::half_up);
}
Value round_half_down(const Call& call) {
    return rounded(call, Rounding::half_down);
}

Value absolute(const Call& call) {
    if (call[0].is(Kind::number)) return Value(call[0].as_number().abs());
    const bool negative =
        call[0].is(Kind::years_months) ? call[0].as_years_months().months < 0 : call[0].as_days_time().seconds < 0;
    return negative ? negate(call[0]) : call[0];
}

/// The remainder with the divisor's sign: dividend - divisor * floor(dividend / divisor).
Decimal remainder(const Decimal& dividend, const Decimal& divisor) {
    return dividend - divisor * (dividend / divisor).floor();
}

Value modulo(const Call& call) {
    if (call[1].as_number().is_zero()) return Value::null("feel.division_by_zero", "除数是 0，不能取余，请检查除数。");
    return Value(remainder(call[0].as_number(), call[1].as_number()));
}

Value out_of_domain(std::string_view what) {
    return Value::null("feel.number_out_of_range", std::string(what));
}

Value square_root(const Call& call) {
    if (call[0].as_number().is_negative()) return out_of_domain("负数没有平方根，请检查数值。");
    return Value(call[0].as_number().sqrt());
}

Value logarithm(const Call& call) {
    const Decimal& number = call[0].as_number();
    if (number.is_negative() || number.is_zero()) return out_of_domain("只有正数才有对数，请检查数值。");
    if (!call.machine.spend(kTranscendentalSteps)) return call.machine.exhausted();
    return Value(number.log());
}

Value exponential(const Call& call) {
    if (!call.machine.spend(kTranscendentalSteps)) return call.machine.exhausted();
    return Value(call[0].as_number().exp());
}
Value odd(const Call& call) {
    return Value(remainder(call[0].as_number(), Decimal(2)) == Decimal(1));
}
Value even(const Call& call) {
    return Value(remainder(call[0].as_number(), Decimal(2)).is_zero());
}

constexpr std::array kNumberTable{
    Definition{"decimal", "n n, scale n", decimal},
    Definition{"floor", "n n | n n, scale n", floor},
    Definition{"ceiling", "n n | n n, scale n", ceiling},
    Definition{"round up", "n n, scale n", round_up},
    Definition{"round down", "n n, scale n", round_down},
    Definition{"round half up", "n n, scale n", round_half_up},
    Definition{"round half down", "n n, scale n", round_half_down},
    Definition{"abs", "n n | n d", absolute},
    Definition{"modulo", "dividend n, divisor n", modulo},
    Definition{"sqrt", "number n", square_root},
    Definition{"log", "number n", logarithm},
    Definition{"exp", "number n", exponential},
    Definition{"odd", "number n", odd},
    Definition{"even", "number n", even},
};

}  // namespace

std::span<const Definition> number_builtins() {
    return kNumberTable;
}

}  // namespace kaigong::feel
