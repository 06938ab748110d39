#include "engine/clock/clock.hpp"

#include <doctest/doctest.h>

#include <random>

#include "engine/calendar/published_years_test.hpp"

using namespace kaigong;
using namespace kaigong::clock;
using kaigong::calendar::Calendar;
using kaigong::calendar::published_years;

namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr Budget kDecision{Unit::working_days, 7};

std::int64_t at(const char* day, int hour = 10) {
    return office_midnight_ms(parse_date(day).value()) + hour * kHourMs;
}

Reading read(Budget budget, const std::vector<Entry>& ledger, std::int64_t now_ms) {
    return read_clock(budget, ledger, published_years(), now_ms).value();
}

std::string due(const Reading& reading) {
    return reading.due_on ? to_string(*reading.due_on) : "none";
}

std::string refusal(const std::vector<Entry>& ledger, Budget budget = kDecision) {
    const auto reading = read_clock(budget, ledger, published_years(), at("2026-12-31"));
    return reading ? "" : reading.error().reason;
}

Entry start(const char* day) {
    return {Act::start, at(day), PauseKind::applicant, "receipt"};
}
Entry pause(const char* day, PauseKind kind = PauseKind::applicant) {
    return {Act::pause, at(day), kind, "correction"};
}
Entry resume(const char* day) {
    return {Act::resume, at(day), PauseKind::applicant, "resubmitted"};
}
Entry stop(const char* day) {
    return {Act::stop, at(day), PauseKind::applicant, "decided"};
}

}  // namespace

TEST_CASE("seven working days run from the day after receipt and end with the seventh day (建筑法 8)") {
    const auto reading = read(kDecision, {start("2026-11-23")}, at("2026-11-23", 17));
    CHECK(due(reading) == "2026-12-02");
    CHECK(reading.due_at_ms == office_midnight_ms({2026, 12, 3}));
    CHECK(reading.used == 0);
    CHECK(reading.remaining == 7);
    CHECK(reading.light == Light::green);
    CHECK(reading.segments.empty());
    CHECK_FALSE(reading.provisional);
}

TEST_CASE("the light turns yellow with one day left, and red only when the due day is over") {
    const std::vector<Entry> ledger{start("2026-11-23")};
    CHECK(read(kDecision, ledger, at("2026-11-30")).light == Light::green);
    CHECK(read(kDecision, ledger, at("2026-12-01")).light == Light::yellow);
    const auto last = read(kDecision, ledger, office_midnight_ms({2026, 12, 3}) - 1);
    CHECK(last.remaining == 0);
    CHECK(last.light == Light::yellow);
    CHECK_FALSE(last.overdue);
    const auto late = read(kDecision, ledger, office_midnight_ms({2026, 12, 3}));
    CHECK(late.overdue);
    CHECK(late.light == Light::red);
    CHECK(late.remaining == -1);
    CHECK(late.used == 8);
}

TEST_CASE("an open correction stops the count and hides the due day") {
    const std::vector<Entry> ledger{start("2026-11-23"), pause("2026-11-25")};
    for (const char* now : {"2026-11-25", "2026-12-20"}) {
        const auto reading = read(kDecision, ledger, at(now, 12));
        CHECK(reading.paused);
        CHECK(due(reading) == "none");
        CHECK_FALSE(reading.due_at_ms);
        CHECK(reading.used == 2);
        CHECK(reading.remaining == 5);
        CHECK(reading.light == Light::green);
    }
}

TEST_CASE("a pause moves the due day by its own working days (施工许可管理办法 5)") {
    const auto reading =
        read(kDecision, {start("2026-11-23"), pause("2026-11-25"), resume("2026-11-27")}, at("2026-11-30"));
    CHECK(due(reading) == "2026-12-04");
    CHECK(reading.used == 3);
    CHECK(reading.remaining == 4);
    const auto same_day =
        read(kDecision, {start("2026-11-23"), pause("2026-11-25"), resume("2026-11-25")}, at("2026-11-30"));
    CHECK(due(same_day) == "2026-12-02");
}

TEST_CASE("a pause that begins on the due day leaves the day on which it ends") {
    const std::vector<Entry> open{start("2026-11-23"), pause("2026-12-02")};
    const auto frozen = read(kDecision, open, at("2026-12-10"));
    CHECK(due(frozen) == "none");
    CHECK_FALSE(frozen.overdue);
    CHECK(frozen.light == Light::yellow);
    auto closed = open;
    closed.push_back(resume("2026-12-12"));  // a Saturday
    const auto reading = read(kDecision, closed, at("2026-12-12", 11));
    CHECK(due(reading) == "2026-12-14");
    CHECK(reading.remaining == 0);
    CHECK(read(kDecision, closed, at("2026-12-15", 0)).overdue);
}

