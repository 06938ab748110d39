// What those who run the server ask: /healthz, /readyz, /metrics.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "http/router.hpp"

namespace kaigong::http {

/// One condition of being ready (`database`, `blob_store`). `check` must answer within some 100 ms.
struct ReadyCheck {
    std::string name;
    std::function<Result<void>()> check;
};

/// /healthz: the process answers. /readyz: 200 when all checks hold, else 503, naming each. /metrics: Prometheus text,
/// for this machine alone.
std::vector<Endpoint> operations_endpoints(std::vector<ReadyCheck> checks, const Metrics& metrics);

}  // namespace kaigong::http
