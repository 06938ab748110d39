#include "http/operations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

#include "base/log.hpp"

namespace kaigong::http {
namespace {

Reply readiness(const std::vector<ReadyCheck>& checks) {
    boost::json::array lines;
    bool ready = true;
    for (const auto& check : checks) {
        const auto result = check.check();
        if (!result) log_error(LogLevel::warning, "http.not_ready", result.error());
        ready = ready && result.has_value();
        lines.push_back({{"name", check.name}, {"ok", result.has_value()}});
    }
    return json_reply({{"ready", ready}, {"checks", std::move(lines)}}, ready ? 200 : 503);
}

}  // namespace

std::vector<Endpoint> operations_endpoints(std::vector<ReadyCheck> checks, const Metrics& metrics) {
    std::vector<Endpoint> endpoints;
    endpoints.push_back({.path = "/healthz", .access = Access::anonymous, .handler = [](const Request&) {
                             return text_reply("ok\n");
                         }});
    endpoints.push_back({.path = "/readyz",
                         .access = Access::anonymous,
                         .handler = [checks = std::move(checks)](const Request&) { return readiness(checks); }});
    endpoints.push_back({.path = "/metrics", .access = Access::loopback, .handler = [&metrics](const Request&) {
                             auto reply = text_reply(metrics.render());
                             reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
                             return reply;
                         }});
    return endpoints;
}

}  // namespace kaigong::http
