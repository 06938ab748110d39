// Tables of keys, of the processes that hold them and of rounds of re-sealing: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::app::rotation_store {

struct KeyRow {
    std::string key_id;
    std::int64_t version = 1;
    std::string state;
    std::string check_value;
    std::int64_t published_at_ms = 0;
    std::optional<std::int64_t> current_at_ms;
    std::optional<std::int64_t> replaced_at_ms;
    std::optional<std::int64_t> retired_at_ms;
};

struct HolderRow {
    std::string holder;
    std::string key_ids;
    std::string sealing_key_id;
    std::string file_key_ids;
    std::int64_t seen_at_ms = 0;
};

struct RoundRow {
    std::string round_id;
    std::int64_t version = 1;
    std::string key_id;
    std::string state;
    std::int64_t pass = 0;
    std::string column_name;
    std::string after_row;
    std::int64_t looked_at = 0;
    std::int64_t resealed = 0;
    std::int64_t resealed_in_pass = 0;
    std::int64_t to_do = 0;
    std::string counts;
    std::string started_by;
    std::int64_t started_at_ms = 0;
    std::optional<std::int64_t> ended_at_ms;
    std::string worker;
    std::int64_t worker_seen_at_ms = 0;
};

std::vector<KeyRow> keys(db::Session& session);
/// Holds every row until the transaction ends: two processes never publish or switch at once.
void lock_keys(db::Session& session);
/// False when it is there already.
bool insert_key(db::Session& session, const KeyRow& row);
void save_key(db::Session& session, const KeyRow& row);

std::vector<HolderRow> holders(db::Session& session);
void put_holder(db::Session& session, const HolderRow& row);
/// A file has one process: whoever was there before is gone.
void remove_other_holders(db::Session& session, const std::string& holder);
void remove_holder(db::Session& session, const std::string& holder);
/// It serves no more; what its files name is still to be known.
void leave(db::Session& session, const std::string& holder);

std::optional<RoundRow> latest_round(db::Session& session);
void insert_round(db::Session& session, const RoundRow& row);
/// Fails with db.version_is_stale: another process goes on with it.
Result<void> save_round(db::Session& session, RoundRow& row);

}  // namespace kaigong::app::rotation_store
