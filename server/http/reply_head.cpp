#include "http/reply_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>

#include "http/event_stream.hpp"
#include "http/header_fields.hpp"

namespace kaigong::http {
namespace {

// Attributes of style stay allowed because bpmn-js and chart labels place themselves by them; elements of style and any
// inline script do not. `blob:` frames and images are previews of files that the page itself fetched.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self' blob:; "
    "worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
    "object-src 'none'";
constexpr std::string_view kApiPolicy = "default-src 'none'; frame-ancestors 'self'";
constexpr std::string_view kStrangerPolicy = "sandbox; default-src 'none'; frame-ancestors 'self'";

std::string_view policy_of(ContentKind kind) {
    switch (kind) {
        case ContentKind::api: return kApiPolicy;
        case ContentKind::page: return kPagePolicy;
        case ContentKind::stranger: return kStrangerPolicy;
    }
    throw std::logic_error("a content kind without a policy");
}

std::string_view phrase_of(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 308: return "Permanent Redirect";
        case 404: return "Not Found";
        case 429: return "Too Many Requests";
        default: return status < 400 ? "Done" : status < 500 ? "Refused" : "Failed";
    }
}

bool has_header(const Reply& reply, std::string_view name) {
    return std::ranges::any_of(reply.headers, [&](const auto& header) { return lower_case(header.first) == name; });
}

const std::string& date_line() {
    thread_local std::time_t made_at = 0;
    thread_local std::string line;
    const std::time_t now = std::time(nullptr);
    if (now != made_at) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        char text[64];
        const auto size = std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
        line.assign(text, size);
        made_at = now;
    }
    return line;
}

}  // namespace

bool is_endless(const Reply& reply) {
    return std::holds_alternative<Stream>(reply.body) && body_size(reply) == kEndless;
}

std::uint64_t body_size(const Reply& reply) {
    if (const auto* text = std::get_if<std::string>(&reply.body)) return text->size();
    if (const auto* shared = std::get_if<SharedBytes>(&reply.body)) return *shared ? (*shared)->size() : 0;
    return std::get<Stream>(reply.body).bytes;
}

std::string reply_head(const Reply& reply) {
    std::string head = fmt::format("HTTP/1.1 {} {}\r\n", reply.status, phrase_of(reply.status));
    if (!reply.content_type.empty()) head += fmt::format("Content-Type: {}\r\n", reply.content_type);
    const bool has_length = reply.status != 204 && reply.status != 304 && !is_endless(reply);
    if (has_length) head += fmt::format("Content-Length: {}\r\n", body_size(reply));
    for (const auto& [name, value] : reply.headers) {
        if (!is_token(name) || !is_field_value(value)) {
            throw std::logic_error(fmt::format("reply header {} cannot be written", name));
        }
        head += fmt::format("{}: {}\r\n", name, value);
    }
    if (!has_header(reply, "cache-control")) head += "Cache-Control: no-store\r\n";
    head += fmt::format("Content-Security-Policy: {}\r\n", policy_of(reply.kind));
    head +=
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: same-origin\r\n"
        "Cross-Origin-Opener-Policy: same-origin\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\n"
        "X-Permitted-Cross-Domain-Policies: none\r\n"
        "Origin-Agent-Cluster: ?1\r\n"
        "Permissions-Policy: camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), "
        "serial=(), hid=(), bluetooth=(), midi=()\r\n";
    return head;
}

std::string reply_tail(std::string_view request_id, bool keep_alive, std::string_view fixed_lines) {
    std::string tail;
    tail.reserve(192);
    tail += fixed_lines;
    tail += "X-Request-Id: ";
    tail += request_id;
    tail += "\r\n";
    tail += date_line();
    tail += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return tail;
}

}  // namespace kaigong::http
