// Idempotency-Key: a client that got no answer sends the same request again, and the effect happens once. The record is
// written in the transaction of the effect, keyed (actor, route, key).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::db {

struct IdempotentRequest {
    /// The account, or another stable name of who asks; never a personal value.
    std::string actor;
    /// Method and pattern: `POST /applications/{application_id}/submission`, with the ids that are in the path.
    std::string route;
    /// The header, a UUID.
    std::string key;
    /// Hex SHA-256 of the body as it came.
    std::string body_hash;
    std::int64_t now_ms = 0;
};

/// Runs `effect` inside the caller's transaction unless this request was done before; gives what `effect` gave then.
/// That is kept in the database: a short text of ids and numbers (`{"application_id":"…"}`) from which the route makes
/// its reply again, never a personal value. Call it first in the body: on MariaDB two equal requests then wait for each
/// other instead of both reading an old snapshot. An error of `effect` comes out and leaves no record.
/// Fails with db.idempotency_key_reused (conflict): the same key came with another body.
Result<std::string> once(Session& session, const IdempotentRequest& request,
                         const std::function<Result<std::string>()>& effect);

/// True when a request with this key has had its effect (with whatever body). For handlers that refuse early, before
/// costly work: the retry of a request that went through is not refused for what the request itself has changed.
bool is_known(Session& session, const IdempotentRequest& request);

/// Removes records older than that instant, at most `rows_max`; gives how many.
std::int64_t forget_requests_before(Session& session, std::int64_t at_ms, std::int64_t rows_max);

}  // namespace kaigong::db
