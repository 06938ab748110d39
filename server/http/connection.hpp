// One connection: a coroutine that reads requests, hands them to workers and writes replies, one after the other.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <unordered_set>

#include "http/edge.hpp"
#include "http/wire.hpp"

namespace kaigong::http {

inline constexpr asio::use_awaitable_t<IoExecutor> kAwait{};
template <class T>
using Awaitable = asio::awaitable<T, IoExecutor>;
using Instant = std::chrono::steady_clock::time_point;

/// What a port is for: HTTP as it is, HTTP through TLS, or nothing but the way to the public address.
enum class Door { plain, secure, redirect };

/// What a connection waits for, in the order in which connections are given up when room is needed: first those whose
/// end costs nobody anything. `nothing` is at work and stays.
enum class Waits { first_byte, header, next_request, body, reader, nothing };

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

    Waits waits() const { return waits_; }
    Instant waits_since() const { return waits_since_; }

  protected:
    ~Supervised() = default;
    Waits waits_ = Waits::nothing;
    Instant waits_since_;
};

/// One I/O thread with its connections. Deadlines are looked after by a sweep, not by a timer each: arming a timer for
/// every read would cost more than the read.
struct Shard {
    /// Before the context, whose end destroys coroutines that still take themselves out of this set.
    std::unordered_set<Supervised*> connections;
    asio::io_context context{1};

    /// Cuts at most `count` connections that others should not wait for, of those that wait for `from` or what comes
    /// after it, and says how many. On the shard's thread.
    std::size_t make_room(std::size_t count, Instant now, Waits from = Waits::first_byte);
};

/// Serves until either side closes. The caller has counted the connection in `edge.connections` and has let the peer
/// enter; its end counts it out.
Awaitable<void> serve_connection(Edge& edge, Shard& shard, Door door, Socket socket, Peer peer);

}  // namespace kaigong::http
