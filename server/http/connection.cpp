#include "http/connection.hpp"

#include <fmt/format.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "base/log.hpp"
#include "http/body_sink.hpp"
#include "http/event_pump.hpp"
#include "http/header_fields.hpp"
#include "http/held.hpp"
#include "http/reply_head.hpp"
#include "http/request_head.hpp"

namespace kaigong::http {
namespace {

namespace beast_http = boost::beast::http;
using ErrorCode = boost::system::error_code;
using Parser = RequestParser;
using WakeUp =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, IoExecutor>;

constexpr std::size_t kHeaderRead = 4'096;
constexpr std::size_t kBodyRead = 65'536;
/// More than this is given back while a connection waits for its next request.
constexpr std::size_t kIdleBuffer = 16'384;
constexpr std::size_t kWriteChunk = 65'536;
constexpr std::size_t kStreamChunk = 262'144;
/// What is still read, and thrown away, after a refusal, so that the client sees the answer and not a reset.
constexpr std::size_t kLingerBytesMax = 8U << 20U;
constexpr std::chrono::seconds kLingerTime{3};
constexpr std::chrono::seconds kLeaveTime{1};
constexpr Instant kNever = Instant::max();

std::string_view bytes_of(const Reply& reply) {
    if (const auto* text = std::get_if<std::string>(&reply.body)) return *text;
    const auto* shared = std::get_if<SharedBytes>(&reply.body);
    return shared != nullptr && *shared ? std::string_view(**shared) : std::string_view();
}

std::size_t read_chunk(const Stream& stream, std::span<char> target) {
    try {
        return stream.read(target);
    } catch (const std::exception& failure) {
        log_event(LogLevel::error, "http.stream_failed", {{"what", diagnostic(failure.what())}});
        return 0;
    }
}

class Connection final : public Supervised {
  public:
    Connection(Edge& edge, Shard& shard, Door door, Socket socket, Peer peer)
        : edge_(edge),
          shard_(shard),
          door_(door),
          wire_(std::move(socket)),
          wake_up_(wire_.get_executor()),
          buffer_(edge.limits().header_bytes_max + kBodyRead),
          peer_(std::move(peer)) {
        shard_.connections.insert(this);
        ErrorCode ignored;
        wire_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        shard_.connections.erase(this);
        edge_.throttle().leave(peer_);
        edge_.connections.fetch_sub(1);
    }

    Awaitable<void> run();

    void expire(Instant now) override {
        if (now < deadline_) return;
        deadline_ = now + std::chrono::seconds(1);  // again, if what ended just now is followed by another wait
        timed_out_ = true;
        interrupt();
    }
    void close_if_idle() override {
        if (idle_ || streaming_) interrupt();
    }
    void cut() override {
        open_ = false;
        ErrorCode ignored;
        wire_.socket().close(ignored);
        if (pausing_) wake_up_.cancel();
    }

  private:
    void interrupt() {
        ErrorCode ignored;
        wire_.socket().cancel(ignored);
        if (pausing_) wake_up_.cancel();
    }
    void set_deadline(Instant deadline, Waits waits) {
        timed_out_ = false;
        deadline_ = deadline;
        waits_ = waits;
        waits_since_ = std::chrono::steady_clock::now();
    }
    void be_at_work() { set_deadline(kNever, Waits::nothing); }

