// A legal time limit (期限): budget + ledger of pauses + calendar → due day, what is left, light, and the stretches of
// a time line. Pure, and the only place in Kaigong where a due day is computed: whoever stores `due_at_ms` stores a
// projection of what `read_clock` said, and asks again whenever the ledger or the calendar changed.
// Not for: which limit applies to what (the catalogue), what happens when one ends (approval).
//
// Rules:
// - The day of receipt is not counted (民法典 201). A working-day limit ends at 24:00 of its n-th counted day.
// - A pause moves the due day by its own length (行政许可法 45; 施工许可管理办法 5): the day on which it begins still
//   counts, the days after it through the day on which it ends do not. A pause within one day moves nothing.
// - While a pause is open there is no due day; used and remaining stand still and the light is frozen.
// - A day of a year that is not published makes everything provisional; a provisional clock never turns red, because no
//   automatic effect may hang on a guess: it stays yellow until the year's table is there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/civil_date.hpp"
#include "base/result.hpp"
#include "engine/calendar/calendar.hpp"

namespace kaigong::clock {

/// calendar_days end on the next working day when they end on a day off (民法典 203). hours run day and night.
enum class Unit { working_days, calendar_days, hours };

struct Budget {
    Unit unit = Unit::working_days;
    int amount = 0;

    bool operator==(const Budget&) const = default;
};

enum class Act { start, pause, resume, stop };
/// Who the clock waits for during a pause: correction (补正) → applicant; special procedure, hold → special.
enum class PauseKind { applicant, special };

/// One line of the ledger. Entries are only ever added.
struct Entry {
    Act act = Act::start;
    std::int64_t at_ms = 0;
    /// Of a pause; else without meaning.
    PauseKind pause_kind = PauseKind::applicant;
    /// Why, as a code: `correction`, `special_procedure` … Not read here.
    std::string reason;
};

enum class Light { green, yellow, red };
enum class SegmentKind { authority, applicant, special, non_working };

/// A stretch of whole days, both ends included.
struct Segment {
    SegmentKind kind = SegmentKind::authority;
    CivilDate from_on;
    CivilDate through_on;

    bool operator==(const Segment&) const = default;
};

/// Exact levels are a setting of the authority.
struct LightLevels {
    /// Yellow from this many days (for a limit in hours: hours) left, downwards.
    int yellow_at_remaining = 1;
};

struct Reading {
    /// Empty while a pause is open, unless the limit was over before it began.
    std::optional<CivilDate> due_on;
    /// The first instant that is too late: 24:00 of `due_on`, or the very end of a limit in hours.
    std::optional<std::int64_t> due_at_ms;
    /// In the budget's unit, today counted as used: on the due day `remaining` is 0, from the next on it is negative.
    int used = 0;
    int remaining = 0;
    bool paused = false;
    bool stopped = false;
    bool provisional = false;
    /// Past the limit, and no guess about it.
    bool overdue = false;
    Light light = Light::green;
    /// From the day after receipt through today or the day of the stop, without gaps. A pause covers days off too.
    std::vector<Segment> segments;
};

/// Names as they stand in JSON.
std::string_view to_string(Light light);
std::string_view to_string(SegmentKind kind);
std::string_view to_string(Unit unit);
std::string_view to_string(Act act);

inline constexpr int kBudgetMax = 3'660;
inline constexpr std::size_t kEntriesMax = 1'000;

/// Reads the clock as it stands at `now_ms`; entries later than that are not looked at, so that any past moment can be
/// asked for. Fails with `clock.budget_out_of_range`, `clock.not_started`, `clock.entries_out_of_order` (times go back,
/// a second start, a pause inside a pause, a resume without one, anything after the stop), `clock.too_many_entries`.
Result<Reading> read_clock(Budget budget, std::span<const Entry> ledger, const calendar::Calendar& calendar,
                           std::int64_t now_ms, LightLevels levels = {});

}  // namespace kaigong::clock
