// Errors as RFC 9457 problem documents: the only place that turns an Errc into a status.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/reply.hpp"

namespace kaigong::http {

/// Transport reasons (`http.method_not_allowed` …, `json.malformed`) have statuses of their own, everything else that
/// of its code.
int status_of(const Error& error);

/// `{type,title,status,detail,reason,request_id,fields}`. An internal error carries no detail of its own: what happened
/// is in the log under the request id. 503 and 429 carry Retry-After.
Reply problem(const Error& error, std::string_view request_id);

/// The same for a person whose browser asked for a page: title, detail, request id and the way home, without script.
Reply problem_page(const Error& error, std::string_view request_id);

}  // namespace kaigong::http
