// 「为什么没动」: what a case waits for and since when, and what every button would do for the officer who asks, guard
// by guard. A dry run: reads a snapshot, changes nothing. JSON by openapi.yaml.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "events/dispatcher.hpp"
#include "modules/approval/case_view.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// For whom, and by what; everything must live longer.
struct Asked {
    const catalog::Matter& matter;
    const calendar::Calendar& calendar;
    const authz::Permissions& permissions;
    const operations::Officer& officer;
    /// For whom he stands in today.
    const std::vector<operations::Absent>& absent;
    const std::vector<events::FailingDelivery>& failing;
    Reader reader;
    std::int64_t now_ms = 0;
};

boost::json::object standstill_json(const CaseSnapshot& snapshot, const Asked& asked);

}  // namespace kaigong::approval
