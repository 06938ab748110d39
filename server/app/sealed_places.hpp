// Every place where this installation keeps something sealed: columns of the modules, files, the seeds of the logs.
#pragma once

#include <filesystem>
#include <vector>

#include "blob/store.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/resealing.hpp"
#include "db/database.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::app {

/// All must live longer.
std::vector<crypto::SealedColumn> sealed_places(db::Database& database, const crypto::KeyRing& key_ring,
                                                const catalog::Catalog& catalog, blob::Store& blobs);

/// Uploaded and made files; a row's text is the key that the file names.
crypto::SealedColumn sealed_files(blob::Store& blobs);

/// The keys that `ledger.json` of a signing folder names; none where there is no such file.
Result<std::map<std::string, std::int64_t>> keys_of_ledger_file(const std::filesystem::path& signing_folder);
/// Seals the seeds anew under the current key; nothing happens when they are, or when there is no such file.
/// Fails with app.signing_file_malformed, app.signing_folder_not_written, and as the codec does.
Result<void> reseal_ledger_file(const std::filesystem::path& signing_folder, const crypto::KeyRing& key_ring);

}  // namespace kaigong::app
