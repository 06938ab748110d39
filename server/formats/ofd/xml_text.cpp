#include "formats/ofd/xml_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace kaigong::ofd {

void append_number(std::string& into, double value, int decimals) {
    constexpr std::array<std::int64_t, 5> kPowers{1, 10, 100, 1'000, 10'000};
    const std::int64_t power = kPowers.at(static_cast<std::size_t>(decimals));
    std::int64_t rounded = std::llround(value * static_cast<double>(power));
    if (rounded < 0) {
        into += '-';
        rounded = -rounded;
    }
    std::array<char, 24> digits;
    const auto whole = std::to_chars(digits.data(), digits.data() + digits.size(), rounded / power);
    into.append(digits.data(), whole.ptr);
    std::int64_t rest = rounded % power;
    if (rest == 0) return;
    into += '.';
    for (std::int64_t unit = power / 10; rest != 0; unit /= 10) {
        into += static_cast<char>('0' + rest / unit);
        rest %= unit;
    }
}

void append_box(std::string& into, const layout::Rect& box) {
    append_mm(into, box.x_mm);
    into += ' ';
    append_mm(into, box.y_mm);
    into += ' ';
    append_mm(into, box.width_mm);
    into += ' ';
    append_mm(into, box.height_mm);
}

void append_escaped(std::string& into, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': into += "&amp;"; break;
            case '<': into += "&lt;"; break;
            case '>': into += "&gt;"; break;
            case '"': into += "&quot;"; break;
            case '\t':
            case '\n': into += c; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    into += "\xEF\xBF\xBD";
                } else {
                    into += c;
                }
        }
    }
}

std::string escaped(std::string_view text) {
    std::string result;
    append_escaped(result, text);
    return result;
}

}  // namespace kaigong::ofd
