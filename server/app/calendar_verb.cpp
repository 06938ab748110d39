// calendar: working days from the command line.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <charconv>
#include <filesystem>

#include "app/verbs.hpp"
#include "base/civil_date.hpp"
#include "engine/calendar/calendar.hpp"

namespace kaigong::app {

Result<kaigong::calendar::Calendar> shipped_calendar() {
    std::vector<kaigong::calendar::YearTable> tables;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator("catalog/shared/holidays", missing)) {
        KAIGONG_TRY(text, text_or_file("@" + entry.path().string()));
        KAIGONG_TRY(table, kaigong::calendar::year_table_from_text(text));
        tables.push_back(std::move(table));
    }
    return kaigong::calendar::Calendar::of(tables);
}

int calendar(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json"});
    const auto date = words.size() == 3 && words[0] == "due" ? parse_date(words[1]) : std::nullopt;
    int days = 0;
    const bool counted =
        date && std::from_chars(words[2].data(), words[2].data() + words[2].size(), days).ec == std::errc{};
    if (!counted || days < 0 || days > kaigong::calendar::kPeriodDaysMax) {
        fmt::print(stderr, "calendar due YYYY-MM-DD WORKING_DAYS\n");
        return kWrongUse;
    }
    const auto known = shipped_calendar();
    if (!known) return refuse(known.error());
    const auto due = known->add_working_days(*date, days);
    if (flag(arguments, "--json")) {
        fmt::print("{}\n", boost::json::serialize(boost::json::object{{"due_on", to_string(due.value)},
                                                                      {"provisional", due.provisional}}));
    } else {
        fmt::print("{}{}\n", to_string(due.value), due.provisional ? " provisional" : "");
    }
    return kDone;
}

}  // namespace kaigong::app
