#include "http/throttle.hpp"

#include <algorithm>

#include "http/address_text.hpp"
#include "http/attempt_limiter.hpp"

namespace kaigong::http {
namespace {

/// Two megabytes: more networks than can be at work here at once.
constexpr std::size_t kBuckets = 65'536;
constexpr std::uint32_t kHandshakeCost = 5;

Error too_many_requests() {
    return error(Errc::rate_limited, std::string(kTooManyRequests),
                 "请求太频繁，请稍等几秒再试，已保存的内容不受影响。");
}

Counter& limited_by(Metrics& metrics, const char* what) {
    return metrics.counter("kaigong_http_limited_requests_total", "Requests over a limit", {{"by", what}});
}

}  // namespace

Throttle::Throttle(const ServerOptions& options, Metrics& metrics)
    : options_(options),
      rates_(kBuckets),
      refused_connections_(metrics.counter("kaigong_http_refused_address_connections_total",
                                           "Connections of addresses that have too many, or ask for too much")),
      limited_addresses_(limited_by(metrics, "address")),
      limited_routes_(limited_by(metrics, "route")),
      limited_accounts_(limited_by(metrics, "account")) {}

Peer Throttle::peer_of(std::string address) const {
    address = address_text(address).value_or(address);
    const auto network = network_of(address);
    const bool is_proxy = std::ranges::find(options_.trusted_proxies, address) != options_.trusted_proxies.end();
    return {.address = std::move(address), .network = network, .is_proxy = is_proxy};
}

std::uint64_t Throttle::network_of(std::string_view address) const {
    return rates_.key_of(http::network_of(address));
}

bool Throttle::enter(const Peer& peer) {
    if (peer.is_proxy) return true;
    const auto& limits = options_.limits;
    const bool may = rates_.take(peer.network, limits.address_rate, std::chrono::steady_clock::now()) &&
                     connections_.enter(peer.network, limits.connections_per_address_max);
    if (!may) refused_connections_.add();
    return may;
}

void Throttle::leave(const Peer& peer) {
    if (!peer.is_proxy) connections_.leave(peer.network);
}

bool Throttle::may_shake_hands(const Peer& peer) {
    return peer.is_proxy ||
           rates_.take(peer.network, options_.limits.address_rate, std::chrono::steady_clock::now(), kHandshakeCost);
}

Result<void> Throttle::ask(std::uint64_t network) {
    if (rates_.take(network, options_.limits.address_rate, std::chrono::steady_clock::now())) return {};
    limited_addresses_.add();
    return too_many_requests();
}

// What is said by a pool is how dear a request of it is.
Rate Throttle::rate_of(const Endpoint& endpoint) const {
    const bool writes = endpoint.method != Method::get;
    switch (endpoint.pool.value_or(writes ? Pool::writer : Pool::request)) {
        case Pool::request: return options_.limits.read_rate;
        case Pool::writer: return options_.limits.write_rate;
        case Pool::slow: return options_.limits.slow_rate;
    }
    return {};
}

Result<void> Throttle::ask_at(std::uint64_t network, const Endpoint& endpoint) {
    const auto key = rates_.key_of(network, reinterpret_cast<std::uintptr_t>(&endpoint));
    if (rates_.take(key, rate_of(endpoint), std::chrono::steady_clock::now())) return {};
    limited_routes_.add();
    return too_many_requests();
}

Result<void> Throttle::ask_as(const authz::AccountId& account) {
    const auto key = rates_.key_of("account:" + account.text);
    if (rates_.take(key, options_.limits.account_rate, std::chrono::steady_clock::now())) return {};
    limited_accounts_.add();
    return too_many_requests();
}

}  // namespace kaigong::http
