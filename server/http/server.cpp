#include "http/server.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "base/log.hpp"
#include "http/address_text.hpp"
#include "http/connection.hpp"
#include "http/problem.hpp"
#include "http/reply_head.hpp"
#include "http/tls_keys.hpp"

namespace kaigong::http {
namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, IoExecutor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, IoExecutor>;
using ErrorCode = boost::system::error_code;

/// From here on, of 8, connections that others should not wait for are given up.
constexpr std::size_t kCrowdedEighths = 7;
/// So often at most, and so many of them at a time.
constexpr std::chrono::milliseconds kRoomInterval{20};
constexpr std::size_t kRoomShare = 16;
constexpr std::chrono::seconds kTlsLookInterval{5};

std::string too_many_connections(const std::string& request_id) {
    const auto reply =
        problem(error(Errc::unavailable, "http.too_many_connections", "现在访问的人较多，连接数已满，请几秒后重试。"),
                request_id);
    return reply_head(reply) + reply_tail(request_id, false) + std::get<std::string>(reply.body);
}

// The soft limit is often 1,024, which would end the connections long before their own limit does.
void raise_descriptor_limit(std::size_t connections_max) {
    constexpr rlim_t kForFilesAndDatabase = 512;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlim_t wanted = std::min(limit.rlim_max, connections_max + kForFilesAndDatabase);
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = wanted;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) log_event(LogLevel::warning, "http.descriptor_limit_low");
}

