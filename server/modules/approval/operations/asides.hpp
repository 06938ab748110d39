// Opening and ending tasks beside the process (asides.hpp).
#pragma once

#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

void open_aside(db::Session& session, const CaseWork& work, std::string_view kind, std::int64_t episode_no,
                std::int64_t now_ms);
/// 告知承诺: for the department whose item it is, due on the day of the episode (commitment_check_due_on).
void open_commitment_check(db::Session& session, const CaseWork& work, const store::EpisodeRow& episode,
                           std::int64_t now_ms);
bool has_open_aside(db::Session& session, const std::string& application_id, std::string_view kind);
/// Its end, and what that means for the case.
Result<void> conclude_aside(db::Session& session, CaseWork& work, store::TaskRow& task, const Outcome& outcome,
                            const Officer& officer, std::int64_t now_ms);

}  // namespace kaigong::approval::operations
