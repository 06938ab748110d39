#include "http/bearer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/header_fields.hpp"

namespace kaigong::http {
namespace {

constexpr std::size_t kTokenBytesMax = 512;

}  // namespace

std::string_view bearer_token(std::string_view authorization) {
    constexpr std::string_view kScheme = "bearer ";
    if (authorization.size() <= kScheme.size() || lower_case(authorization.substr(0, kScheme.size())) != kScheme)
        return {};
    const auto token = trimmed(authorization.substr(kScheme.size()));
    return token.size() <= kTokenBytesMax ? token : std::string_view();
}

void add_challenge(Reply& reply, const Error& error, const Endpoint& endpoint, const Request& request) {
    const bool is_there = std::ranges::any_of(
        reply.headers, [](const auto& header) { return lower_case(header.first) == "www-authenticate"; });
    if (is_there) return;
    const bool by_token = !bearer_token(request.header("authorization").value_or("")).empty();
    if (by_token && error.code == Errc::unauthenticated) {
        reply.with_header("WWW-Authenticate", R"(Bearer realm="kaigong", error="invalid_token")");
    } else if (by_token && error.reason == "http.token_scope_insufficient") {
        const auto scope = endpoint.action.empty() ? std::string() : fmt::format(R"(, scope="{}")", endpoint.action);
        reply.with_header("WWW-Authenticate",
                          fmt::format(R"(Bearer realm="kaigong", error="insufficient_scope"{})", scope));
    } else if (endpoint.by_token && error.code == Errc::unauthenticated) {
        // Without a token there is no error to name.
        reply.with_header("WWW-Authenticate", R"(Bearer realm="kaigong")");
    }
}

}  // namespace kaigong::http