std::chrono::milliseconds sweep_interval(const ServerLimits& limits) {
    const auto shortest = std::min({limits.idle_timeout, limits.header_timeout, limits.body_grace, limits.write_timeout,
                                    limits.first_byte_timeout, limits.handshake_timeout});
    return std::clamp(shortest / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(1'000));
}

}  // namespace

class Server::Core {
  public:
    Core(ServerOptions options, ServerParts parts)
        : options_(std::move(options)), parts_(std::move(parts)), edge_(options_, parts_) {
        for (unsigned i = 0; i < std::max(1U, options_.io_threads); ++i) shards_.push_back(std::make_unique<Shard>());
    }
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;
    // A thread that can not be joined can only end the program.
    ~Core() { stop(); }  // NOLINT(bugprone-exception-escape)

    Result<void> listen();
    void run();
    bool stop();
    std::uint16_t port() const { return doors_.front()->port; }
    std::uint16_t redirect_port() const { return options_.redirect_port ? doors_.back()->port : 0; }

  private:
    /// A port that is listened to.
    struct Entrance {
        Door door;
        Acceptor acceptor;
        std::uint16_t port;
    };
    Result<void> open(Door door, std::uint16_t port);
    Awaitable<void> accept_loop(Entrance& entrance);
    Awaitable<void> sweep_loop(Shard& shard);
    Awaitable<void> look_at_keys();
    void welcome(Door door, Socket socket, Shard& shard, const asio::ip::tcp::endpoint& from);
    void refuse(Door door, Socket& socket);
    void make_room(std::size_t count);
    std::size_t share_of_shard(std::size_t limit) const {
        return std::max<std::size_t>(1, limit / kRoomShare / shards_.size());
    }
    bool wait_for_connections(std::chrono::milliseconds at_most) const;
    template <class Act>
    void each_connection(Act act);

    ServerOptions options_;
    ServerParts parts_;
    Edge edge_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::vector<std::unique_ptr<Entrance>> doors_;
    std::vector<std::thread> threads_;
    /// On the accepting thread.
    Instant made_room_at_;
    bool stopped_ = false;
};

Result<void> Server::Core::listen() {
    KAIGONG_CHECK(open(parts_.tls != nullptr ? Door::secure : Door::plain, options_.port));
    if (options_.redirect_port) KAIGONG_CHECK(open(Door::redirect, *options_.redirect_port));
    return {};
}

Result<void> Server::Core::open(Door door, std::uint16_t port) {
    ErrorCode failure;
    const auto address = asio::ip::make_address(options_.address, failure);
    if (failure) {
        return invalid_field("server.address", "http.address_invalid",
                             fmt::format("监听地址 {} 不是 IP 地址，请改正配置 server.address。", options_.address));
    }
    Acceptor acceptor(shards_.front()->context.get_executor());
    const asio::ip::tcp::endpoint endpoint(address, port);
    acceptor.open(endpoint.protocol(), failure);
    if (!failure) acceptor.set_option(Acceptor::reuse_address(true), failure);
    if (!failure) acceptor.bind(endpoint, failure);
    if (!failure) acceptor.listen(Acceptor::max_listen_connections, failure);
    if (failure == asio::error::address_in_use) {
        return error(Errc::conflict, "http.address_in_use",
                     fmt::format("端口 {} 已被其他程序占用，请先停止该程序，或换一个端口。", port));
    }
    if (failure) {
        return error(Errc::invalid_input, "http.address_refused",
                     fmt::format("无法监听 {}:{}，请检查地址和权限。", options_.address, port));
    }
    const auto bound = acceptor.local_endpoint().port();
    doors_.push_back(std::make_unique<Entrance>(door, std::move(acceptor), bound));
    return {};
}

void Server::Core::run() {
    for (auto& entrance : doors_) {
        auto accepting = accept_loop(*entrance);
        asio::co_spawn(shards_.front()->context, std::move(accepting), asio::detached);
    }
    if (parts_.tls != nullptr) {
        auto looking = look_at_keys();
        asio::co_spawn(shards_.front()->context, std::move(looking), asio::detached);
    }
    for (auto& shard : shards_) {
        auto sweeping = sweep_loop(*shard);
        asio::co_spawn(shard->context, std::move(sweeping), asio::detached);
        threads_.emplace_back([&context = shard->context] { context.run(); });
    }
}

Awaitable<void> Server::Core::accept_loop(Entrance& entrance) {
    Timer pause(shards_.front()->context.get_executor());
    for (std::size_t turn = 0; entrance.acceptor.is_open(); ++turn) {
        Shard& shard = *shards_[turn % shards_.size()];
        Socket socket(shard.context.get_executor());
        asio::ip::tcp::endpoint from;
        ErrorCode failure;
        auto token = asio::redirect_error(kAwait, failure);
        co_await entrance.acceptor.async_accept(socket, from, token);
        if (!failure) {
            welcome(entrance.door, std::move(socket), shard, from);
        } else if (entrance.acceptor.is_open()) {
            // Out of descriptors, most likely. Trying again at once would only burn the processor.
            log_event(LogLevel::error, "http.accept_failed", {{"code", failure.value()}});
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(token);
        }
    }
}

void Server::Core::welcome(Door door, Socket socket, Shard& shard, const asio::ip::tcp::endpoint& from) {
    ErrorCode ignored;
    socket.non_blocking(true, ignored);
    auto peer = edge_.throttle().peer_of(from.address().to_string());
    // Without a word: whoever has too many would only have another reason to go on.
    if (!edge_.throttle().enter(peer)) return;
    const auto before = edge_.connections.fetch_add(1);
    const auto& limits = options_.limits;
    if (before >= limits.connections_max / 8 * kCrowdedEighths) {
        make_room(share_of_shard(limits.connections_max));
    } else if (edge_.handshakes.load() >= limits.handshakes_max / 8 * kCrowdedEighths) {
        make_room(share_of_shard(limits.handshakes_max));
    }
    if (before >= limits.connections_max) {
        edge_.connections.fetch_sub(1);
        edge_.throttle().leave(peer);
        return refuse(door, socket);
    }
    auto serving = serve_connection(edge_, shard, door, std::move(socket), std::move(peer));
    asio::co_spawn(shard.context, std::move(serving), asio::detached);
}

void Server::Core::refuse(Door door, Socket& socket) {
    ErrorCode ignored;
    edge_.record_refused_connection();
    if (door == Door::secure) return;
    socket.write_some(asio::buffer(too_many_connections(edge_.new_request_id())), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
}

// Those who come now find room because others, who asked nothing or rest, are given up for them.
void Server::Core::make_room(std::size_t count) {
    const auto now = std::chrono::steady_clock::now();
    if (now - made_room_at_ < kRoomInterval) return;
    made_room_at_ = now;
    for (auto& shard : shards_) {
        asio::post(shard->context,
                   [this, &room = *shard, count, now] { edge_.record_given_up(room.make_room(count, now)); });
    }
}

// On a worker, since a disk may be slow; the next look waits for the last one.
Awaitable<void> Server::Core::look_at_keys() {
    Timer timer(shards_.front()->context.get_executor());
    const auto looking = std::make_shared<std::atomic<bool>>(false);
    for (;;) {
        timer.expires_after(kTlsLookInterval);
        co_await timer.async_wait(kAwait);
        if (looking->exchange(true)) continue;
        WorkerPool::Job look = [keys = parts_.tls, looking] {
            keys->look();
            *looking = false;
        };
        if (!edge_.transfer_pool().try_post(std::move(look))) *looking = false;
    }
}

Awaitable<void> Server::Core::sweep_loop(Shard& shard) {
    Timer timer(shard.context.get_executor());
    const auto interval = sweep_interval(options_.limits);
    for (;;) {
        timer.expires_after(interval);
        co_await timer.async_wait(kAwait);
        const auto now = std::chrono::steady_clock::now();
        for (auto* connection : shard.connections) connection->expire(now);
        if (edge_.unsent_bytes.load() > options_.limits.unsent_bytes_max / 2) {
            const auto share = share_of_shard(options_.limits.connections_max);
            edge_.record_given_up(shard.make_room(share, now, Waits::reader));
        }
    }
}

template <class Act>
void Server::Core::each_connection(Act act) {
    for (auto& shard : shards_) {
        asio::post(shard->context, [&shard, act] {
            for (auto* connection : shard->connections) act(*connection);
        });
    }
}

bool Server::Core::wait_for_connections(std::chrono::milliseconds at_most) const {
    const auto until = std::chrono::steady_clock::now() + at_most;
    while (edge_.connections.load() > 0 && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return edge_.connections.load() == 0;
}

bool Server::Core::stop() {
    if (stopped_) return true;
    stopped_ = true;
    edge_.stopping = true;
    bool whole = true;
    if (!threads_.empty()) {
        asio::post(shards_.front()->context, [this] {
            ErrorCode ignored;
            for (auto& entrance : doors_) entrance->acceptor.close(ignored);
        });
        each_connection([](Supervised& connection) { connection.close_if_idle(); });
        whole = wait_for_connections(options_.limits.stop_grace);
        if (!whole) each_connection([](Supervised& connection) { connection.cut(); });
    }
    edge_.stop_pools(whole);
    for (auto& shard : shards_) shard->context.stop();
    for (auto& thread : threads_) thread.join();
    return whole;
}

Server::Server(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Server::~Server() = default;

/// In the spelling in which peers are compared with them.
static Result<void> write_alike(std::vector<std::string>& proxies) {
    for (auto& proxy : proxies) {
        auto address = address_text(proxy);
        if (!address) {
            return error(Errc::invalid_input, "http.trusted_proxy_invalid",
                         "server.trusted_proxies 里的“" + proxy +
                             "”不是 IP 地址。请逐个填写代理的地址，例如 10.0.0.2，不带端口，也不是网段。");
        }
        proxy = std::move(*address);
    }
    return {};
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, ServerParts parts) {
    KAIGONG_CHECK(write_alike(options.trusted_proxies));
    raise_descriptor_limit(options.limits.connections_max);
    auto core = std::make_unique<Core>(std::move(options), std::move(parts));
    KAIGONG_CHECK(core->listen());
    core->run();
    log_event(LogLevel::info, "http.listening", {{"port", core->port()}});
    return std::unique_ptr<Server>(new Server(std::move(core)));
}

std::uint16_t Server::port() const {
    return core_->port();
}

std::uint16_t Server::redirect_port() const {
    return core_->redirect_port();
}

bool Server::stop() {
    return core_->stop();
}

}  // namespace kaigong::http
