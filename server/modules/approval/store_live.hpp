// What is new in cases that somebody looks at: SQL and nothing else.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "modules/approval/store.hpp"
#include "modules/approval/store_task_acts.hpp"

namespace kaigong::approval::store {

struct TaskVersionRow {
    std::string task_id;
    std::int64_t version = 0;
};

/// Those of the cases that are there; a bounded number of queries for any number of ids.
std::map<std::string, std::int64_t> procedure_versions(db::Session& session,
                                                       const std::vector<std::string>& application_ids);
std::vector<TaskVersionRow> task_versions(db::Session& session, const std::string& application_id);
/// In their order, the latest twenty.
std::vector<ActRow> acts_after(db::Session& session, const std::string& application_id, std::int64_t act_no);
std::vector<TimelineRow> timeline_after(db::Session& session, const std::string& application_id, std::int64_t entry_no);
/// authz::Confidentiality; empty where there is no such case.
std::string confidentiality_of(db::Session& session, const std::string& application_id);
/// 0 where there is none.
std::int64_t last_act(db::Session& session, const std::string& application_id);
std::int64_t last_timeline_entry(db::Session& session, const std::string& application_id);

}  // namespace kaigong::approval::store