    /// False when the other side closed, or the deadline is over (`timed_out_`).
    Awaitable<bool> read_more(std::size_t bytes);
    Awaitable<bool> wait_for_first_byte();
    Awaitable<bool> shake_hands();
    Awaitable<bool> wait_for_request(bool is_first);
    Awaitable<void> exchange();
    Awaitable<void> refuse(const Error& error, const Parser& parser, const RawHeader& raw);
    Awaitable<void> reply_to(Parser& parser, const RawHeader& raw, std::uint64_t network);
    Awaitable<void> pause();
    Awaitable<void> close();
    Awaitable<Result<void>> read_header(Parser& parser);
    Awaitable<Result<void>> read_body(Parser& parser, Admitted& admitted);
    Awaitable<Result<void>> open_spool(BodySink& sink);
    Awaitable<Result<void>> spool(BodySink& sink);
    Awaitable<Result<Reply>> answer(Parser& parser, Admitted& admitted, std::uint64_t network);
    Awaitable<void> write_reply(const Reply& reply, const Admitted* admitted);
    Awaitable<void> write_rendered(const RenderedReply& rendered);
    Awaitable<void> write_body(std::string_view bytes);
    Awaitable<void> write_stream(const Stream& stream);
    Awaitable<void> write_events(const SharedEvents& events, const Request& request);
    template <class Buffers>
    Awaitable<void> write_all(const Buffers& buffers);
    Awaitable<void> linger();
    template <class T>
    Awaitable<std::optional<T>> on_pool(WorkerPool& pool, std::move_only_function<T()> work);
    Result<void> check_header(const Parser& parser, const RawHeader& raw) const;
    std::string_view fixed_lines() const { return door_ == Door::redirect ? "" : edge_.fixed_lines(); }
    Reply refusal(const Error& error, const Parser& parser, const RawHeader& raw);
    void record(const Admitted* admitted, const RawHeader& raw, int status);

