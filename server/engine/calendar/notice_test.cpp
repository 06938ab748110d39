#include "engine/calendar/notice.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "engine/calendar/published_years_test.hpp"

using namespace kaigong;
using namespace kaigong::calendar;

namespace {

constexpr std::string_view kNotice2024 = R"(国务院办公厅关于2024年
部分节假日安排的通知
国办发明电〔2023〕7号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将2024年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日放假，与周末连休。
　　二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
　　三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
　　四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
　　五、端午节：6月10日放假，与周末连休。
　　六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
　　七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置。
国务院办公厅
2023年10月25日)";

constexpr std::string_view kNotice2025 = R"(国务院办公厅关于2025年部分节假日安排的通知 国办发明电〔2024〕12号
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。)";

constexpr std::string_view kNotice2026 = R"(国务院办公厅关于２０２６年部分节假日安排的通知
国办发明电[2025]7号
一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。
二、春节:2月15日(农历腊月二十八、周日)至23日(农历正月初七、周一)放假调休,共9天。2月14日(周六)、2月28日(周六)上班。
三、清明节:4月4日(周六)至6日(周一)放假,共3天。
四、劳动节:5月1日(周五)至5日(周二)放假调休,共5天。5月9日(周六)上班。
五、端午节:6月19日(周五)至21日(周日)放假,共3天。
六、中秋节:9月25日(周五)至27日(周日)放假,共3天。
七、国庆节:１０月１日(周四)至７日(周三)放假调休,共７天。9月20日(周日)、10月10日(周六)上班。)";

