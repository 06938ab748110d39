// The installation's key file: made at the first start of a demo, named by configuration in production.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "crypto/key_ring.hpp"

namespace kaigong::app {

/// Makes a key file (mode 0600). Fails with app.keys_exist (nothing is ever overwritten), app.keys_not_written.
Result<void> make_keys(const std::filesystem::path& file);

/// Reads the key file; with `may_create`, makes one (mode 0600) when it is missing.
/// Fails with app.keys_missing, app.keys_too_open (readable by others), crypto.key_ring_….
Result<crypto::KeyRing> load_keys(const std::filesystem::path& file, bool may_create);

}  // namespace kaigong::app
