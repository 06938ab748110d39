// Which sentences and articles of the catalogue's clauses.json suit a task, as JSON by openapi.yaml. Pure.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "base/civil_date.hpp"
#include "modules/approval/store.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// `bureau`: sentences of this kind of task and item; `clauses`: all, those of the item first.
boost::json::object choice_json(const catalog::Matter& matter, const store::TaskRow& task);

/// What is known for gaps like {works_name}; their names are those that the catalogue allows (clause_library.hpp).
boost::json::object values_json(const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items,
                                const store::TaskRow& task, CivilDate today);

}  // namespace kaigong::approval
