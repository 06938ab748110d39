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
/// An item whose outside consultations (对外征求意见) want a look: answered and not taken yet, or silent past their
/// day.
struct OutsideOpinionsRow {
    std::string application_id;
    std::string item;
    std::int64_t answered = 0;
    std::int64_t overdue = 0;
};

/// For a test of how it is carried out.
extern const std::string_view kOutsideOpinions;
/// Items without any are left out.
std::vector<OutsideOpinionsRow> outside_opinions_of(db::Session& session,
                                                    const std::vector<std::string>& application_ids,
                                                    std::int64_t now_ms);

/// The ledger of each.
std::map<std::string, std::vector<ClockRow>> clocks_of(db::Session& session,
                                                       const std::vector<std::string>& application_ids);

}  // namespace kaigong::approval::store
