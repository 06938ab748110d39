#include "http/edge.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/id.hpp"
#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "http/address_text.hpp"
#include "http/bearer.hpp"
#include "http/cross_origin.hpp"
#include "http/header_fields.hpp"
#include "http/html.hpp"
#include "http/problem.hpp"
#include "http/reply_head.hpp"
#include "http/target.hpp"
#include "http/tls_keys.hpp"

namespace kaigong::http {
namespace {

constexpr std::size_t kCookieBytesMax = 512;
/// Of a page that asks by itself.
constexpr std::string_view kBackgroundHeader = "x-kaigong-background";
constexpr const char* kTlsEnd = "kaigong_http_tls_ends_at_seconds";
constexpr const char* kQueueLength = "kaigong_http_queue_length";

std::string random_prefix() {
    std::uint64_t bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != sizeof bits) throw std::runtime_error("no random bytes");
    return fmt::format("{:012x}", bits & 0xFFFF'FFFF'FFFFULL);
}

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address == "localhost";
}

Error unauthenticated() {
    return error(Errc::unauthenticated, "http.session_missing",
                 "您还没有登录，或登录已过期。请登录后继续，已保存的内容不会丢失。");
}

Error not_by_token() {
    return error(Errc::forbidden, "http.token_scope_insufficient",
                 "访问令牌的授权范围不包括这个接口，请由接入系统的管理员申请所需范围后重新取得令牌。");
}

/// Each stage has its own reason: the page shows what is still to do.
Error unfinished(SessionStage stage) {
    switch (stage) {
        case SessionStage::second_factor:
            return error(Errc::unauthenticated, "http.second_factor_needed", "请先完成第二步验证，再继续办理。");
        case SessionStage::enrolment:
            return error(Errc::unauthenticated, "http.enrolment_needed",
                         "您的岗位要求两步验证，请先绑定动态口令或安全密钥。");
        case SessionStage::password_change:
            return error(Errc::unauthenticated, "http.password_change_needed", "密码已到期或是初始密码，请先改密码。");
        case SessionStage::full: break;
    }
    throw std::logic_error("a session that is finished is not refused for its stage");
}

Error authenticator_missing() {
    return error(Errc::unavailable, "http.authentication_missing", "登录服务没有启动，请稍后重试。");
}

Result<void> read_needs(const Endpoint& endpoint, Request& request) {
    if (endpoint.needs.idempotency_key) {
        request.idempotency_key = lower_case(request.header("idempotency-key").value_or(""));
        if (!is_uuid(request.idempotency_key)) {
            return error(Errc::invalid_input, "http.idempotency_key_missing",
                         "缺少请求头 Idempotency-Key（一个 UUID），请刷新页面后重新提交。");
        }
    }
    if (endpoint.needs.if_match) {
        const auto version = parse_version_tag(request.header("if-match").value_or(""));
        if (!version) {
            return error(Errc::precondition_failed, "http.if_match_missing",
                         "缺少请求头 If-Match（内容的版本号），请刷新页面、取得最新内容后再提交。");
        }
        request.if_match = *version;
    }
    return {};
}

/// The one place where exceptions of handlers end.
template <class T, class Act>
Result<T> guarded(const Request& request, Act act) {
    const LogRequest log(request.request_id);
    try {
        Result<T> result = act();
        if (!result && result.error().code == Errc::internal) {
            log_error(LogLevel::error, "http.handler_failed", result.error());
        }
        return result;
    } catch (const std::exception& failure) {
        log_event(LogLevel::error, "http.handler_threw",
                  {{"route", request.route}, {"what", diagnostic(failure.what())}});
    } catch (...) {
        log_event(LogLevel::error, "http.handler_threw", {{"route", request.route}});
    }
    return error(Errc::internal, "http.internal", "");
}

}  // namespace

bool is_unsafe(Method method) {
    return method != Method::get;
}

std::optional<Method> parse_method(std::string_view text) {
    if (text == "GET" || text == "HEAD") return Method::get;
    for (const auto method : {Method::post, Method::put, Method::patch, Method::del}) {
        if (text == to_string(method)) return method;
    }
    return std::nullopt;
}

