// Tables of episodes and of the items' clocks: SQL and nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"
#include "modules/approval/store.hpp"

namespace kaigong::approval::store {

struct EpisodeRow {
    std::string application_id;
    std::int64_t episode_no = 0;
    std::string kind;            ///< episodes.hpp
    std::string procedure_kind;  ///< of a special procedure: which one
    std::string item;            ///< empty where it concerns the whole case
    std::string material_code;   ///< of an omission, a commitment
    std::string reason;
    std::string legal_basis;
    std::int64_t working_days = 0;
    std::optional<std::string> due_on;
    std::string state;  ///< open, ended, cancelled; of a commitment also chosen, failed (commitments.hpp)
    std::int64_t begun_at_ms = 0;
    std::string begun_by_id;
    std::string begun_by;
    std::optional<std::int64_t> ended_at_ms;
    std::optional<std::string> ended_by;
    std::optional<std::string> result;
};

/// In the order in which they began, the latest thousand.
std::vector<EpisodeRow> episodes_of(db::Session& session, const std::string& application_id);
std::optional<EpisodeRow> find_episode(db::Session& session, const std::string& application_id,
                                       std::int64_t episode_no);
/// Gives the number that it gets.
std::int64_t insert_episode(db::Session& session, EpisodeRow row);
/// Writes day, state and end.
void save_episode(db::Session& session, const EpisodeRow& row);

/// By item, each in its order.
std::map<std::string, std::vector<ClockRow>> item_clocks_of(db::Session& session, const std::string& application_id);
void insert_item_clock(db::Session& session, const std::string& application_id, const std::string& item,
                       const ClockRow& row);

}  // namespace kaigong::approval::store
