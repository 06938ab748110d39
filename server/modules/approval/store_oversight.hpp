// What a superior sees of open tasks (督办台): counts, each of them a bounded piece of an index range, and pages of
// tasks, orders and warnings in the order of an index. SQL and nothing else.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_expedite_orders.hpp"

namespace kaigong::approval::store {

/// Whom a superior sees: tasks of these groups (department:role) in these regions.
struct Overseen {
    std::vector<std::string> regions;
    std::vector<std::string> groups;
};

/// Instants at which tasks are due, the first not included.
struct DueRange {
    std::int64_t after_ms = std::numeric_limits<std::int64_t>::min();
    std::int64_t through_ms = std::numeric_limits<std::int64_t>::max();
};

/// No count goes beyond this for one group in one region.
inline constexpr std::int64_t kOverseenMax = 300;

/// Scopes of this header are those of the action that the list or the count is for (list_scopes.hpp).
std::int64_t count_open(db::Session& session, const authz::BoundScope& scope, const std::string& region,
                        const std::string& group, const DueRange& range);
/// When the open task that has waited longest was opened.
std::optional<std::int64_t> oldest_open(db::Session& session, const authz::BoundScope& scope, const std::string& region,
                                        const std::string& group);

/// The same of one officer, within a department.
struct Person {
    std::string account_id;
    std::string department;
};
std::int64_t count_held(db::Session& session, const authz::BoundScope& scope, const Person& person,
                        const DueRange& range);
std::optional<std::int64_t> oldest_held(db::Session& session, const authz::BoundScope& scope, const Person& person);

/// Open orders of a department that are to be answered in this range of instants; of all its people.
std::int64_t count_orders(db::Session& session, const authz::BoundScope& scope, const std::string& region,
                          const std::string& department, const DueRange& range);
std::int64_t count_orders_of(db::Session& session, const authz::BoundScope& scope, const Person& person,
                             const DueRange& range);

enum class Held { by_anybody, by_nobody, by_one };

struct OverseenQuery {
    authz::BoundScope scope;
    Overseen overseen;
    Held held = Held::by_anybody;
    Person person = {};   ///< where held by one
    DueRange range = {};  ///< of what one person has
    /// Of what groups have, by region: authorities may work on other days. All, for a region that is not named.
    std::map<std::string, DueRange> ranges = {};
    std::string cursor;  ///< empty, or `next_cursor` of the page before
    int limit = 50;
};

template <class Row>
struct RowPage {
    std::vector<Row> rows;
    std::optional<std::string> next_cursor;
};

/// The most urgent first. A cursor that is not one of ours reads as the first page.
RowPage<TaskRow> overseen_tasks(db::Session& session, const OverseenQuery& query);

struct OrdersQuery {
    authz::BoundScope scope;
    std::vector<std::string> regions;
    std::vector<std::string> departments;
    std::string state;  ///< open, answered, cancelled
    DueRange range = {};
    std::string cursor;
    int limit = 50;
};
/// In the order in which they are to be answered.
RowPage<OrderRow> overseen_orders(db::Session& session, const OrdersQuery& query);

struct WarningsQuery {
    authz::BoundScope scope;
    std::vector<std::string> regions;
    std::vector<std::string> departments;
    std::string audience;
    std::string cursor;
    int limit = 50;
};
/// The newest first.
RowPage<WarningRow> overseen_warnings(db::Session& session, const WarningsQuery& query);

}  // namespace kaigong::approval::store
