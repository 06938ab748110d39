// What a handler is given. Everything in it is bounded and checked for form; nothing is checked for meaning.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authz/actor.hpp"
#include "base/json_reader.hpp"
#include "base/result.hpp"
#include "http/authenticator.hpp"
#include "http/body_file.hpp"

namespace kaigong::http {

enum class Method { get, post, put, patch, del };

std::string_view to_string(Method method);

/// Decoded names and values in the order of the target; no name twice.
using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Request {
    Method method = Method::get;
    /// The target as it was sent (`/permits/3301…?x=%20`).
    std::string target;
    /// The pattern of the endpoint (`/permits/{permit_number}`); for idempotency records, logs and metrics.
    std::string_view route;
    Parameters path_parameters;
    Parameters query;
    /// Names in lower case; repeated headers keep their order.
    Parameters headers;
    std::string body;
    /// Set instead of `body` for endpoints with `Body::file`.
    std::shared_ptr<const BodyFile> body_file;
    std::string request_id;
    std::string client_address;
    /// Set for Access::session, and for Access::optional_session when there is one.
    std::optional<Session> session;
    /// Set where the endpoint needs it: a lower-case UUID.
    std::string idempotency_key;
    /// Set where the endpoint needs it: the number in `If-Match: "7"`.
    std::int64_t if_match = 0;

    /// The actor of the session. Only for endpoints with Access::session: without one it is a bug and throws.
    const authz::Actor& actor() const;
    /// Throws when the pattern has no such parameter.
    const std::string& path_parameter(std::string_view name) const;
    /// Nothing when the target does not carry it.
    std::optional<std::string_view> query_parameter(std::string_view name) const;
    std::optional<std::string_view> header(std::string_view lower_case_name) const;
    std::optional<std::string_view> cookie(std::string_view name) const;
};

/// The body as JSON. Fails with http.media_type_not_json (415) and what `parse_json` fails with.
Result<boost::json::value> json_body(const Request& request, const JsonLimits& limits = {});

/// A path parameter that is an id; one that is malformed does not exist: fails with `reason` (not_found).
template <class T>
Result<T> path_id(const Request& request, std::string_view name, std::string reason) {
    auto id = parse_id<T>(request.path_parameter(name));
    if (!id) return error(Errc::not_found, std::move(reason), "没有找到您要的内容,请从列表重新进入。");
    return std::move(*id);
}

/// `?cursor=&limit=` of a list.
struct Page {
    std::string cursor;
    std::int64_t limit = 50;
};

/// Limit 1–100, default 50; cursor at most 200 bytes. Fails with http.page_invalid.
Result<Page> page_of(const Request& request);

/// A whole number in the query. Fails with http.query_invalid; nothing when it is missing.
Result<std::optional<std::int64_t>> query_integer(const Request& request, std::string_view name, IntegerRule rule);

}  // namespace kaigong::http
