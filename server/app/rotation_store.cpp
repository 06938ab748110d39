#include "app/rotation_store.hpp"

#include "db/versions.hpp"

namespace kaigong::app::rotation_store {

std::vector<KeyRow> keys(db::Session& session) {
    return session.rows<KeyRow>(
        "SELECT key_id, version, state, check_value, published_at_ms, current_at_ms, replaced_at_ms, retired_at_ms "
        "FROM sealing_keys ORDER BY published_at_ms, key_id LIMIT 1000");
}

void lock_keys(db::Session& session) {
    session.execute("UPDATE sealing_keys SET version = version + 1");
}

bool insert_key(db::Session& session, const KeyRow& r) {
    return session.insert_new(
        "INSERT INTO sealing_keys (key_id, version, state, check_value, published_at_ms, current_at_ms, "
        "replaced_at_ms, retired_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        r.key_id, r.version, r.state, r.check_value, r.published_at_ms, r.current_at_ms, r.replaced_at_ms,
        r.retired_at_ms);
}

void save_key(db::Session& session, const KeyRow& r) {
    session.execute(
        "UPDATE sealing_keys SET state = ?, current_at_ms = ?, replaced_at_ms = ?, retired_at_ms = ? WHERE key_id = ?",
        r.state, r.current_at_ms, r.replaced_at_ms, r.retired_at_ms, r.key_id);
}

std::vector<HolderRow> holders(db::Session& session) {
    return session.rows<HolderRow>(
        "SELECT holder, key_ids, sealing_key_id, file_key_ids, seen_at_ms FROM key_holders ORDER BY holder LIMIT 1000");
}

void put_holder(db::Session& session, const HolderRow& r) {
    const auto written = session.execute(
        "UPDATE key_holders SET key_ids = ?, sealing_key_id = ?, file_key_ids = ?, seen_at_ms = ? WHERE holder = ?",
        r.key_ids, r.sealing_key_id, r.file_key_ids, r.seen_at_ms, r.holder);
    if (written > 0) return;
    session.execute(
        "INSERT INTO key_holders (holder, key_ids, sealing_key_id, file_key_ids, seen_at_ms) VALUES (?, ?, ?, ?, ?)",
        r.holder, r.key_ids, r.sealing_key_id, r.file_key_ids, r.seen_at_ms);
}

void remove_other_holders(db::Session& session, const std::string& holder) {
    session.execute("DELETE FROM key_holders WHERE holder <> ?", holder);
}

void remove_holder(db::Session& session, const std::string& holder) {
    session.execute("DELETE FROM key_holders WHERE holder = ?", holder);
}

void leave(db::Session& session, const std::string& holder) {
    session.execute("UPDATE key_holders SET seen_at_ms = 0 WHERE holder = ?", holder);
}

std::optional<RoundRow> latest_round(db::Session& session) {
    return session.optional_row<RoundRow>(
        "SELECT round_id, version, key_id, state, pass, column_name, after_row, looked_at, resealed, resealed_in_pass, "
        "to_do, counts, started_by, started_at_ms, ended_at_ms, worker, worker_seen_at_ms FROM key_rounds ORDER BY "
        "round_id DESC LIMIT 1");
}

void insert_round(db::Session& session, const RoundRow& r) {
    session.execute(
        "INSERT INTO key_rounds (round_id, version, key_id, state, pass, column_name, after_row, looked_at, resealed, "
        "resealed_in_pass, to_do, counts, started_by, started_at_ms, ended_at_ms, worker, worker_seen_at_ms) VALUES "
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.round_id, r.version, r.key_id, r.state, r.pass, r.column_name, r.after_row, r.looked_at, r.resealed,
        r.resealed_in_pass, r.to_do, r.counts, r.started_by, r.started_at_ms, r.ended_at_ms, r.worker,
        r.worker_seen_at_ms);
}

Result<void> save_round(db::Session& session, RoundRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "key_rounds", "round_id", r.round_id, r.version));
    r.version += 1;
    session.execute(
        "UPDATE key_rounds SET key_id = ?, state = ?, pass = ?, column_name = ?, after_row = ?, looked_at = ?, "
        "resealed = ?, resealed_in_pass = ?, to_do = ?, counts = ?, ended_at_ms = ?, worker = ?, worker_seen_at_ms = ? "
        "WHERE round_id = ?",
        r.key_id, r.state, r.pass, r.column_name, r.after_row, r.looked_at, r.resealed, r.resealed_in_pass, r.to_do,
        r.counts, r.ended_at_ms, r.worker, r.worker_seen_at_ms, r.round_id);
    return {};
}

}  // namespace kaigong::app::rotation_store
