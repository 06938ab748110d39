// What a handler gives back. The edge adds X-Request-Id, Date, Content-Length and the security headers of the kind.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kaigong::http {

/// Decides the security headers: `api` nothing may run or frame it · `page` our own HTML (strict CSP, no inline script)
/// · `stranger` bytes that somebody uploaded: sandboxed, never sniffed.
enum class ContentKind { api, page, stranger };

/// Fills the span and says how many bytes, 0 only before its time at a failure: then the connection is cut, so that the
/// client sees a broken transfer and never a short file. Called on the slow pool, one call at a time; may throw.
using ReadChunk = std::function<std::size_t(std::span<char>)>;

/// A body that is never whole in memory.
struct Stream {
    std::uint64_t bytes = 0;
    ReadChunk read;
};

using SharedBytes = std::shared_ptr<const std::string>;

struct Reply {
    int status = 200;
    ContentKind kind = ContentKind::api;
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers;
    std::variant<std::string, SharedBytes, Stream> body;
    /// For endpoints with `cached`: the thing whose change makes this reply stale (a permit number). Empty: not cached.
    std::string cache_subject;

    Reply& with_header(std::string name, std::string value) &;
    Reply with_header(std::string name, std::string value) &&;
    /// `ETag: "7"` of an aggregate's version.
    Reply with_version(std::int64_t version) &&;
    Reply with_status(int new_status) &&;
    Reply with_location(std::string path) &&;
};

/// Name and value of Set-Cookie are checked at writing; attributes HttpOnly, Secure, SameSite=Strict, Path=/.
/// `max_age_s` 0 removes the cookie, negative leaves it to the browser's session.
std::string session_cookie(std::string_view value, std::int64_t max_age_s);

Reply json_reply(const boost::json::value& value, int status = 200);
Reply text_reply(std::string text, int status = 200);
Reply no_content();
/// Status 202 without a body.
Reply accepted();
/// Our own page, from `Html`.
Reply page_reply(std::string html, int status = 200);
Reply redirect(std::string path, int status = 303);

enum class Disposition { attachment, inline_preview };

/// A file of our own making (letter, certificate).
Reply own_file(std::string bytes, std::string content_type, std::string_view file_name,
               Disposition disposition = Disposition::attachment);
/// A file that somebody uploaded. Inline only for PDF, JPEG and PNG: everything else is an attachment whatever is
/// asked.
Reply stranger_file(Stream stream, std::string_view content_type, std::string_view file_name,
                    Disposition disposition = Disposition::attachment);

/// `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266, RFC 8187) with a plain ASCII name for old clients.
std::string content_disposition(Disposition disposition, std::string_view file_name);

}  // namespace kaigong::http
