// How dates, money, areas and lengths are written for people, in letters, certificates and server-rendered pages.
// Thousands are set apart by no-break spaces from five digits on (8260, 12 345.67), so that a line never breaks a
// number.
#pragma once

#include "base/civil_date.hpp"

#include <cstdint>
#include <string>

namespace kaigong {

/// 2026年12月2日
std::string date_text(CivilDate date);
/// 2026年12月2日（周三）
std::string date_weekday_text(CivilDate date);
/// 2026年12月2日 09:05, in the office's time zone.
std::string instant_text(std::int64_t at_ms);

/// 8260 万元; at most four decimals (one yuan), none that are zero. Fen under a yuan are rounded half away from zero:
/// the national tables hold 万元 with four decimals.
std::string money_wan_text(std::int64_t fen);
/// The same without the unit: 8260.5
std::string money_wan_number(std::int64_t fen);
/// 12 345.67 平方米; always two decimals.
std::string area_text(std::int64_t m2_hundredths);
/// 1234.50 米; always two decimals, millimetres rounded half away from zero.
std::string length_text(std::int64_t mm);
/// 12.5%; at most two decimals.
std::string percent_text(std::int64_t percent_hundredths);

}  // namespace kaigong