    Edge& edge_;
    Shard& shard_;
    Door door_;
    Wire wire_;
    WakeUp wake_up_;
    boost::beast::flat_buffer buffer_;
    Peer peer_;
    std::string request_id_;
    Instant started_;
    Instant deadline_ = kNever;
    bool timed_out_ = false;
    bool idle_ = false;
    bool streaming_ = false;
    bool pausing_ = false;
    bool open_ = true;
    bool keep_alive_ = true;
    bool head_only_ = false;
};

Awaitable<void> Connection::run() {
    open_ = co_await wait_for_first_byte();
    if (open_ && door_ == Door::secure) open_ = co_await shake_hands();
    for (std::size_t served = 0; open_ && served < edge_.limits().requests_per_connection_max; ++served) {
        if (!co_await wait_for_request(served == 0)) break;
        co_await exchange();
        if (!open_ || !keep_alive_) break;
    }
    co_await close();
}

Awaitable<void> Connection::close() {
    ErrorCode ignored;
    if (wire_.is_secure() && open_) {
        set_deadline(std::chrono::steady_clock::now() + kLeaveTime, Waits::first_byte);
        auto token = asio::redirect_error(kAwait, ignored);
        co_await wire_.take_leave(token);
    }
    wire_.socket().shutdown(Socket::shutdown_both, ignored);
    wire_.socket().close(ignored);
}

Awaitable<bool> Connection::read_more(std::size_t bytes) {
    const auto space = buffer_.prepare(std::min(bytes, buffer_.max_size() - buffer_.size()));
    ErrorCode failure;
    auto token = asio::redirect_error(kAwait, failure);
    const std::size_t count = co_await wire_.async_read_some(space, token);
    buffer_.commit(count);
    co_return !failure && !timed_out_;
}

// Until then the connection has neither a buffer nor a state of TLS: silent ones cost next to nothing.
Awaitable<bool> Connection::wait_for_first_byte() {
    ErrorCode failure;
    if (edge_.stopping && wire_.socket().available(failure) == 0) co_return false;
    idle_ = true;
    set_deadline(std::chrono::steady_clock::now() + edge_.limits().first_byte_timeout, Waits::first_byte);
    auto token = asio::redirect_error(kAwait, failure);
    co_await wire_.socket().async_wait(Socket::wait_read, token);
    idle_ = false;
    co_return !failure && !timed_out_ && open_;
}

Awaitable<bool> Connection::shake_hands() {
    if (!edge_.throttle().may_shake_hands(peer_)) co_return false;
    const Handshake counted(edge_);
    if (counted.is_one_too_many()) co_return false;
    idle_ = true;
    set_deadline(std::chrono::steady_clock::now() + edge_.limits().handshake_timeout, Waits::first_byte);
    const auto context = edge_.parts().tls->current();
    ErrorCode failure;
    auto token = asio::redirect_error(kAwait, failure);
    co_await wire_.shake_hands(context, token);
    idle_ = false;
    co_return !failure && !timed_out_ && open_;
}

// A request that was sent before the server began to stop is still taken.
Awaitable<bool> Connection::wait_for_request(bool is_first) {
    if (buffer_.size() > 0) co_return !edge_.stopping;
    ErrorCode ignored;
    if (edge_.stopping && wire_.socket().available(ignored) == 0) co_return false;
    if (buffer_.capacity() > kIdleBuffer) buffer_.shrink_to_fit();
    idle_ = true;
    const auto patience = is_first ? edge_.limits().first_byte_timeout : edge_.limits().idle_timeout;
    set_deadline(std::chrono::steady_clock::now() + patience, is_first ? Waits::first_byte : Waits::next_request);
    const bool began = co_await read_more(kHeaderRead);
    idle_ = false;
    co_return began&& open_;
}

// Told once, then left to wait: whoever floods is read no faster than this.
Awaitable<void> Connection::pause() {
    set_deadline(kNever, Waits::first_byte);
    idle_ = pausing_ = true;
    wake_up_.expires_after(edge_.limits().flood_pause);
    ErrorCode ignored;
    auto token = asio::redirect_error(kAwait, ignored);
    co_await wake_up_.async_wait(token);
    idle_ = pausing_ = false;
}

Awaitable<Result<void>> Connection::read_header(Parser& parser) {
    set_deadline(started_ + edge_.limits().header_timeout, Waits::header);
    for (;;) {
        ErrorCode failure;
        buffer_.consume(parser.put(buffer_.data(), failure));
        if (parser.is_header_done()) co_return Result<void>();
        if (failure == beast_http::error::header_limit) {
            co_return header_too_long(edge_.limits().header_bytes_max);
        }
        if (failure && failure != beast_http::error::need_more) co_return request_malformed();
        if (!co_await read_more(kHeaderRead)) {
            if (!timed_out_) open_ = false;
            co_return request_too_slow();
        }
    }
}

Result<void> Connection::check_header(const Parser& parser, const RawHeader& raw) const {
    if (!has_clear_framing(parser)) return request_malformed();
    if (header_count(parser) > edge_.limits().header_count_max) {
        return header_too_rich(edge_.limits().header_count_max);
    }
    return edge_.check(raw);
}

Awaitable<void> Connection::exchange() {
    started_ = std::chrono::steady_clock::now();
    request_id_ = edge_.new_request_id();
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(edge_.limits().header_bytes_max));
    parser.body_limit(boost::none);
    auto read = co_await read_header(parser);
    if (!open_) co_return;
    const auto raw = raw_header(parser);
    head_only_ = raw.method == "HEAD";
    keep_alive_ = parser.is_header_done() && parser.keep_alive();
    if (read) read = check_header(parser, raw);
    if (!read) {
        keep_alive_ = false;
        co_await refuse(read.error(), parser, raw);
        co_return co_await linger();
    }
    const auto network = edge_.charge(peer_, peer_.is_proxy ? forwarded_for(parser) : std::string_view());
    if (!network) {
        keep_alive_ = keep_alive_ && parser.is_done();
        co_await refuse(network.error(), parser, raw);
        if (open_ && !peer_.is_proxy) co_await pause();
        co_return;
    }
    if (door_ == Door::redirect) {
        keep_alive_ = false;
        const Reply redirect = edge_.redirect_of(raw.target);
        co_return co_await write_reply(redirect, nullptr);
    }
    if (edge_.cache() != nullptr && raw.method == "GET" && parser.is_done()) {
        if (const auto rendered = edge_.cache()->find(raw.target)) co_return co_await write_rendered(*rendered);
    }
    if (const auto file = edge_.find_static(raw); file && parser.is_done()) {
        co_return co_await write_reply(*file, nullptr);
    }
    co_await reply_to(parser, raw, *network);
}

Awaitable<void> Connection::refuse(const Error& error, const Parser& parser, const RawHeader& raw) {
    const Reply refused = refusal(error, parser, raw);
    co_await write_reply(refused, nullptr);
    record(nullptr, raw, refused.status);
}

Awaitable<void> Connection::reply_to(Parser& parser, const RawHeader& raw, std::uint64_t network) {
    auto headers = headers_of(parser);
    Result<Reply> reply = Reply{};
    std::optional<Admitted> found;
    if (auto preflight = edge_.preflight(raw, headers)) {
        reply = std::move(*preflight);
    } else if (auto admitted = edge_.admit(raw, std::move(headers), peer_.address, request_id_)) {
        found = std::move(*admitted);
        reply = co_await answer(parser, *found, network);
    } else {
        reply = admitted.error();
    }
    if (!open_) co_return;
    if (!parser.is_done()) keep_alive_ = false;
    if (reply && held_bytes(*reply, kStreamChunk) > kWriteChunk && edge_.holds_too_much()) reply = overloaded();
    const bool flooding = !reply && reply.error().reason == kTooManyRequests;
    Reply written = reply ? std::move(*reply) : refusal(reply.error(), parser, raw);
    if (found) edge_.finish(written, reply ? nullptr : &reply.error(), *found);
    const Admitted* admitted = found ? &*found : nullptr;
    co_await write_reply(written, admitted);
    record(admitted, raw, written.status);
    if (const auto events = events_of(written); events && found && open_ && !head_only_) {
        co_return co_await write_events(events, found->request);
    }
    if (flooding && open_ && !peer_.is_proxy) co_await pause();
    if (!parser.is_done() && open_) co_await linger();
}

Reply Connection::refusal(const Error& error, const Parser& parser, const RawHeader& raw) {
    auto reply = edge_.problem_reply(error, request_id_, parser.is_header_done() && wants_page(parser, raw));
    if (reply.status == 405) reply.with_header("Allow", edge_.allowed_methods(raw.target));
    return reply;
}

void Connection::record(const Admitted* admitted, const RawHeader& raw, int status) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started_;
    Outcome outcome;
    outcome.method = raw.method;
    outcome.route = admitted != nullptr ? admitted->request.route : "none";
    outcome.endpoint = admitted != nullptr ? admitted->endpoint : nullptr;
    outcome.status = status;
    outcome.seconds = elapsed.count();
    edge_.record(outcome, request_id_);
}

