// The errors of the store, in one place.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace kaigong::blob {

/// What the cipher binds files of this store to.
inline constexpr std::string_view kPlace = "blob.content";

Error too_large(std::int64_t size_bytes_max);
/// `system_error` is an errno: a full disk is told apart, because it has another remedy.
Error not_stored(int system_error);
Error not_found();
Error damaged();

}  // namespace kaigong::blob
