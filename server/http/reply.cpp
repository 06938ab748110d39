#include "http/reply.hpp"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

#include "http/authenticator.hpp"
#include "http/html.hpp"

namespace kaigong::http {
namespace {

// Types that a browser shows without running anything in them. SVG and HTML are not among them.
constexpr std::array<std::string_view, 3> kPreviewTypes{"application/pdf", "image/jpeg", "image/png"};

std::string plain_name(std::string_view file_name) {
    std::string plain;
    for (const char c : file_name) {
        const bool safe = c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '/' && c != '%';
        if (safe) {
            plain += c;
        } else if (!plain.ends_with('_')) {
            plain += '_';
        }
    }
    return plain;
}

}  // namespace

Reply& Reply::with_header(std::string name, std::string value) & {
    auto& header = headers.emplace_back();  // in two steps: g++ 12 sees an overflow in the moved pair that is none
    header.first = std::move(name);
    header.second = std::move(value);
    return *this;
}
Reply Reply::with_header(std::string name, std::string value) && {
    with_header(std::move(name), std::move(value));
    return std::move(*this);
}
Reply Reply::with_version(std::int64_t version) && {
    return std::move(*this).with_header("ETag", fmt::format("\"{}\"", version));
}
Reply Reply::with_status(int new_status) && {
    status = new_status;
    return std::move(*this);
}
Reply Reply::with_location(std::string path) && {
    return std::move(*this).with_header("Location", std::move(path));
}

std::string session_cookie(std::string_view value, std::int64_t max_age_s) {
    std::string cookie = fmt::format("{}={}; Path=/; HttpOnly; Secure; SameSite=Strict", kSessionCookie, value);
    if (max_age_s >= 0) cookie += fmt::format("; Max-Age={}", max_age_s);
    return cookie;
}

Reply json_reply(const boost::json::value& value, int status) {
    Reply reply;
    reply.status = status;
    reply.content_type = "application/json";
    reply.body = boost::json::serialize(value);
    return reply;
}

Reply text_reply(std::string text, int status) {
    Reply reply;
    reply.status = status;
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = std::move(text);
    return reply;
}

Reply no_content() {
    return Reply{}.with_status(204);
}

Reply accepted() {
    return Reply{}.with_status(202);
}

Reply page_reply(std::string html, int status) {
    Reply reply;
    reply.status = status;
    reply.kind = ContentKind::page;
    reply.content_type = "text/html; charset=utf-8";
    reply.body = std::move(html);
    return reply;
}

Reply redirect(std::string path, int status) {
    Reply reply;
    reply.status = status;
    return std::move(reply).with_location(std::move(path));
}

Reply own_file(std::string bytes, std::string content_type, std::string_view file_name, Disposition disposition) {
    Reply reply;
    reply.content_type = std::move(content_type);
    reply.body = std::move(bytes);
    return std::move(reply).with_header("Content-Disposition", content_disposition(disposition, file_name));
}

Reply stranger_file(Stream stream, std::string_view content_type, std::string_view file_name, Disposition disposition) {
    const bool previewed = std::ranges::find(kPreviewTypes, content_type) != kPreviewTypes.end();
    Reply reply;
    reply.kind = ContentKind::stranger;
    reply.content_type = previewed ? content_type : "application/octet-stream";
    reply.body = std::move(stream);
    const auto shown = previewed ? disposition : Disposition::attachment;
    return std::move(reply).with_header("Content-Disposition", content_disposition(shown, file_name));
}

std::string content_disposition(Disposition disposition, std::string_view file_name) {
    const std::string_view kind = disposition == Disposition::attachment ? "attachment" : "inline";
    const auto plain = plain_name(file_name);
    return fmt::format("{}; filename=\"{}\"; filename*=UTF-8''{}", kind, plain.empty() ? "file" : plain,
                       encode_component(file_name));
}

}  // namespace kaigong::http
