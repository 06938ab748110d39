// The installation's key file: made at the first start of a demo, named by configuration in production.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "crypto/key_ring.hpp"

namespace kaigong::app {

/// Makes a key file (mode 0600). Fails with app.keys_exist (nothing is ever overwritten), app.keys_not_written.
Result<void> make_keys(const std::filesystem::path& file);

/// Production takes no keys of a demo, whose folder others may have had. Fails with app.demo_keys (forbidden), and as
/// `read_key_file`.
Result<void> refuse_demo_keys(const std::filesystem::path& file);

/// The text of a key file. Fails with app.keys_missing, app.keys_too_open.
Result<std::string> read_key_file(const std::filesystem::path& file);

/// Adds a random key to the file and makes it the current one there; gives its id. The file is exchanged in one step
/// and keeps its owner; of two at once one waits for the other. Fails with app.keys_missing, app.keys_too_open,
/// app.keys_not_a_file (a link), app.keys_busy, app.keys_not_written, crypto.key_ring_….
Result<std::string> add_key(const std::filesystem::path& file);
/// Cuts a key of the file down to what checks printed certificates. Fails as `add_key`, and with crypto.key_unknown,
/// crypto.key_is_current.
Result<void> retire_key_in(const std::filesystem::path& file, const std::string& key_id);

/// Reads the key file; with `may_create` (a demo), makes one (mode 0600) when it is missing, marked as a demo's.
/// Fails with app.keys_missing, app.keys_too_open (readable by others), crypto.key_ring_….
Result<crypto::KeyRing> load_keys(const std::filesystem::path& file, bool may_create);

}  // namespace kaigong::app
