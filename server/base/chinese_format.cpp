#include "base/chinese_format.hpp"

#include <fmt/format.h>
#include <array>
#include <string_view>

namespace kaigong {
namespace {

constexpr std::string_view kNoBreakSpace = "\u00A0";
constexpr std::size_t kUngroupedDigits = 4;

std::uint64_t magnitude(std::int64_t value) {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::string grouped(std::uint64_t value) {
    std::string digits = std::to_string(value);
    if (digits.size() <= kUngroupedDigits) return digits;
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) text += kNoBreakSpace;
        text.push_back(digits[i]);
    }
    return text;
}

/// `value` counts units of 10^-decimals.
std::string decimal(bool negative, std::uint64_t value, int decimals, bool keep_zeros) {
    std::uint64_t unit = 1;
    for (int i = 0; i < decimals; ++i) unit *= 10;
    std::string fraction = fmt::format("{:0{}}", value % unit, decimals);
    while (!keep_zeros && fraction.ends_with('0')) fraction.pop_back();
    return fmt::format("{}{}{}{}", negative && value != 0 ? "-" : "", grouped(value / unit),
                       fraction.empty() ? "" : ".", fraction);
}

}  // namespace

std::string date_text(CivilDate date) {
    return fmt::format("{}年{}月{}日", date.year, date.month, date.day);
}

std::string date_weekday_text(CivilDate date) {
    static constexpr std::array<std::string_view, 7> kDays = {"日", "一", "二", "三", "四", "五", "六"};
    return fmt::format("{}（周{}）", date_text(date), kDays.at(static_cast<std::size_t>(weekday_of(date))));
}

std::string instant_text(std::int64_t at_ms) {
    const CivilDate date = office_date(at_ms);
    const std::int64_t minute = (at_ms - office_midnight_ms(date)) / 60'000;
    return fmt::format("{} {:02}:{:02}", date_text(date), minute / 60, minute % 60);
}

std::string money_wan_number(std::int64_t fen) {
    constexpr std::uint64_t kFenPerYuan = 100;
    const std::uint64_t yuan = (magnitude(fen) + kFenPerYuan / 2) / kFenPerYuan;
    return decimal(fen < 0, yuan, 4, false);
}

std::string money_wan_text(std::int64_t fen) {
    return fmt::format("{}{}万元", money_wan_number(fen), kNoBreakSpace);
}

std::string area_text(std::int64_t m2_hundredths) {
    return fmt::format("{}{}平方米", decimal(m2_hundredths < 0, magnitude(m2_hundredths), 2, true), kNoBreakSpace);
}

std::string length_text(std::int64_t mm) {
    constexpr std::uint64_t kMmPerCentimetre = 10;
    const std::uint64_t centimetres = (magnitude(mm) + kMmPerCentimetre / 2) / kMmPerCentimetre;
    return fmt::format("{}{}米", decimal(mm < 0, centimetres, 2, true), kNoBreakSpace);
}

std::string percent_text(std::int64_t percent_hundredths) {
    return decimal(percent_hundredths < 0, magnitude(percent_hundredths), 2, false) + "%";
}

}  // namespace kaigong
