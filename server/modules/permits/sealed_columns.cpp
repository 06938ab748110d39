// The sealed records of permits, for a change of keys.
#include "crypto/long_field.hpp"
#include "modules/permits/permits.hpp"
#include "modules/permits/store.hpp"

namespace kaigong::permits {
namespace {

using crypto::ResealedRow;
using crypto::SealedRow;

Result<std::vector<SealedRow>> page(db::Database& database, const std::string& after, int limit) {
    KAIGONG_TRY(records, database.read([&](db::Session& session) { return store::records(session, after, limit); }));
    std::vector<SealedRow> rows;
    for (auto& record : records) rows.push_back({std::move(record.permit_number), std::move(record.record), ""});
    return rows;
}

Result<std::int64_t> replace(db::Database& database, const std::vector<ResealedRow>& rows) {
    return database.transact([&](db::Session& session) -> Result<std::int64_t> {
        std::int64_t written = 0;
        for (const auto& row : rows) {
            written += store::exchange_record(session, row.before.row_id, row.before.text, row.text) ? 1 : 0;
        }
        return written;
    });
}

}  // namespace

std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring) {
    return {{.name = "permits.record",
             .page = [&database](const std::string& after, int limit) { return page(database, after, limit); },
             .keys = [](const SealedRow& row) -> Result<std::map<std::string, std::int64_t>> {
                 return crypto::keys_named(row.text);
             },
             .reseal =
                 [&key_ring](const SealedRow& row) {
                     return crypto::reseal_long_field(key_ring, {"permits", "record", row.row_id}, row.text);
                 },
             .replace = [&database](const std::vector<ResealedRow>& rows) { return replace(database, rows); }}};
}

}  // namespace kaigong::permits
