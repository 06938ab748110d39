// Who may have how much of the server: connections and requests of an address, requests of an account, requests of an
// address at a route. What the limits are is ServerLimits; that they bound all memory is rate_table.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "authz/actor.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "http/address_counts.hpp"
#include "http/rate_table.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace kaigong::http {

inline constexpr std::string_view kTooManyRequests = "http.too_many_requests";

/// The other end of a connection.
struct Peer {
    std::string address;
    /// As the limits count it: who has one IPv6 address has its whole /64.
    std::uint64_t network = 0;
    /// Speaks for many: what it brings counts for whom it names.
    bool is_proxy = false;
};

class Throttle {
  public:
    Throttle(const ServerOptions& options, Metrics& metrics);
    Throttle(const Throttle&) = delete;
    Throttle& operator=(const Throttle&) = delete;

    Peer peer_of(std::string address) const;
    std::uint64_t network_of(std::string_view address) const;

    /// A connection counts from `enter` until `leave`; false when its address has too many, or asks for too much.
    bool enter(const Peer& peer);
    void leave(const Peer& peer);
    /// A handshake costs the processor what many requests do.
    bool may_shake_hands(const Peer& peer);

    /// Each fails with http.too_many_requests (429).
    Result<void> ask(std::uint64_t network);
    Result<void> ask_at(std::uint64_t network, const Endpoint& endpoint);
    Result<void> ask_as(const authz::AccountId& account);

  private:
    Rate rate_of(const Endpoint& endpoint) const;

    const ServerOptions& options_;
    RateTable rates_;
    AddressCounts connections_;
    Counter& refused_connections_;
    Counter& limited_addresses_;
    Counter& limited_routes_;
    Counter& limited_accounts_;
};

}  // namespace kaigong::http
