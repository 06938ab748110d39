// The sealed forms of drafts and rounds, for a change of keys. A round's numbers are indexed anew with it, so that
// search finds by the key that the round is under.
#include <fmt/format.h>

#include <algorithm>

#include "modules/applications/applications.hpp"
#include "modules/applications/person_index.hpp"
#include "modules/applications/personal_fields.hpp"
#include "modules/applications/store.hpp"
#include "modules/applications/stored_lists.hpp"

namespace kaigong::applications {
namespace {

using boost::json::object;
using crypto::ResealedRow;
using crypto::SealedColumn;
using crypto::SealedRow;

/// What else is needed to read a row: `<matter>\n<version>\n<key of the index>`.
struct Reading {
    std::string matter_code;
    std::string catalog_version;
    std::string indexed_key_id;
};

std::string kind_text(const Reading& reading) {
    return reading.matter_code + "\n" + reading.catalog_version + "\n" + reading.indexed_key_id;
}

Reading reading_of(const std::string& kind) {
    const auto first = kind.find('\n');
    const auto second = kind.find('\n', first + 1);
    return {kind.substr(0, first), kind.substr(first + 1, second - first - 1), kind.substr(second + 1)};
}

struct RoundPlace {
    std::string application_id;
    std::int64_t round = 0;
};

/// Row ids of rounds are `round_row`; an empty one stands before all.
RoundPlace round_place(const std::string& row_id) {
    if (row_id.empty()) return {};
    const auto slash = row_id.rfind('/');
    return {row_id.substr(0, slash), std::stoll(row_id.substr(slash + 1))};
}

class Forms {
  public:
    Forms(const crypto::KeyRing& key_ring, const catalog::Catalog& catalog) : key_ring_(key_ring), catalog_(catalog) {}

    Result<std::map<std::string, std::int64_t>> keys(const SealedRow& row) const {
        KAIGONG_TRY(matter, matter_of(row));
        auto form = boost::json::parse(row.text).as_object();
        return personal_keys(matter->personal_paths(), form);
    }

    Result<std::string> reseal(const SealedRow& row, const std::string& sealed_for) const {
        KAIGONG_TRY(matter, matter_of(row));
        auto form = boost::json::parse(row.text).as_object();
        KAIGONG_CHECK(reseal_personal(key_ring_, matter->personal_paths(), sealed_for, form));
        return boost::json::serialize(form);
    }

    Result<PersonIndexes> indexes(const SealedRow& row, const std::string& sealed) const {
        KAIGONG_TRY(matter, matter_of(row));
        auto form = boost::json::parse(sealed).as_object();
        KAIGONG_CHECK(open_personal(key_ring_, matter->personal_paths(), row.row_id, form));
        return person_indexes(key_ring_, matter->personal_kinds(), std::move(form));
    }

  private:
    Result<std::shared_ptr<const catalog::Matter>> matter_of(const SealedRow& row) const {
        const auto reading = reading_of(row.kind);
        return catalog_.load_matter(reading.matter_code, reading.catalog_version);
    }

    const crypto::KeyRing& key_ring_;
    const catalog::Catalog& catalog_;
};

SealedColumn draft_forms(db::Database& database, const Forms& forms) {
    SealedColumn column;
    column.name = "applications.form";
    column.page = [&database](const std::string& after, int limit) -> Result<std::vector<SealedRow>> {
        KAIGONG_TRY(found,
                    database.read([&](db::Session& session) { return store::draft_forms(session, after, limit); }));
        std::vector<SealedRow> rows;
        for (auto& one : found) {
            rows.push_back(
                {one.application_id, std::move(one.form), kind_text({one.matter_code, one.catalog_version, {}})});
        }
        return rows;
    };
    column.keys = [forms](const SealedRow& row) { return forms.keys(row); };
    column.reseal = [forms](const SealedRow& row) { return forms.reseal(row, draft_row(row.row_id)); };
    column.replace = [&database](const std::vector<ResealedRow>& rows) {
        return database.transact([&](db::Session& session) -> Result<std::int64_t> {
            std::int64_t written = 0;
            for (const auto& [before, text] : rows) {
                written += store::exchange_draft_form(session, before.row_id, before.text, text) ? 1 : 0;
            }
            return written;
        });
    };
    return column;
}

Result<std::int64_t> replace_rounds(db::Database& database, const Forms& forms, const std::vector<ResealedRow>& rows) {
    // Computed before the transaction, which holds SQL alone.
    std::vector<PersonIndexes> indexes;
    for (const auto& [before, text] : rows) {
        KAIGONG_TRY(of_row, forms.indexes(before, text));
        indexes.push_back(std::move(of_row));
    }
    return database.transact([&](db::Session& session) -> Result<std::int64_t> {
        std::int64_t written = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto& [before, text] = rows[i];
            const auto place = round_place(before.row_id);
            if (!store::exchange_round_form(session, place.application_id, place.round, before.text, text)) continue;
            store::set_persons(session, place.application_id, place.round, indexes[i].key_id, indexes[i].indexes);
            ++written;
        }
        return written;
    });
}

SealedColumn round_forms(db::Database& database, const Forms& forms) {
    SealedColumn column;
    column.name = "submissions.form";
    column.page = [&database](const std::string& after, int limit) -> Result<std::vector<SealedRow>> {
        const auto place = round_place(after);
        KAIGONG_TRY(found, database.read([&](db::Session& session) {
            return store::round_forms(session, place.application_id, place.round, limit);
        }));
        std::vector<SealedRow> rows;
        for (auto& one : found) {
            rows.push_back({round_row(one.application_id, one.round), std::move(one.form),
                            kind_text({one.matter_code, one.catalog_version, one.indexed_key_id})});
        }
        return rows;
    };
    column.keys = [forms](const SealedRow& row) -> Result<std::map<std::string, std::int64_t>> {
        KAIGONG_TRY(keys, forms.keys(row));
        ++keys[reading_of(row.kind).indexed_key_id];
        return keys;
    };
    column.reseal = [forms](const SealedRow& row) { return forms.reseal(row, row.row_id); };
    column.replace = [&database, forms](const std::vector<ResealedRow>& rows) {
        return replace_rounds(database, forms, rows);
    };
    return column;
}

}  // namespace

std::vector<SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring,
                                         const catalog::Catalog& catalog) {
    const Forms forms(key_ring, catalog);
    return {draft_forms(database, forms), round_forms(database, forms),
            identity::sealed_column(database, key_ring, {"application_parts", "part_id", "values_digest"}),
            identity::sealed_column(database, key_ring, {"submission_parts", "entry_id", "values_digest"})};
}

}  // namespace kaigong::applications
