// `mariadb://user:password@host:3306/schema` as SOCI's connection text, with `?socket=/run/mysqld/mysqld.sock`, or with
// `?tls_ca=/etc/kaigong/db-ca.pem&tls_certificate=…&tls_key=…` for TLS.
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
    /// PEM files, by absolute paths. With the first one the line is TLS or there is none: the server's certificate
    /// must lead to it and bear the name `host`. The other two come together and prove this program to the server.
    std::string tls_ca;
    std::string tls_certificate;
    std::string tls_key;

    bool wants_tls() const { return !tls_ca.empty(); }
    /// What is said on the line does not leave the machine.
    bool is_local() const;
};

/// Parts may be percent-encoded. Nothing for anything that is not such a URL.
std::optional<MariadbUrl> parse_mariadb_url(std::string_view url);

/// A MariaDB on another host, spoken to in plain text; never for another kind of URL or what is none.
bool is_far_without_tls(std::string_view url);

/// Quoted for SOCI's own syntax.
std::string soci_connection_text(const MariadbUrl& url);

}  // namespace kaigong::db