Edge::Edge(const ServerOptions& options, const ServerParts& parts)
    : options_(options),
      parts_(parts),
      metrics_(parts.metrics != nullptr ? *parts.metrics : own_metrics_),
      throttle_(options, metrics_),
      fixed_lines_(options.hsts_max_age.count() == 0
                       ? std::string()
                       : fmt::format("Strict-Transport-Security: max-age={}\r\n", options.hsts_max_age.count())),
      cached_(metrics_.counter("kaigong_http_rendered_cache_hits_total", "Replies answered from rendered bytes")),
      refused_connections_(metrics_.counter("kaigong_http_refused_connections_total", "Connections over the limit")),
      given_up_connections_(
          metrics_.counter("kaigong_http_given_up_connections_total", "Connections that made room for others")),
      hosts_(options.hosts.begin(), options.hosts.end()),
      request_id_prefix_(random_prefix()),
      request_pool_(options.limits.request.threads, options.limits.request.queue_max),
      slow_pool_(options.limits.slow.threads, options.limits.slow.queue_max, Priority::background),
      writer_pool_(options.limits.writer.threads, options.limits.writer.queue_max),
      transfer_pool_(2, options.limits.connections_max) {
    if (is_loopback(options.address)) hosts_.insert({"127.0.0.1", "localhost", "[::1]"});
    for (const auto* endpoint : parts.router->endpoints()) {
        const Labels route{{"route", endpoint->path}, {"method", std::string(to_string(endpoint->method))}};
        auto& meters = meters_[endpoint];
        meters.seconds = &metrics_.histogram("kaigong_http_request_seconds", "From the header to the last byte", route);
        for (std::size_t i = 1; i < meters.by_status_class.size(); ++i) {
            auto labels = route;
            labels.emplace_back("status", fmt::format("{}xx", i));
            meters.by_status_class.at(i) =
                &metrics_.counter("kaigong_http_requests_total", "Answered requests", labels);
        }
    }
    metrics_.gauge("kaigong_http_connections", "Open connections",
                   [this] { return static_cast<double>(connections.load()); });
    if (parts.tls != nullptr) {
        metrics_.gauge(kTlsEnd, "When the certificate of this server ends",
                       [tls = parts.tls] { return static_cast<double>(tls->ends_at_s()); });
    }
    for (const auto& [name, pool] : named_pools()) {
        const auto length = [queue = pool] { return static_cast<double>(queue->queued()); };
        metrics_.gauge(kQueueLength, "Requests that wait for a worker", length, {{"pool", name}});
    }
}

Edge::~Edge() {
    metrics_.remove_gauge("kaigong_http_connections");
    if (parts_.tls != nullptr) metrics_.remove_gauge(kTlsEnd);
    for (const auto& [name, pool] : named_pools()) metrics_.remove_gauge(kQueueLength, {{"pool", name}});
}

std::array<std::pair<const char*, WorkerPool*>, 4> Edge::named_pools() {
    return {
        {{"request", &request_pool_}, {"slow", &slow_pool_}, {"writer", &writer_pool_}, {"transfer", &transfer_pool_}}};
}

std::string Edge::new_request_id() {
    return fmt::format("{}-{:x}", request_id_prefix_, request_count_.fetch_add(1, std::memory_order_relaxed) + 1);
}

Result<void> Edge::check(const RawHeader& raw) const {
    if (raw.target.size() > limits().target_bytes_max) {
        return error(Errc::invalid_input, "http.target_too_long",
                     fmt::format("网址超过 {} 字节，请减少查询条件。", limits().target_bytes_max));
    }
    const auto host = raw.host ? host_of(*raw.host) : std::nullopt;
    if (!host) {
        return error(Errc::invalid_input, "http.host_malformed", "请求缺少正确的 Host 头，请通过浏览器访问。");
    }
    if (!hosts_.contains(*host)) {
        return error(Errc::invalid_input, "http.host_unknown",
                     "这个域名不属于本系统，请使用公布的网址访问；管理员可在配置 server.hosts 中添加。");
    }
    return {};
}

std::string Edge::client_address(const std::string& peer, std::string_view forwarded_for) const {
    if (std::ranges::find(options_.trusted_proxies, peer) == options_.trusted_proxies.end()) return peer;
    const auto last = trimmed(forwarded_for.substr(forwarded_for.rfind(',') + 1));
    return forwarded_address(last).value_or(peer);
}

Result<std::uint64_t> Edge::charge(const Peer& peer, std::string_view forwarded_for) {
    const auto network =
        peer.is_proxy ? throttle_.network_of(client_address(peer.address, forwarded_for)) : peer.network;
    KAIGONG_CHECK(throttle_.ask(network));
    return network;
}

std::optional<Result<Reply>> Edge::preflight(const RawHeader& raw, const Parameters& headers) const {
    if (raw.method != "OPTIONS") return std::nullopt;
    const auto value_of = [&](std::string_view name) {
        const auto found = std::ranges::find(headers, name, [](const auto& header) { return header.first; });
        return found == headers.end() ? std::string_view() : std::string_view(found->second);
    };
    const auto method = parse_method(value_of("access-control-request-method"));
    const auto target = parse_target(raw.target);
    if (!method || !target) return std::nullopt;
    const auto match = parts_.router->match(*method, target->segments);
    if (!match || !match->endpoint->cross_origin) return std::nullopt;
    return preflight_reply(*match->endpoint, value_of("origin"), parts_.origin_allowed);
}

