// Where one CBOR item ends (RFC 8949): enough to see that nothing is cut off and nothing follows. Values are read by
// libfido2.
#pragma once

#include "crypto/bytes.hpp"

#include <optional>

namespace kaigong::crypto {

/// The place behind the item that begins at `at`; nothing when it is cut off, has an indefinite length (CTAP's
/// canonical form knows none), or has more than four items inside each other, as that form allows.
std::optional<std::size_t> end_of_cbor_item(BytesView bytes, std::size_t at);

}  // namespace kaigong::crypto
