#include "modules/evidence/store.hpp"

namespace kaigong::evidence::store {

std::optional<Leaf> find(db::Session& session, const std::string& log, const std::string& subject,
                         const std::string& sha256) {
    return session.optional_row<Leaf>(
        "SELECT leaf_index, log, subject, sha256, appended_at_ms FROM evidence_leaves WHERE log = ? AND subject = ? "
        "AND sha256 = ?",
        log, subject, sha256);
}

std::optional<Leaf> find_latest(db::Session& session, const std::string& log, const std::string& subject) {
    return session.optional_row<Leaf>(
        "SELECT leaf_index, log, subject, sha256, appended_at_ms FROM evidence_leaves WHERE log = ? AND subject = ? "
        "ORDER BY leaf_index DESC LIMIT 1",
        log, subject);
}

std::int64_t take_index(db::Session& session, const std::string& log) {
    // The UPDATE comes first: on MariaDB it takes the row's lock, so that the SELECT after it reads the newest count.
    if (session.execute("UPDATE evidence_logs SET next_leaf_index = next_leaf_index + 1, version = version + 1 WHERE "
                        "log = ?",
                        log) == 0) {
        if (session.insert_new("INSERT INTO evidence_logs (log, next_leaf_index, version) VALUES (?, 1, 1)", log)) {
            return 0;
        }
        session.execute(
            "UPDATE evidence_logs SET next_leaf_index = next_leaf_index + 1, version = version + 1 WHERE log = ?", log);
    }
    return session.row<std::int64_t>("SELECT next_leaf_index FROM evidence_logs WHERE log = ?", log) - 1;
}

void insert(db::Session& session, const Leaf& leaf) {
    session.execute(
        "INSERT INTO evidence_leaves (log, leaf_index, subject, sha256, appended_at_ms) VALUES (?, ?, ?, ?, ?)",
        leaf.log, leaf.leaf_index, leaf.subject, leaf.sha256, leaf.appended_at_ms);
}

}  // namespace kaigong::evidence::store
