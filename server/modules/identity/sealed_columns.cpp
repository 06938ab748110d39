// The sealed values of accounts and of what hangs on them, for a change of keys. Recovery codes and sent codes are
// HMACs that nobody can make anew: they are looked for under every key of the ring, and end with the key they were made
// under.
#include <array>

#include "crypto/field_codec.hpp"
#include "crypto/long_field.hpp"
#include "modules/identity/identity.hpp"
#include "modules/identity/store.hpp"

namespace kaigong::identity {
namespace {

using crypto::ResealedRow;
using crypto::SealedRow;

const std::array kPlaces{
    SealedPlace{"accounts", "account_id", "display_name", ""},
    SealedPlace{"account_profiles", "account_id", "phone", "phone_index"},
    SealedPlace{"account_profiles", "account_id", "email", "email_index"},
    SealedPlace{"account_profiles", "account_id", "id_number", ""},
    SealedPlace{"id_number_verifications", "account_id", "reason", ""},
    SealedPlace{"account_sessions", "session_id", "address", ""},
    SealedPlace{"sign_ins", "entry_id", "address", ""},
    SealedPlace{"invitations", "invitation_id", "contact", ""},
    SealedPlace{"messages_out", "message_id", "recipient", ""},
    SealedPlace{"messages_out", "message_id", "words", ""},
    SealedPlace{"verification_codes", "challenge_id", "contact", "contact_index"},
    SealedPlace{"second_factors", "factor_id", "name", ""},
    SealedPlace{"second_factors", "factor_id", "secret", ""},
};

Result<std::vector<SealedRow>> page(db::Database& database, const SealedPlace& place, const std::string& after,
                                    int limit) {
    KAIGONG_TRY(texts,
                database.read([&](db::Session& session) { return store::sealed_texts(session, place, after, limit); }));
    std::vector<SealedRow> rows;
    rows.reserve(texts.size());
    for (auto& row : texts) rows.push_back({std::move(row.row_id), std::move(row.text), ""});
    return rows;
}

/// The index under the current key of what the text says.
Result<std::string> index_of(const crypto::KeyRing& ring, const SealedPlace& place, const ResealedRow& row) {
    if (place.index_column.empty()) return std::string();
    KAIGONG_TRY(value, crypto::open_field(ring, {place.table, place.column, row.before.row_id}, row.text));
    return crypto::blind_index(ring, place.table, place.column, value);
}

Result<std::int64_t> replace(db::Database& database, const crypto::KeyRing& ring, const SealedPlace& place,
                             const std::vector<ResealedRow>& rows) {
    std::vector<std::string> indexes;
    for (const auto& row : rows) {
        KAIGONG_TRY(index, index_of(ring, place, row));
        indexes.push_back(std::move(index));
    }
    return database.transact([&](db::Session& session) -> Result<std::int64_t> {
        std::int64_t written = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto& row = rows[i];
            const bool done =
                store::exchange_sealed(session, place, {row.before.row_id, row.before.text}, row.text, indexes[i]);
            written += done ? 1 : 0;
        }
        return written;
    });
}

}  // namespace

crypto::SealedColumn sealed_column(db::Database& database, const crypto::KeyRing& key_ring, SealedPlace place) {
    crypto::SealedColumn column;
    column.name = place.table + "." + place.column;
    column.page = [&database, place](const std::string& after, int limit) {
        return page(database, place, after, limit);
    };
    column.keys = [](const SealedRow& row) -> Result<std::map<std::string, std::int64_t>> {
        return crypto::keys_named(row.text);
    };
    column.reseal = [&key_ring, place](const SealedRow& row) {
        return crypto::reseal_field(key_ring, {place.table, place.column, row.row_id}, row.text);
    };
    column.replace = [&database, &key_ring, place](const std::vector<ResealedRow>& rows) {
        return replace(database, key_ring, place, rows);
    };
    return column;
}

std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring) {
    std::vector<crypto::SealedColumn> columns;
    columns.reserve(kPlaces.size());
    for (const auto& place : kPlaces) columns.push_back(sealed_column(database, key_ring, place));
    return columns;
}

}  // namespace kaigong::identity
