// Compression of what is served many times: done once, at start.
#pragma once

#include <string>
#include <string_view>

namespace kaigong::http {

/// Throw std::runtime_error when the library refuses.
std::string gzip(std::string_view bytes);
std::string brotli(std::string_view bytes);

}  // namespace kaigong::http
