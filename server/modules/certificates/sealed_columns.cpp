// The sealed contents of editions and what was typed for copies, for a change of keys.
#include <fmt/format.h>

#include "crypto/field_codec.hpp"
#include "crypto/long_field.hpp"
#include "modules/certificates/certificates.hpp"
#include "modules/certificates/store.hpp"

namespace kaigong::certificates {
namespace {

using crypto::ResealedRow;
using crypto::SealedColumn;
using crypto::SealedRow;

std::string only_key(const std::string& sealed) {
    const auto named = crypto::keys_named(sealed);
    return named.empty() ? std::string() : named.begin()->first;
}

SealedColumn edition_contents(db::Database& database, const crypto::KeyRing& key_ring) {
    SealedColumn column;
    column.name = "certificate_editions.content";
    column.page = [&database](const std::string& after, int limit) -> Result<std::vector<SealedRow>> {
        KAIGONG_TRY(found, database.read([&](db::Session& session) { return store::contents(session, after, limit); }));
        std::vector<SealedRow> rows;
        for (auto& one : found) rows.push_back({std::move(one.certificate_identifier), std::move(one.content), ""});
        return rows;
    };
    column.keys = [](const SealedRow& row) -> Result<std::map<std::string, std::int64_t>> {
        return crypto::keys_named(row.text);
    };
    column.reseal = [&key_ring](const SealedRow& row) {
        return crypto::reseal_long_field(key_ring, {"certificate_editions", "content", row.row_id}, row.text);
    };
    column.replace = [&database](const std::vector<ResealedRow>& rows) {
        return database.transact([&](db::Session& session) -> Result<std::int64_t> {
            std::int64_t written = 0;
            for (const auto& [before, text] : rows) {
                const bool done =
                    store::exchange_content(session, {before.row_id, before.text}, text, only_key(before.text));
                written += done ? 1 : 0;
            }
            return written;
        });
    };
    return column;
}

store::CopyTextRow copy_text_of(const std::string& row_id, const std::string& text) {
    const auto slash = row_id.rfind('/');
    const auto line = text.find('\n');
    return {row_id.substr(0, slash), std::stoll(row_id.substr(slash + 1)), text.substr(0, line), text.substr(line + 1)};
}

/// Purpose and receiver as one text of two lines.
SealedColumn copy_purposes(db::Database& database, const crypto::KeyRing& key_ring) {
    SealedColumn column;
    column.name = "certificate_copies.purpose";
    column.page = [&database](const std::string& after, int limit) -> Result<std::vector<SealedRow>> {
        const auto slash = after.rfind('/');
        const auto identifier = after.substr(0, slash);
        const std::int64_t number = after.empty() ? 0 : std::stoll(after.substr(slash + 1));
        KAIGONG_TRY(found, database.read([&](db::Session& session) {
            return store::copy_texts(session, identifier, number, limit);
        }));
        std::vector<SealedRow> rows;
        for (const auto& one : found) {
            rows.push_back({fmt::format("{}/{}", one.certificate_identifier, one.copy_number),
                            one.purpose + "\n" + one.made_for, ""});
        }
        return rows;
    };
    column.keys = [](const SealedRow& row) -> Result<std::map<std::string, std::int64_t>> {
        return crypto::keys_named(row.text);
    };
    column.reseal = [&key_ring](const SealedRow& row) -> Result<std::string> {
        const auto copy = copy_text_of(row.row_id, row.text);
        KAIGONG_TRY(purpose,
                    crypto::reseal_field(key_ring, {"certificate_copies", "purpose", row.row_id}, copy.purpose));
        KAIGONG_TRY(made_for,
                    crypto::reseal_field(key_ring, {"certificate_copies", "made_for", row.row_id}, copy.made_for));
        return purpose + "\n" + made_for;
    };
    column.replace = [&database](const std::vector<ResealedRow>& rows) {
        return database.transact([&](db::Session& session) -> Result<std::int64_t> {
            std::int64_t written = 0;
            for (const auto& [before, text] : rows) {
                const bool done = store::exchange_copy_texts(session, copy_text_of(before.row_id, before.text),
                                                             copy_text_of(before.row_id, text));
                written += done ? 1 : 0;
            }
            return written;
        });
    };
    return column;
}

}  // namespace

std::vector<SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring) {
    return {edition_contents(database, key_ring), copy_purposes(database, key_ring)};
}

}  // namespace kaigong::certificates
