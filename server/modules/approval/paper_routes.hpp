// Endpoints of acts that happened on paper (补录).
#pragma once

#include <vector>

#include "http/router.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {

/// The service must live longer.
std::vector<http::Endpoint> paper_routes(ApprovalService& service);

}  // namespace kaigong::approval
