// The entries of the logs and their trees: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::evidence::store {

struct EntryRow {
    std::string entry_id;
    std::string log;
    std::string subject;
    std::string entry;
    std::string leaf_hash;  ///< 64 hexadecimal digits
    std::int64_t queued_at_ms = 0;
    std::optional<std::int64_t> leaf_index;
};

struct TreeRow {
    std::string log;
    std::int64_t version = 0;
    std::int64_t tree_size = 0;
    std::string edge;
    std::string checkpoint;
    std::int64_t signed_at_ms = 0;
};

/// What stands in a log at one place.
struct PlacedRow {
    std::int64_t leaf_index = 0;
    std::string entry;
    std::string leaf_hash;
};

/// False: the log has an entry of this subject, or one waits.
[[nodiscard]] bool insert(db::Session& session, const EntryRow& row);
std::optional<EntryRow> find(db::Session& session, const std::string& log, const std::string& subject);
/// What waits for its place, oldest id first.
std::vector<EntryRow> waiting(db::Session& session, const std::string& log, int limit);
std::optional<std::string> newest_waiting(db::Session& session, const std::string& log);
void place(db::Session& session, const std::string& entry_id, std::int64_t leaf_index);
/// Those from `from` on that are below `below`, in order.
std::vector<PlacedRow> placed(db::Session& session, const std::string& log, std::int64_t from, std::int64_t below,
                              int limit);

/// The newest cosignature of one witness.
struct CosignatureRow {
    std::string log;
    std::string witness_key;  ///< vkey
    std::int64_t tree_size = 0;
    std::string signature;  ///< one line of a note
    std::int64_t cosigned_at_ms = 0;
};
std::vector<CosignatureRow> cosignatures_of(db::Session& session, const std::string& log);
/// Stays as it is where a larger tree was cosigned already.
void save_cosignature(db::Session& session, const CosignatureRow& row);

/// By subject, from behind `after_subject`: for who compares the log with the tables it is about.
std::vector<EntryRow> entries_by_subject(db::Session& session, const std::string& log, const std::string& after_subject,
                                         int limit);

/// Takes the tree's lock for the rest of this transaction and gives it the row's version, which is one more than it
/// was. False: it has another by now.
[[nodiscard]] bool take_tree(db::Session& session, const TreeRow& row);
std::optional<TreeRow> find_tree(db::Session& session, const std::string& log);
/// False: another process was first.
[[nodiscard]] bool insert_tree(db::Session& session, const TreeRow& row);
void save_tree(db::Session& session, const TreeRow& row);

}  // namespace kaigong::evidence::store
