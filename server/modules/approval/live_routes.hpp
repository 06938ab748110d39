// The endpoint by which an open page learns what others did.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {

/// The service must live longer.
std::vector<http::Endpoint> live_routes(ApprovalService& service);

}  // namespace kaigong::approval
