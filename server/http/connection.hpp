// One connection: a coroutine that reads requests, hands them to workers and writes replies, one after the other.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <unordered_set>

#include "http/edge.hpp"

namespace kaigong::http {

namespace asio = boost::asio;

using IoExecutor = asio::io_context::executor_type;
inline constexpr asio::use_awaitable_t<IoExecutor> kAwait{};
using Socket = asio::basic_stream_socket<asio::ip::tcp, IoExecutor>;
template <class T>
using Awaitable = asio::awaitable<T, IoExecutor>;
using Instant = std::chrono::steady_clock::time_point;

/// What the sweep and the stop of a server may do to a connection. On its I/O thread alone.
class Supervised {
  public:
    Supervised() = default;
    Supervised(const Supervised&) = delete;
    Supervised& operator=(const Supervised&) = delete;
    /// Ends what waits for longer than its deadline.
    virtual void expire(Instant now) = 0;
    /// Ends it when it waits for a next request.
    virtual void close_if_idle() = 0;
    virtual void cut() = 0;

  protected:
    ~Supervised() = default;
};

/// One I/O thread with its connections. Deadlines are looked after by a sweep, not by a timer each: arming a timer for
/// every read would cost more than the read.
struct Shard {
    /// Before the context, whose end destroys coroutines that still take themselves out of this set.
    std::unordered_set<Supervised*> connections;
    asio::io_context context{1};
};

/// Serves until either side closes. The caller has counted the connection in `edge.connections`; its end counts it out.
Awaitable<void> serve_connection(Edge& edge, Shard& shard, Socket socket);

}  // namespace kaigong::http
