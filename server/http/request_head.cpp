#include "http/request_head.hpp"

#include <fmt/format.h>

#include <iterator>

#include "http/header_fields.hpp"

namespace kaigong::http {

namespace beast_http = boost::beast::http;

Error request_malformed() {
    return error(Errc::invalid_input, "http.request_malformed", "请求不符合 HTTP 格式，请通过浏览器或按接口说明访问。");
}

Error overloaded() {
    return error(Errc::unavailable, "http.overloaded",
                 "现在办理的人较多，系统一时忙不过来。内容没有丢失，请几秒后重试。");
}

Error request_too_slow() {
    return error(Errc::unavailable, "http.request_too_slow", "请求迟迟没有发完，请检查网络后重试。");
}

Error body_too_slow() {
    return error(Errc::unavailable, "http.request_too_slow", "上传太慢或已中断，请检查网络后重新上传。");
}

Error header_too_long(std::size_t bytes_max) {
    return error(Errc::invalid_input, "http.header_too_large",
                 fmt::format("请求头超过 {} 字节，请清除浏览器中本站的 Cookie 后重试。", bytes_max));
}

Error header_too_rich(std::size_t count_max) {
    return error(Errc::invalid_input, "http.header_too_large",
                 fmt::format("请求头超过 {} 项，请通过浏览器访问。", count_max));
}

Error body_too_large(std::uint64_t bytes_max) {
    if (bytes_max == 0) return error(Errc::too_large, "http.body_too_large", "这个网址不接收内容，请按接口说明提交。");
    constexpr std::uint64_t kKib = 1'024;
    const auto limit = bytes_max >= kKib * kKib ? fmt::format("{} MB", bytes_max / (kKib * kKib))
                                                : fmt::format("{} KB", (bytes_max + kKib - 1) / kKib);
    return error(Errc::too_large, "http.body_too_large",
                 fmt::format("内容超过 {} 的上限。请压缩、拆分后重新提交，已保存的内容不受影响。", limit));
}

Parameters headers_of(const RequestParser& parser) {
    Parameters headers;
    for (const auto& field : parser.get().base()) {
        const auto name = field.name_string();
        const auto value = field.value();
        headers.emplace_back(lower_case({name.data(), name.size()}), std::string(value.data(), value.size()));
    }
    return headers;
}

std::string_view value_of(const RequestParser& parser, beast_http::field name) {
    const auto value = parser.get().base()[name];
    return {value.data(), value.size()};
}

std::string_view forwarded_for(const RequestParser& parser) {
    const auto& header = parser.get().base();
    // The last line is that of the proxy next to us.
    std::string_view last;
    const auto [from, to] = header.equal_range("X-Forwarded-For");
    for (auto line = from; line != to; ++line) last = {line->value().data(), line->value().size()};
    return last;
}

RawHeader raw_header(const RequestParser& parser) {
    const auto& header = parser.get().base();
    RawHeader raw;
    raw.method = {header.method_string().data(), header.method_string().size()};
    raw.target = {header.target().data(), header.target().size()};
    if (header.count(beast_http::field::host) == 1) raw.host = value_of(parser, beast_http::field::host);
    raw.accept_encoding = value_of(parser, beast_http::field::accept_encoding);
    raw.if_none_match = value_of(parser, beast_http::field::if_none_match);
    return raw;
}

bool has_clear_framing(const RequestParser& parser) {
    const auto& header = parser.get().base();
    const auto encodings = header.count(beast_http::field::transfer_encoding);
    const auto lengths = header.count(beast_http::field::content_length);
    if (lengths > 1 || encodings > 1 || (lengths == 1 && encodings == 1)) return false;
    if (encodings == 0) return true;
    return header.version() == 11 && lower_case(value_of(parser, beast_http::field::transfer_encoding)) == "chunked";
}

std::size_t header_count(const RequestParser& parser) {
    const auto& header = parser.get().base();
    return static_cast<std::size_t>(std::distance(header.begin(), header.end()));
}

bool wants_page(const RequestParser& parser, const RawHeader& raw) {
    const bool reads = raw.method == "GET" || raw.method == "HEAD";
    return reads && !raw.target.starts_with("/api/") &&
           value_of(parser, beast_http::field::accept).find("text/html") != std::string_view::npos;
}

}  // namespace kaigong::http
