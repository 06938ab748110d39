// Working days of Chinese authorities: which day counts, and on which day a period of n days or months ends.
// Pure: the tables of the State Council's yearly notices come in as values; nothing is read from disk or asked from a
// clock.
//
// A year without a table ("not published": the notice for a year comes out in the autumn before it) is answered from
// weekends and the fixed statutory days, and every answer that needed such a year says so with `provisional`.
//
// Shape of a table, `catalog/shared/holidays/<year>.json` (unknown members are refused):
//   {"year": 2026,
//    "source": {"title": "国务院办公厅关于2026年部分节假日安排的通知", "document": "国办发明电〔2025〕7号", "url":
//    "https://…"}, "holidays": [{"name": "元旦", "from_on": "2026-01-01", "through_on": "2026-01-03"}, …],
//    "working_on": ["2026-01-04", …]}
// `holidays` are whole stretches with the weekends inside them; `working_on` are the make-up working days (调休上班).
// Days up to a month before or after the year are allowed: a notice for 2019 moved days of December 2018.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/civil_date.hpp"
#include "base/result.hpp"

namespace kaigong::calendar {

struct Holiday {
    std::string name;
    CivilDate from_on;
    CivilDate through_on;
};

/// One calendar year as it was published (日历年度).
struct YearTable {
    int year = 0;
    std::string source_title;
    std::string source_document;
    std::string source_url;
    std::vector<Holiday> holidays;
    std::vector<CivilDate> working_on;
};

/// Reads one table; `source.url` may be left out. Fails with `json.fields_invalid`: one FieldProblem a fault,
/// `calendar.*` for what only a calendar can tell (a make-up day that is no weekend day, holidays that overlap …).
Result<YearTable> year_table_from_json(const boost::json::value& json);
/// The same from the text of the file. Fails with `json.malformed`, `json.too_large` … too.
Result<YearTable> year_table_from_text(std::string_view text);

/// The shape that the readers take.
boost::json::object to_json(const YearTable& table);

/// A value that hangs on calendar years; `provisional` when one of them is not published.
template <class T>
struct Answer {
    T value;
    bool provisional = false;

    bool operator==(const Answer&) const = default;
};

/// Periods are at most this long; a longer one is a bug of the caller and throws std::out_of_range.
inline constexpr int kPeriodDaysMax = 20'000;

/// A day that is another than the country's.
struct DayChange {
    CivilDate on;
    bool working = false;
    std::string name;
};

/// Immutable; any thread.
class Calendar {
  public:
    /// Knows no published year: every answer is provisional.
    Calendar() = default;
    /// Fails with `calendar.year_twice` when two tables are of one year.
    static Result<Calendar> of(const std::vector<YearTable>& tables);

    /// The same with some days changed; which years are published stays as it is.
    Calendar with(const std::vector<DayChange>& changes) const;

    bool is_published(int year) const { return published_.contains(year); }
    Answer<bool> is_working_day(CivilDate date) const;
    /// 「春节」, 「调休上班」, 「周末」 or empty for a plain working day; for people.
    std::string_view day_name(CivilDate date) const;

    /// The n-th working day after `start`, which is not counted (民法典 201; 行政许可法 82). n = 0 gives `start`
    /// itself, a negative n counts backwards ("three working days before").
    Answer<CivilDate> add_working_days(CivilDate start, int n) const;
    /// How many working days lie in (start, through]: the inverse of add_working_days. Negative when `through` is
    /// earlier.
    Answer<int> working_days_between(CivilDate start, CivilDate through) const;
    /// `date`, or the first working day after it: a period that ends on a holiday ends on the next working day (民法典
    /// 203).
    Answer<CivilDate> roll_to_working_day(CivilDate date) const;
    /// A period in months ends on the corresponding day, else on the month's last (民法典 202), rolled by 民法典 203.
    Answer<CivilDate> add_months(CivilDate start, int months) const;
    /// A period in calendar days (自然日) from the day after `start`, rolled by 民法典 203.
    Answer<CivilDate> add_calendar_days(CivilDate start, int days) const;

  private:
    struct Exception {
        bool working = false;
        std::string name;
    };

    std::unordered_set<int> published_;
    std::unordered_map<std::int64_t, Exception> exceptions_;
};

}  // namespace kaigong::calendar
