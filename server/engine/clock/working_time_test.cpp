#include "engine/clock/working_time.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "engine/calendar/published_years_test.hpp"

using namespace kaigong;
using namespace kaigong::clock;
using kaigong::calendar::published_years;

namespace {

constexpr std::int64_t kHourMs = 3'600'000;

std::int64_t at(const char* day, int hour, int minute = 0) {
    return office_midnight_ms(parse_date(day).value()) + hour * kHourMs + minute * 60'000LL;
}

const std::vector<Entry> kRunning{{Act::start, at("2024-01-02", 9), PauseKind::applicant, "receipt"}};

double hours(std::int64_t from_ms, std::int64_t through_ms, const std::vector<Entry>& ledger = kRunning) {
    const auto worked = working_ms(ledger, {}, published_years(), from_ms, through_ms).value();
    CHECK_FALSE(worked.provisional);
    return static_cast<double>(worked.value) / kHourMs;
}

std::string refusal(const char* json) {
    const auto read = office_hours_from_json(boost::json::parse(json).as_object());
    return read ? "" : read.error().reason;
}

}  // namespace

TEST_CASE("a working day has eight office hours, and its lunch and its night have none") {
    CHECK(OfficeHours{}.day_ms() == 8 * kHourMs);
    CHECK(hours(at("2026-11-23", 0), at("2026-11-24", 0)) == 8);
    CHECK(hours(at("2026-11-23", 9), at("2026-11-23", 10)) == 1);
    CHECK(hours(at("2026-11-23", 12), at("2026-11-23", 13, 30)) == 0);
    CHECK(hours(at("2026-11-23", 18), at("2026-11-24", 8, 30)) == 0);
    CHECK(hours(at("2026-11-23", 11), at("2026-11-23", 14)) == 1.5);
}

TEST_CASE("whoever holds something over a weekend is not charged with it") {
    CHECK(hours(at("2026-11-27", 17), at("2026-11-30", 9, 30)) == 2);
    CHECK(hours(at("2026-11-28", 0), at("2026-11-30", 0)) == 0);
}

TEST_CASE("a holiday has no hours, and the make-up day (调休) behind it has them although it is a weekend") {
    // 国庆节 2024: 1 to 7 October off, Sunday 29 September and Saturday 12 October worked.
    CHECK(hours(at("2024-09-30", 17), at("2024-10-08", 9, 30)) == 2);
    CHECK(hours(at("2024-09-29", 0), at("2024-09-30", 0)) == 8);
    CHECK(hours(at("2024-10-12", 0), at("2024-10-14", 0)) == 8);
}

TEST_CASE("the stretch in which the clock stands still does not count, to the minute") {
    auto ledger = kRunning;
    ledger.push_back({Act::pause, at("2026-11-23", 10), PauseKind::applicant, "correction"});
    CHECK(hours(at("2026-11-23", 8, 30), at("2026-11-27", 18), ledger) == 1.5);
    ledger.push_back({Act::resume, at("2026-11-25", 16), PauseKind::applicant, "resubmit"});
    CHECK(hours(at("2026-11-23", 8, 30), at("2026-11-25", 18), ledger) == 1.5 + 2);
    CHECK(hours(at("2026-11-24", 0), at("2026-11-25", 0), ledger) == 0);
}

TEST_CASE("the parts of several holders add up to the whole") {
    const auto whole = hours(at("2026-11-23", 9), at("2026-12-02", 15));
    const auto parts = hours(at("2026-11-23", 9), at("2026-11-24", 11, 17)) +
                       hours(at("2026-11-24", 11, 17), at("2026-11-28", 3)) +
                       hours(at("2026-11-28", 3), at("2026-12-02", 15));
    CHECK(whole == doctest::Approx(parts));
}

TEST_CASE("nothing is held backwards, and of a year that is not published the hours are provisional") {
    CHECK(hours(at("2026-11-24", 9), at("2026-11-23", 9)) == 0);
    const auto guessed = working_ms(kRunning, {}, published_years(), at("2027-01-04", 0), at("2027-01-05", 0)).value();
    CHECK(guessed.provisional);
}

TEST_CASE("other office hours are a setting, and one that can't be is named") {
    const auto given = office_hours_from_json(
        boost::json::parse(R"({"office_hours": [{"from": "09:00", "through": "16:30"}]})").as_object());
    REQUIRE(given);
    CHECK(given->day_ms() == 7 * kHourMs + kHourMs / 2);
    CHECK(office_hours_from_json({}).value() == OfficeHours{});
    for (const char* wrong : {R"({"office_hours": []})", R"({"office_hours": 8})",
                              R"({"office_hours": [{"from": "9:00", "through": "12:00"}]})",
                              R"({"office_hours": [{"from": "09:00", "through": "09:00"}]})",
                              R"({"office_hours": [{"from": "09:00", "through": "24:01"}]})",
                              R"({"office_hours": [{"from": "09:00", "through": "12:00"},
                                                   {"from": "11:59", "through": "18:00"}]})"}) {
        CAPTURE(wrong);
        CHECK(refusal(wrong) == "clock.office_hours_malformed");
    }
    CHECK(refusal(R"({"office_hours": [{"from": "09:00"}]})") == "json.fields_invalid");
}
