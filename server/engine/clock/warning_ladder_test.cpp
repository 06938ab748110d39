#include "engine/clock/warning_ladder.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "engine/calendar/published_years_test.hpp"

using namespace kaigong;
using namespace kaigong::clock;
using kaigong::calendar::published_years;

namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr Budget kDecision{Unit::working_days, 7};

std::int64_t at(const char* day, int hour = 10) {
    return office_midnight_ms(parse_date(day).value()) + hour * kHourMs;
}

Ladder ladder_of(const char* steps) {
    return ladder_from_json({{"warning_ladder", boost::json::parse(steps)}}).value();
}

const Ladder kLadder = ladder_of(R"([
    {"when": "yellow", "do": "remind_holder"}, {"when": "due", "do": "tell_section_head"},
    {"when": {"overdue_working_days": 1}, "do": "tell_deputy_leader"},
    {"when": {"overdue_working_days": 2}, "do": "expedite_order"}])");

/// Filed on Monday 23 November 2026: due on Wednesday 2 December.
std::vector<Entry> ledger() {
    return {{Act::start, at("2026-11-23"), PauseKind::applicant, "receipt"}};
}

LadderReading look(const std::vector<Entry>& entries, std::int64_t now_ms) {
    return read_ladder(kLadder, read_clock(kDecision, entries, published_years(), now_ms).value(), published_years(),
                       now_ms);
}

}  // namespace

TEST_CASE("each step is due when its day begins and not a millisecond before") {
    const auto day = [](const char* text) { return at(text, 0); };
    const std::array<std::int64_t, 4> instants{day("2026-12-01"), day("2026-12-02"), day("2026-12-03"),
                                               day("2026-12-04")};
    for (std::size_t i = 0; i < instants.size(); ++i) {
        CHECK(look(ledger(), instants[i] - 1).due == i);
        CHECK(look(ledger(), instants[i] - 1).next_at_ms == instants[i]);
        CHECK(look(ledger(), instants[i]).due == i + 1);
    }
    CHECK(look(ledger(), instants.back()).next_at_ms == std::nullopt);
}

TEST_CASE("the first step comes with the yellow light, also where a weekend lies before the last day") {
    for (const char* filed : {"2026-11-23", "2026-11-26", "2026-09-21", "2024-09-20", "2026-12-10"}) {
        const std::vector<Entry> entries{{Act::start, at(filed), PauseKind::applicant, "receipt"}};
        for (std::int64_t hour = 0; hour < 24LL * 20; hour += 6) {
            const auto now_ms = at(filed) + hour * kHourMs;
            const auto reading = read_clock(kDecision, entries, published_years(), now_ms).value();
            if (reading.provisional) continue;
            CAPTURE(to_string(office_date(now_ms)));
            CHECK((look(entries, now_ms).due > 0) == (reading.light != Light::green));
        }
    }
}

TEST_CASE("days off after the last day are not days of delay") {
    // Due on Friday 4 December.
    const std::vector<Entry> entries{{Act::start, at("2026-11-25"), PauseKind::applicant, "receipt"}};
    CHECK(look(entries, at("2026-12-05")).due == 2);
    CHECK(look(entries, at("2026-12-06", 23)).due == 2);
    CHECK(look(entries, at("2026-12-07", 0)).due == 3);
}

TEST_CASE("while the clock stands still no step is due, and after it the steps have moved with the last day") {
    auto entries = ledger();
    entries.push_back({Act::pause, at("2026-11-25"), PauseKind::special, "hold"});
    CHECK(look(entries, at("2026-12-31")).due == 0);
    CHECK(look(entries, at("2026-12-31")).next_at_ms == std::nullopt);
    entries.push_back({Act::resume, at("2026-11-27"), PauseKind::special, "resume"});
    CHECK(look(entries, at("2026-12-02", 0)).due == 0);
    CHECK(look(entries, at("2026-12-03", 0)).due == 1);
}

TEST_CASE("a case that was late when its clock was stopped or stands still is not climbed on") {
    auto entries = ledger();
    entries.push_back({Act::pause, at("2026-12-07"), PauseKind::special, "hold"});
    CHECK(look(entries, at("2026-12-20")).due == 0);
    auto decided = ledger();
    decided.push_back({Act::stop, at("2026-12-07"), PauseKind::applicant, "decided"});
    CHECK(look(decided, at("2026-12-20")).due == 0);
}

TEST_CASE("no step hangs on a day of a year that is not published") {
    const std::vector<Entry> entries{{Act::start, at("2026-12-25"), PauseKind::applicant, "receipt"}};
    CHECK(look(entries, at("2027-01-20")).due == 0);
    CHECK(look(entries, at("2027-01-20")).next_at_ms == std::nullopt);
    // The last day is certain, the first working day after it is not.
    const std::vector<Entry> late{{Act::start, at("2026-12-22"), PauseKind::applicant, "receipt"}};
    REQUIRE(read_clock(kDecision, late, published_years(), at("2026-12-31")).value().due_on == CivilDate{2026, 12, 31});
    CHECK(look(late, at("2026-12-31")).due == 2);
    CHECK(look(late, at("2027-01-20")).due == 0);
}

TEST_CASE("a ladder that can't be is named") {
    for (const char* wrong :
         {R"({})", R"([{"when": "yellow"}])", R"([{"when": "green", "do": "remind_holder"}])",
          R"([{"when": "due", "do": "grant"}])", R"([{"when": {"overdue_working_days": 0}, "do": "expedite_order"}])",
          R"([{"when": {"overdue_days": 1}, "do": "expedite_order"}])",
          R"([{"when": "due", "do": "remind_holder", "to": "head"}])",
          R"([{"when": "due", "do": "remind_holder"}, {"when": "yellow", "do": "remind_holder"}])",
          R"([{"when": "due", "do": "remind_holder"}, {"when": "due", "do": "remind_holder"}])"}) {
        CAPTURE(wrong);
        const auto ladder = ladder_from_json({{"warning_ladder", boost::json::parse(wrong)}});
        REQUIRE_FALSE(ladder);
        CHECK(ladder.error().reason == "clock.ladder_malformed");
    }
    CHECK(ladder_from_json({}).value().empty());
}
