-- One line for parts/wrk.mjs: requests, errors, microseconds, latency p50 and p99 in microseconds.
function done(summary, latency)
  local errors = summary.errors
  local all = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format("report %d %d %d %d %d", summary.requests, all, summary.duration, latency:percentile(50), latency:percentile(99)))
end
