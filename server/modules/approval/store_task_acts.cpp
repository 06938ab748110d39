#include "modules/approval/store_task_acts.hpp"

#include <algorithm>

namespace kaigong::approval::store {

std::vector<SignerRow> signers_of(db::Session& session, const std::string& application_id) {
    return session.rows<SignerRow>("SELECT * FROM task_signers WHERE application_id = ? ORDER BY signer_no LIMIT 1000",
                                   application_id);
}

void insert_signer(db::Session& session, SignerRow r) {
    r.signer_no = session.row<std::int64_t>(
        "SELECT coalesce(max(signer_no), 0) + 1 FROM task_signers WHERE application_id = ?", r.application_id);
    session.execute(
        "INSERT INTO task_signers (task_id, application_id, signer_no, parent_task_id, relation, asked_by_id, "
        "asked_by, "
        "question, asked_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.task_id, r.application_id, r.signer_no, r.parent_task_id, r.relation, r.asked_by_id, r.asked_by, r.question,
        r.asked_at_ms);
}

std::vector<ActRow> acts_of(db::Session& session, const std::string& application_id) {
    auto rows = session.rows<ActRow>(
        "SELECT a.*, d.deputyship_id, d.absent_id, d.absent_name FROM task_acts a LEFT JOIN deputy_acts d ON "
        "d.application_id = a.application_id AND d.act_no = a.act_no WHERE a.application_id = ? ORDER BY a.act_no DESC "
        "LIMIT 1000",
        application_id);
    std::ranges::reverse(rows);
    return rows;
}

void append_act(db::Session& session, ActRow r) {
    r.act_no = session.row<std::int64_t>("SELECT coalesce(max(act_no), 0) + 1 FROM task_acts WHERE application_id = ?",
                                         r.application_id);
    session.execute(
        "INSERT INTO task_acts (application_id, act_no, task_id, task_version, act, actor_id, actor_name, from_id, "
        "from_name, to_id, to_name, reason, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.application_id, r.act_no, r.task_id, r.task_version, r.act, r.actor_id, r.actor_name, r.from_id, r.from_name,
        r.to_id, r.to_name, r.reason, r.at_ms);
    if (!r.deputyship_id) return;
    session.execute(
        "INSERT INTO deputy_acts (application_id, act_no, deputyship_id, absent_id, absent_name) VALUES (?, ?, ?, ?, "
        "?)",
        r.application_id, r.act_no, r.deputyship_id, r.absent_id, r.absent_name);
}

}  // namespace kaigong::approval::store
