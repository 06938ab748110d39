// The SQLite file of a bureau that is not running, for programs of the benchmarks. The server itself goes through db/.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace kaigong::bench {

/// One statement; every failure throws std::runtime_error with SQLite's words.
class Statement {
  public:
    Statement(sqlite3* database, std::string_view sql);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(statement_); }

    /// Parameters count from 1. A text has to live until `run` or `step`.
    void bind(int at, std::string_view text);
    void bind(int at, std::int64_t value);
    void bind_null(int at) { sqlite3_bind_null(statement_, at); }
    /// To the end, then ready for the next parameters.
    void run();
    /// True while there is a row.
    bool step();
    void reset() { sqlite3_reset(statement_); }

    int columns() const { return sqlite3_column_count(statement_); }
    bool is_null(int at) const { return sqlite3_column_type(statement_, at) == SQLITE_NULL; }
    bool is_integer(int at) const { return sqlite3_column_type(statement_, at) == SQLITE_INTEGER; }
    std::int64_t integer(int at) const { return sqlite3_column_int64(statement_, at); }
    std::string text(int at) const;

  private:
    sqlite3* database_;
    sqlite3_stmt* statement_ = nullptr;
};

class SqliteFile {
  public:
    explicit SqliteFile(const std::string& path);
    SqliteFile(const SqliteFile&) = delete;
    SqliteFile& operator=(const SqliteFile&) = delete;
    ~SqliteFile() { sqlite3_close(database_); }

    void execute(const std::string& sql);
    sqlite3* handle() const { return database_; }

  private:
    sqlite3* database_ = nullptr;
};

}  // namespace kaigong::bench
