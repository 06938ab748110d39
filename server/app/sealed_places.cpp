#include "app/sealed_places.hpp"

#include "app/signing_folder.hpp"
#include "modules/applications/applications.hpp"
#include "modules/approval/consultations.hpp"
#include "modules/certificates/certificates.hpp"
#include "modules/identity/identity.hpp"
#include "modules/oauth/oauth.hpp"
#include "modules/permits/permits.hpp"

namespace kaigong::app {

crypto::SealedColumn sealed_files(blob::Store& blobs) {
    crypto::SealedColumn column;
    column.name = "files";
    column.page = [&blobs](const std::string& after, int limit) -> Result<std::vector<crypto::SealedRow>> {
        KAIGONG_TRY(hashes, blobs.contents(after, static_cast<std::size_t>(limit)));
        std::vector<crypto::SealedRow> rows;
        for (auto& hash : hashes) {
            // A file that is damaged, or was swept away just now, names no key; opening it says which.
            auto key_id = blobs.key_of(hash).value_or("");
            rows.push_back({std::move(hash), std::move(key_id), ""});
        }
        return rows;
    };
    column.keys = [](const crypto::SealedRow& row) -> Result<std::map<std::string, std::int64_t>> {
        return std::map<std::string, std::int64_t>{{row.text, 1}};
    };
    // Files are exchanged one by one; that one opens is all there is to do before.
    column.reseal = [&blobs](const crypto::SealedRow& row) -> Result<std::string> {
        KAIGONG_CHECK(blobs.open_content(row.row_id));
        return std::string();
    };
    column.replace = [&blobs](const std::vector<crypto::ResealedRow>& rows) -> Result<std::int64_t> {
        std::int64_t written = 0;
        for (const auto& row : rows) {
            const auto done = blobs.reseal(row.before.row_id);
            if (!done && done.error().code != Errc::not_found) return done.error();
            written += done ? 1 : 0;
        }
        return written;
    };
    return column;
}

std::vector<crypto::SealedColumn> sealed_places(db::Database& database, const crypto::KeyRing& key_ring,
                                                const catalog::Catalog& catalog, blob::Store& blobs) {
    std::vector<crypto::SealedColumn> places;
    const auto add = [&](std::vector<crypto::SealedColumn> columns) {
        for (auto& column : columns) places.push_back(std::move(column));
    };
    add(identity::sealed_columns(database, key_ring));
    add(oauth::sealed_columns(database, key_ring));
    add(applications::sealed_columns(database, key_ring, catalog));
    add(approval::sealed_columns(database, key_ring));
    add(permits::sealed_columns(database, key_ring));
    add(certificates::sealed_columns(database, key_ring));
    places.push_back(sealed_files(blobs));
    return places;
}

}  // namespace kaigong::app
