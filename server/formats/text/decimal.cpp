#include "formats/text/decimal.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace kaigong::text {

void append_decimal(std::string& into, double value, int decimals) {
    constexpr std::array<double, 5> kScales{1, 10, 100, 1'000, 10'000};
    const auto scaled = std::llround(value * kScales.at(static_cast<std::size_t>(decimals)));
    auto rest = static_cast<std::uint64_t>(scaled < 0 ? -scaled : scaled);
    while (decimals > 0 && rest % 10 == 0) {
        rest /= 10;
        --decimals;
    }
    // From the last digit to the first, then into the text at once.
    std::array<char, 24> digits;
    auto* first = digits.data() + digits.size();
    const auto put = [&] {
        *--first = static_cast<char>('0' + rest % 10);
        rest /= 10;
    };
    for (int left = decimals; left > 0; --left) put();
    if (decimals > 0) *--first = '.';
    do put();
    while (rest != 0);
    if (scaled < 0) *--first = '-';
    into.append(first, digits.data() + digits.size());
}

}  // namespace kaigong::text
