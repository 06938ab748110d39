#include "db/mariadb_database.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "db/body_scope.hpp"
#include "db/failures.hpp"
#include "db/mariadb_url.hpp"

namespace kaigong::db {
namespace {

/// 1, 2, 4 … ms with a random part, so that those who met once don't meet again.
void wait_before_try(int try_number) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    const int longest_ms = 1 << std::min(try_number, 7);
    const int chosen_ms = std::uniform_int_distribution<int>(longest_ms / 2, longest_ms)(random);
    std::this_thread::sleep_for(std::chrono::milliseconds(chosen_ms));
}

Error file_unreadable(const char* parameter, const std::string& file) {
    return error(Errc::invalid_input, "db.tls_file_unreadable",
                 fmt::format("数据库地址中 {} 指的文件 {} 读不出来。请核对路径，并让运行账号可读。", parameter, file));
}

/// Told by name before the library would speak of "No such file" without saying which.
Result<void> check_tls_files(const MariadbUrl& url) {
    const auto readable = [](const std::string& file) { return file.empty() || std::ifstream(file).good(); };
    if (!readable(url.tls_ca)) return file_unreadable("tls_ca", url.tls_ca);
    if (!readable(url.tls_certificate)) return file_unreadable("tls_certificate", url.tls_certificate);
    if (!readable(url.tls_key)) return file_unreadable("tls_key", url.tls_key);
    if (url.tls_key.empty()) return {};
    constexpr auto kOthers = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    if ((std::filesystem::status(url.tls_key).permissions() & kOthers) != std::filesystem::perms::none) {
        return error(
            Errc::forbidden, "db.tls_key_too_open",
            "连接数据库的私钥文件（tls_key）别的账号也能读。请改为只有运行账号可读：chmod 600 " + url.tls_key + "。");
    }
    return {};
}

Error tls_refused(TlsFault::Problem problem) {
    switch (problem) {
        case TlsFault::Problem::not_offered:
            return error(Errc::unavailable, "db.tls_not_offered",
                         "数据库没有启用 TLS，没有连接。请在 MariaDB 上配置 ssl_cert 和 ssl_key 后再启动。");
        case TlsFault::Problem::other_name:
            return error(Errc::unavailable, "db.tls_other_name",
                         "数据库证书上的名称与地址里的主机名不一致，没有连接。请核对主机名，或给 MariaDB "
                         "换上写有这个主机名（subjectAltName）的证书。");
        case TlsFault::Problem::not_trusted: break;
    }
    return error(Errc::unavailable, "db.tls_not_trusted",
                 "数据库的证书不可信（不是 tls_ca 中的机构签发，或已过期），没有连接。请核对 tls_ca "
                 "文件和数据库的证书。");
}

/// Says what is wrong with TLS, which a first read would tell as one of many reasons not to get through.
Result<void> check_tls(const MariadbUrl& url) {
    if (!url.wants_tls()) return {};
    KAIGONG_CHECK(check_tls_files(url));
    try {
        const MariadbConnection first(soci_connection_text(url));
    } catch (const TlsFault& fault) {
        return tls_refused(fault.problem());
    } catch (const DatabaseFault& fault) {
        if (fault.kind() == FaultKind::misuse) throw;
        // Whatever else it is, the read says it as it does without TLS.
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Database>> MariadbDatabase::open(const Settings& settings) {
    const auto url = parse_mariadb_url(settings.url);
    if (!url) {
        return error(Errc::invalid_input, "db.url_malformed",
                     "数据库地址写得不对。应为 mariadb://用户:口令@主机:3306/库名,特殊字符用百分号编码。");
    }
    KAIGONG_CHECK(check_tls(*url));
    auto database = std::make_unique<MariadbDatabase>(soci_connection_text(*url), settings);
    if (const auto reached = database->read([](Session&) {}); !reached) {
        return error(Errc::unavailable, "db.cannot_open",
                     "连不上 MariaDB。请检查数据库是否在运行,以及地址、用户、口令和库名是否正确。");
    }
    return std::unique_ptr<Database>(std::move(database));
}

MariadbDatabase::MariadbDatabase(const std::string& connection_text, const Settings& settings)
    : settings_(settings),
      pool_(settings.connections, std::chrono::milliseconds(settings.connection_wait_ms),
            [connection_text] { return std::make_unique<MariadbConnection>(connection_text); }) {}

Result<void> MariadbDatabase::run_transaction(const Body& body, std::source_location) {
    BodyScope::refuse_inside_body();
    ++counters_.requests;
    for (int try_number = 1; try_number <= settings_.tries_max; ++try_number) {
        if (try_number > 1) {
            ++counters_.reruns;
            wait_before_try(try_number);
        }
        if (auto outcome = try_transaction(body)) return std::move(*outcome);
    }
    ++counters_.unavailable;
    log_event(LogLevel::warning, "db.tries_used_up", {{"tries", settings_.tries_max}});
    return writer_busy();
}

std::optional<Result<void>> MariadbDatabase::try_transaction(const Body& body) {
    std::vector<std::function<void()>> after_commit;
    bool at_commit = false;
    auto connection = Pool::Lease(nullptr, nullptr);
    try {
        connection = pool_.borrow();
        if (!connection) {
            ++counters_.refused;
            log_event(LogLevel::warning, "db.no_connection_free", {{"waited_ms", settings_.connection_wait_ms}});
            return writer_busy();
        }
        connection->execute("START TRANSACTION");
        Session session(*connection, Session::Access::read_write);
        Result<void> outcome;
        {
            const BodyScope scope;
            outcome = body(session);
        }
        // A body may have swallowed a fault, after which COMMIT would "succeed" for an empty transaction.
        if (session.fault()) throw DatabaseFault(*session.fault());
        if (!outcome) {
            if (!connection->rollback()) connection.discard();
            return outcome;
        }
        at_commit = true;
        connection->execute("COMMIT");
        ++counters_.commits;
        after_commit = session.take_after_commit();
    } catch (const DuplicateKey&) {
        if (!connection->rollback()) connection.discard();
        return duplicate_key();
    } catch (const DatabaseFault& fault) {
        return after_fault(connection, fault, at_commit);
    } catch (...) {
        if (connection && !connection->rollback()) connection.discard();
        throw;
    }
    for (const auto& action : after_commit) action();
    return Result<void>();
}

/// Called while `fault` is being handled: a bug of the program is thrown on.
std::optional<Result<void>> MariadbDatabase::after_fault(Pool::Lease& connection, const DatabaseFault& fault,
                                                         bool at_commit) {
    const bool was_connected = static_cast<bool>(connection);
    if (was_connected && !connection->rollback()) connection.discard();
    if (fault.kind() == FaultKind::misuse) throw;
    if (fault.kind() == FaultKind::contention) return std::nullopt;
    log_event(LogLevel::error, "db.not_saved", {{"code", fault.code()}, {"at_commit", at_commit}});
    ++counters_.unavailable;
    if (at_commit) return outcome_unknown();
    return not_saved();
}

Result<void> MariadbDatabase::run_read(const Body& body) {
    BodyScope::refuse_inside_body();
    ++counters_.reads;
    try {
        auto connection = pool_.borrow();
        if (!connection) return readers_busy();
        Session session(*connection, Session::Access::read_only);
        try {
            const BodyScope scope;
            connection->execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            auto outcome = body(session);
            connection->execute("COMMIT");
            if (session.fault()) throw DatabaseFault(*session.fault());
            return outcome;
        } catch (...) {
            if (!connection->rollback()) connection.discard();
            throw;
        }
    } catch (const DatabaseFault& fault) {
        if (fault.kind() == FaultKind::misuse) throw;
        log_event(LogLevel::error, "db.not_readable", {{"code", fault.code()}});
        return not_readable();
    }
}

}  // namespace kaigong::db
