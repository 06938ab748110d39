// A connection to MariaDB.
#pragma once

#include <string>

#include "db/connection.hpp"

namespace kaigong::db {

/// A line that is TLS or nothing did not come to stand.
class TlsFault : public DatabaseFault {
  public:
    enum class Problem {
        /// The server speaks no TLS.
        not_offered,
        /// Its certificate leads to the right root and bears another name.
        other_name,
        /// Its certificate leads elsewhere, is over, or no protocol was agreed on.
        not_trusted,
    };
    TlsFault(Problem problem, int code, const std::string& message)
        : DatabaseFault(FaultKind::storage, code, message), problem_(problem) {}
    Problem problem() const { return problem_; }

  private:
    Problem problem_;
};

class MariadbConnection final : public Connection {
  public:
    /// Throws DatabaseFault (storage) when the server can't be reached or refuses, TlsFault when it may not be
    /// believed.
    explicit MariadbConnection(const std::string& connection_text);
    ~MariadbConnection() override { forget_statements(); }

    DatabaseKind kind() const override { return DatabaseKind::mariadb; }
    /// Says false when the connection is of no use any more.
    bool rollback();

  protected:
    std::exception_ptr translated(const soci::soci_error& error, std::string_view sql) override;
};

}  // namespace kaigong::db