TEST_CASE("a pause after the due day heals nothing") {
    const auto reading =
        read(kDecision, {start("2026-11-23"), pause("2026-12-04"), resume("2026-12-10")}, at("2026-12-11"));
    CHECK(due(reading) == "2026-12-02");
    CHECK(reading.overdue);
    CHECK(reading.remaining == -3);  // 3, 4 and 11 December
}

TEST_CASE("the time line shows who was at turn") {
    const auto reading = read(kDecision,
                              {start("2026-11-23"), pause("2026-11-26"), resume("2026-11-30"),
                               pause("2026-12-01", PauseKind::special), resume("2026-12-03")},
                              at("2026-12-06"));
    const std::vector<Segment> expected{
        {SegmentKind::authority, {2026, 11, 24}, {2026, 11, 26}},
        {SegmentKind::applicant, {2026, 11, 27}, {2026, 11, 30}},
        {SegmentKind::authority, {2026, 12, 1}, {2026, 12, 1}},
        {SegmentKind::special, {2026, 12, 2}, {2026, 12, 3}},
        {SegmentKind::authority, {2026, 12, 4}, {2026, 12, 4}},
        {SegmentKind::non_working, {2026, 12, 5}, {2026, 12, 6}},
    };
    CHECK(reading.segments == expected);
}

TEST_CASE("a stopped clock stays as it was at the stop") {
    const std::vector<Entry> ledger{start("2026-11-23"), stop("2026-11-27")};
    const auto reading = read(kDecision, ledger, at("2026-12-20"));
    CHECK(reading.stopped);
    CHECK(reading.used == 4);
    CHECK_FALSE(reading.overdue);
    CHECK(reading.segments.back().through_on == CivilDate{2026, 11, 27});
    const auto withdrawn =
        read(kDecision, {start("2026-11-23"), pause("2026-11-24"), stop("2026-12-20")}, at("2026-12-21"));
    CHECK(withdrawn.stopped);
    CHECK_FALSE(withdrawn.paused);
    CHECK(withdrawn.used == 1);
}

TEST_CASE("in January 2027, with the year not published, the clock is provisional and never red") {
    const std::vector<Entry> ledger{start("2026-12-29")};
    const auto reading = read(kDecision, ledger, at("2027-01-06"));
    CHECK(due(reading) == "2027-01-08");  // 12-30, 12-31, then 01-04 … 01-08
    CHECK(reading.provisional);
    const auto past = read(kDecision, ledger, at("2027-01-20"));
    CHECK(past.provisional);
    CHECK(past.remaining == -8);
    CHECK_FALSE(past.overdue);
    CHECK(past.light == Light::yellow);

    auto tables = kaigong::calendar::published_tables();
    tables.push_back({2027, "t", "d", "u", {{"元旦", {2027, 1, 1}, {2027, 1, 3}}}, {}});
    const auto published = read_clock(kDecision, ledger, Calendar::of(tables).value(), at("2027-01-20")).value();
    CHECK_FALSE(published.provisional);
    CHECK(published.light == Light::red);
}

TEST_CASE("a clock whose days all lie in a published year is firm, though a pause crosses the year's end") {
    const auto open = read(kDecision, {start("2026-12-21"), pause("2026-12-23")}, at("2027-01-10"));
    CHECK_FALSE(open.provisional);
    const auto closed =
        read(kDecision, {start("2026-12-21"), pause("2026-12-23"), resume("2027-01-05")}, at("2027-01-06"));
    CHECK(closed.provisional);
    CHECK(due(closed) == "2027-01-12");
}

TEST_CASE("a limit in calendar days ends on the next working day (民法典 203)") {
    const Budget ten_days{Unit::calendar_days, 10};
    const auto reading = read(ten_days, {start("2026-11-18")}, at("2026-11-28"));
    CHECK(due(reading) == "2026-11-30");
    CHECK(reading.used == 10);
    CHECK(reading.remaining == 0);
    CHECK_FALSE(reading.overdue);
    const auto late = read(ten_days, {start("2026-11-18")}, at("2026-12-02"));
    CHECK(late.remaining == -2);
    CHECK(late.overdue);
}

TEST_CASE("a limit in hours runs day and night and stands still while paused") {
    const Budget hours{Unit::hours, 48};
    const auto plain = read(hours, {start("2026-11-27")}, at("2026-11-28"));
    CHECK(plain.due_at_ms == at("2026-11-29"));
    CHECK(plain.remaining == 24);
    const auto paused =
        read(hours, {start("2026-11-27"), pause("2026-11-28"), resume("2026-11-30")}, at("2026-11-30", 12));
    CHECK(paused.due_at_ms == at("2026-12-01"));
    CHECK(paused.used == 26);
    CHECK_FALSE(read(hours, {start("2026-11-27"), pause("2026-11-28")}, at("2026-12-30")).due_at_ms);
}

