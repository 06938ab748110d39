// `mariadb://user:password@host:3306/schema?socket=/run/mysqld/mysqld.sock` as SOCI's connection text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaigong::db {

struct MariadbUrl {
    std::string user;
    std::string password;
    std::string host;
    int port = 3306;
    std::string schema;
    /// When given, host and port are not used.
    std::string socket;
};

/// Parts may be percent-encoded. Nothing for anything that is not such a URL.
std::optional<MariadbUrl> parse_mariadb_url(std::string_view url);

/// Quoted for SOCI's own syntax.
std::string soci_connection_text(const MariadbUrl& url);

}  // namespace kaigong::db
