#include "engine/calendar/notice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "engine/calendar/notice_text.hpp"

namespace kaigong::calendar {
namespace {

constexpr int kYearMin = 1950;
constexpr int kYearMax = 2200;
constexpr std::int64_t kHolidayDaysMax = 16;
constexpr std::array<std::string_view, 7> kWeekdayNames{"周日", "周一", "周二", "周三", "周四", "周五", "周六"};
constexpr std::array<std::string_view, 7> kUsualHolidays{"元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆"};

std::string in_words(CivilDate date) {
    return fmt::format("{}年{}月{}日", date.year, date.month, date.day);
}

/// The year of 「关于2027年部分节假日安排的通知」; 0 when the text names none.
int year_in(std::string_view plain) {
    constexpr std::size_t kDigits = 4;
    for (const std::string_view words : {"年部分节假日", "年节假日", "年元旦"}) {
        const auto at = plain.find(words);
        if (at == std::string_view::npos || at < kDigits) continue;
        int year = 0;
        for (const char c : plain.substr(at - kDigits, kDigits)) {
            year = c < '0' || c > '9' ? -1 : year < 0 ? year : year * 10 + (c - '0');
        }
        if (year >= kYearMin && year <= kYearMax) return year;
    }
    return 0;
}

/// 「国办发明电〔2026〕7号」, in whichever brackets.
std::string document_in(std::string_view plain) {
    constexpr std::string_view kEnd = "号";
    constexpr std::size_t kBytesMax = 60;
    const auto from = plain.find("国办发");
    if (from == std::string_view::npos) return "";
    const auto end = plain.find(kEnd, from);
    if (end == std::string_view::npos || end - from > kBytesMax) return "";
    return std::string(plain.substr(from, end + kEnd.size() - from));
}

class Reader {
  public:
    explicit Reader(int year) { notice_.table.year = year; }

    void read(const std::string& sentence) {
        sentence_ = sentence;
        std::string_view rest = sentence;
        if (auto name = take_item_name(rest)) {
            name_ = std::move(*name);
            last_month_ = 0;
        }
        if (name_.empty()) return;
        std::vector<WrittenDate> waiting;
        last_holiday_days_.reset();
        for (const std::string_view clause : clauses_of(rest)) {
            auto dates = dates_of(clause);
            waiting.insert(waiting.end(), dates.begin(), dates.end());
            const bool works = clause.find("上班") != std::string_view::npos;
            const bool rests = clause.find("放假") != std::string_view::npos;
            if (works && rests) {
                complain("同一句里既说放假又说上班,没有看懂。请改成两句,用逗号或句号分开。");
                waiting.clear();
            } else if (works || rests) {
                take(waiting, works);
                waiting.clear();
            }
            if (const auto said = days_said(clause)) check_days(*said);
        }
        check_left_over(waiting);
    }

    void complain(std::string message) {
        notice_.problems.push_back({sentence_, std::move(message)});
        troubled_.push_back(name_);
    }

    Notice finish() {
        sentence_.clear();
        name_.clear();
        std::ranges::sort(notice_.table.working_on);
        check_names();
        check_table();
        return std::move(notice_);
    }

    Notice& notice() { return notice_; }

  private:
    struct Range {
        CivilDate from_on;
        CivilDate through_on;
    };

    /// A year that is left out is the notice's, but for December before New Year.
    int year_of(const WrittenDate& written, int month, const std::optional<CivilDate>& from) const {
        if (written.year != 0) return written.year;
        if (from) return month < from->month ? from->year + 1 : from->year;
        const bool before_new_year = month == 12 && name_.starts_with("元旦");
        return before_new_year ? notice_.table.year - 1 : notice_.table.year;
    }

    std::optional<CivilDate> date_of(const WrittenDate& written, const std::optional<CivilDate>& from) {
        const int month = written.month != 0 ? written.month : last_month_;
        const int year = year_of(written, month, from);
        const auto date = parse_date(fmt::format("{:04}-{:02}-{:02}", year, month, written.day));
        if (month == 0 || !date) {
            complain(fmt::format("“{}”不是真实的日期,请核对。", written.text));
            return std::nullopt;
        }
        last_month_ = month;
        const int weekday = weekday_of(*date);
        if (written.weekday >= 0 && written.weekday != weekday) {
            complain(fmt::format("“{}”写的是{},但{}是{}。请核对日期和年份。", written.text,
                                 kWeekdayNames.at(static_cast<std::size_t>(written.weekday)), in_words(*date),
                                 kWeekdayNames.at(static_cast<std::size_t>(weekday))));
        }
        return date;
    }

