// The edge: accepts connections, holds every limit, hands whole requests to worker pools, writes replies.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "http/authenticator.hpp"
#include "http/rate_table.hpp"
#include "http/rendered_cache.hpp"
#include "http/router.hpp"
#include "http/static_files.hpp"

namespace kaigong::http {

class TlsKeys;

struct PoolLimits {
    unsigned threads = 4;
    std::size_t queue_max = 256;
};

/// Every limit of the edge, each with what it protects from.
struct ServerLimits {
    std::size_t connections_max = 8'192;              ///< memory and descriptors; the next one gets 503
    std::size_t connections_per_address_max = 8'192;  ///< what one attacker takes; proxies have no such limit
    std::size_t unsent_bytes_max =
        256UL << 20U;                       ///< of replies that readers do not take; slow ones go from half of it on
    std::size_t handshakes_max = 512;       ///< 100 kB each until they end
    std::size_t header_bytes_max = 16'384;  ///< 431
    std::size_t header_count_max = 64;      ///< 431
    std::size_t target_bytes_max = 4'096;   ///< 414
    std::size_t requests_per_connection_max = 100'000;
    std::chrono::milliseconds first_byte_timeout{10'000};  ///< of a new connection, which has no reason to wait
    std::chrono::milliseconds handshake_timeout{10'000};   ///< of TLS, from its first byte
    std::chrono::milliseconds idle_timeout{60'000};        ///< between requests of a kept connection
    std::chrono::milliseconds header_timeout{10'000};      ///< from its first byte to the end of the header
    std::chrono::milliseconds body_grace{30'000};          ///< a body may be this late, and …
    std::uint64_t body_bytes_per_second_min = 4'096;       ///< … must come this fast from then on: 408
    std::chrono::milliseconds write_timeout{30'000};       ///< for 64 KiB of a reply
    std::chrono::milliseconds heartbeat{15'000};           ///< of event streams, so that proxies keep them
    std::chrono::milliseconds stream_check{60'000};        ///< a stream ends this long after its session, at most
    std::chrono::milliseconds stop_grace{20'000};          ///< how long `stop` waits for what was accepted
    std::chrono::milliseconds flood_pause{1'000};          ///< a connection that was told 429 is not read for so long
    Rate address_rate = {};                                ///< connections and requests of an address: 429
    Rate account_rate = {};                                ///< requests of an account: 429
    Rate read_rate = {};                                   ///< requests of an address at one endpoint, …
    Rate write_rate = {};                                  ///< … at one that writes, …
    Rate slow_rate = {};                                   ///< … and at one that hashes or renders: 429
    PoolLimits request{.threads = 4, .queue_max = 512};
    PoolLimits slow{.threads = 2, .queue_max = 64};
    /// Workers that wait for a commit: many, so that a batch is large.
    PoolLimits writer{.threads = 64, .queue_max = 512};
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    /// 0: the system chooses; `Server::port` tells.
    std::uint16_t port = 0;
    unsigned io_threads = 2;
    /// Names that the Host header may carry, without port; `127.0.0.1`, `localhost` and `[::1]` are there when the
    /// address is a loopback one.
    std::vector<std::string> hosts = {};
    /// Addresses whose X-Forwarded-For is believed.
    std::vector<std::string> trusted_proxies = {};
    /// A second, plain port that sends everybody to `public_url`; 0: the system chooses.
    std::optional<std::uint16_t> redirect_port = {};
    /// `https://permits.example.gov.cn`, for the redirect port.
    std::string public_url = {};
    /// Browsers that were here by https come by https for so long (RFC 6797); 0: nothing is said about it.
    std::chrono::seconds hsts_max_age{0};
    /// Where large bodies wait; unnamed files.
    std::filesystem::path spool_folder = std::filesystem::temp_directory_path();
    ServerLimits limits = {};
};

/// What the server works with. All of it must outlive the server; what is null is not there.
struct ServerParts {
    const Router* router = nullptr;
    Authenticator* authenticator = nullptr;
    RenderedCache* cache = nullptr;
    Metrics* metrics = nullptr;
    std::vector<const StaticFiles*> static_files = {};
    /// Not null: the server speaks TLS itself.
    TlsKeys* tls = nullptr;
    /// Origins whose pages may call endpoints marked `cross_origin`; none when it is empty. On I/O threads: quick.
    std::function<bool(std::string_view origin)> origin_allowed = {};
};

class Server {
  public:
    /// Fails with http.address_invalid, http.address_in_use, http.address_refused, http.trusted_proxy_invalid.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, ServerParts parts);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Stops when that was not done.
    ~Server();

    std::uint16_t port() const;
    /// 0 without one.
    std::uint16_t redirect_port() const;

    /// Takes no new connection, answers every request whose first byte was read (at most `stop_grace`), then returns
    /// with all threads ended. True when nothing was cut. Call once, not from a handler; a handler that never returns
    /// keeps it from returning.
    bool stop();

  private:
    class Core;
    explicit Server(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace kaigong::http
