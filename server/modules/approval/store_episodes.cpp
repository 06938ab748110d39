#include "modules/approval/store_episodes.hpp"

#include <algorithm>

namespace kaigong::approval::store {
namespace {

struct ItemClockRow {
    std::string item;
    std::int64_t entry_no = 0;
    std::string kind;
    std::string reason;
    std::int64_t at_ms = 0;
};

}  // namespace

std::vector<EpisodeRow> episodes_of(db::Session& session, const std::string& application_id) {
    auto rows = session.rows<EpisodeRow>(
        "SELECT * FROM case_episodes WHERE application_id = ? ORDER BY episode_no DESC LIMIT 1000", application_id);
    std::ranges::reverse(rows);
    return rows;
}

std::optional<EpisodeRow> find_episode(db::Session& session, const std::string& application_id,
                                       std::int64_t episode_no) {
    return session.optional_row<EpisodeRow>("SELECT * FROM case_episodes WHERE application_id = ? AND episode_no = ?",
                                            application_id, episode_no);
}

std::int64_t insert_episode(db::Session& session, EpisodeRow r) {
    r.episode_no = session.row<std::int64_t>(
        "SELECT coalesce(max(episode_no), 0) + 1 FROM case_episodes WHERE application_id = ?", r.application_id);
    session.execute(
        "INSERT INTO case_episodes (application_id, episode_no, kind, procedure_kind, item, material_code, reason, "
        "legal_basis, working_days, due_on, state, begun_at_ms, begun_by_id, begun_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.application_id, r.episode_no, r.kind, r.procedure_kind, r.item, r.material_code, r.reason, r.legal_basis,
        r.working_days, r.due_on, r.state, r.begun_at_ms, r.begun_by_id, r.begun_by);
    return r.episode_no;
}

void save_episode(db::Session& session, const EpisodeRow& r) {
    session.execute(
        "UPDATE case_episodes SET due_on = ?, state = ?, ended_at_ms = ?, ended_by = ?, result = ? "
        "WHERE application_id = ? AND episode_no = ?",
        r.due_on, r.state, r.ended_at_ms, r.ended_by, r.result, r.application_id, r.episode_no);
}

std::map<std::string, std::vector<ClockRow>> item_clocks_of(db::Session& session, const std::string& application_id) {
    std::map<std::string, std::vector<ClockRow>> clocks;
    const auto rows = session.rows<ItemClockRow>(
        "SELECT item, entry_no, kind, reason, at_ms FROM item_clock_entries WHERE application_id = ? "
        "ORDER BY item, entry_no",
        application_id);
    for (const auto& row : rows) clocks[row.item].push_back({row.entry_no, row.kind, row.reason, row.at_ms});
    return clocks;
}

void insert_item_clock(db::Session& session, const std::string& application_id, const std::string& item,
                       const ClockRow& row) {
    session.execute(
        "INSERT INTO item_clock_entries (application_id, item, entry_no, kind, reason, at_ms) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        application_id, item, row.entry_no, row.kind, row.reason, row.at_ms);
}

}  // namespace kaigong::approval::store
