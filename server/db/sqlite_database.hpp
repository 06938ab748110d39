// SQLite: one process, one writer with group commit, a pool of readers.
#pragma once

#include <memory>
#include <string>

#include "db/connection_pool.hpp"
#include "db/database.hpp"
#include "db/file_lock.hpp"
#include "db/group_commit.hpp"
#include "db/sqlite_connection.hpp"

namespace kaigong::db {

class SqliteDatabase final : public Database {
  public:
    static Result<std::unique_ptr<Database>> open(const std::string& path, const Settings& settings);

    /// Throws DatabaseFault when the file can't be opened.
    SqliteDatabase(FileLock lock, const std::string& path, const Settings& settings);

    DatabaseKind kind() const override { return DatabaseKind::sqlite; }
    Activity activity() const override { return counters_.snapshot(); }

  protected:
    Result<void> run_transaction(const Body& body, std::source_location where) override;
    Result<void> run_read(const Body& body) override;

  private:
    // The lock goes last: the file is free for others only when every connection is closed.
    FileLock lock_;
    ActivityCounters counters_;
    GroupCommit writer_;
    ConnectionPool<SqliteConnection> readers_;
};

}  // namespace kaigong::db
