// Endpoints about what a round changed, and which departments look again because of it.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {

std::vector<http::Endpoint> round_effect_routes(ApprovalService& service);

}  // namespace kaigong::approval
