#include "http/cross_origin.hpp"

#include "http/header_fields.hpp"

namespace kaigong::http {
namespace {

constexpr const char* kHeadersOfRequests =
    "Authorization, Content-Type, Accept-Language, Idempotency-Key, If-Match, If-None-Match";
constexpr const char* kHeadersOfReplies = "ETag, Location, Retry-After, WWW-Authenticate, X-Request-Id";
/// Ten minutes: an origin that is no longer allowed is asked again soon.
constexpr const char* kPreflightSeconds = "600";

bool is_allowed(std::string_view origin, const OriginAllowed& allowed) {
    // `null` is the origin of whoever hides his own.
    return authority_of_origin(origin).has_value() && allowed && allowed(origin);
}

}  // namespace

Result<Reply> preflight_reply(const Endpoint& endpoint, std::string_view origin, const OriginAllowed& allowed) {
    if (!is_allowed(origin, allowed)) {
        return error(Errc::forbidden, "http.origin_not_allowed",
                     "这个来源的网页没有获准调用本接口，请管理员先登记接入系统的网址。");
    }
    auto reply = no_content();
    add_cross_origin(reply, origin, allowed);
    reply.with_header("Access-Control-Allow-Methods", std::string(to_string(endpoint.method)));
    reply.with_header("Access-Control-Allow-Headers", kHeadersOfRequests);
    reply.with_header("Access-Control-Max-Age", kPreflightSeconds);
    return reply;
}

void add_cross_origin(Reply& reply, std::string_view origin, const OriginAllowed& allowed) {
    // Whether a header is there depends on who asks: no cache may give one origin's reply to another.
    reply.with_header("Vary", "Origin");
    if (!is_allowed(origin, allowed)) return;
    reply.with_header("Access-Control-Allow-Origin", std::string(origin));
    reply.with_header("Access-Control-Expose-Headers", kHeadersOfReplies);
}

}  // namespace kaigong::http
