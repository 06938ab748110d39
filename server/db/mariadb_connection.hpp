// A connection to MariaDB.
#pragma once

#include <string>

#include "db/connection.hpp"

namespace kaigong::db {

class MariadbConnection final : public Connection {
  public:
    /// Throws DatabaseFault (storage) when the server can't be reached or refuses.
    explicit MariadbConnection(const std::string& connection_text);
    ~MariadbConnection() override { forget_statements(); }

    DatabaseKind kind() const override { return DatabaseKind::mariadb; }
    /// Says false when the connection is of no use any more.
    bool rollback();

  protected:
    std::exception_ptr translated(const soci::soci_error& error, std::string_view sql) override;
};

}  // namespace kaigong::db
