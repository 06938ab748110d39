// The sealed names of accounts, for a change of keys.
#include "crypto/field_codec.hpp"
#include "crypto/long_field.hpp"
#include "modules/identity/identity.hpp"
#include "modules/identity/store.hpp"

namespace kaigong::identity {
namespace {

using crypto::ResealedRow;
using crypto::SealedRow;

Result<std::vector<SealedRow>> page(db::Database& database, const std::string& after, int limit) {
    KAIGONG_TRY(names,
                database.read([&](db::Session& session) { return store::display_names(session, after, limit); }));
    std::vector<SealedRow> rows;
    for (auto& name : names) rows.push_back({std::move(name.account_id), std::move(name.display_name), ""});
    return rows;
}

Result<std::int64_t> replace(db::Database& database, const std::vector<ResealedRow>& rows) {
    return database.transact([&](db::Session& session) -> Result<std::int64_t> {
        std::int64_t written = 0;
        for (const auto& row : rows) {
            written += store::exchange_display_name(session, row.before.row_id, row.before.text, row.text) ? 1 : 0;
        }
        return written;
    });
}

}  // namespace

std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring) {
    return {{.name = "accounts.display_name",
             .page = [&database](const std::string& after, int limit) { return page(database, after, limit); },
             .keys = [](const SealedRow& row) -> Result<std::map<std::string, std::int64_t>> {
                 return crypto::keys_named(row.text);
             },
             .reseal =
                 [&key_ring](const SealedRow& row) {
                     return crypto::reseal_field(key_ring, {"accounts", "display_name", row.row_id}, row.text);
                 },
             .replace = [&database](const std::vector<ResealedRow>& rows) { return replace(database, rows); }}};
}

}  // namespace kaigong::identity
