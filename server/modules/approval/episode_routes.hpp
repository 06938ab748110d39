// Endpoints of what lies over a case's state: special procedures, holds, extensions, late corrections, reopened items,
// supplement orders.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {

std::vector<http::Endpoint> episode_routes(ApprovalService& service);

}  // namespace kaigong::approval