// The work runs on a worker and its result comes back as a message to this I/O thread; the timer that never fires is
// what the coroutine sleeps on meanwhile.
template <class T>
Awaitable<std::optional<T>> Connection::on_pool(WorkerPool& pool, std::move_only_function<T()> work) {
    std::optional<T> result;
    be_at_work();
    wake_up_.expires_at(kNever);
    WorkerPool::Job job = [this, &result, work = std::move(work)]() mutable {
        T made = work();
        asio::post(wire_.get_executor(), [this, &result, made = std::move(made)]() mutable {
            result = std::move(made);
            wake_up_.cancel();
        });
    };
    if (!pool.try_post(std::move(job))) co_return std::nullopt;
    ErrorCode ignored;
    auto token = asio::redirect_error(kAwait, ignored);
    co_await wake_up_.async_wait(token);
    co_return result;
}

Awaitable<Result<Reply>> Connection::answer(Parser& parser, Admitted& admitted, std::uint64_t network) {
    if (auto charged = edge_.charge_route(admitted, network); !charged) co_return std::move(charged).error();
    const Endpoint& endpoint = *admitted.endpoint;
    Request& request = admitted.request;
    const bool to_file = endpoint.body == Body::file;
    if (to_file) {
        std::move_only_function<Result<void>()> check = [&] { return edge_.authenticate(endpoint, request); };
        auto checked = co_await on_pool<Result<void>>(edge_.request_pool(), std::move(check));
        if (!checked) co_return overloaded();
        if (!*checked) co_return std::move(*checked).error();
    }
    auto read = co_await read_body(parser, admitted);
    if (!read) co_return std::move(read).error();
    std::move_only_function<Result<Reply>()> work = [&]() -> Result<Reply> {
        if (!to_file) KAIGONG_CHECK(edge_.authenticate(endpoint, request));
        return edge_.handle(endpoint, request);
    };
    auto reply = co_await on_pool<Result<Reply>>(edge_.pool_of(endpoint), std::move(work));
    if (!reply) co_return overloaded();
    co_return std::move(*reply);
}

