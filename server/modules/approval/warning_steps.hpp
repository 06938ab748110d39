// The warning ladder (预警) of one case: when a step of it is due, kept with every save of the case.
#pragma once

#include "db/session.hpp"
#include "engine/clock/warning_ladder.hpp"
#include "engine/clock/working_time.hpp"
#include "modules/approval/store.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// The ladder of the matter; its settings were checked when it was loaded.
clock::Ladder ladder_of(const catalog::Matter& matter);

/// Office hours of the matter, likewise.
clock::OfficeHours office_hours_of(const catalog::Matter& matter);

/// Last step of a command on a case. `runs`: its process has not ended.
void keep_ladder(db::Session& session, const catalog::Matter& matter, const calendar::Calendar& calendar,
                 const std::string& application_id, bool runs, std::int64_t now_ms);

}  // namespace kaigong::approval
