// What the body of a transaction or of a read works with: typed statements over one connection. Statements are kept
// prepared per connection, keyed by their text and types, so SQL text must be constant: values go in as parameters
// (`?`).
//
//     struct PermitRow { PermitId permit_id; std::string permit_number; std::int64_t version; };
//     auto rows = session.rows<PermitRow>("SELECT permit_id, permit_number, version FROM permits WHERE state = ?",
//     state); session.execute("UPDATE permits SET state = ?, version = version + 1 WHERE permit_id = ?", "revoked",
//     id);
//
// SQL is what SQLite and MariaDB both understand. `?` stands only for parameters, also not inside comments; text
// literals are in single quotes. Write `LIKE ? ESCAPE '!'`. Faults are exceptions (errors.hpp): let them pass.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/columns.hpp"
#include "db/errors.hpp"

namespace kaigong::db {

enum class DatabaseKind { sqlite, mariadb };

class Connection;

/// Lives as long as its body runs; one thread.
class Session {
  public:
    enum class Access { read_only, read_write };

    Session(Connection& connection, Access access) : connection_(connection), access_(access) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// For the rare statement that can't be written for both databases.
    DatabaseKind kind() const;

    /// All rows, in the order of the query. Bound every list with LIMIT.
    template <class Row, class... P>
    std::vector<Row> rows(std::string_view sql, const P&... parameters) {
        std::vector<Row> result;
        query<Row>(
            sql, [&](std::span<Value> values) { result.push_back(detail::take_row<Row>(values)); }, parameters...);
        return result;
    }

    /// The row, or nothing. More than one row is a bug and throws.
    template <class Row, class... P>
    std::optional<Row> optional_row(std::string_view sql, const P&... parameters) {
        std::optional<Row> result;
        query<Row>(
            sql,
            [&](std::span<Value> values) {
                if (result) throw DatabaseFault(FaultKind::misuse, 0, "db: more than one row: " + std::string(sql));
                result.emplace(detail::take_row<Row>(values));
            },
            parameters...);
        return result;
    }

    /// The one row that must be there (`SELECT count(*) …`); none is a bug and throws.
    template <class Row, class... P>
    Row row(std::string_view sql, const P&... parameters) {
        auto result = optional_row<Row>(sql, parameters...);
        if (!result) throw DatabaseFault(FaultKind::misuse, 0, "db: no row: " + std::string(sql));
        return std::move(*result);
    }

    /// Runs INSERT, UPDATE or DELETE; gives the rows it matched. Throws DuplicateKey.
    template <class... P>
    std::int64_t execute(std::string_view sql, const P&... parameters) {
        const std::array<Parameter, sizeof...(P)> bound{parameter_of(parameters)...};
        return run_execute(sql, bound);
    }

    /// INSERT whose key may be there already: true = inserted, false = the primary or a unique key exists.
    template <class... P>
    [[nodiscard]] bool insert_new(std::string_view sql, const P&... parameters) {
        const std::array<Parameter, sizeof...(P)> bound{parameter_of(parameters)...};
        return run_insert_new(sql, bound);
    }

    /// A statement that is not kept prepared: DDL and PRAGMA of migrations and tests.
    void execute_once(std::string_view sql);

    /// Runs on the caller's thread after COMMIT returned (wake-ups, cache invalidation); not at all when the
    /// transaction was rolled back. Must not throw. Of two transactions that followed one another the later one's may
    /// run first: what needs order reads it from the database.
    void after_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }

    /// For the ones who end transactions (the databases of this folder).
    const std::optional<DatabaseFault>& fault() const { return fault_; }
    std::vector<std::function<void()>> take_after_commit() { return std::move(after_commit_); }

  private:
    template <class Row, class OnRow, class... P>
    void query(std::string_view sql, OnRow&& on_row, const P&... parameters) {
        const std::array<Parameter, sizeof...(P)> bound{parameter_of(parameters)...};
        run_query(sql, bound, detail::column_types<Row>(), on_row);
    }

    std::int64_t run_execute(std::string_view sql, std::span<const Parameter> parameters);
    bool run_insert_new(std::string_view sql, std::span<const Parameter> parameters);
    void run_query(std::string_view sql, std::span<const Parameter> parameters, std::span<const ColumnType> columns,
                   const std::function<void(std::span<Value>)>& on_row);
    template <class Action>
    auto guarded(Action&& action);

    Connection& connection_;
    Access access_;
    /// The first fault. After one, every further statement is refused: the database may have rolled everything back,
    /// and the rest of the body would be saved without its beginning.
    std::optional<DatabaseFault> fault_;
    std::vector<std::function<void()>> after_commit_;
};

}  // namespace kaigong::db
