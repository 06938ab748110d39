// Endpoints of tasks.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {

/// Of an id in the path that is none.
inline constexpr const char* kNotFound = "approval.not_found";

/// The service must live longer.
std::vector<http::Endpoint> task_routes(ApprovalService& service);

/// How a task is to end, as a request says it, and the account that was chosen for what follows.
struct SentCompletion {
    operations::Completion completion;
    std::string chosen;
};
SentCompletion read_completion(JsonReader& reader);

/// What identifies a request that must happen once.
Retryable retryable(const http::Request& request);
/// The task in its path, the version that was seen, and its key where it needs one. Fails with approval.not_found.
Result<TaskRequest> task_request(const http::Request& request);

}  // namespace kaigong::approval