TEST_CASE("any moment of the past can be asked for") {
    const std::vector<Entry> ledger{start("2026-11-23"), pause("2026-11-25"), resume("2026-11-27"), stop("2026-12-03")};
    CHECK(due(read(kDecision, ledger, at("2026-11-24"))) == "2026-12-02");
    CHECK(read(kDecision, ledger, at("2026-11-26")).paused);
    CHECK_FALSE(read(kDecision, ledger, at("2026-11-30")).stopped);
    CHECK(read_clock(kDecision, ledger, published_years(), at("2026-11-20")).error().reason == "clock.not_started");
}

TEST_CASE("a ledger that contradicts itself is refused") {
    CHECK(refusal({}) == "clock.not_started");
    CHECK(refusal({pause("2026-11-23")}) == "clock.entries_out_of_order");
    CHECK(refusal({start("2026-11-23"), start("2026-11-24")}) == "clock.entries_out_of_order");
    CHECK(refusal({start("2026-11-23"), pause("2026-11-22")}) == "clock.entries_out_of_order");
    CHECK(refusal({start("2026-11-23"), resume("2026-11-24")}) == "clock.entries_out_of_order");
    CHECK(refusal({start("2026-11-23"), pause("2026-11-24"), pause("2026-11-25")}) == "clock.entries_out_of_order");
    CHECK(refusal({start("2026-11-23"), stop("2026-11-24"), pause("2026-11-25")}) == "clock.entries_out_of_order");
    CHECK(refusal({start("2026-11-23")}, {Unit::hours, 0}) == "clock.budget_out_of_range");
    CHECK(refusal(std::vector<Entry>(kEntriesMax + 1, start("2026-11-23"))) == "clock.too_many_entries");
}

