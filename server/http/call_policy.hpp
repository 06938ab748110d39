// Whom the server may call where an address comes from data (an identity provider, a gateway, a callback): hosts that
// the configuration names, and of their addresses only public ones. Without it whoever may enter such an address could
// make this server ask the machines behind it (server-side request forgery).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kaigong::http {

struct Address;

class CallPolicy {
  public:
    /// Nobody may be called.
    CallPolicy() = default;
    /// Each entry `host` (its usual port, public addresses), `*.domain` (what lies below it, the same), or `host:port`
    /// (this very port, and whatever address the name has: for a provider inside the office). IPv6 in brackets.
    /// Fails with http.allowed_host_malformed.
    static Result<CallPolicy> parse(const std::vector<std::string>& entries);

    /// Before anything is asked of a name server. Fails with http.destination_not_allowed.
    Result<void> check(const Address& to) const;
    /// Whether `ip`, which the host was found at, may be connected to.
    bool may_connect(const Address& to, std::string_view ip) const;

  private:
    struct Entry {
        std::string host;        ///< lower case; with its dot in front where all below it is meant
        std::uint16_t port = 0;  ///< 0: the usual one
    };
    const Entry* find(const Address& to) const;

    std::vector<Entry> entries_;
};

/// An address of the internet: none of this machine, of a private network, of a link, of a group, or kept for documents
/// (RFC 6890), however it is wrapped into IPv6. False for what is no address.
bool is_public_address(std::string_view ip);

}  // namespace kaigong::http
