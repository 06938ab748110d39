// The status line and headers of a reply as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/reply.hpp"

namespace kaigong::http {

/// Its length is known only when the connection ends.
bool is_endless(const Reply& reply);
std::uint64_t body_size(const Reply& reply);

/// Each line with its CRLF, without X-Request-Id, Date, Connection and the empty line. Throws std::logic_error for a
/// header of the handler that is no token or would end its line early.
std::string reply_head(const Reply& reply);

/// The lines that differ each time, those that the server adds to everything, and the empty line.
std::string reply_tail(std::string_view request_id, bool keep_alive, std::string_view fixed_lines = {});

}  // namespace kaigong::http
