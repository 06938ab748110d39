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
#include "http/connection.hpp"
#include "http/problem.hpp"
#include "http/reply_head.hpp"

namespace kaigong::http {
namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, IoExecutor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, IoExecutor>;
using ErrorCode = boost::system::error_code;

std::string too_many_connections(const std::string& request_id) {
    const auto reply =
        problem(error(Errc::unavailable, "http.too_many_connections", "现在访问的人较多,连接数已满,请几秒后重试。"),
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
    const auto shortest =
        std::min({limits.idle_timeout, limits.header_timeout, limits.body_grace, limits.write_timeout});
    return std::clamp(shortest / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(1'000));
}

}  // namespace

class Server::Core {
  public:
    Core(ServerOptions options, ServerParts parts)
        : options_(std::move(options)), parts_(std::move(parts)), edge_(options_, parts_) {
        for (unsigned i = 0; i < std::max(1U, options_.io_threads); ++i) shards_.push_back(std::make_unique<Shard>());
        acceptor_.emplace(shards_.front()->context.get_executor());
    }
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;
    // A thread that can not be joined can only end the program.
    ~Core() { stop(); }  // NOLINT(bugprone-exception-escape)

    Result<void> listen();
    void run();
    bool stop();
    std::uint16_t port() const { return port_; }

  private:
    Awaitable<void> accept_loop();
    Awaitable<void> sweep_loop(Shard& shard);
    void welcome(Socket socket, Shard& shard);
    bool wait_for_connections(std::chrono::milliseconds at_most) const;
    template <class Act>
    void each_connection(Act act);

    ServerOptions options_;
    ServerParts parts_;
    Edge edge_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::optional<Acceptor> acceptor_;
    std::vector<std::thread> threads_;
    std::uint16_t port_ = 0;
    bool stopped_ = false;
};

Result<void> Server::Core::listen() {
    ErrorCode failure;
    const auto address = asio::ip::make_address(options_.address, failure);
    if (failure) {
        return invalid_field("server.address", "http.address_invalid",
                             fmt::format("监听地址 {} 不是 IP 地址,请改正配置 server.address。", options_.address));
    }
    const asio::ip::tcp::endpoint endpoint(address, options_.port);
    acceptor_->open(endpoint.protocol(), failure);
    if (!failure) acceptor_->set_option(Acceptor::reuse_address(true), failure);
    if (!failure) acceptor_->bind(endpoint, failure);
    if (!failure) acceptor_->listen(Acceptor::max_listen_connections, failure);
    if (failure == asio::error::address_in_use) {
        return error(Errc::conflict, "http.address_in_use",
                     fmt::format("端口 {} 已被其他程序占用,请先停止该程序,或换一个端口。", options_.port));
    }
    if (failure) {
        return error(Errc::invalid_input, "http.address_refused",
                     fmt::format("无法监听 {}:{},请检查地址和权限。", options_.address, options_.port));
    }
    port_ = acceptor_->local_endpoint().port();
    return {};
}

void Server::Core::run() {
    auto accepting = accept_loop();
    asio::co_spawn(shards_.front()->context, std::move(accepting), asio::detached);
    for (auto& shard : shards_) {
        auto sweeping = sweep_loop(*shard);
        asio::co_spawn(shard->context, std::move(sweeping), asio::detached);
        threads_.emplace_back([&context = shard->context] { context.run(); });
    }
}

Awaitable<void> Server::Core::accept_loop() {
    Timer pause(shards_.front()->context.get_executor());
    for (std::size_t turn = 0; acceptor_->is_open(); ++turn) {
        Shard& shard = *shards_[turn % shards_.size()];
        Socket socket(shard.context.get_executor());
        ErrorCode failure;
        auto token = asio::redirect_error(kAwait, failure);
        co_await acceptor_->async_accept(socket, token);
        if (!failure) {
            welcome(std::move(socket), shard);
        } else if (acceptor_->is_open()) {
            // Out of descriptors, most likely. Trying again at once would only burn the processor.
            log_event(LogLevel::error, "http.accept_failed", {{"code", failure.value()}});
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(token);
        }
    }
}

void Server::Core::welcome(Socket socket, Shard& shard) {
    ErrorCode ignored;
    socket.non_blocking(true, ignored);
    if (edge_.connections.fetch_add(1) >= options_.limits.connections_max) {
        edge_.connections.fetch_sub(1);
        edge_.record_refused_connection();
        socket.write_some(asio::buffer(too_many_connections(edge_.new_request_id())), ignored);
        socket.shutdown(Socket::shutdown_send, ignored);
        return;
    }
    auto serving = serve_connection(edge_, shard, std::move(socket));
    asio::co_spawn(shard.context, std::move(serving), asio::detached);
}

Awaitable<void> Server::Core::sweep_loop(Shard& shard) {
    Timer timer(shard.context.get_executor());
    const auto interval = sweep_interval(options_.limits);
    for (;;) {
        timer.expires_after(interval);
        co_await timer.async_wait(kAwait);
        const auto now = std::chrono::steady_clock::now();
        for (auto* connection : shard.connections) connection->expire(now);
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
            acceptor_->close(ignored);
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

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, ServerParts parts) {
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

bool Server::stop() {
    return core_->stop();
}

}  // namespace kaigong::http
