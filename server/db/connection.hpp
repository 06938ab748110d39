// One connection of SOCI with its prepared statements. Internal to this folder: the rest of the program sees Session.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/columns.hpp"
#include "db/errors.hpp"
#include "db/session.hpp"

namespace kaigong::db {

/// A prepared statement with the memory that SOCI binds to. SOCI keeps addresses, so it never moves.
class PreparedStatement {
  public:
    PreparedStatement(soci::session& session, std::string_view sql, std::span<const Parameter> parameters,
                      std::span<const ColumnType> columns);
    PreparedStatement(const PreparedStatement&) = delete;
    PreparedStatement& operator=(const PreparedStatement&) = delete;

    std::int64_t execute(std::span<const Parameter> parameters);
    void query(std::span<const Parameter> parameters, const std::function<void(std::span<Value>)>& on_row);

  private:
    struct Slot {
        soci::indicator indicator = soci::i_ok;
        long long integer = 0;
        std::string text;
    };
    void bind(std::span<const Parameter> parameters);

    std::deque<Slot> inputs_;
    std::vector<Value> outputs_;
    std::vector<soci::indicator> output_indicators_;
    soci::statement statement_;
};

/// One thread at a time.
class Connection {
  public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual ~Connection() = default;

    virtual DatabaseKind kind() const = 0;

    /// Throw DuplicateKey and DatabaseFault.
    std::int64_t execute(std::string_view sql, std::span<const Parameter> parameters = {});
    void query(std::string_view sql, std::span<const Parameter> parameters, std::span<const ColumnType> columns,
               const std::function<void(std::span<Value>)>& on_row);
    void execute_once(std::string_view sql);

  protected:
    /// DuplicateKey or DatabaseFault for what SOCI threw while running `sql`.
    virtual std::exception_ptr translated(const soci::soci_error& error, std::string_view sql) = 0;
    /// Drops what is prepared, before the session under it closes.
    void forget_statements() { statements_.clear(); }
    void open_session(const soci::backend_factory& backend, const std::string& parameters) {
        session_.open(backend, parameters);
    }

    soci::session session_;

  private:
    /// More than any module has; a program that builds SQL text from values would pass it.
    static constexpr std::size_t kStatementsMax = 1000;

    PreparedStatement& prepared(std::string_view sql, std::span<const Parameter> parameters,
                                std::span<const ColumnType> columns);
    template <class Action>
    auto run(std::string_view sql, std::span<const Parameter> parameters, std::span<const ColumnType> columns,
             Action&& action);

    std::string key_;
    std::map<std::string, std::unique_ptr<PreparedStatement>, std::less<>> statements_;
};

/// `?` outside of text literals becomes `:p1`, `:p2` …, the one form that both of SOCI's backends understand.
std::string with_named_placeholders(std::string_view sql);

}  // namespace kaigong::db
