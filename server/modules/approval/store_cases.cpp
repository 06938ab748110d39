#include <algorithm>
#include <array>
#include <tuple>

#include "modules/approval/store_cases.hpp"

namespace kaigong::approval::store {
namespace {

/// A statement has a fixed number of parameters: ids go in by so many, the last one repeated.
constexpr std::size_t kIdsAtOnce = 20;
using Ids = std::array<std::string, kIdsAtOnce>;

struct LedgerRow {
    std::string application_id;
    std::int64_t entry_no = 0;
    std::string kind;
    std::string reason;
    std::int64_t at_ms = 0;
};

constexpr std::string_view kVersions =
    "SELECT application_id, matter_code, catalog_version FROM procedures WHERE application_id IN (?, ?, ?, ?, ?, ?, ?, "
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) LIMIT 20";
constexpr std::string_view kLedgers =
    "SELECT application_id, entry_no, kind, reason, at_ms FROM clock_entries WHERE application_id IN (?, ?, ?, ?, ?, "
    "?, "
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ORDER BY application_id, entry_no LIMIT 20000";

template <class Row, class... More>
std::vector<Row> rows_of(db::Session& session, std::string_view sql, std::vector<std::string> ids,
                         const More&... more_values) {
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    std::vector<Row> rows;
    for (std::size_t from = 0; from < ids.size(); from += kIdsAtOnce) {
        Ids some;
        for (std::size_t i = 0; i < kIdsAtOnce; ++i) some[i] = ids[std::min(from + i, ids.size() - 1)];
        auto more = std::apply([&](const auto&... id) { return session.rows<Row>(sql, id..., more_values...); }, some);
        std::ranges::move(more, std::back_inserter(rows));
    }
    return rows;
}

}  // namespace

// Through the index of a case: a case has at most fifty of them.
const std::string_view kOutsideOpinions =
    "SELECT application_id, item, count(CASE WHEN state = 'answered' THEN 1 END), count(CASE WHEN state = 'open' THEN "
    "1 "
    "END) FROM outside_consultations WHERE application_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?) AND closed_at_ms IS NULL AND (state = 'answered' OR (state = 'open' AND until_at_ms <= ?)) GROUP BY "
    "application_id, item LIMIT 2000";

std::vector<OutsideOpinionsRow> outside_opinions_of(db::Session& session,
                                                    const std::vector<std::string>& application_ids,
                                                    std::int64_t now_ms) {
    return rows_of<OutsideOpinionsRow>(session, kOutsideOpinions, application_ids, now_ms);
}

std::vector<CaseVersionRow> versions_of(db::Session& session, const std::vector<std::string>& application_ids) {
    return rows_of<CaseVersionRow>(session, kVersions, application_ids);
}

std::map<std::string, std::vector<ClockRow>> clocks_of(db::Session& session,
                                                       const std::vector<std::string>& application_ids) {
    std::map<std::string, std::vector<ClockRow>> ledgers;
    for (auto& row : rows_of<LedgerRow>(session, kLedgers, application_ids)) {
        ledgers[row.application_id].push_back({row.entry_no, std::move(row.kind), std::move(row.reason), row.at_ms});
    }
    return ledgers;
}

}  // namespace kaigong::approval::store
