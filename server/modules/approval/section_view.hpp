// The report before a decision, section by section, as JSON by openapi.yaml. Reads only.
#pragma once

#include <boost/json.hpp>

#include "modules/approval/case_view.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// `reader` as he acts on this task: deputy_rules.hpp.
boost::json::object sections_json(const catalog::Matter& matter, const authz::Permissions& permissions,
                                  const store::TaskRow& task, const CaseSnapshot& snapshot,
                                  const operations::Officer& reader);

}  // namespace kaigong::approval
