// Endpoints of tasks.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {

/// The service must live longer.
std::vector<http::Endpoint> task_routes(ApprovalService& service);

}  // namespace kaigong::approval
