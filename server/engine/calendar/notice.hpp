// Reads the State Council's yearly notice (国务院办公厅关于…年部分节假日安排的通知) as an administrator pastes it.
//
// Understood is the wording of these notices since 2007: items
// 「一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日 （周日）上班。」, the month or year left out where the
// date before gives it, weekdays in brackets or not, several days to a clause, two holidays in one item, wide or narrow
// digits and brackets, lines broken anywhere. What the notice says twice is checked: each weekday in brackets and each
// 「共3天」 against the calendar. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/calendar/calendar.hpp"

namespace kaigong::calendar {

/// What in the notice contradicts itself or the calendar, or could not be read. `sentence` as it was read; empty where
/// the notice as a whole is meant.
struct NoticeProblem {
    std::string sentence;
    std::string message;
};

struct Notice {
    /// Without problems a table that `year_table_from_json` takes too.
    YearTable table;
    std::vector<NoticeProblem> problems;
};

inline constexpr std::size_t kNoticeBytesMax = 32UL * 1024UL;

/// Fails with `calendar.notice_too_long`.
Result<Notice> read_notice(std::string_view text);

}  // namespace kaigong::calendar
