// Working time of officers (责任追溯): how long somebody held something, counted in office hours on working days as the
// calendar knows them, without the stretches in which the clock stood still. Pure.
// Not for time limits: those count whole days (clock.hpp).
//
// Shape of the setting, `office_hours` of matter.json: [{"from": "08:30", "through": "12:00"}, …], in order, not
// overlapping. What they add up to is one working day (kDefaultOfficeHours: eight hours).
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/clock/clock.hpp"

namespace kaigong::clock {

/// Minutes since midnight in the office, the end not included.
struct Sitting {
    int from_minute = 0;
    int through_minute = 0;

    bool operator==(const Sitting&) const = default;
};

struct OfficeHours {
    std::vector<Sitting> sittings = {{8 * 60 + 30, 12 * 60}, {13 * 60 + 30, 18 * 60}};

    std::int64_t day_ms() const;
    bool operator==(const OfficeHours&) const = default;
};

/// `settings` is matter.json; without `office_hours` the default holds. Fails with clock.office_hours_malformed.
Result<OfficeHours> office_hours_from_json(const boost::json::object& settings);

/// Office hours in [from_ms, through_ms) outside the pauses of the ledger; provisional when a day of them lies in a
/// year that is not published. A stretch that ends before it begins has none. Fails as a ledger does that can't be
/// read.
Result<calendar::Answer<std::int64_t>> working_ms(std::span<const Entry> ledger, const OfficeHours& hours,
                                                  const calendar::Calendar& calendar, std::int64_t from_ms,
                                                  std::int64_t through_ms);

}  // namespace kaigong::clock
