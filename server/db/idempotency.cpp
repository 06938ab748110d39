#include "db/idempotency.hpp"

namespace kaigong::db {
namespace {

struct Record {
    std::string body_hash;
    std::string outcome;
};

}  // namespace

Result<std::string> once(Session& session, const IdempotentRequest& request,
                         const std::function<Result<std::string>()>& effect) {
    // Writing first: on MariaDB an equal request that is under way holds this key, so we wait here, before our snapshot
    // is taken, and then read what it saved.
    const bool is_new = session.insert_new(
        "INSERT INTO idempotent_requests (actor, route, idempotency_key, body_hash, outcome, recorded_at_ms) "
        "VALUES (?, ?, ?, ?, '', ?)",
        request.actor, request.route, request.key, request.body_hash, request.now_ms);
    if (!is_new) {
        auto record = session.row<Record>(
            "SELECT body_hash, outcome FROM idempotent_requests WHERE actor = ? AND route = ? AND idempotency_key = ?",
            request.actor, request.route, request.key);
        if (record.body_hash == request.body_hash) return std::move(record.outcome);
        return error(Errc::conflict, "db.idempotency_key_reused",
                     "同一个防重复编号(Idempotency-Key)已用于另一份内容。请刷新页面后重新提交。");
    }
    KAIGONG_TRY(outcome, effect());
    session.execute("UPDATE idempotent_requests SET outcome = ? WHERE actor = ? AND route = ? AND idempotency_key = ?",
                    outcome, request.actor, request.route, request.key);
    return std::move(outcome);
}

bool is_known(Session& session, const IdempotentRequest& request) {
    return session.row<std::int64_t>(
               "SELECT count(*) FROM idempotent_requests WHERE actor = ? AND route = ? AND idempotency_key = ?",
               request.actor, request.route, request.key) > 0;
}

std::int64_t forget_requests_before(Session& session, std::int64_t at_ms, std::int64_t rows_max) {
    struct Key {
        std::string actor;
        std::string route;
        std::string key;
    };
    // Row by row: DELETE … LIMIT is not part of Debian's SQLite.
    const auto keys = session.rows<Key>(
        "SELECT actor, route, idempotency_key FROM idempotent_requests WHERE recorded_at_ms < ? "
        "ORDER BY recorded_at_ms LIMIT ?",
        at_ms, rows_max);
    for (const auto& key : keys) {
        session.execute("DELETE FROM idempotent_requests WHERE actor = ? AND route = ? AND idempotency_key = ?",
                        key.actor, key.route, key.key);
    }
    return static_cast<std::int64_t>(keys.size());
}

}  // namespace kaigong::db
