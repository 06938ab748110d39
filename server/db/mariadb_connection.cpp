#include "db/mariadb_connection.hpp"

#include <errmsg.h>
#include <fmt/format.h>
#include <mysqld_error.h>
#include <soci/mysql/soci-mysql.h>

namespace kaigong::db {
namespace {

/// "WSREP has not yet prepared node for application use": a Galera node that is joining.
constexpr int kNodeNotReady = 1047;

FaultKind kind_of(int code) {
    switch (code) {
        case ER_LOCK_DEADLOCK:
        case ER_LOCK_WAIT_TIMEOUT:
        case ER_CHECKREAD:
        case kNodeNotReady: return FaultKind::contention;
        case CR_CONNECTION_ERROR:
        case CR_CONN_HOST_ERROR:
        case CR_SERVER_GONE_ERROR:
        case CR_SERVER_LOST:
        case ER_CONNECTION_KILLED:
        case ER_SERVER_SHUTDOWN:
        case ER_CON_COUNT_ERROR:
        case ER_OUT_OF_RESOURCES:
        case ER_DISK_FULL:
        case ER_RECORD_FILE_FULL:
        case ER_GET_ERRNO:
        case ER_ERROR_ON_WRITE:
        case ER_OPTION_PREVENTS_STATEMENT: return FaultKind::storage;
        default: return FaultKind::misuse;
    }
}

/// MariaDB's texts quote values ("Duplicate entry '…'", "Incorrect string value: '…'"). Only those that can hold
/// nothing but names of ours are passed on.
bool holds_no_value(int code) {
    switch (code) {
        case ER_BAD_FIELD_ERROR:
        case ER_NO_SUCH_TABLE:
        case ER_BAD_TABLE_ERROR:
        case ER_TABLE_EXISTS_ERROR:
        case ER_NO_DEFAULT_FOR_FIELD:
        case ER_BAD_NULL_ERROR:
        case ER_TOO_LONG_KEY:
        case ER_CANT_AGGREGATE_2COLLATIONS:
        case CR_CONN_HOST_ERROR: return true;
        default: return false;
    }
}

/// The library has one number for all of TLS and tells them apart by its text alone; an unknown text is the case in
/// which nothing may be believed.
TlsFault::Problem tls_problem(std::string_view text) {
    if (text.find("does not support it") != std::string_view::npos) return TlsFault::Problem::not_offered;
    if (text.find("Validation of SSL server certificate failed") != std::string_view::npos) {
        return TlsFault::Problem::other_name;
    }
    return TlsFault::Problem::not_trusted;
}

}  // namespace

MariadbConnection::MariadbConnection(const std::string& connection_text) {
    try {
        open_session(soci::mysql, connection_text);
    } catch (const soci::soci_error& error) {
        const auto* failed = dynamic_cast<const soci::mysql_soci_error*>(&error);
        const int code = failed == nullptr ? 0 : static_cast<int>(failed->err_num_);
        const auto message = fmt::format("MariaDB {}: connecting", code);
        if (code == CR_SSL_CONNECTION_ERROR) throw TlsFault(tls_problem(error.what()), code, message);
        throw DatabaseFault(FaultKind::storage, code, message);
    }
    execute_once("SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin");
    // TRADITIONAL: what does not fit is an error, as in a STRICT table; || joins texts, as in SQLite.
    execute_once("SET SESSION sql_mode = 'TRADITIONAL,PIPES_AS_CONCAT,ANSI_QUOTES,NO_ENGINE_SUBSTITUTION'");
    execute_once("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    execute_once("SET SESSION innodb_lock_wait_timeout = 5");
}

bool MariadbConnection::rollback() {
    try {
        execute("ROLLBACK");
        return true;
    } catch (const DatabaseFault&) {
        return false;
    }
}

std::exception_ptr MariadbConnection::translated(const soci::soci_error& error, std::string_view sql) {
    const auto* failed = dynamic_cast<const soci::mysql_soci_error*>(&error);
    if (failed == nullptr) {
        return std::make_exception_ptr(
            DatabaseFault(FaultKind::misuse, 0, fmt::format("MariaDB: {}: {}", error.get_error_message(), sql)));
    }
    const int code = static_cast<int>(failed->err_num_);
    const auto message = fmt::format("MariaDB {}: {}: {}", code,
                                     holds_no_value(code) ? error.get_error_message() : std::string("-"), sql);
    if (code == ER_DUP_ENTRY || code == ER_DUP_ENTRY_WITH_KEY_NAME)
        return std::make_exception_ptr(DuplicateKey(message));
    return std::make_exception_ptr(DatabaseFault(kind_of(code), code, message));
}

}  // namespace kaigong::db