/// The notice of 2026 with one part written otherwise.
std::string altered(std::string_view from, std::string_view to) {
    std::string text(kNotice2026);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

Notice read(std::string_view text) {
    return read_notice(text).value();
}

std::string days_of_table(const YearTable& table) {
    auto json = to_json(table);
    json.erase("source");
    return boost::json::serialize(json);
}

YearTable shipped(int year) {
    std::ifstream file(fmt::format("{}/catalog/shared/holidays/{}.json", KAIGONG_SOURCE_DIR, year));
    return year_table_from_text(std::string{std::istreambuf_iterator<char>(file), {}}).value();
}

std::string problems_of(const Notice& notice) {
    std::string all;
    for (const auto& problem : notice.problems) all += problem.sentence + " | " + problem.message + "\n";
    return all;
}

/// The one problem, with its sentence.
NoticeProblem problem_of(std::string_view text) {
    const auto notice = read(text);
    INFO(problems_of(notice));
    REQUIRE(notice.problems.size() == 1);
    return notice.problems.front();
}

bool says(const NoticeProblem& problem, std::string_view words) {
    INFO(problem.message);
    return problem.message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the notices of 2024, 2025 and 2026 are read as the shipped tables") {
    for (const auto& [year, text] :
         {std::pair(2024, kNotice2024), std::pair(2025, kNotice2025), std::pair(2026, kNotice2026)}) {
        CAPTURE(year);
        const auto notice = read(text);
        CHECK(problems_of(notice) == "");
        CHECK(days_of_table(notice.table) == days_of_table(shipped(year)));
        CHECK(notice.table.source_title == shipped(year).source_title);
    }
    CHECK(read(kNotice2024).table.source_document == "国办发明电〔2023〕7号");
    CHECK(read(kNotice2026).table.source_document == "国办发明电[2025]7号");
}

TEST_CASE("what was read is accepted as a table file") {
    const auto notice = read(kNotice2025);
    const auto again = year_table_from_text(boost::json::serialize(to_json(notice.table)));
    REQUIRE(again);
    CHECK(to_json(*again) == to_json(notice.table));
}

TEST_CASE("a holiday may begin in the year before, with the year written or not") {
    const auto written = read(R"(国务院办公厅关于2019年部分节假日安排的通知 国办发明电〔2018〕15号
一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。
二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月5日放假，与周末连休。
四、劳动节：5月1日放假。
五、端午节：6月7日放假，与周末连休。
六、中秋节：9月13日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。)");
    CHECK(problems_of(written) == "");
    CHECK(written.table.holidays.front().from_on == CivilDate{2018, 12, 30});
    CHECK(written.table.working_on.front() == CivilDate{2018, 12, 29});
    const auto left_out = read(altered("1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班",
                                       "12月31日(周三)至1月2日(周五)放假调休,共3天。12月28日(周日)上班"));
    CHECK(problems_of(left_out) == "");
    CHECK(left_out.table.holidays.front().from_on == CivilDate{2025, 12, 31});
    CHECK(left_out.table.holidays.front().through_on == CivilDate{2026, 1, 2});
    CHECK(left_out.table.working_on.front() == CivilDate{2025, 12, 28});
}

TEST_CASE("the wordings of other years say the same") {
    const auto table = days_of_table(read(kNotice2026).table);
    for (const auto& [from, to] : {
             std::pair{"放假调休,共3天。1月4日(周日)上班", "放假调休，共3天，1月4日（星期日）上班"},
             std::pair{"至3日(周六)放假调休", "至1月3日放假调休"},
             std::pair{"1月1日(周四)至3日(周六)", "2026年1月1日至3日"},
             std::pair{"9月20日(周日)、10月10日(周六)上班", "9月20日(星期天)上班；10月10日上班"},
             std::pair{"一、元旦:1月1日(周四)至3", "一、元旦 ： 1 月 1 日 ( 周 四 )\n至 3"},
             std::pair{"放假,共3天。\n六、", "放假，共3天\n六、"},
             std::pair{"4月4日(周六)至6日(周一)放假,共3天", "4月4日(周六)至6日(周一)，放假3天"},
         }) {
        CAPTURE(to);
        const auto notice = read(altered(from, to));
        CHECK(problems_of(notice) == "");
        CHECK(days_of_table(notice.table) == table);
    }
}

TEST_CASE("each contradiction is named with its sentence") {
    const auto weekday = problem_of(altered("3日(周六)", "3日(周日)"));
    CHECK(weekday.sentence == "一、元旦:1月1日(周四)至3日(周日)放假调休,共3天");
    CHECK(says(weekday, "2026年1月3日是周六"));
    CHECK(says(problem_of(altered("共9天", "共8天")), "写的是共8天,但所写日期合计9天"));
    CHECK(says(problem_of(altered("5月9日(周六)上班", "5月8日上班")), "2026年5月8日是周五"));
    CHECK(says(problem_of(altered("6月19日(周五)", "6月31日(周五)")), "不是真实的日期"));
    CHECK(says(problem_of(altered("5月9日(周六)上班", "5月2日(周六)上班")), "不能既放假又上班"));
    CHECK(says(problem_of(altered("、10月10日(周六)上班", "、9月20日(周日)上班")), "写了两次"));
    CHECK(says(problem_of(altered("9月20日(周日)、10月10日(周六)上班", "9月20日(周日)、10月10日(周六)")), "没有看懂"));
    CHECK(says(problem_of(altered("至23日(农历正月初七、周一)放假调休,共9天", "至5月23日放假")), "不像一个假期"));
    CHECK(says(problem_of(altered("六、中秋节:9月25日(周五)至27日(周日)放假,共3天。\n", "")), "没有读到中秋"));
    CHECK(says(problem_of(altered("国办发明电[2025]7号", "")), "发文字号"));
}

TEST_CASE("a notice of another year than its dates shows in the weekdays") {
    const auto notice = read(altered("２０２６年部分", "2027年部分"));
    CHECK(notice.problems.size() > 10);
}

TEST_CASE("what is no notice gives no table that could be published") {
    for (const std::string_view text : {"", "你好", "关于2027年部分节假日安排的通知", "{\"year\": 2027}"}) {
        CAPTURE(text);
        CHECK_FALSE(read(text).problems.empty());
    }
    CHECK(read_notice(std::string(kNoticeBytesMax + 1, 'x')).error().reason == "calendar.notice_too_long");
}
