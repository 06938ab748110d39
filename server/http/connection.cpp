#include "http/connection.hpp"

#include <fmt/format.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/log.hpp"
#include "http/event_pump.hpp"
#include "http/header_fields.hpp"
#include "http/reply_head.hpp"

namespace kaigong::http {
namespace {

namespace beast_http = boost::beast::http;
using ErrorCode = boost::system::error_code;
using Parser = beast_http::request_parser<beast_http::buffer_body>;
using WakeUp =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, IoExecutor>;

constexpr std::size_t kHeaderRead = 4'096;
constexpr std::size_t kBodyRead = 65'536;
constexpr std::size_t kWriteChunk = 65'536;
constexpr std::size_t kStreamChunk = 262'144;
/// What is still read, and thrown away, after a refusal, so that the client sees the answer and not a reset.
constexpr std::size_t kLingerBytesMax = 8U << 20U;
constexpr std::chrono::seconds kLingerTime{3};
constexpr Instant kNever = Instant::max();

Error request_malformed() {
    return error(Errc::invalid_input, "http.request_malformed", "请求不符合 HTTP 格式,请通过浏览器或按接口说明访问。");
}

Error overloaded() {
    return error(Errc::unavailable, "http.overloaded",
                 "现在办理的人较多,系统一时忙不过来。内容没有丢失,请几秒后重试。");
}

Error body_too_large(std::uint64_t bytes_max) {
    if (bytes_max == 0) return error(Errc::too_large, "http.body_too_large", "这个网址不接收内容,请按接口说明提交。");
    constexpr std::uint64_t kKib = 1'024;
    const auto limit = bytes_max >= kKib * kKib ? fmt::format("{} MB", bytes_max / (kKib * kKib))
                                                : fmt::format("{} KB", (bytes_max + kKib - 1) / kKib);
    return error(Errc::too_large, "http.body_too_large",
                 fmt::format("内容超过 {} 的上限。请压缩、拆分后重新提交,已保存的内容不受影响。", limit));
}

Parameters headers_of(const Parser& parser) {
    Parameters headers;
    for (const auto& field : parser.get().base()) {
        const auto name = field.name_string();
        const auto value = field.value();
        headers.emplace_back(lower_case({name.data(), name.size()}), std::string(value.data(), value.size()));
    }
    return headers;
}

std::string_view value_of(const Parser& parser, beast_http::field name) {
    const auto value = parser.get().base()[name];
    return {value.data(), value.size()};
}

RawHeader raw_header(const Parser& parser) {
    const auto& header = parser.get().base();
    RawHeader raw;
    raw.method = {header.method_string().data(), header.method_string().size()};
    raw.target = {header.target().data(), header.target().size()};
    if (header.count(beast_http::field::host) == 1) raw.host = value_of(parser, beast_http::field::host);
    raw.accept_encoding = value_of(parser, beast_http::field::accept_encoding);
    raw.if_none_match = value_of(parser, beast_http::field::if_none_match);
    return raw;
}

// A proxy before us could read other bounds of the request than we do wherever the two ways of giving them meet
// (RFC 9112 6.3, request smuggling): nothing ambiguous is let in.
bool has_clear_framing(const Parser& parser) {
    const auto& header = parser.get().base();
    const auto encodings = header.count(beast_http::field::transfer_encoding);
    const auto lengths = header.count(beast_http::field::content_length);
    if (lengths > 1 || encodings > 1 || (lengths == 1 && encodings == 1)) return false;
    if (encodings == 0) return true;
    return header.version() == 11 && lower_case(value_of(parser, beast_http::field::transfer_encoding)) == "chunked";
}

bool wants_page(const Parser& parser, const RawHeader& raw) {
    const bool reads = raw.method == "GET" || raw.method == "HEAD";
    return reads && !raw.target.starts_with("/api/") &&
           value_of(parser, beast_http::field::accept).find("text/html") != std::string_view::npos;
}

std::string_view bytes_of(const Reply& reply) {
    if (const auto* text = std::get_if<std::string>(&reply.body)) return *text;
    const auto* shared = std::get_if<SharedBytes>(&reply.body);
    return shared != nullptr && *shared ? std::string_view(**shared) : std::string_view();
}

/// Where a body goes while it comes in: to memory, or by way of memory to a file.
struct BodySink {
    std::string pending;
    std::shared_ptr<BodyFile> file;
    std::uint64_t received = 0;
};

/// What the disk refuses becomes an answer that the client can act on.
Result<void> guarded_spool(const std::function<void()>& act) {
    try {
        act();
        return {};
    } catch (const std::exception& failure) {
        log_event(LogLevel::error, "http.spool_failed", {{"what", diagnostic(failure.what())}});
        return error(Errc::unavailable, "http.spool_failed", "服务器暂时无法接收文件(磁盘空间不足),请稍后重新上传。");
    }
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
    Connection(Edge& edge, Shard& shard, Socket socket)
        : edge_(edge),
          shard_(shard),
          socket_(std::move(socket)),
          wake_up_(socket_.get_executor()),
          buffer_(edge.limits().header_bytes_max + kBodyRead) {
        shard_.connections.insert(this);
        ErrorCode ignored;
        peer_ = socket_.remote_endpoint(ignored).address().to_string();
        socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        shard_.connections.erase(this);
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
        socket_.close(ignored);
    }

  private:
    void interrupt() {
        ErrorCode ignored;
        socket_.cancel(ignored);
    }
    void set_deadline(Instant deadline) {
        timed_out_ = false;
        deadline_ = deadline;
    }

    /// False when the other side closed, or the deadline is over (`timed_out_`).
    Awaitable<bool> read_more(std::size_t bytes);
    Awaitable<bool> wait_for_request();
    Awaitable<void> exchange();
    Awaitable<Result<void>> read_header(Parser& parser);
    Awaitable<Result<void>> read_body(Parser& parser, Admitted& admitted);
    Result<bool> parse_body(Parser& parser, BodySink& sink, std::uint64_t bytes_max);
    Awaitable<Result<void>> open_spool(BodySink& sink);
    Awaitable<Result<void>> spool(BodySink& sink);
    Awaitable<Result<Reply>> answer(Parser& parser, Admitted& admitted);
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
    Reply refusal(const Error& error, const Parser& parser, const RawHeader& raw);
    void record(const Admitted* admitted, const RawHeader& raw, int status);

    Edge& edge_;
    Shard& shard_;
    Socket socket_;
    WakeUp wake_up_;
    boost::beast::flat_buffer buffer_;
    std::string peer_;
    std::string request_id_;
    Instant started_;
    Instant deadline_ = kNever;
    bool timed_out_ = false;
    bool idle_ = false;
    bool streaming_ = false;
    bool open_ = true;
    bool keep_alive_ = true;
    bool head_only_ = false;
};

Awaitable<void> Connection::run() {
    for (std::size_t served = 0; served < edge_.limits().requests_per_connection_max; ++served) {
        if (!co_await wait_for_request()) break;
        co_await exchange();
        if (!open_ || !keep_alive_) break;
    }
    ErrorCode ignored;
    socket_.shutdown(Socket::shutdown_both, ignored);
    socket_.close(ignored);
}

Awaitable<bool> Connection::read_more(std::size_t bytes) {
    const auto space = buffer_.prepare(std::min(bytes, buffer_.max_size() - buffer_.size()));
    ErrorCode failure;
    auto token = asio::redirect_error(kAwait, failure);
    const std::size_t count = co_await socket_.async_read_some(space, token);
    buffer_.commit(count);
    co_return !failure && !timed_out_;
}

// A request that was sent before the server began to stop is still taken.
Awaitable<bool> Connection::wait_for_request() {
    if (buffer_.size() > 0) co_return !edge_.stopping;
    ErrorCode ignored;
    if (edge_.stopping && socket_.available(ignored) == 0) co_return false;
    idle_ = true;
    set_deadline(std::chrono::steady_clock::now() + edge_.limits().idle_timeout);
    const bool began = co_await read_more(kHeaderRead);
    idle_ = false;
    co_return began&& open_;
}

Awaitable<Result<void>> Connection::read_header(Parser& parser) {
    set_deadline(started_ + edge_.limits().header_timeout);
    for (;;) {
        ErrorCode failure;
        buffer_.consume(parser.put(buffer_.data(), failure));
        if (parser.is_header_done()) co_return Result<void>();
        if (failure == beast_http::error::header_limit) {
            co_return error(Errc::invalid_input, "http.header_too_large",
                            fmt::format("请求头超过 {} 字节,请清除浏览器中本站的 Cookie 后重试。",
                                        edge_.limits().header_bytes_max));
        }
        if (failure && failure != beast_http::error::need_more) co_return request_malformed();
        if (!co_await read_more(kHeaderRead)) {
            if (!timed_out_) open_ = false;
            co_return error(Errc::unavailable, "http.request_too_slow", "请求迟迟没有发完,请检查网络后重试。");
        }
    }
}

Result<void> Connection::check_header(const Parser& parser, const RawHeader& raw) const {
    if (!has_clear_framing(parser)) return request_malformed();
    const auto& header = parser.get().base();
    const auto count = static_cast<std::size_t>(std::distance(header.begin(), header.end()));
    if (count > edge_.limits().header_count_max) {
        return error(Errc::invalid_input, "http.header_too_large",
                     fmt::format("请求头超过 {} 项,请通过浏览器访问。", edge_.limits().header_count_max));
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
        const Reply refused = refusal(read.error(), parser, raw);
        co_await write_reply(refused, nullptr);
        record(nullptr, raw, refused.status);
        co_return co_await linger();
    }
    if (edge_.cache() != nullptr && raw.method == "GET" && parser.is_done()) {
        if (const auto rendered = edge_.cache()->find(raw.target)) co_return co_await write_rendered(*rendered);
    }
    if (const auto file = edge_.find_static(raw); file && parser.is_done()) {
        co_return co_await write_reply(*file, nullptr);
    }
    auto admitted = edge_.admit(raw, headers_of(parser), peer_, request_id_);
    Result<Reply> reply = Reply{};
    if (admitted) {
        reply = co_await answer(parser, *admitted);
    } else {
        reply = admitted.error();
    }
    if (!open_) co_return;
    if (!parser.is_done()) keep_alive_ = false;
    const Reply written = reply ? std::move(*reply) : refusal(reply.error(), parser, raw);
    const Admitted* found = admitted ? &*admitted : nullptr;
    co_await write_reply(written, found);
    record(found, raw, written.status);
    if (const auto events = events_of(written); events && found != nullptr && open_ && !head_only_) {
        co_return co_await write_events(events, found->request);
    }
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
    set_deadline(kNever);
    wake_up_.expires_at(kNever);
    WorkerPool::Job job = [this, &result, work = std::move(work)]() mutable {
        T made = work();
        asio::post(socket_.get_executor(), [this, &result, made = std::move(made)]() mutable {
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

Awaitable<Result<Reply>> Connection::answer(Parser& parser, Admitted& admitted) {
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
    while (open_ && !parser.is_done()) {
        auto progress = parse_body(parser, sink, bytes_max);
        if (!progress) co_return std::move(progress).error();
        if (sink.pending.size() >= kStreamChunk && sink.file) {
            auto spooled = co_await spool(sink);
            if (!spooled) co_return spooled;
        }
        if (*progress) continue;
        const std::chrono::seconds earned(sink.received / edge_.limits().body_bytes_per_second_min);
        set_deadline(begun + edge_.limits().body_grace + earned);
        if (!co_await read_more(kBodyRead)) {
            if (!timed_out_) open_ = false;
            co_return error(Errc::unavailable, "http.request_too_slow", "上传太慢或已中断,请检查网络后重新上传。");
        }
    }
    if (!sink.file) {
        request.body = std::move(sink.pending);
        co_return Result<void>();
    }
    auto spooled = co_await spool(sink);
    request.body_file = std::move(sink.file);
    co_return spooled;
}

/// Moves what is in the buffer to the sink. False when the parser needs more bytes of the socket.
Result<bool> Connection::parse_body(Parser& parser, BodySink& sink, std::uint64_t bytes_max) {
    if (buffer_.size() == 0) return false;
    const std::size_t before = sink.pending.size();
    sink.pending.resize(before + buffer_.size());
    parser.get().body().data = sink.pending.data() + before;
    parser.get().body().size = buffer_.size();
    ErrorCode failure;
    const std::size_t offered = buffer_.size();
    const std::size_t used = parser.put(buffer_.data(), failure);
    buffer_.consume(used);
    const std::size_t count = offered - parser.get().body().size;
    sink.pending.resize(before + count);
    sink.received += count;
    if (sink.received > bytes_max) return body_too_large(bytes_max);
    const bool harmless =
        !failure || failure == beast_http::error::need_buffer || failure == beast_http::error::need_more;
    if (!harmless || (used == 0 && buffer_.size() == buffer_.max_size())) return request_malformed();
    return used > 0;
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
    set_deadline(std::chrono::steady_clock::now() + edge_.limits().write_timeout);
    ErrorCode failure;
    auto token = asio::redirect_error(kAwait, failure);
    co_await asio::async_write(socket_, buffers, token);
    set_deadline(kNever);
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
    EventPump pump(socket_, events);
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
    head += reply_tail(request_id_, keep_alive_);
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
    const std::string tail = reply_tail(request_id_, keep_alive_);
    const std::string_view body = rendered.body;
    const auto first = body.substr(0, kWriteChunk);
    const std::array<asio::const_buffer, 3> buffers{asio::buffer(rendered.head), asio::buffer(tail),
                                                    asio::buffer(first)};
    co_await write_all(buffers);
    co_await write_body(body.substr(first.size()));
}

Awaitable<void> Connection::linger() {
    ErrorCode ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    const Instant until = std::chrono::steady_clock::now() + kLingerTime;
    std::size_t thrown_away = 0;
    while (open_ && thrown_away < kLingerBytesMax) {
        buffer_.clear();
        set_deadline(until);
        if (!co_await read_more(kBodyRead)) break;
        thrown_away += buffer_.size();
    }
}

}  // namespace

Awaitable<void> serve_connection(Edge& edge, Shard& shard, Socket socket) {
    Connection connection(edge, shard, std::move(socket));
    try {
        co_await connection.run();
    } catch (const std::exception& failure) {
        log_event(LogLevel::error, "http.connection_failed", {{"what", diagnostic(failure.what())}});
    }
}

}  // namespace kaigong::http
