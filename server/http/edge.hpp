// What happens to a request between its bytes and its handler. No sockets here: connection.cpp reads and writes.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/event_stream.hpp"
#include "http/server.hpp"
#include "http/throttle.hpp"
#include "http/worker_pool.hpp"

namespace kaigong::http {

/// A header as parsed, before anything in it is believed. Views live until the next header is read.
struct RawHeader {
    std::string_view method;
    std::string_view target;
    /// Value of the Host header; nothing when there is none, or more than one.
    std::optional<std::string_view> host;
    std::string_view accept_encoding;
    std::string_view if_none_match;
};

/// A request that found its endpoint; the body is still to come.
struct Admitted {
    const Endpoint* endpoint = nullptr;
    Request request;
    std::uint64_t cache_ticket = 0;
};

/// How an exchange ended, for log and metrics.
struct Outcome {
    std::string_view method;
    std::string_view route;
    const Endpoint* endpoint = nullptr;
    int status = 0;
    double seconds = 0;
};

class Edge {
  public:
    Edge(const ServerOptions& options, const ServerParts& parts);
    Edge(const Edge&) = delete;
    Edge& operator=(const Edge&) = delete;
    ~Edge();

    const ServerLimits& limits() const { return options_.limits; }
    const ServerOptions& options() const { return options_; }
    const ServerParts& parts() const { return parts_; }
    Throttle& throttle() { return throttle_; }
    /// Lines of every reply of this server, each with its CRLF.
    std::string_view fixed_lines() const { return fixed_lines_; }
    RenderedCache* cache() const { return parts_.cache; }

    /// Unique in this process; begins with 12 random digits of its own.
    std::string new_request_id();
    /// Fails with http.host_malformed (400), http.host_unknown (421), http.target_too_long (414).
    Result<void> check(const RawHeader& raw) const;
    /// The address that counts: that of the peer, or what a trusted proxy says of it.
    std::string client_address(const std::string& peer, std::string_view forwarded_for) const;
    /// The network that the limits count a request for. Fails with http.too_many_requests when it asked too much.
    Result<std::uint64_t> charge(const Peer& peer, std::string_view forwarded_for);
    /// The answer to a browser's question before a request from a page of another origin; nothing when this is none.
    std::optional<Result<Reply>> preflight(const RawHeader& raw, const Parameters& headers) const;
    /// Everybody who comes to the redirect port goes to the public address.
    Reply redirect_of(std::string_view raw_target) const;
    /// What a reply says to clients that bring tokens, and to pages of other origins. `error` is null for an answer.
    void finish(Reply& reply, const Error* error, const Admitted& admitted) const;
    /// A static file, or nothing.
    std::optional<Reply> find_static(const RawHeader& raw) const;
    /// Finds the endpoint and takes the target apart. `peer` is the address of the other end of the connection.
    Result<Admitted> admit(const RawHeader& raw, Parameters headers, const std::string& peer,
                           const std::string& request_id) const;
    /// Whether the network may ask so much of this endpoint. Fails with http.too_many_requests.
    Result<void> charge_route(const Admitted& admitted, std::uint64_t network) {
        return throttle_.ask_at(network, *admitted.endpoint);
    }
    /// `Allow` of a 405.
    std::string allowed_methods(std::string_view raw_target) const;

    /// Session, origin, CSRF, Idempotency-Key and If-Match as the endpoint asks. On a worker thread. Whatever the
    /// authenticator or the handler throws becomes `internal`.
    Result<void> authenticate(const Endpoint& endpoint, Request& request);
    /// Whether who opened a stream may still read it. On a worker thread.
    Result<void> check_stream(const Request& request, const EventStream& stream) const;
    /// Runs the handler. On a worker thread.
    Result<Reply> handle(const Endpoint& endpoint, const Request& request) const;

    WorkerPool& pool_of(const Endpoint& endpoint);
    WorkerPool& request_pool() { return request_pool_; }
    /// Moves bodies between sockets and disk, so that a slow disk stops neither handlers nor sockets.
    WorkerPool& transfer_pool() { return transfer_pool_; }
    /// Ends all pools.
    void stop_pools(bool run_waiting);

    /// The problem as a page for a browser that asked for one, else as JSON.
    Reply problem_reply(const Error& error, std::string_view request_id, bool as_page) const;
    void record(const Outcome& outcome, std::string_view request_id);
    void record_cached() { cached_.add(); }
    void record_refused_connection() { refused_connections_.add(); }
    void record_given_up(std::size_t count) { given_up_connections_.add(count); }

    std::atomic<bool> stopping{false};
    std::atomic<std::size_t> connections{0};
    /// TLS handshakes that have begun and not ended.
    std::atomic<std::size_t> handshakes{0};
    /// Of replies that wait for their readers.
    std::atomic<std::size_t> unsent_bytes{0};
    bool holds_too_much() const { return unsent_bytes.load() > limits().unsent_bytes_max; }

  private:
    struct Meters {
        std::array<Counter*, 6> by_status_class{};
        Histogram* seconds = nullptr;
    };
    Result<void> take_session(Request& request, Credentials credentials) const;
    Result<void> read_session(const Endpoint& endpoint, Request& request) const;
    Result<void> check_query(const Endpoint& endpoint, const Request& request) const;
    Result<void> check_csrf(const Endpoint& endpoint, const Request& request) const;
    std::array<std::pair<const char*, WorkerPool*>, 4> named_pools();

    const ServerOptions& options_;
    const ServerParts& parts_;
    Metrics own_metrics_;
    Metrics& metrics_;
    Throttle throttle_;
    std::string fixed_lines_;
    Counter& cached_;
    Counter& refused_connections_;
    Counter& given_up_connections_;
    std::set<std::string, std::less<>> hosts_;
    std::unordered_map<const Endpoint*, Meters> meters_;
    std::string request_id_prefix_;
    std::atomic<std::uint64_t> request_count_{0};
    WorkerPool request_pool_;
    WorkerPool slow_pool_;
    WorkerPool writer_pool_;
    WorkerPool transfer_pool_;
};

bool is_unsafe(Method method);
/// Nothing for methods that no endpoint can have; HEAD reads as GET.
std::optional<Method> parse_method(std::string_view text);

}  // namespace kaigong::http
