#include "app/guarded_endpoints.hpp"

#include <utility>

namespace kaigong::app {
namespace {

/// One sentence for all things of all modules; the reason says of which module.
constexpr const char* kNotThere = "没有找到您要的内容,请核对编号,或从列表重新进入。";

Error without_difference(Error refused) {
    if (refused.code == Errc::not_found && refused.reason.ends_with(".not_found")) refused.message = kNotThere;
    return refused;
}

http::Handler guard(const http::Endpoint& endpoint, const authz::Permissions& permissions) {
    return [action = endpoint.action, handler = endpoint.handler,
            &permissions](const http::Request& request) -> Result<http::Reply> {
        if (!action.empty()) KAIGONG_CHECK(permissions.require(request.actor(), action));
        auto reply = handler(request);
        if (!reply) return without_difference(std::move(reply.error()));
        return reply;
    };
}

}  // namespace

std::vector<http::Endpoint> guarded(std::vector<http::Endpoint> endpoints, const authz::Permissions& permissions) {
    for (auto& endpoint : endpoints) {
        if (endpoint.access == http::Access::session) endpoint.handler = guard(endpoint, permissions);
    }
    return endpoints;
}

}  // namespace kaigong::app
