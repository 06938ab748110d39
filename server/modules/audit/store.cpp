#include "modules/audit/store.hpp"

namespace kaigong::audit::store {

void insert(db::Session& session, const EntryRow& row) {
    session.execute(
        "INSERT INTO audit_entries (entry_id, aggregate_kind, aggregate_id, aggregate_version, act, actor_id, "
        "actor_name, summary, at_ms, salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.entry_id, row.aggregate_kind, row.aggregate_id, row.aggregate_version, row.act, row.actor_id,
        row.actor_name, row.summary, row.at_ms, row.salt);
}

std::int64_t last_act_at_ms(db::Session& session) {
    // The key begins with the instant, so the last key is the last act.
    return session.optional_row<std::int64_t>("SELECT at_ms FROM audit_entries ORDER BY entry_id DESC LIMIT 1")
        .value_or(0);
}

std::vector<EntryRow> entries_of(db::Session& session, const std::string& aggregate_kind,
                                 const std::string& aggregate_id, const std::string& before_id, int limit) {
    // '~' sorts after every UUID, so one statement serves the first page too.
    const std::string before = before_id.empty() ? "~" : before_id;
    return session.rows<EntryRow>(
        "SELECT entry_id, aggregate_kind, aggregate_id, aggregate_version, act, actor_id, actor_name, summary, at_ms, "
        "salt FROM audit_entries WHERE aggregate_kind = ? AND aggregate_id = ? AND entry_id < ? ORDER BY entry_id DESC "
        "LIMIT ?",
        aggregate_kind, aggregate_id, before, limit);
}

std::vector<EntryRow> entries_after(db::Session& session, const std::string& after_id, int limit) {
    return session.rows<EntryRow>(
        "SELECT entry_id, aggregate_kind, aggregate_id, aggregate_version, act, actor_id, actor_name, summary, at_ms, "
        "salt FROM audit_entries WHERE entry_id > ? ORDER BY entry_id LIMIT ?",
        after_id, limit);
}

}  // namespace kaigong::audit::store
