// Whether a running instance can go on in another version of its process. Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/bpmn/bpmn.hpp"

namespace kaigong::bpmn {

/// The one fact of a migration. Refuses with `bpmn.not_migratable`; each element that can't go is one field.
Result<std::vector<Event>> migrate(const Definition& target, const State& state, const Migrate& command,
                                   std::int64_t now_ms);

}  // namespace kaigong::bpmn
