// What the supervisor's pages show, as JSON by openapi.yaml.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "modules/approval/holding.hpp"
#include "modules/approval/store_oversight.hpp"
#include "modules/approval/store_self_checks.hpp"

namespace kaigong::approval {

boost::json::array holds_json(const std::vector<Hold>& holds);
boost::json::object order_json(const store::OrderRow& order, std::int64_t now_ms);
boost::json::object warning_json(const store::WarningRow& warning);
boost::json::object check_json(const store::CheckRow& check);
boost::json::object finding_json(const store::FindingRow& finding);
boost::json::value cursor_json(const std::optional<std::string>& cursor);

/// Numbers of a department or a person, none past kOverseenMax for one group.
struct Load {
    std::int64_t open = 0;
    std::int64_t yellow = 0;
    std::int64_t red = 0;
    std::int64_t orders_open = 0;
    std::int64_t orders_overdue = 0;
    std::optional<std::int64_t> oldest_at_ms;

    Load& operator+=(const Load& other);
};
boost::json::object load_json(const Load& load);

}  // namespace kaigong::approval
