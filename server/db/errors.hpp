// What goes wrong between this program and a database. Callers of `Database::transact` and `Database::read` never see
// these for a full disk or a lost server: those become `Errc::unavailable`. They see them for bugs (bad SQL).
#pragma once

#include <stdexcept>
#include <string>

namespace kaigong::db {

/// What the one who started the transaction does next.
enum class FaultKind {
    /// Bad SQL, a NOT NULL, CHECK, STRICT or foreign-key violation: a bug of this program.
    misuse,
    /// Somebody else was faster (MariaDB 1213, 1205, 1047, 1020): the whole body runs again.
    contention,
    /// The disk is full, I/O failed, the server is gone.
    storage,
};

/// `what()` names the fault and the SQL text with its placeholders, never a bound value.
class DatabaseFault : public std::runtime_error {
  public:
    DatabaseFault(FaultKind kind, int code, const std::string& message)
        : std::runtime_error(message), kind_(kind), code_(code) {}
    FaultKind kind() const { return kind_; }
    /// The database's own number: an extended SQLite result code, or a MariaDB error number.
    int code() const { return code_; }

  private:
    FaultKind kind_;
    int code_;
};

/// A primary or unique key is there already. Only the statement is undone; the transaction may go on.
/// One that leaves a body becomes `Errc::conflict`, reason `db.duplicate_key`.
class DuplicateKey : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace kaigong::db
