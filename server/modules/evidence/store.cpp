#include "modules/evidence/store.hpp"

#include <stdexcept>

namespace kaigong::evidence::store {
namespace {

struct IdRow {
    std::string entry_id;
};

}  // namespace

bool insert(db::Session& session, const EntryRow& row) {
    return session.insert_new(
        "INSERT INTO evidence_entries (entry_id, log, subject, entry, leaf_hash, queued_at_ms, leaf_index) VALUES (?, "
        "?, ?, ?, ?, ?, ?)",
        row.entry_id, row.log, row.subject, row.entry, row.leaf_hash, row.queued_at_ms, row.leaf_index);
}

std::optional<EntryRow> find(db::Session& session, const std::string& log, const std::string& subject) {
    return session.optional_row<EntryRow>(
        "SELECT entry_id, log, subject, entry, leaf_hash, queued_at_ms, leaf_index FROM evidence_entries WHERE log = ? "
        "AND subject = ?",
        log, subject);
}

std::vector<EntryRow> waiting(db::Session& session, const std::string& log, int limit) {
    // The ids alone come out of evidence_entries_waiting in their order; asked for whole rows, SQLite sorts all that
    // wait.
    return session.rows<EntryRow>(
        "SELECT e.entry_id, e.log, e.subject, e.entry, e.leaf_hash, e.queued_at_ms, e.leaf_index FROM (SELECT entry_id "
        "FROM evidence_entries WHERE log = ? AND leaf_index IS NULL ORDER BY entry_id LIMIT ?) AS oldest JOIN "
        "evidence_entries AS e ON e.entry_id = oldest.entry_id ORDER BY e.entry_id",
        log, limit);
}

std::optional<std::string> newest_waiting(db::Session& session, const std::string& log) {
    const auto newest = session.optional_row<IdRow>(
        "SELECT entry_id FROM evidence_entries WHERE log = ? AND leaf_index IS NULL ORDER BY entry_id DESC LIMIT 1",
        log);
    return newest ? std::optional(newest->entry_id) : std::nullopt;
}

void place(db::Session& session, const std::string& entry_id, std::int64_t leaf_index) {
    const auto placed = session.execute(
        "UPDATE evidence_entries SET leaf_index = ? WHERE entry_id = ? AND leaf_index IS NULL", leaf_index, entry_id);
    if (placed != 1) throw std::logic_error("evidence: an entry would be placed twice");
}

std::vector<PlacedRow> placed(db::Session& session, const std::string& log, std::int64_t from, std::int64_t below,
                              int limit) {
    return session.rows<PlacedRow>(
        "SELECT leaf_index, entry, leaf_hash FROM evidence_entries WHERE log = ? AND leaf_index >= ? AND leaf_index < "
        "? ORDER BY leaf_index LIMIT ?",
        log, from, below, limit);
}

bool take_tree(db::Session& session, const TreeRow& row) {
    return session.execute("UPDATE evidence_trees SET version = ? WHERE log = ? AND version = ?", row.version, row.log,
                           row.version - 1) == 1;
}

std::vector<CosignatureRow> cosignatures_of(db::Session& session, const std::string& log) {
    return session.rows<CosignatureRow>(
        "SELECT log, witness_key, tree_size, signature, cosigned_at_ms FROM evidence_cosignatures WHERE log = ?", log);
}

void save_cosignature(db::Session& session, const CosignatureRow& row) {
    const bool is_first = session.insert_new(
        "INSERT INTO evidence_cosignatures (log, witness_key, tree_size, signature, cosigned_at_ms) VALUES (?, ?, ?, "
        "?, ?)",
        row.log, row.witness_key, row.tree_size, row.signature, row.cosigned_at_ms);
    if (is_first) return;
    session.execute(
        "UPDATE evidence_cosignatures SET tree_size = ?, signature = ?, cosigned_at_ms = ? WHERE log = ? AND "
        "witness_key = ? AND tree_size <= ?",
        row.tree_size, row.signature, row.cosigned_at_ms, row.log, row.witness_key, row.tree_size);
}

std::vector<EntryRow> entries_by_subject(db::Session& session, const std::string& log, const std::string& after_subject,
                                         int limit) {
    return session.rows<EntryRow>(
        "SELECT entry_id, log, subject, entry, leaf_hash, queued_at_ms, leaf_index FROM evidence_entries WHERE log = ? "
        "AND subject > ? ORDER BY subject LIMIT ?",
        log, after_subject, limit);
}

std::optional<TreeRow> find_tree(db::Session& session, const std::string& log) {
    return session.optional_row<TreeRow>(
        "SELECT log, version, tree_size, edge, checkpoint, signed_at_ms FROM evidence_trees WHERE log = ?", log);
}

bool insert_tree(db::Session& session, const TreeRow& row) {
    return session.insert_new(
        "INSERT INTO evidence_trees (log, version, tree_size, edge, checkpoint, signed_at_ms) VALUES (?, ?, ?, ?, ?, "
        "?)",
        row.log, row.version, row.tree_size, row.edge, row.checkpoint, row.signed_at_ms);
}

void save_tree(db::Session& session, const TreeRow& row) {
    session.execute("UPDATE evidence_trees SET tree_size = ?, edge = ?, checkpoint = ?, signed_at_ms = ? WHERE log = ?",
                    row.tree_size, row.edge, row.checkpoint, row.signed_at_ms, row.log);
}

}  // namespace kaigong::evidence::store
