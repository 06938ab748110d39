// Table of acts on paper that wait for who is named in them: SQL and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

struct PaperActProposalRow {
    std::string proposal_id;
    std::string application_id;
    std::string task_id;
    std::string done_by_id;
    std::int64_t expires_at_ms = 0;
};

void insert_paper_act_proposal(db::Session& session, const PaperActProposalRow& row);
/// The newest first, 100 at most; settled ones too.
std::vector<PaperActProposalRow> paper_act_proposals_of(db::Session& session, const std::string& application_id);
/// That have not expired, the most urgent first; settled ones too.
std::vector<PaperActProposalRow> paper_act_proposals_for(db::Session& session, const std::string& done_by_id,
                                                         std::int64_t now_ms, int limit);

}  // namespace kaigong::approval::store