TEST_CASE("for any ledger: days add up, a pause never brings the due day nearer, segments are without gaps") {
    const Calendar calendar = published_years();
    std::mt19937 random(8'600);
    for (int round = 0; round < 3'000; ++round) {
        CAPTURE(round);
        const Budget budget{random() % 3 == 0 ? Unit::calendar_days : Unit::working_days,
                            static_cast<int>(random() % 20) + 1};
        std::int64_t now = office_midnight_ms(add_days({2024, 1, 2}, static_cast<std::int64_t>(random() % 1'000)));
        std::vector<Entry> ledger{{Act::start, now, PauseKind::applicant, ""}};
        std::optional<CivilDate> due_before = read_clock(budget, ledger, calendar, now).value().due_on;
        for (int pauses = static_cast<int>(random() % 4); pauses > 0; --pauses) {
            now += static_cast<std::int64_t>(random() % 96) * kHourMs;
            ledger.push_back({Act::pause, now, random() % 2 == 0 ? PauseKind::applicant : PauseKind::special, ""});
            const int used = read_clock(budget, ledger, calendar, now).value().used;
            now += static_cast<std::int64_t>(random() % 200) * kHourMs;
            const auto at_end = read_clock(budget, ledger, calendar, now).value();
            CHECK(at_end.used == used);
            ledger.push_back({Act::resume, now, PauseKind::applicant, ""});
            const auto resumed = read_clock(budget, ledger, calendar, now).value();
            CHECK(resumed.due_on >= due_before);
            due_before = resumed.due_on;
        }
        int used_before = -1;
        for (int day = 0; day < 30; ++day, now += 24 * kHourMs) {
            const auto reading = read_clock(budget, ledger, calendar, now).value();
            CHECK(reading.used + reading.remaining == budget.amount);
            CHECK(reading.used >= used_before);
            CHECK(reading.overdue == (now >= *reading.due_at_ms));
            CHECK((reading.remaining < 0) <= reading.overdue);
            CHECK(calendar.is_working_day(*reading.due_on).value);
            used_before = reading.used;
            for (std::size_t i = 1; i < reading.segments.size(); ++i) {
                CHECK(reading.segments[i].from_on == add_days(reading.segments[i - 1].through_on, 1));
                CHECK(reading.segments[i].kind != reading.segments[i - 1].kind);
            }
        }
    }
}

TEST_CASE("without pauses a limit in working days is the calendar's own count") {
    const Calendar calendar = published_years();
    for (int day = 0; day < 900; ++day) {
        const CivilDate received = add_days({2024, 1, 1}, day);
        const Entry entry{Act::start, office_midnight_ms(received) + 9 * kHourMs, PauseKind::applicant, ""};
        const auto reading = read_clock(kDecision, {&entry, 1}, calendar, entry.at_ms).value();
        CHECK(reading.due_on == calendar.add_working_days(received, 7).value);
    }
}

TEST_CASE("every vector of the domain facts is a due day, and the light is right at both ends of its last second") {
    struct Vector {
        const char* received;
        int days;
        const char* due;
    };
    for (const Vector& v : {Vector{"2024-09-27", 7, "2024-10-12"}, Vector{"2024-02-06", 5, "2024-02-19"},
                            Vector{"2025-01-24", 7, "2025-02-10"}, Vector{"2025-09-26", 7, "2025-10-13"},
                            Vector{"2025-04-30", 5, "2025-05-12"}, Vector{"2026-02-11", 7, "2026-02-27"},
                            Vector{"2026-02-13", 5, "2026-02-27"}, Vector{"2026-09-30", 5, "2026-10-13"},
                            Vector{"2026-11-23", 7, "2026-12-02"}}) {
        CAPTURE(v.received);
        const Budget budget{Unit::working_days, v.days};
        const std::vector<Entry> ledger{start(v.received)};
        CHECK(due(read(budget, ledger, at(v.received))) == v.due);
        const auto last_second = read(budget, ledger, at(v.due, 24) - 1'000);
        CHECK(last_second.light == Light::yellow);
        CHECK(last_second.remaining == 0);
        CHECK_FALSE(last_second.overdue);
        const auto over = read(budget, ledger, at(v.due, 24));
        CHECK(over.light == Light::red);
    }
}

TEST_CASE("received at the last second of a day counts from the next day, at the first second of it too") {
    const Entry evening{Act::start, at("2026-11-23", 24) - 1'000, PauseKind::applicant, ""};
    const Entry midnight{Act::start, at("2026-11-24", 0), PauseKind::applicant, ""};
    CHECK(due(read(kDecision, {evening}, at("2026-11-24"))) == "2026-12-02");
    CHECK(due(read(kDecision, {midnight}, at("2026-11-24"))) == "2026-12-03");
}

TEST_CASE("over a holiday with make-up days nothing is used on days off, and make-up days are") {
    const std::vector<Entry> ledger{start("2026-09-18")};  // Sunday the 20th is worked, 25 to 27 and 1 to 7 are off
    int used = 0;
    for (CivilDate day{2026, 9, 19}; day <= CivilDate{2026, 10, 10}; day = add_days(day, 1)) {
        CAPTURE(to_string(day));
        if (published_years().is_working_day(day).value) ++used;
        CHECK(read({Unit::working_days, 20}, ledger, office_midnight_ms(day)).used == used);
        CHECK(read({Unit::working_days, 20}, ledger, office_midnight_ms(add_days(day, 1)) - 1).used == used);
    }
    CHECK(used == 11);
}

TEST_CASE("hours and calendar days run over month ends, leap days and a year's end") {
    const Budget hours{Unit::hours, 24};
    CHECK(read(hours, {start("2024-02-28")}, at("2024-02-28")).due_at_ms == at("2024-02-29"));
    CHECK(read(hours, {start("2026-12-31")}, at("2026-12-31")).due_at_ms == at("2027-01-01"));
    CHECK_FALSE(read(hours, {start("2026-12-31")}, at("2027-01-01", 9)).provisional);
    CHECK(due(read({Unit::calendar_days, 1}, {start("2024-02-28")}, at("2024-02-28"))) == "2024-02-29");
    CHECK(due(read({Unit::calendar_days, 30}, {start("2026-01-31")}, at("2026-02-01"))) == "2026-03-02");
    const auto over_the_year = read({Unit::calendar_days, 1}, {start("2026-12-31")}, at("2026-12-31"));
    CHECK(due(over_the_year) == "2027-01-04");
    CHECK(over_the_year.provisional);
}

TEST_CASE("another calendar gives another due day for the same ledger, also for one with a pause") {
    auto tables = kaigong::calendar::published_tables();
    tables.back().holidays.push_back({"临时假", {2026, 11, 27}, {2026, 11, 27}});
    const Calendar changed = Calendar::of(tables).value();
    const std::vector<Entry> plain{start("2026-11-23")};
    CHECK(due(read(kDecision, plain, at("2026-11-24"))) == "2026-12-02");
    CHECK(due(read_clock(kDecision, plain, changed, at("2026-11-24")).value()) == "2026-12-03");
    const std::vector<Entry> paused{start("2026-11-23"), pause("2026-11-26"), resume("2026-11-27")};
    CHECK(due(read(kDecision, paused, at("2026-11-30"))) == "2026-12-03");
    CHECK(due(read_clock(kDecision, paused, changed, at("2026-11-30")).value()) == "2026-12-03");
}
