#include "db/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace kaigong::db {
namespace {

struct Applied {
    std::string module;
    std::int64_t number = 0;
    std::string checksum;
};

/// FNV-1a, 64 bits: it notices edits, it does not defend against anybody.
std::string checksum_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return fmt::format("{:016x}", hash);
}

bool can_run_again(std::string_view statement) {
    static constexpr std::string_view kBeginnings[] = {
        "CREATE TABLE IF NOT EXISTS ",
        "CREATE INDEX IF NOT EXISTS ",
        "CREATE UNIQUE INDEX IF NOT EXISTS ",
        "DROP TABLE IF EXISTS ",
        "DROP INDEX IF EXISTS ",
        "UPDATE ",
        "DELETE FROM ",
    };
    return std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                       [&](std::string_view beginning) { return statement.starts_with(beginning); });
}

/// MariaDB commits a change of a table by itself, before the record of the migration: who dies between the two finds
/// the change made at his next start, and must be able to go on. Of the forms that migrations use; the others are found
/// by the test that dies there.
std::string made_repeatable(std::string statement) {
    static constexpr std::pair<std::string_view, std::string_view> kForms[] = {
        {"CREATE TABLE ", "IF NOT EXISTS "},
        {"CREATE INDEX ", "IF NOT EXISTS "},
        {"CREATE UNIQUE INDEX ", "IF NOT EXISTS "},
        {"DROP TABLE ", "IF EXISTS "},
        {"DROP INDEX ", "IF EXISTS "},
    };
    for (const auto& [beginning, condition] : kForms) {
        const auto behind = std::string_view(statement).substr(std::min(beginning.size(), statement.size()));
        if (!statement.starts_with(beginning) || behind.starts_with(condition)) continue;
        return statement.insert(beginning.size(), condition);
    }
    constexpr std::string_view kAdd = " ADD COLUMN ";
    constexpr std::string_view kUnlessThere = "IF NOT EXISTS ";
    if (!statement.starts_with("ALTER TABLE ")) return statement;
    for (auto at = statement.find(kAdd); at != std::string::npos; at = statement.find(kAdd, at + kAdd.size())) {
        statement.insert(at + kAdd.size(), kUnlessThere);
    }
    return statement;
}

Result<std::vector<std::string>> statements_of(const Migration& migration, DatabaseKind kind) {
    auto statements = split_statements(in_dialect(migration.sql, kind));
    const bool repeatable = statements.size() <= 1 || std::all_of(statements.begin(), statements.end(), can_run_again);
    if (!repeatable) {
        return error(Errc::internal, "db.migration_not_repeatable",
                     fmt::format("迁移 {}/{:04} 有多条语句,其中有的不能重复执行(MariaDB 的建表语句不能回滚)。"
                                 "请每条语句单独一个文件,或写成 IF NOT EXISTS。",
                                 migration.module, migration.number));
    }
    if (kind == DatabaseKind::mariadb) std::ranges::transform(statements, statements.begin(), made_repeatable);
    return statements;
}

std::string key_of(std::string_view module, std::int64_t number) {
    return fmt::format("{}/{:04}", module, number);
}

Result<std::vector<Applied>> applied_migrations(Database& database) {
    KAIGONG_CHECK(database.transact([&](Session& session) -> Result<void> {
        session.execute_once(
            in_dialect("CREATE TABLE IF NOT EXISTS schema_migrations ("
                       "module {{code}} NOT NULL, number {{integer}} NOT NULL, "
                       "name {{code}} NOT NULL, checksum {{code}} NOT NULL, "
                       "applied_at_ms {{integer}} NOT NULL, PRIMARY KEY (module, number)) {{table}}",
                       session.kind()));
        return {};
    }));
    return database.read([](Session& session) {
        return session.rows<Applied>("SELECT module, number, checksum FROM schema_migrations ORDER BY module, number");
    });
}

/// What ran before must be among ours and unchanged.
Result<void> check_history(const std::vector<Applied>& history, std::span<const Migration> migrations,
                           DatabaseKind kind) {
    std::map<std::string, std::string> known;
    std::map<std::string, bool, std::less<>> modules;
    for (const auto& migration : migrations) {
        modules[std::string(migration.module)] = true;
        if (migration.only_for && *migration.only_for != kind) continue;
        known[key_of(migration.module, migration.number)] = checksum_of(migration.sql);
    }
    for (const auto& applied : history) {
        if (!modules.contains(applied.module)) continue;
        const auto key = key_of(applied.module, applied.number);
        const auto found = known.find(key);
        if (found == known.end()) {
            return error(
                Errc::precondition_failed, "db.newer_than_program",
                fmt::format("数据库已经由更新版本的程序升级过(有本程序不认识的迁移 {})。请改用更新版本的程序。", key));
        }
        if (found->second != applied.checksum) {
            return error(Errc::precondition_failed, "db.migration_changed",
                         fmt::format("已经执行过的迁移 {} 的内容被改动了。请恢复原文,改动另写一个新的迁移。", key));
        }
    }
    return {};
}

Result<void> apply(Database& database, const Migration& migration, std::int64_t now_ms) {
    KAIGONG_TRY(statements, statements_of(migration, database.kind()));
    return database.transact([&](Session& session) -> Result<void> {
        for (const auto& statement : statements) session.execute_once(statement);
        session.execute(
            "INSERT INTO schema_migrations (module, number, name, checksum, applied_at_ms) VALUES (?, ?, ?, ?, ?)",
            migration.module, migration.number, migration.name, checksum_of(migration.sql), now_ms);
        return {};
    });
}

}  // namespace

std::vector<Migration> migrations_of(std::span<const Migration> all, std::span<const std::string_view> modules) {
    std::vector<Migration> result;
    for (const auto module : modules) {
        const auto before = result.size();
        for (const auto& migration : all) {
            if (migration.module == module) result.push_back(migration);
        }
        if (result.size() == before) throw std::invalid_argument(fmt::format("db: no migrations of {}", module));
    }
    return result;
}

Result<int> migrate(Database& database, std::span<const Migration> migrations, std::int64_t now_ms) {
    KAIGONG_TRY(history, applied_migrations(database));
    KAIGONG_CHECK(check_history(history, migrations, database.kind()));
    std::map<std::string, bool> done;
    for (const auto& applied : history) done[key_of(applied.module, applied.number)] = true;
    int count = 0;
    for (const auto& migration : migrations) {
        if (migration.only_for && *migration.only_for != database.kind()) continue;
        if (done.contains(key_of(migration.module, migration.number))) continue;
        KAIGONG_CHECK(apply(database, migration, now_ms));
        ++count;
    }
    return count;
}

}  // namespace kaigong::db
