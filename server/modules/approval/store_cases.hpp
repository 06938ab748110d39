// What a page of a list needs of its cases, for all of them at once: SQL and nothing else.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "modules/approval/store.hpp"

namespace kaigong::approval::store {

struct CaseVersionRow {
    std::string application_id;
    std::string matter_code;
    std::string catalog_version;
};

std::vector<CaseVersionRow> versions_of(db::Session& session, const std::vector<std::string>& application_ids);
/// The ledger of each.
std::map<std::string, std::vector<ClockRow>> clocks_of(db::Session& session,
                                                       const std::vector<std::string>& application_ids);

}  // namespace kaigong::approval::store