    /// Nothing after a date that could not be read.
    std::optional<std::vector<Range>> ranges_of(const std::vector<WrittenDate>& dates) {
        std::vector<Range> ranges;
        for (const WrittenDate& written : dates) {
            const bool ends = written.ends_range && !ranges.empty();
            const auto date = date_of(written, ends ? std::optional(ranges.back().from_on) : std::nullopt);
            if (!date) return std::nullopt;
            if (ends) {
                ranges.back().through_on = *date;
            } else {
                ranges.push_back({*date, *date});
            }
        }
        for (const Range& range : ranges) {
            const auto days = days_of(range.through_on) - days_of(range.from_on);
            if (days >= 0 && days < kHolidayDaysMax) continue;
            complain(fmt::format("从{}到{}不像一个假期,请核对两个日期。", in_words(range.from_on),
                                 in_words(range.through_on)));
            return std::nullopt;
        }
        return ranges;
    }

    void take(const std::vector<WrittenDate>& dates, bool works) {
        if (dates.empty()) return;
        const auto ranges = ranges_of(dates);
        if (!ranges) return;
        if (works) {
            for (const Range& range : *ranges) add_working_days(range);
            return;
        }
        int days = 0;
        for (const Range& range : *ranges) {
            notice_.table.holidays.push_back({name_, range.from_on, range.through_on});
            days += static_cast<int>(days_of(range.through_on) - days_of(range.from_on)) + 1;
        }
        last_holiday_days_ = days;
    }

    void add_working_days(const Range& range) {
        for (CivilDate day = range.from_on; day <= range.through_on; day = add_days(day, 1)) {
            const int weekday = weekday_of(day);
            if (weekday != 0 && weekday != 6) {
                complain(fmt::format("{}是{},本来就是工作日,不用调休上班。请核对日期。", in_words(day),
                                     kWeekdayNames.at(static_cast<std::size_t>(weekday))));
            }
            const auto& days = notice_.table.working_on;
            if (std::ranges::find(days, day) != days.end()) {
                complain(fmt::format("{}调休上班写了两次,请核对。", in_words(day)));
            } else {
                notice_.table.working_on.push_back(day);
            }
        }
    }

    void check_days(int said) {
        if (!last_holiday_days_ || *last_holiday_days_ == said) return;
        complain(fmt::format("写的是共{}天,但所写日期合计{}天。请核对起止日期。", said, *last_holiday_days_));
    }

    /// A date with its weekday belongs to the arrangement; other dates (a signature, the eve that offices may give) do
    /// not.
    void check_left_over(const std::vector<WrittenDate>& waiting) {
        const auto found = std::ranges::find_if(waiting, [](const auto& date) { return date.weekday >= 0; });
        if (found != waiting.end()) {
            complain(fmt::format("“{}”既没有写放假也没有写上班,没有看懂。请补上。", found->text));
        }
    }

    void check_names() {
        for (const std::string_view name : kUsualHolidays) {
            const auto has_name = [&](const std::string& item) { return item.find(name) != std::string::npos; };
            const bool is_told = std::ranges::any_of(notice_.table.holidays, has_name, &Holiday::name) ||
                                 std::ranges::any_of(troubled_, has_name);
            if (!is_told) complain(fmt::format("没有读到{}的安排。请核对是否粘贴了通知的全文。", name));
        }
    }

    /// What only the whole table can tell: the same as of a file.
    void check_table() {
        if (!notice_.problems.empty()) return;
        const auto table = year_table_from_json(to_json(notice_.table));
        if (table) return;
        for (const FieldProblem& problem : table.error().fields) complain(problem.message);
        if (table.error().fields.empty()) complain(table.error().message);
    }

    Notice notice_;
    std::string name_;
    std::string sentence_;
    /// Items about which something was said already.
    std::vector<std::string> troubled_;
    int last_month_ = 0;
    std::optional<int> last_holiday_days_;
};

}  // namespace

Result<Notice> read_notice(std::string_view text) {
    if (text.size() > kNoticeBytesMax) {
        return error(Errc::too_large, "calendar.notice_too_long", "粘贴的内容太长,请只粘贴放假通知的正文。");
    }
    const std::string plain = plain_notice(text);
    const int year = year_in(plain);
    Reader reader(year);
    if (year == 0) {
        reader.complain("没有找到年份。请连同标题“国务院办公厅关于…年部分节假日安排的通知”一起粘贴。");
        return reader.notice();
    }
    reader.notice().table.source_title = fmt::format("国务院办公厅关于{}年部分节假日安排的通知", year);
    reader.notice().table.source_document = document_in(plain);
    if (reader.notice().table.source_document.empty()) {
        reader.complain("没有找到发文字号,如“国办发明电〔2026〕7号”。请把它一起粘贴,放在标题后面。");
    }
    for (const std::string& sentence : sentences_of(plain)) reader.read(sentence);
    return reader.finish();
}

}  // namespace kaigong::calendar
