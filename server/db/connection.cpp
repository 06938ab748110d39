#include "db/connection.hpp"

#include <fmt/format.h>

#include <utility>

namespace kaigong::db {

std::string with_named_placeholders(std::string_view sql) {
    std::string result;
    result.reserve(sql.size() + 32);
    bool quoted = false;
    int number = 0;
    for (const char c : sql) {
        if (c == '\'') quoted = !quoted;
        if (c == '?' && !quoted) {
            result += fmt::format(":p{}", ++number);
        } else {
            result += c;
        }
    }
    return result;
}

PreparedStatement::PreparedStatement(soci::session& session, std::string_view sql,
                                     std::span<const Parameter> parameters, std::span<const ColumnType> columns)
    : outputs_(columns.size()), output_indicators_(columns.size(), soci::i_ok), statement_(session) {
    for (const auto& parameter : parameters) {
        auto& slot = inputs_.emplace_back();
        if (parameter.type == ColumnType::integer) {
            statement_.exchange(soci::use(slot.integer, slot.indicator));
        } else {
            statement_.exchange(soci::use(slot.text, slot.indicator));
        }
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] == ColumnType::integer) {
            statement_.exchange(soci::into(outputs_[i].integer, output_indicators_[i]));
        } else {
            statement_.exchange(soci::into(outputs_[i].text, output_indicators_[i]));
        }
    }
    statement_.alloc();
    statement_.prepare(with_named_placeholders(sql));
    statement_.define_and_bind();
}

void PreparedStatement::bind(std::span<const Parameter> parameters) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        auto& slot = inputs_[i];
        slot.indicator = parameters[i].is_null ? soci::i_null : soci::i_ok;
        slot.integer = parameters[i].integer;
        slot.text.assign(parameters[i].text);
    }
}

std::int64_t PreparedStatement::execute(std::span<const Parameter> parameters) {
    bind(parameters);
    statement_.execute(true);
    return statement_.get_affected_rows();
}

void PreparedStatement::query(std::span<const Parameter> parameters,
                              const std::function<void(std::span<Value>)>& on_row) {
    bind(parameters);
    // Read to the end always: a SQLite statement that was left half-way keeps its snapshot open.
    for (bool got = statement_.execute(true); got; got = statement_.fetch()) {
        for (std::size_t i = 0; i < outputs_.size(); ++i) {
            outputs_[i].is_null = output_indicators_[i] == soci::i_null;
        }
        on_row(outputs_);
    }
}

PreparedStatement& Connection::prepared(std::string_view sql, std::span<const Parameter> parameters,
                                        std::span<const ColumnType> columns) {
    key_.assign(sql);
    key_ += '\0';
    for (const auto& parameter : parameters) key_ += static_cast<char>(parameter.type);
    key_ += '>';
    for (const auto column : columns) key_ += static_cast<char>(column);
    const auto found = statements_.find(key_);
    if (found != statements_.end()) return *found->second;
    if (statements_.size() >= kStatementsMax) statements_.clear();
    auto made = std::make_unique<PreparedStatement>(session_, sql, parameters, columns);
    return *statements_.emplace(key_, std::move(made)).first->second;
}

template <class Action>
auto Connection::run(std::string_view sql, std::span<const Parameter> parameters, std::span<const ColumnType> columns,
                     Action&& action) {
    try {
        return action(prepared(sql, parameters, columns));
    } catch (const soci::soci_error& error) {
        const auto fault = translated(error, sql);
        // SOCI frees the texts of a failed execution only with the statement.
        statements_.erase(key_);
        std::rethrow_exception(fault);
    } catch (...) {
        // A row did not fit its C++ type: the statement stands half-way and must not hold its snapshot.
        statements_.erase(key_);
        throw;
    }
}

std::int64_t Connection::execute(std::string_view sql, std::span<const Parameter> parameters) {
    return run(sql, parameters, {}, [&](PreparedStatement& statement) { return statement.execute(parameters); });
}

void Connection::query(std::string_view sql, std::span<const Parameter> parameters, std::span<const ColumnType> columns,
                       const std::function<void(std::span<Value>)>& on_row) {
    run(sql, parameters, columns, [&](PreparedStatement& statement) { statement.query(parameters, on_row); });
}

void Connection::execute_once(std::string_view sql) {
    try {
        PreparedStatement(session_, sql, {}, {}).execute({});
    } catch (const soci::soci_error& error) {
        std::rethrow_exception(translated(error, sql));
    }
}

}  // namespace kaigong::db
