// The edge: accepts connections, holds every limit, hands whole requests to worker pools, writes replies.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "http/authenticator.hpp"
#include "http/rendered_cache.hpp"
#include "http/router.hpp"
#include "http/static_files.hpp"

namespace kaigong::http {

struct PoolLimits {
    unsigned threads = 4;
    std::size_t queue_max = 256;
};

/// Every limit of the edge, each with what it protects from.
struct ServerLimits {
    std::size_t connections_max = 8'192;    ///< memory and descriptors; the next one gets 503
    std::size_t header_bytes_max = 16'384;  ///< 431
    std::size_t header_count_max = 64;      ///< 431
    std::size_t target_bytes_max = 4'096;   ///< 414
    std::size_t requests_per_connection_max = 100'000;
    std::chrono::milliseconds idle_timeout{60'000};    ///< between requests of a kept connection
    std::chrono::milliseconds header_timeout{10'000};  ///< from its first byte to the end of the header
    std::chrono::milliseconds body_grace{30'000};      ///< a body may be this late, and …
    std::uint64_t body_bytes_per_second_min = 4'096;   ///< … must come this fast from then on: 408
    std::chrono::milliseconds write_timeout{30'000};   ///< for 64 KiB of a reply
    std::chrono::milliseconds heartbeat{15'000};       ///< of event streams, so that proxies keep them
    std::chrono::milliseconds stream_check{60'000};    ///< a stream ends this long after its session, at most
    std::chrono::milliseconds stop_grace{20'000};      ///< how long `stop` waits for what was accepted
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
    /// Where large bodies wait; unnamed files.
    std::filesystem::path spool_folder = std::filesystem::temp_directory_path();
    ServerLimits limits = {};
};

/// What the server works with. All of it must outlive the server; `authenticator`, `cache` and `metrics` may be null.
struct ServerParts {
    const Router* router = nullptr;
    Authenticator* authenticator = nullptr;
    RenderedCache* cache = nullptr;
    Metrics* metrics = nullptr;
    std::vector<const StaticFiles*> static_files = {};
};

class Server {
  public:
    /// Fails with http.address_invalid, http.address_in_use, http.address_refused.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, ServerParts parts);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Stops when that was not done.
    ~Server();

    std::uint16_t port() const;

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
