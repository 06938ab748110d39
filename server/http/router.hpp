// The table of endpoints. Each module gives its own from routes.cpp; all of them make one Router at start.
//
//     std::vector<http::Endpoint> routes(Permits& permits) {
//         return {
//             {.method = Method::get, .path = "/api/v1/permits", .action = "permits.read",
//              .query = {"cursor", "limit"},
//              .handler = [&](const Request& request) { return list(permits, request); }},
//             {.method = Method::post, .path = "/api/v1/permits/{permit_number}/revocation", .action =
//             "permits.revoke",
//              .needs = {.idempotency_key = true, .if_match = true},
//              .handler = [&](const Request& request) { return revoke(permits, request); }},
//         };
//     }
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace kaigong::http {

/// session: without a living session 401 · optional_session: the session is there when the cookie is valid ·
/// anonymous: cookies are not looked at · loopback: only this machine, without a proxy between (metrics).
enum class Access { session, optional_session, anonymous, loopback };

/// request: short reads · slow: hashing, rendering, anything over some 20 ms · writer: waits for a commit; many
/// threads, so that group commit finds company.
enum class Pool { request, slow, writer };

/// memory: `Request::body` · file: authenticated before a byte of it is taken, then streamed to disk.
enum class Body { memory, file };

struct Needs {
    bool idempotency_key = false;
    bool if_match = false;
};

/// A Reply, or an Error that becomes a problem document. An exception becomes a 500 that says nothing.
using Handler = std::function<Result<Reply>(const Request&)>;

struct Endpoint {
    Method method = Method::get;
    /// Literal segments and `{name}` for one segment each. A literal wins over a parameter.
    std::string path;
    Access access = Access::session;
    /// The action of authz that the handler asks for; empty where there is none. The matrix test reads it.
    std::string action = {};
    /// Not set: request for GET, writer for the others.
    std::optional<Pool> pool = {};
    Body body = Body::memory;
    /// Ignored for GET, which takes no body.
    std::uint64_t body_bytes_max = 256ULL * 1024;
    Needs needs = {};
    /// Names that the query may carry. Under `/api/` any other is refused, on pages it is ignored, because messengers
    /// add parameters of their own to links that people share.
    std::vector<std::string> query = {};
    /// Anonymous GET whose reply depends on the target alone: kept in the server's RenderedCache when it is 200 and
    /// names its `cache_subject`, and then answered on the I/O thread.
    bool cached = false;
    /// Also for a session that has not come through yet (second factor, change of password).
    bool early = false;
    /// Also with an access token instead of the cookie. Endpoints with an `action` always are, within the token's
    /// scopes; this is for those that have none (userinfo).
    bool by_token = false;
    /// Pages ask it by themselves, without anybody's doing: it keeps no session alive.
    bool background = false;
    /// Pages of other origins may call it (CORS). Never with a cookie, so only for Access::anonymous and tokens.
    bool cross_origin = false;
    Handler handler;
};

struct RouteMatch {
    const Endpoint* endpoint = nullptr;
    Parameters path_parameters;
};

class Router {
  public:
    Router();
    ~Router();
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    /// Throws std::logic_error for a pattern that is malformed or there already, an endpoint without a handler, a
    /// cached one that is not an anonymous GET.
    void add(std::vector<Endpoint> endpoints);

    /// `segments` are decoded. Fails with http.route_unknown (not_found), http.method_not_allowed (405).
    Result<RouteMatch> match(Method method, const std::vector<std::string>& segments) const;
    /// Methods that a path knows, for `Allow`.
    std::vector<Method> methods_of(const std::vector<std::string>& segments) const;

    /// In the order in which they were added.
    std::vector<const Endpoint*> endpoints() const;

  private:
    struct Node;
    const Node* find(const Node& node, const std::vector<std::string>& segments, std::size_t depth,
                     std::vector<std::string_view>& values, std::optional<Method> method) const;

    std::unique_ptr<Node> root_;
    std::vector<std::unique_ptr<Endpoint>> endpoints_;
};

}  // namespace kaigong::http
