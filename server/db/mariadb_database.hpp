// MariaDB: bodies run on the worker's own thread over a pooled connection, REPEATABLE READ, and the whole body runs
// again when others were faster.
#pragma once

#include <memory>
#include <optional>

#include "db/activity_counters.hpp"
#include "db/connection_pool.hpp"
#include "db/database.hpp"
#include "db/mariadb_connection.hpp"

namespace kaigong::db {

class MariadbDatabase final : public Database {
  public:
    /// Fails with db.url_malformed and db.cannot_open; where TLS is asked for (mariadb_url.hpp) besides with
    /// db.tls_file_unreadable, db.tls_key_too_open, db.tls_not_offered, db.tls_other_name, db.tls_not_trusted.
    static Result<std::unique_ptr<Database>> open(const Settings& settings);

    MariadbDatabase(const std::string& connection_text, const Settings& settings);

    DatabaseKind kind() const override { return DatabaseKind::mariadb; }
    Activity activity() const override { return counters_.snapshot(); }

  protected:
    Result<void> run_transaction(const Body& body, std::source_location where) override;
    Result<void> run_read(const Body& body) override;

  private:
    using Pool = ConnectionPool<MariadbConnection>;
    /// One try: its outcome, or nothing when the body must run again.
    std::optional<Result<void>> try_transaction(const Body& body);
    std::optional<Result<void>> after_fault(Pool::Lease& connection, const DatabaseFault& fault, bool at_commit);

    const Settings settings_;
    ActivityCounters counters_;
    Pool pool_;
};

}  // namespace kaigong::db
