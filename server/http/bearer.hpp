// Access tokens in `Authorization` (RFC 6750): read, and answered for when they do not count.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/reply.hpp"
#include "http/router.hpp"

namespace kaigong::http {

/// `Bearer x` (RFC 6750 2.1); empty for anything else and for what is too long to be one.
std::string_view bearer_token(std::string_view authorization);

/// `WWW-Authenticate` of a refusal that a token is the cause of, or that a token would mend (RFC 6750 3).
void add_challenge(Reply& reply, const Error& error, const Endpoint& endpoint, const Request& request);

}  // namespace kaigong::http
