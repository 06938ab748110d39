#include "db/sqlite_database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <utility>

#include "base/log.hpp"
#include "db/body_scope.hpp"
#include "db/failures.hpp"

namespace kaigong::db {
namespace {

Error cannot_open(const std::string& path) {
    return error(Errc::unavailable, "db.cannot_open",
                 fmt::format("打不开数据库文件 {}。请检查目录权限和磁盘空间,并确认它是开工程序的数据库。", path));
}

/// The file exists, readable by its owner only, and its name is on the disk.
bool prepare_file(const std::string& path) {
    std::error_code failure;
    const auto folder = std::filesystem::absolute(path, failure).parent_path();
    if (failure) return false;
    std::filesystem::create_directories(folder, failure);
    if (failure) return false;
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return false;
    ::close(file);
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return false;
    const bool synced = ::fsync(directory) == 0;
    ::close(directory);
    return synced;
}

}  // namespace

Result<std::unique_ptr<Database>> SqliteDatabase::open(const std::string& path, const Settings& settings) {
    // SOCI's connection text has no escape for a quotation mark.
    if (path.empty() || path.find('"') != std::string::npos || !prepare_file(path)) return cannot_open(path);
    KAIGONG_TRY(lock, FileLock::acquire(path));
    try {
        return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(std::move(lock), path, settings));
    } catch (const DatabaseFault& fault) {
        log_event(LogLevel::error, "db.cannot_open", {{"code", fault.code()}, {"said", diagnostic(fault.what())}});
        return cannot_open(path);
    }
}

SqliteDatabase::SqliteDatabase(FileLock lock, const std::string& path, const Settings& settings)
    : lock_(std::move(lock)),
      writer_(
          [path, vfs = settings.sqlite_vfs] {
              return std::make_unique<SqliteConnection>(path, SqliteConnection::Role::writer, vfs);
          },
          settings, counters_),
      readers_(settings.connections, std::chrono::milliseconds(settings.connection_wait_ms),
               [path, vfs = settings.sqlite_vfs] {
                   return std::make_unique<SqliteConnection>(path, SqliteConnection::Role::reader, vfs);
               }) {}

Result<void> SqliteDatabase::run_transaction(const Body& body, std::source_location where) {
    BodyScope::refuse_inside_body();
    return writer_.submit(body, where);
}

Result<void> SqliteDatabase::run_read(const Body& body) {
    BodyScope::refuse_inside_body();
    ++counters_.reads;
    try {
        auto reader = readers_.borrow();
        if (!reader) return readers_busy();
        Session session(*reader, Session::Access::read_only);
        try {
            const BodyScope scope;
            reader->execute("BEGIN");
            auto outcome = body(session);
            reader->execute("COMMIT");
            if (session.fault()) throw DatabaseFault(*session.fault());
            return outcome;
        } catch (...) {
            if (!reader->rollback_if_open()) reader.discard();
            throw;
        }
    } catch (const DatabaseFault& fault) {
        if (fault.kind() == FaultKind::misuse) throw;
        log_event(LogLevel::error, "db.not_readable", {{"code", fault.code()}});
        return not_readable();
    }
}

}  // namespace kaigong::db
