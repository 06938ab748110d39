// The database of the program: SQLite by default (one process, one writer thread with group commit, a pool of readers),
// MariaDB for several processes. Business code sees only `transact`, `read` and `Session`; docs/adr says why.
//
//     auto version = database.transact([&](db::Session& session) -> Result<std::int64_t> {
//         KAIGONG_CHECK(db::bump_version(session, "permits", "permit_id", id.text, expected));
//         session.execute("UPDATE permits SET state = ? WHERE permit_id = ?", "revoked", id);
//         return expected + 1;
//     });
//
// A body does SQL and an engine step only, 2 ms at most; parsing, hashing, files and PDF happen before or after; ids
// and `now` are made outside. A body may run more than once (another's failure, a lock conflict): it changes nothing
// but its session and gives its result back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::db {

struct Settings {
    /// `sqlite:data/kaigong.db` (a path, relative or absolute), or
    /// `mariadb://user:password@host:3306/schema`, also with `?socket=/run/mysqld/mysqld.sock` (percent-encoded).
    std::string url;
    /// Connections for reading (SQLite), connections in all (MariaDB).
    std::size_t connections = 4;
    /// A worker waits this long for a connection, then `unavailable`.
    std::int64_t connection_wait_ms = 5000;

    /// Group commit: requests waiting for the writer beyond this many are refused (`db.writer_busy`).
    std::size_t writer_queue_max = 1024;
    std::size_t batch_requests_max = 128;
    /// No further request joins a batch that is older than this.
    std::int64_t batch_ms_max = 20;
    /// A body slower than this is counted and, in a build without NDEBUG, logged with its place in the source.
    std::int64_t body_budget_us = 2000;

    /// MariaDB: how often a whole body is tried when others keep winning.
    int tries_max = 8;
    /// Test only: the name of a registered SQLite VFS.
    std::string sqlite_vfs;
};

/// Sums since the start, except `queue_length` (now).
struct Activity {
    std::uint64_t requests = 0;
    std::uint64_t batches = 0;
    std::uint64_t commits = 0;
    /// Requests that ran again: alone after their batch was gone, or after a lock conflict.
    std::uint64_t reruns = 0;
    std::uint64_t refused = 0;
    std::uint64_t unavailable = 0;
    std::uint64_t over_budget = 0;
    std::uint64_t reads = 0;
    std::uint64_t queue_length = 0;
    std::uint64_t queue_peak = 0;
};

namespace detail {
template <class R>
struct AsResult {
    using type = Result<R>;
};
template <class T>
struct AsResult<Result<T>> {
    using type = Result<T>;
};
/// Result<T> stays; T becomes Result<T>.
template <class R>
using as_result_t = typename AsResult<R>::type;
}  // namespace detail

class Database {
  public:
    using Body = std::function<Result<void>(Session&)>;

    /// Opens and, for SQLite, creates the file. Fails with db.url_malformed, db.already_open (another process has the
    /// file), db.cannot_open. Tables come with `migrate` (migrations.hpp).
    static Result<std::unique_ptr<Database>> open(const Settings& settings);

    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    /// Finishes what was accepted.
    virtual ~Database() = default;

    virtual DatabaseKind kind() const = 0;
    virtual Activity activity() const = 0;

    /// Runs the body in a transaction and returns after COMMIT returned. An error result rolls the body's changes back
    /// and comes out unchanged, neighbours in the batch stay. Fails besides with db.writer_busy, db.not_saved (both
    /// unavailable: nothing was saved), db.outcome_unknown (unavailable: MariaDB went away during COMMIT) and
    /// db.duplicate_key (conflict). Exceptions of the body come out here. Never call it inside a body.
    template <class Callable>
    auto transact(Callable&& body, std::source_location where = std::source_location::current()) {
        return run<Callable>(body, [&](const Body& wrapped) { return run_transaction(wrapped, where); });
    }

    /// Runs the body on one consistent snapshot, with statements that only read. Fails besides with
    /// db.readers_busy and db.not_readable (unavailable).
    template <class Callable>
    auto read(Callable&& body) {
        return run<Callable>(body, [&](const Body& wrapped) { return run_read(wrapped); });
    }

  protected:
    virtual Result<void> run_transaction(const Body& body, std::source_location where) = 0;
    virtual Result<void> run_read(const Body& body) = 0;

  private:
    template <class Callable, class Runner>
    static auto run(Callable& body, Runner&& runner) {
        using Returned = std::invoke_result_t<Callable&, Session&>;
        using Outcome = detail::as_result_t<Returned>;
        if constexpr (std::is_same_v<Outcome, Result<void>>) {
            return runner([&](Session& session) -> Result<void> {
                if constexpr (std::is_void_v<Returned>) {
                    body(session);
                    return {};
                } else {
                    return body(session);
                }
            });
        } else {
            std::optional<Outcome> outcome;
            auto done = runner([&](Session& session) -> Result<void> {
                outcome.emplace(body(session));
                if (!*outcome) return outcome->error();
                return {};
            });
            return done ? std::move(*outcome) : Outcome(std::move(done).error());
        }
    }
};

}  // namespace kaigong::db
