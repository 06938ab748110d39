#include "db/sqlite_connection.hpp"

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <utility>

namespace kaigong::db {
namespace {

/// Without UBSan's check of the object's type: SOCI's library keeps the typeinfo of its backend to itself.
__attribute__((no_sanitize("vptr"))) sqlite_api::sqlite3* handle_of(soci::session& session) {
    auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
    return backend == nullptr ? nullptr : backend->conn_;
}

FaultKind kind_of(int code) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_NOMEM:
        case SQLITE_READONLY:
        case SQLITE_INTERRUPT:
        case SQLITE_IOERR:
        case SQLITE_CORRUPT:
        case SQLITE_FULL:
        case SQLITE_CANTOPEN:
        case SQLITE_PROTOCOL:
        case SQLITE_NOTADB: return FaultKind::storage;
        default: return FaultKind::misuse;
    }
}

bool is_duplicate_key(int code) {
    return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, Role role, const std::string& vfs) {
    auto parameters = fmt::format("db=\"{}\" timeout=5", path);
    if (!vfs.empty()) parameters += " vfs=" + vfs;
    try {
        open_session(soci::sqlite3, parameters);
    } catch (const soci::soci_error& error) {
        throw DatabaseFault(FaultKind::storage, 0, "SQLite: " + error.get_error_message());
    }
    execute_once("PRAGMA foreign_keys = ON");
    execute_once("PRAGMA trusted_schema = OFF");
    execute_once("PRAGMA temp_store = MEMORY");
    if (role == Role::writer) {
        execute_once("PRAGMA journal_mode = WAL");
        // FULL: COMMIT returns after the log is on the disk. Group commit makes that as fast as NORMAL.
        execute_once("PRAGMA synchronous = FULL");
        execute_once("PRAGMA journal_size_limit = 67108864");
        execute_once("PRAGMA cache_size = -65536");
    } else {
        execute_once("PRAGMA query_only = ON");
        execute_once("PRAGMA cache_size = -16384");
    }
}

bool SqliteConnection::in_transaction() {
    return sqlite_api::sqlite3_get_autocommit(handle_of(session_)) == 0;
}

bool SqliteConnection::rollback_if_open() {
    if (!in_transaction()) return true;
    try {
        execute("ROLLBACK");
    } catch (const DatabaseFault&) {
        return !in_transaction();
    }
    return true;
}

std::exception_ptr SqliteConnection::translated(const soci::soci_error& error, std::string_view sql) {
    const auto* failed = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    if (failed == nullptr) {
        return std::make_exception_ptr(
            DatabaseFault(FaultKind::misuse, 0, fmt::format("SQLite: {}: {}", error.get_error_message(), sql)));
    }
    auto* handle = handle_of(session_);
    // SOCI reports the primary code; the extended one tells a duplicate key from the other constraints.
    int code = sqlite_api::sqlite3_extended_errcode(handle);
    if ((code & 0xff) != (failed->result() & 0xff)) code = failed->result();
    // SQLite's own text names tables and columns, never values; SOCI's adds the bound values and is not used.
    const auto message = fmt::format("SQLite {}: {}: {}", code, sqlite_api::sqlite3_errmsg(handle), sql);
    if (is_duplicate_key(code)) return std::make_exception_ptr(DuplicateKey(message));
    return std::make_exception_ptr(DatabaseFault(kind_of(code), code, message));
}

}  // namespace kaigong::db
