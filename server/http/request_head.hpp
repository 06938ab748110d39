// The header of a request as Beast read it, and what is refused before anything in it is believed.
#pragma once

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "http/edge.hpp"

namespace kaigong::http {

using RequestParser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

Error request_malformed();
Error request_too_slow();
Error body_too_slow();
Error overloaded();
Error header_too_long(std::size_t bytes_max);
Error header_too_rich(std::size_t count_max);
Error body_too_large(std::uint64_t bytes_max);

/// Empty when it is not there.
std::string_view value_of(const RequestParser& parser, boost::beast::http::field name);
/// The first X-Forwarded-For.
std::string_view forwarded_for(const RequestParser& parser);
/// Names in lower case.
Parameters headers_of(const RequestParser& parser);
/// Views into the parser.
RawHeader raw_header(const RequestParser& parser);
std::size_t header_count(const RequestParser& parser);

/// A proxy before us could read other bounds of the request than we do wherever the two ways of giving them meet
/// (RFC 9112 6.3, request smuggling): nothing ambiguous is let in.
bool has_clear_framing(const RequestParser& parser);

/// A browser that asked for a page, not for what a page asks for.
bool wants_page(const RequestParser& parser, const RawHeader& raw);

}  // namespace kaigong::http
