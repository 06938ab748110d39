// A connection to a SQLite file.
#pragma once

#include <string>

#include "db/connection.hpp"

namespace kaigong::db {

class SqliteConnection final : public Connection {
  public:
    enum class Role { writer, reader };

    /// Throws DatabaseFault when the file can't be opened. `vfs` empty = SQLite's own.
    SqliteConnection(const std::string& path, Role role, const std::string& vfs);
    ~SqliteConnection() override { forget_statements(); }

    DatabaseKind kind() const override { return DatabaseKind::sqlite; }
    /// True while a transaction is open. After an error SQLite may have ended it by itself.
    bool in_transaction();
    /// Ends what is open. Says false when even that failed: the connection must be made anew.
    bool rollback_if_open();

  protected:
    std::exception_ptr translated(const soci::soci_error& error, std::string_view sql) override;
};

}  // namespace kaigong::db