Awaitable<Result<void>> Connection::read_body(Parser& parser, Admitted& admitted) {
    Request& request = admitted.request;
    const std::uint64_t bytes_max = request.method == Method::get ? 0 : admitted.endpoint->body_bytes_max;
    if (parser.content_length().value_or(0) > bytes_max) co_return body_too_large(bytes_max);
    if (!parser.is_done() && lower_case(value_of(parser, beast_http::field::expect)) == "100-continue") {
        constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await write_body(kContinue);
    }
    BodySink sink;
    if (admitted.endpoint->body == Body::file) {
        auto opened = co_await open_spool(sink);
        if (!opened) co_return opened;
    }
    const Instant begun = std::chrono::steady_clock::now();
    // Small while it comes slowly, so that thousands of slow ones need no memory to speak of.
    std::size_t step = kHeaderRead;
    while (open_ && !parser.is_done()) {
        auto progress = parse_body(parser, buffer_, sink, bytes_max);
        if (!progress) co_return std::move(progress).error();
        if (sink.pending.size() >= kStreamChunk && sink.file) {
            auto spooled = co_await spool(sink);
            if (!spooled) co_return spooled;
        }
        if (*progress) continue;
        const std::chrono::seconds earned(sink.received / edge_.limits().body_bytes_per_second_min);
        set_deadline(begun + edge_.limits().body_grace + earned, Waits::body);
        const std::size_t before = buffer_.size();
        if (!co_await read_more(step)) {
            if (!timed_out_) open_ = false;
            co_return body_too_slow();
        }
        if (buffer_.size() - before == step) step = std::min(2 * step, kBodyRead);
    }
    if (!sink.file) {
        request.body = std::move(sink.pending);
        co_return Result<void>();
    }
    auto spooled = co_await spool(sink);
    request.body_file = std::move(sink.file);
    co_return spooled;
}

Awaitable<Result<void>> Connection::open_spool(BodySink& sink) {
    std::move_only_function<Result<void>()> open = [this, &sink]() -> Result<void> {
        return guarded_spool([&] { sink.file = BodyFile::create(edge_.options().spool_folder); });
    };
    auto opened = co_await on_pool<Result<void>>(edge_.transfer_pool(), std::move(open));
    if (!opened) co_return overloaded();
    co_return std::move(*opened);
}

Awaitable<Result<void>> Connection::spool(BodySink& sink) {
    std::move_only_function<Result<void>()> append = [&sink]() -> Result<void> {
        return guarded_spool([&] { sink.file->append(sink.pending); });
    };
    auto appended = co_await on_pool<Result<void>>(edge_.transfer_pool(), std::move(append));
    sink.pending.clear();
    if (!appended) co_return overloaded();
    co_return std::move(*appended);
}

// Every 64 KiB has a deadline of its own: a long reply to a slow reader goes on, one to nobody ends.
template <class Buffers>
Awaitable<void> Connection::write_all(const Buffers& buffers) {
    set_deadline(std::chrono::steady_clock::now() + edge_.limits().write_timeout, Waits::reader);
    ErrorCode failure;
    auto token = asio::redirect_error(kAwait, failure);
    co_await asio::async_write(wire_, buffers, token);
    be_at_work();
    if (failure) open_ = false;
}

Awaitable<void> Connection::write_body(std::string_view bytes) {
    while (open_ && !bytes.empty()) {
        const auto part = asio::buffer(bytes.substr(0, kWriteChunk));
        co_await write_all(part);
        bytes.remove_prefix(part.size());
    }
}

Awaitable<void> Connection::write_stream(const Stream& stream) {
    std::uint64_t left = stream.bytes;
    std::string chunk(std::min<std::uint64_t>(kStreamChunk, left), '\0');
    while (open_ && left > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(chunk.size(), left));
        std::move_only_function<std::size_t()> read = [&] { return read_chunk(stream, {chunk.data(), wanted}); };
        const auto count = co_await on_pool<std::size_t>(edge_.transfer_pool(), std::move(read));
        if (!count || *count == 0 || *count > wanted) {
            // The length is already promised: a cut connection is the only way left to say that it failed.
            log_event(LogLevel::error, "http.stream_cut", {{"left_bytes", left}});
            co_return cut();
        }
        co_await write_body({chunk.data(), *count});
        left -= *count;
    }
}

