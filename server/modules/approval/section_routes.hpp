// Endpoints of 分节审签: each reads, calls, replies.
#pragma once

#include "modules/approval/service.hpp"

namespace kaigong::approval {

std::vector<http::Endpoint> section_routes(ApprovalService& service);

}  // namespace kaigong::approval
