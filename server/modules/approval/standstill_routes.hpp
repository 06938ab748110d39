// The endpoint of 「为什么没动」.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {

/// The service must live longer.
std::vector<http::Endpoint> standstill_routes(ApprovalService& service);

}  // namespace kaigong::approval
