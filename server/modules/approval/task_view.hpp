// One task as its page shows it, as JSON by openapi.yaml: what may be done with it, and why something may not. Reads
// only; the guards are those of the acts.
#pragma once

#include <boost/json.hpp>

#include "authz/permissions.hpp"
#include "modules/approval/case_view.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// `reader` as he acts on this task: deputy_rules.hpp.
boost::json::object task_json(const catalog::Matter& matter, const authz::Permissions& permissions,
                              const store::TaskRow& task, const CaseSnapshot& snapshot,
                              const operations::Officer& reader, std::int64_t now_ms);

}  // namespace kaigong::approval
