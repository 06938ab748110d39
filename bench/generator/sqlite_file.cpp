#include "generator/sqlite_file.hpp"

namespace kaigong::bench {
namespace {

void check(sqlite3* database, int code) {
    if (code != SQLITE_OK) throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(database));
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
    check(database_, sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement_, nullptr));
}

void Statement::bind(int at, std::string_view text) {
    check(database_, sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), nullptr));
}

void Statement::bind(int at, std::int64_t value) {
    check(database_, sqlite3_bind_int64(statement_, at, value));
}

void Statement::run() {
    while (step()) {
    }
    reset();
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) check(database_, code);
    return code == SQLITE_ROW;
}

std::string Statement::text(int at) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, at));
    return bytes == nullptr ? std::string()
                            : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, at)));
}

SqliteFile::SqliteFile(const std::string& path) {
    const int code = sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr);
    if (code != SQLITE_OK) throw std::runtime_error("cannot open " + path);
}

void SqliteFile::execute(const std::string& sql) {
    check(database_, sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr));
}

}  // namespace kaigong::bench
