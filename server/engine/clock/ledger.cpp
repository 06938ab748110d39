#include "engine/clock/ledger.hpp"

#include <fmt/format.h>

namespace kaigong::clock {
namespace {

Error out_of_order(std::size_t index) {
    return error(Errc::invalid_input, "clock.entries_out_of_order",
                 fmt::format("时限台账第{}条与前面的记录矛盾,请按发生的先后补正记录。", index + 1));
}

Error not_started() {
    return error(Errc::conflict, "clock.not_started", "时限尚未开始计算,请在收件后再查看。");
}

/// False when the entry does not follow from what stands before it.
bool add_entry(Intervals& intervals, const Entry& entry, bool first) {
    if (first != (entry.act == Act::start) || intervals.stopped_at_ms) return false;
    switch (entry.act) {
        case Act::start: intervals.started_at_ms = entry.at_ms; return true;
        case Act::pause:
            if (intervals.is_paused()) return false;
            intervals.pauses.push_back({.from_ms = entry.at_ms, .kind = entry.pause_kind});
            return true;
        case Act::resume:
            if (!intervals.is_paused()) return false;
            intervals.pauses.back().through_ms = entry.at_ms;
            return true;
        case Act::stop:
            // A clock that is stopped while paused (the applicant withdrew) ends with its pause.
            if (intervals.is_paused()) intervals.pauses.back().through_ms = entry.at_ms;
            intervals.stopped_at_ms = entry.at_ms;
            return true;
    }
    return false;
}

}  // namespace

const Pause* Intervals::pause_on(CivilDate day) const {
    for (const Pause& pause : pauses) {
        if (day <= office_date(pause.from_ms)) continue;
        if (pause.is_open() || day <= office_date(pause.through_ms)) return &pause;
    }
    return nullptr;
}

Result<Intervals> intervals_of(std::span<const Entry> ledger, std::int64_t now_ms) {
    if (ledger.size() > kEntriesMax) {
        return error(Errc::too_large, "clock.too_many_entries", "时限台账的记录过多,请联系系统管理员核查。");
    }
    Intervals intervals;
    for (std::size_t i = 0; i < ledger.size(); ++i) {
        if (i > 0 && ledger[i].at_ms < ledger[i - 1].at_ms) return out_of_order(i);
        if (ledger[i].at_ms > now_ms) return i == 0 ? not_started() : Result<Intervals>(std::move(intervals));
        if (!add_entry(intervals, ledger[i], i == 0)) return out_of_order(i);
    }
    if (ledger.empty()) return not_started();
    return intervals;
}

}  // namespace kaigong::clock