Reply Edge::redirect_of(std::string_view raw_target) const {
    // 308 keeps the method; what was sent in the clear is not repeated here.
    const bool is_path = raw_target.starts_with('/') && is_field_value(raw_target);
    return redirect(options_.public_url + std::string(is_path ? raw_target : "/"), 308);
}

void Edge::finish(Reply& reply, const Error* error, const Admitted& admitted) const {
    if (error != nullptr) add_challenge(reply, *error, *admitted.endpoint, admitted.request);
    if (admitted.endpoint->cross_origin)
        add_cross_origin(reply, admitted.request.header("origin").value_or(""), parts_.origin_allowed);
}

std::optional<Reply> Edge::find_static(const RawHeader& raw) const {
    if (raw.method != "GET" && raw.method != "HEAD") return std::nullopt;
    for (const auto* files : parts_.static_files) {
        if (!raw.target.starts_with(files->prefix())) continue;
        const auto target = parse_target(raw.target);
        if (!target) return std::nullopt;
        if (auto reply = files->find(target->path, raw.accept_encoding, raw.if_none_match)) return reply;
    }
    return std::nullopt;
}

Result<Admitted> Edge::admit(const RawHeader& raw, Parameters headers, const std::string& peer,
                             const std::string& request_id) const {
    const auto method = parse_method(raw.method);
    if (!method) {
        const bool known = raw.method == "OPTIONS" || raw.method == "TRACE" || raw.method == "CONNECT";
        return error(Errc::invalid_input, known ? "http.method_not_allowed" : "http.method_unknown",
                     "不支持这种请求方法，请按接口说明使用。");
    }
    KAIGONG_TRY(target, parse_target(raw.target));
    KAIGONG_TRY(match, parts_.router->match(*method, target.segments));
    Admitted admitted;
    admitted.endpoint = match.endpoint;
    auto& request = admitted.request;
    request.method = *method;
    request.target = raw.target;
    request.route = match.endpoint->path;
    request.path_parameters = std::move(match.path_parameters);
    request.query = std::move(target.query);
    request.headers = std::move(headers);
    request.request_id = request_id;
    // A proxy may add a line of its own behind what the client sent: the last one is the proxy's.
    std::string_view forwarded;
    for (const auto& [name, value] : request.headers) {
        if (name == "x-forwarded-for") forwarded = value;
    }
    request.client_address = client_address(peer, forwarded);
    const bool local = is_loopback(request.client_address) && !request.header("x-forwarded-for");
    if (match.endpoint->access == Access::loopback && !local) {
        return error(Errc::not_found, "http.route_unknown", "没有这个网址，请核对后重试，或从首页重新进入。");
    }
    KAIGONG_CHECK(check_query(*match.endpoint, request));
    if (parts_.cache != nullptr && match.endpoint->cached) admitted.cache_ticket = parts_.cache->ticket();
    return admitted;
}

Result<void> Edge::check_query(const Endpoint& endpoint, const Request& request) const {
    if (!endpoint.path.starts_with("/api/")) return {};
    for (const auto& [name, value] : request.query) {
        if (std::ranges::find(endpoint.query, name) == endpoint.query.end()) {
            return invalid_field(printable(name), "http.query_unknown", "这个网址没有此参数，请核对名称或删去。");
        }
    }
    return {};
}

std::string Edge::allowed_methods(std::string_view raw_target) const {
    const auto target = parse_target(raw_target);
    std::string allowed;
    if (!target) return allowed;
    for (const auto method : parts_.router->methods_of(target->segments)) {
        if (!allowed.empty()) allowed += ", ";
        allowed += to_string(method);
        if (method == Method::get) allowed += ", HEAD";
    }
    return allowed;
}

Result<void> Edge::check_csrf(const Endpoint& endpoint, const Request& request) const {
    // Both are about a browser that sends a cookie by itself; here there is none.
    if (endpoint.cross_origin || (request.session && request.session->by_token)) return {};
    const auto refused = [] {
        return error(Errc::forbidden, "http.csrf_refused",
                     "无法确认这次操作来自本系统的页面，请刷新页面、必要时重新登录后再试。");
    };
    const auto origin = request.header("origin");
    const auto host = lower_case(request.header("host").value_or(""));
    if (origin && authority_of_origin(*origin) != host) return refused();
    if (request.header("sec-fetch-site") == "cross-site") return refused();
    if (!request.session) return {};
    const auto token = request.header("x-csrf-token").value_or("");
    const bool same = crypto::equal_constant_time(crypto::view(token), crypto::view(request.session->csrf_token));
    if (token.empty() || !same) return refused();
    return {};
}