// Sleeps between two events; a worker is asked only now and then, whether the reader may still read.
Awaitable<void> Connection::write_events(const SharedEvents& events, const Request& request) {
    constexpr std::string_view kHeartbeat = ": \n\n";
    const auto& limits = edge_.limits();
    EventPump pump(wire_.socket(), events);
    streaming_ = true;
    Instant check_at = std::chrono::steady_clock::now() + limits.stream_check;
    while (open_ && !edge_.stopping) {
        const auto text = co_await pump.next(std::min(check_at, std::chrono::steady_clock::now() + limits.heartbeat));
        if (!text) break;
        co_await write_body(text->empty() ? kHeartbeat : std::string_view(*text));
        if (std::chrono::steady_clock::now() < check_at) continue;
        std::move_only_function<Result<void>()> check = [&] { return edge_.check_stream(request, *events); };
        const auto allowed = co_await on_pool<Result<void>>(edge_.request_pool(), std::move(check));
        // A full queue says nothing against the reader.
        if (allowed && !*allowed) break;
        check_at = std::chrono::steady_clock::now() + limits.stream_check;
    }
    streaming_ = false;
}

Awaitable<void> Connection::write_reply(const Reply& reply, const Admitted* admitted) {
    std::string head = reply_head(reply);
    keep_alive_ = keep_alive_ && !edge_.stopping && !is_endless(reply);
    const auto body = bytes_of(reply);
    if (admitted != nullptr && edge_.cache() != nullptr && admitted->endpoint->cached && reply.status == 200 &&
        !reply.cache_subject.empty()) {
        edge_.cache()->put(admitted->request.target, reply.cache_subject, admitted->cache_ticket,
                           {head, std::string(body)});
    }
    head += reply_tail(request_id_, keep_alive_, fixed_lines());
    const Unsent held(edge_, held_bytes(reply, kStreamChunk));
    const auto first = head_only_ ? std::string_view() : body.substr(0, kWriteChunk);
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(first)};
    co_await write_all(buffers);
    if (head_only_) co_return;
    co_await write_body(body.substr(first.size()));
    if (const auto* stream = std::get_if<Stream>(&reply.body); stream != nullptr && open_ && !is_endless(reply))
        co_await write_stream(*stream);
}

Awaitable<void> Connection::write_rendered(const RenderedReply& rendered) {
    keep_alive_ = keep_alive_ && !edge_.stopping;
    edge_.record_cached();
    const std::string tail = reply_tail(request_id_, keep_alive_, fixed_lines());
    const std::string_view body = rendered.body;
    const auto first = body.substr(0, kWriteChunk);
    const std::array<asio::const_buffer, 3> buffers{asio::buffer(rendered.head), asio::buffer(tail),
                                                    asio::buffer(first)};
    co_await write_all(buffers);
    co_await write_body(body.substr(first.size()));
}

Awaitable<void> Connection::linger() {
    ErrorCode ignored;
    wire_.socket().shutdown(Socket::shutdown_send, ignored);
    const Instant until = std::chrono::steady_clock::now() + kLingerTime;
    std::size_t thrown_away = 0;
    while (open_ && thrown_away < kLingerBytesMax) {
        buffer_.clear();
        set_deadline(until, Waits::header);
        if (!co_await read_more(kBodyRead)) break;
        thrown_away += buffer_.size();
    }
}

}  // namespace

Awaitable<void> serve_connection(Edge& edge, Shard& shard, Door door, Socket socket, Peer peer) {
    Connection connection(edge, shard, door, std::move(socket), std::move(peer));
    try {
        co_await connection.run();
    } catch (const std::exception& failure) {
        log_event(LogLevel::error, "http.connection_failed", {{"what", diagnostic(failure.what())}});
    }
}

}  // namespace kaigong::http
