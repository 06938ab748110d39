// A compiled scope as a list's statement takes it: the one way from the named parameters of
// `Permissions::scope_condition` to the `?` of db::Session. Statements are kept prepared by their text, and the text of
// a scope has few shapes: it depends on which kinds of scope a role has and on how many kinds of case and companies an
// actor has, rounded up.
//
//     const authz::BoundScope scope(permissions.scope_condition(actor, "permits.read", kColumns));
//     auto rows = authz::scoped_rows<PermitRow>(
//         session, fmt::format("SELECT * FROM permits WHERE {} AND permit_number > ? LIMIT ?", scope.sql()), scope,
//         after, limit);
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "authz/permissions.hpp"
#include "db/session.hpp"

namespace kaigong::authz {

class BoundScope {
  public:
    /// No row: a list that nobody gave a scope is empty.
    BoundScope() = default;
    /// Of more than 64 values it throws: an account has no such number of companies and kinds of case.
    explicit BoundScope(ScopeCondition condition);
    /// For what compares a list with and without its scope.
    static BoundScope everything();

    /// In parentheses. It comes before every other parameter of the statement.
    const std::string& sql() const { return sql_; }
    const std::vector<std::string>& values() const { return values_; }

  private:
    std::string sql_ = "(1 = 0)";
    std::vector<std::string> values_;
};

/// The digits with which the region of every row begins that the actor may reach by this action (33, 3301, 330106).
/// Empty where a grant reaches rows outside his region. For lists in the order of their regions: SQLite takes one lower
/// bound for an index range, so that the cursor and the region have to be one.
std::string region_bound(const Permissions& permissions, const Actor& actor, std::string_view action);

namespace detail {

template <std::size_t... At, class With>
auto with_values(const std::vector<std::string>& values, const With& with, std::index_sequence<At...>) {
    return with(values[At]...);
}

/// `with` gets the values as so many arguments; BoundScope rounds their number up to one of these.
template <class With>
auto spread(const std::vector<std::string>& values, const With& with) {
    switch (values.size()) {
        case 0: return with();
        case 4: return with_values(values, with, std::make_index_sequence<4>{});
        case 16: return with_values(values, with, std::make_index_sequence<16>{});
        case 64: return with_values(values, with, std::make_index_sequence<64>{});
        default: throw std::logic_error("authz: a scope of a number of values that nobody rounds to");
    }
}

}  // namespace detail

/// Session::rows of a statement that begins with the scope's parameters.
template <class Row, class... P>
std::vector<Row> scoped_rows(db::Session& session, const std::string& sql, const BoundScope& scope,
                             const P&... parameters) {
    return detail::spread(scope.values(),
                          [&](const auto&... values) { return session.rows<Row>(sql, values..., parameters...); });
}

/// Session::row of such a statement.
template <class Row, class... P>
Row scoped_row(db::Session& session, const std::string& sql, const BoundScope& scope, const P&... parameters) {
    return detail::spread(scope.values(),
                          [&](const auto&... values) { return session.row<Row>(sql, values..., parameters...); });
}

}  // namespace kaigong::authz
