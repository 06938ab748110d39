#include "modules/approval/store_live.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace kaigong::approval::store {
namespace {

/// A statement has a fixed number of parameters: ids go in by so many, the last one repeated.
constexpr std::size_t kIdsAtOnce = 20;

struct VersionRow {
    std::string application_id;
    std::int64_t version = 0;
};

}  // namespace

std::map<std::string, std::int64_t> procedure_versions(db::Session& session,
                                                       const std::vector<std::string>& application_ids) {
    constexpr std::string_view kSql =
        "SELECT application_id, version FROM procedures WHERE application_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?) LIMIT 20";
    std::map<std::string, std::int64_t> versions;
    for (std::size_t from = 0; from < application_ids.size(); from += kIdsAtOnce) {
        std::array<std::string, kIdsAtOnce> some;
        for (std::size_t i = 0; i < kIdsAtOnce; ++i) {
            some[i] = application_ids[std::min(from + i, application_ids.size() - 1)];
        }
        const auto rows = std::apply([&](const auto&... id) { return session.rows<VersionRow>(kSql, id...); }, some);
        for (const auto& row : rows) versions[row.application_id] = row.version;
    }
    return versions;
}

std::string confidentiality_of(db::Session& session, const std::string& application_id) {
    return session
        .optional_row<std::string>("SELECT confidentiality FROM procedures WHERE application_id = ?", application_id)
        .value_or("");
}

std::vector<TaskVersionRow> task_versions(db::Session& session, const std::string& application_id) {
    return session.rows<TaskVersionRow>(
        "SELECT task_id, version FROM tasks WHERE application_id = ? ORDER BY created_at_ms DESC, task_id LIMIT 1000",
        application_id);
}

std::vector<ActRow> acts_after(db::Session& session, const std::string& application_id, std::int64_t act_no) {
    auto rows = session.rows<ActRow>(
        "SELECT a.*, d.deputyship_id, d.absent_id, d.absent_name FROM task_acts a LEFT JOIN deputy_acts d ON "
        "d.application_id = a.application_id AND d.act_no = a.act_no WHERE a.application_id = ? AND a.act_no > ? ORDER "
        "BY a.act_no DESC LIMIT 20",
        application_id, act_no);
    std::ranges::reverse(rows);
    return rows;
}

std::vector<TimelineRow> timeline_after(db::Session& session, const std::string& application_id,
                                        std::int64_t entry_no) {
    auto rows = session.rows<TimelineRow>(
        "SELECT entry_no, at_ms, kind, title, detail, actor, for_applicant FROM timeline_entries WHERE application_id "
        "= ? AND entry_no > ? ORDER BY entry_no DESC LIMIT 20",
        application_id, entry_no);
    std::ranges::reverse(rows);
    return rows;
}

std::int64_t last_act(db::Session& session, const std::string& application_id) {
    return session.row<std::int64_t>("SELECT coalesce(max(act_no), 0) FROM task_acts WHERE application_id = ?",
                                     application_id);
}

std::int64_t last_timeline_entry(db::Session& session, const std::string& application_id) {
    return session.row<std::int64_t>("SELECT coalesce(max(entry_no), 0) FROM timeline_entries WHERE application_id = ?",
                                     application_id);
}

}  // namespace kaigong::approval::store
