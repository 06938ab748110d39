// Tables and their changes. Each folder with tables has `migrations/0001_what_it_does.sql`, embedded into the binary at
// build time; `0002_x.sqlite.sql` and `0002_x.mariadb.sql` only where the two truly differ.
//
// One portable text; words in double braces are replaced:
//   {{id}}        a UUID; compare it only with    TEXT      CHAR(36) ascii_bin
//                 ids that `parse_id` accepted
//   {{code}}      numbers as text, hashes, dates  TEXT      VARCHAR(160) utf8mb4_nopad_bin
//   {{text:200}}  at most 200 characters          TEXT      VARCHAR(200) utf8mb4_nopad_bin
//   {{text}}      long text; no key, no index     TEXT      MEDIUMTEXT utf8mb4_nopad_bin
//   {{json}}      the same, holding JSON          TEXT      MEDIUMTEXT utf8mb4_nopad_bin
//   {{integer}}   64 bits: instants, money, bool  INTEGER   BIGINT
//   {{table}}     after the closing bracket       STRICT    ENGINE=InnoDB …
//   {{key_table}} for narrow rows that are only   STRICT,   ENGINE=InnoDB …
//                 found by their primary key      WITHOUT ROWID
//
// MariaDB has no transactional DDL, so a file is one statement, or all of its statements can run again: CREATE TABLE,
// CREATE INDEX … IF NOT EXISTS, DROP … IF EXISTS, UPDATE, DELETE. There, one that stands alone is made so that it can
// run again too (… ADD COLUMN IF NOT EXISTS): the program may die behind it. Statements end with `;`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "db/database.hpp"

namespace kaigong::db {

struct Migration {
    /// The folder that owns the tables: `audit`, `events`.
    std::string_view module;
    int number = 0;
    std::string_view name;
    /// Nothing = both databases.
    std::optional<DatabaseKind> only_for;
    std::string_view sql;
};

/// All files of the program, by module and number. Generated: link `kg_migrations`.
std::span<const Migration> embedded_migrations();

/// Those of the named modules, in the order named. Throws std::invalid_argument for a module without any.
std::vector<Migration> migrations_of(std::span<const Migration> all, std::span<const std::string_view> modules);

/// Brings the database up to date; running it again does nothing. Gives the number of migrations that ran.
/// Fails with db.migration_changed (the text of one that ran was edited), db.newer_than_program (the database has one
/// that this binary doesn't know), db.migration_not_repeatable.
Result<int> migrate(Database& database, std::span<const Migration> migrations, std::int64_t now_ms);

/// The text as this database understands it. Throws std::invalid_argument for an unknown word in braces.
std::string in_dialect(std::string_view sql, DatabaseKind kind);

/// The statements of a file, without comments and closing semicolons.
std::vector<std::string> split_statements(std::string_view sql);

}  // namespace kaigong::db
