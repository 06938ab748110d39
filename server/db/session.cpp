#include "db/session.hpp"

#include "db/connection.hpp"

namespace kaigong::db {

DatabaseKind Session::kind() const {
    return connection_.kind();
}

template <class Action>
auto Session::guarded(Action&& action) {
    if (fault_) throw *fault_;
    try {
        return action();
    } catch (const DatabaseFault& fault) {
        fault_ = fault;
        throw;
    }
}

std::int64_t Session::run_execute(std::string_view sql, std::span<const Parameter> parameters) {
    if (access_ == Access::read_only)
        throw DatabaseFault(FaultKind::misuse, 0, "db: a read can't write: " + std::string(sql));
    return guarded([&] { return connection_.execute(sql, parameters); });
}

bool Session::run_insert_new(std::string_view sql, std::span<const Parameter> parameters) {
    try {
        return run_execute(sql, parameters) > 0;
    } catch (const DuplicateKey&) {
        return false;
    }
}

void Session::run_query(std::string_view sql, std::span<const Parameter> parameters,
                        std::span<const ColumnType> columns, const std::function<void(std::span<Value>)>& on_row) {
    guarded([&] { connection_.query(sql, parameters, columns, on_row); });
}

void Session::execute_once(std::string_view sql) {
    guarded([&] { connection_.execute_once(sql); });
}

}  // namespace kaigong::db
