#include "http/body_sink.hpp"

#include "base/log.hpp"

namespace kaigong::http {

Result<bool> parse_body(RequestParser& parser, boost::beast::flat_buffer& buffer, BodySink& sink,
                        std::uint64_t bytes_max) {
    if (buffer.size() == 0) return false;
    const std::size_t before = sink.pending.size();
    sink.pending.resize(before + buffer.size());
    parser.get().body().data = sink.pending.data() + before;
    parser.get().body().size = buffer.size();
    boost::system::error_code failure;
    const std::size_t offered = buffer.size();
    const std::size_t used = parser.put(buffer.data(), failure);
    buffer.consume(used);
    const std::size_t count = offered - parser.get().body().size;
    sink.pending.resize(before + count);
    sink.received += count;
    if (sink.received > bytes_max) return body_too_large(bytes_max);
    const bool harmless = !failure || failure == boost::beast::http::error::need_buffer ||
                          failure == boost::beast::http::error::need_more;
    if (!harmless || (used == 0 && buffer.size() == buffer.max_size())) return request_malformed();
    return used > 0;
}

Result<void> guarded_spool(const std::function<void()>& act) {
    try {
        act();
        return {};
    } catch (const std::exception& failure) {
        log_event(LogLevel::error, "http.spool_failed", {{"what", diagnostic(failure.what())}});
        return error(Errc::unavailable, "http.spool_failed",
                     "服务器暂时无法接收文件（磁盘空间不足），请稍后重新上传。");
    }
}

}  // namespace kaigong::http
