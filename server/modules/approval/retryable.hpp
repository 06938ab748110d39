// A request that may come twice.
#pragma once

#include <string>

namespace kaigong::approval {

/// Identifies a request for the idempotency record of its effect.
struct Retryable {
    std::string key;
    std::string route;
    std::string body_hash;
};

}  // namespace kaigong::approval
