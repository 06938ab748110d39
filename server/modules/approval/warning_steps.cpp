#include "modules/approval/warning_steps.hpp"

#include <stdexcept>

#include "modules/approval/clock_projection.hpp"
#include "modules/approval/store_expedite_orders.hpp"

namespace kaigong::approval {
namespace {

template <class T>
T checked(Result<T> setting) {
    if (!setting) throw std::logic_error("approval: a setting that was not checked: " + setting.error().reason);
    return std::move(*setting);
}

}  // namespace

clock::Ladder ladder_of(const catalog::Matter& matter) {
    return checked(clock::ladder_from_json(matter.settings()));
}

clock::OfficeHours office_hours_of(const catalog::Matter& matter) {
    return checked(clock::office_hours_from_json(matter.settings()));
}

void keep_ladder(db::Session& session, const catalog::Matter& matter, const calendar::Calendar& calendar,
                 const std::string& application_id, bool runs, std::int64_t now_ms) {
    const auto ladder = ladder_of(matter);
    if (ladder.empty() || !runs) return store::save_step_due(session, application_id, std::nullopt);
    const auto statutory = read_statutory(matter, store::clock_of(session, application_id), calendar, now_ms);
    const auto reading = clock::read_ladder(ladder, statutory, calendar, now_ms);
    // A task that was opened since climbs at once to where its case stands.
    const bool climbs =
        reading.due > 0 && store::tasks_to_warn_of(session, application_id, static_cast<std::int64_t>(reading.due)) > 0;
    store::save_step_due(session, application_id, climbs ? std::optional(now_ms) : reading.next_at_ms);
}

}  // namespace kaigong::approval
