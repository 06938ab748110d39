// Pages of other origins (CORS, Fetch standard 3.2): only endpoints that are marked for them, only origins that the
// installation allows, and never with a cookie, so `Access-Control-Allow-Credentials` is never sent.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.hpp"
#include "http/reply.hpp"
#include "http/router.hpp"

namespace kaigong::http {

using OriginAllowed = std::function<bool(std::string_view origin)>;

/// What a browser asks before it sends: answered for an origin that is allowed, else refused with
/// http.origin_not_allowed (403).
Result<Reply> preflight_reply(const Endpoint& endpoint, std::string_view origin, const OriginAllowed& allowed);

/// Lets the page of that origin read the reply, where it may. To any reply of an endpoint marked `cross_origin`.
void add_cross_origin(Reply& reply, std::string_view origin, const OriginAllowed& allowed);

}  // namespace kaigong::http
