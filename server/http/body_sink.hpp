// The body of a request while it comes in.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/body_file.hpp"
#include "http/request_head.hpp"

namespace kaigong::http {

/// Where a body goes while it comes in: to memory, or by way of memory to a file.
struct BodySink {
    std::string pending;
    std::shared_ptr<BodyFile> file;
    std::uint64_t received = 0;
};

/// Moves what is in the buffer to the sink. False when the parser needs more bytes of the socket.
/// Fails with http.body_too_large, http.request_malformed.
Result<bool> parse_body(RequestParser& parser, boost::beast::flat_buffer& buffer, BodySink& sink,
                        std::uint64_t bytes_max);

/// What the disk refuses becomes an answer that the client can act on: fails with http.spool_failed.
Result<void> guarded_spool(const std::function<void()>& act);

}  // namespace kaigong::http