Result<void> Edge::take_session(Request& request, Credentials credentials) const {
    if (parts_.authenticator == nullptr) return authenticator_missing();
    credentials.client_address = request.client_address;
    credentials.unsafe_method = is_unsafe(request.method);
    auto session = parts_.authenticator->authenticate(credentials);
    if (session) {
        request.session = std::move(*session);
        return {};
    }
    // A token that does not count is told so: its client must get another one. A cookie may be an old one.
    if (session.error().code != Errc::unauthenticated || !credentials.bearer.empty()) return std::move(session).error();
    return {};
}

Result<void> Edge::read_session(const Endpoint& endpoint, Request& request) const {
    const bool wants_session = endpoint.access == Access::session || endpoint.access == Access::optional_session;
    if (!wants_session) return {};
    const auto bearer = bearer_token(request.header("authorization").value_or(""));
    if (!bearer.empty()) {
        if (endpoint.action.empty() && !endpoint.by_token) return not_by_token();
        KAIGONG_CHECK(take_session(request, {.cookie = {}, .bearer = std::string(bearer)}));
    } else if (const auto cookie = endpoint.cross_origin ? std::nullopt : request.cookie(kSessionCookie);
               cookie && !cookie->empty() && cookie->size() <= kCookieBytesMax) {
        // Whoever sends the header only takes time from his own session.
        const bool background = endpoint.background || request.header(kBackgroundHeader).has_value();
        KAIGONG_CHECK(take_session(request, {.cookie = std::string(*cookie), .background = background}));
    }
    if (!request.session) return endpoint.access == Access::session ? Result<void>(unauthenticated()) : Result<void>();
    if (request.session->stage != SessionStage::full && !endpoint.early) return unfinished(request.session->stage);
    const auto& delegated = request.session->actor.delegated_actions;
    if (delegated && !endpoint.by_token && std::ranges::find(*delegated, endpoint.action) == delegated->end()) {
        return not_by_token();
    }
    return {};
}

Result<void> Edge::authenticate(const Endpoint& endpoint, Request& request) {
    return guarded<void>(request, [&]() -> Result<void> {
        KAIGONG_CHECK(read_session(endpoint, request));
        if (request.session) KAIGONG_CHECK(throttle_.ask_as(request.session->actor.account_id));
        if (is_unsafe(request.method)) KAIGONG_CHECK(check_csrf(endpoint, request));
        return read_needs(endpoint, request);
    });
}

Result<void> Edge::check_stream(const Request& request, const EventStream& stream) const {
    return guarded<void>(request, [&]() -> Result<void> {
        const auto cookie = request.cookie(kSessionCookie);
        if (!cookie || parts_.authenticator == nullptr) return unauthenticated();
        KAIGONG_TRY(session, parts_.authenticator->authenticate({.cookie = std::string(*cookie),
                                                                 .client_address = request.client_address,
                                                                 .background = true}));
        if (session.stage != SessionStage::full) return unfinished(session.stage);
        return stream.check(session);
    });
}

Result<Reply> Edge::handle(const Endpoint& endpoint, const Request& request) const {
    return guarded<Reply>(request, [&]() -> Result<Reply> {
        auto reply = endpoint.handler(request);
        if (!reply) return reply;
        // What cannot be written must fail here, where it becomes a 500, and not in the middle of a connection.
        (void)reply_head(*reply);
        return reply;
    });
}

WorkerPool& Edge::pool_of(const Endpoint& endpoint) {
    const auto pool = endpoint.pool.value_or(is_unsafe(endpoint.method) ? Pool::writer : Pool::request);
    switch (pool) {
        case Pool::request: return request_pool_;
        case Pool::slow: return slow_pool_;
        case Pool::writer: return writer_pool_;
    }
    throw std::logic_error("an unknown pool");
}

void Edge::stop_pools(bool run_waiting) {
    for (const auto& [name, pool] : named_pools()) pool->stop(run_waiting);
}

Reply Edge::problem_reply(const Error& error, std::string_view request_id, bool as_page) const {
    return as_page ? problem_page(error, request_id) : problem(error, request_id);
}

void Edge::record(const Outcome& outcome, std::string_view request_id) {
    const auto meters = meters_.find(outcome.endpoint);
    if (meters != meters_.end()) {
        meters->second.by_status_class.at(static_cast<std::size_t>(std::clamp(outcome.status / 100, 1, 5)))->add();
        meters->second.seconds->observe(outcome.seconds);
    }
    const LogRequest log(request_id);
    log_event(LogLevel::info, "http.answered",
              {{"method", outcome.method},
               {"route", outcome.route},
               {"status", outcome.status},
               {"ms", static_cast<std::int64_t>(outcome.seconds * 1e3)}});
}

}  // namespace kaigong::http
