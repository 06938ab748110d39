#include "modules/approval/store_paper_acts.hpp"

namespace kaigong::approval::store {

void insert_paper_act_proposal(db::Session& session, const PaperActProposalRow& r) {
    session.execute(
        "INSERT INTO paper_act_proposals (proposal_id, application_id, task_id, done_by_id, expires_at_ms) VALUES (?, "
        "?, ?, ?, ?)",
        r.proposal_id, r.application_id, r.task_id, r.done_by_id, r.expires_at_ms);
}

std::vector<PaperActProposalRow> paper_act_proposals_of(db::Session& session, const std::string& application_id) {
    return session.rows<PaperActProposalRow>(
        "SELECT * FROM paper_act_proposals WHERE application_id = ? ORDER BY proposal_id DESC LIMIT 100",
        application_id);
}

std::vector<PaperActProposalRow> paper_act_proposals_for(db::Session& session, const std::string& done_by_id,
                                                         std::int64_t now_ms, int limit) {
    return session.rows<PaperActProposalRow>(
        "SELECT * FROM paper_act_proposals WHERE done_by_id = ? AND expires_at_ms > ? ORDER BY expires_at_ms, "
        "proposal_id LIMIT ?",
        done_by_id, now_ms, limit);
}

}  // namespace kaigong::approval::store
