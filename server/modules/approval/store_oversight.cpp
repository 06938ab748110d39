#include "modules/approval/store_oversight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

namespace kaigong::approval::store {
namespace {

struct Position {
    std::int64_t at_ms = 0;
    std::string id;
};

/// `1764000000000:0190…`; nothing for the first page and for what is not one of ours.
std::optional<Position> read_cursor(const std::string& cursor) {
    Position position;
    const auto colon = cursor.find(':');
    if (colon == std::string::npos || colon + 1 == cursor.size()) return std::nullopt;
    const auto [end, fault] = std::from_chars(cursor.data(), cursor.data() + colon, position.at_ms);
    if (fault != std::errc{} || end != cursor.data() + colon) return std::nullopt;
    position.id = cursor.substr(colon + 1);
    return position;
}

/// What lists have in common: a table, whose rows, by which instant and id they go.
struct List {
    std::string_view table;
    std::string_view whose;
    std::string_view instant;
    std::string_view id;
};

constexpr List kOfGroup{"tasks", "region_code = ? AND candidate_group = ? AND state = 'open'", "due_at_ms", "task_id"};
constexpr List kOfGroupFree{"tasks",
                            "region_code = ? AND candidate_group = ? AND state = 'open' AND assignee_id IS NULL",
                            "due_at_ms", "task_id"};
constexpr List kOfPerson{"tasks", "assignee_id = ? AND state = 'open' AND candidate_group LIKE ? ESCAPE '!'",
                         "due_at_ms", "task_id"};
constexpr List kOrders{"expedite_orders", "region_code = ? AND department = ? AND state = ?", "answer_due_at_ms",
                       "order_id"};
constexpr List kOrdersOfHolder{"expedite_orders", "holder_id = ? AND state = 'open'", "answer_due_at_ms", "order_id"};

void append(auto& rows, auto more) {
    std::ranges::move(more, std::back_inserter(rows));
}

/// A page in two steps, the rest of the cursor's own instant and then what lies beyond it, so that each is one range of
/// an index (store_inbox.cpp says why).
template <class Row, class... Owner>
std::vector<Row> rows_after(db::Session& session, const authz::BoundScope& scope, const List& list,
                            const DueRange& range, const std::string& cursor, int limit, const Owner&... owner) {
    std::vector<Row> rows;
    const auto from = read_cursor(cursor);
    auto after_ms = range.after_ms;
    if (from) {
        rows = authz::scoped_rows<Row>(
            session,
            fmt::format("SELECT * FROM {0} WHERE {4} AND {1} AND {2} = ? AND {3} > ? ORDER BY {3} LIMIT ?", list.table,
                        list.whose, list.instant, list.id, scope.sql()),
            scope, owner..., from->at_ms, from->id, limit);
        after_ms = std::max(after_ms, from->at_ms);
    }
    const int rest = limit - static_cast<int>(rows.size());
    if (rest == 0) return rows;
    append(rows,
           authz::scoped_rows<Row>(
               session,
               fmt::format("SELECT * FROM {0} WHERE {4} AND {1} AND {2} > ? AND {2} <= ? ORDER BY {2}, {3} LIMIT ?",
                           list.table, list.whose, list.instant, list.id, scope.sql()),
               scope, owner..., after_ms, range.through_ms, rest));
    return rows;
}

/// No further than kOverseenMax.
template <class... Owner>
std::int64_t count(db::Session& session, const authz::BoundScope& scope, const List& list, const DueRange& range,
                   const Owner&... owner) {
    const auto sql = fmt::format(
        "SELECT count(*) FROM (SELECT 1 FROM {0} WHERE {3} AND {1} AND {2} > ? AND {2} <= ? LIMIT ?) AS counted",
        list.table, list.whose, list.instant, scope.sql());
    return authz::scoped_row<std::int64_t>(session, sql, scope, owner..., range.after_ms, range.through_ms,
                                           kOverseenMax);
}

template <class... Owner>
std::optional<std::int64_t> oldest(db::Session& session, const authz::BoundScope& scope, const List& list,
                                   const Owner&... owner) {
    const auto sql = fmt::format("SELECT created_at_ms FROM {} WHERE {} AND {} ORDER BY created_at_ms LIMIT 1",
                                 list.table, scope.sql(), list.whose);
    const auto first = authz::scoped_rows<std::int64_t>(session, sql, scope, owner...);
    return first.empty() ? std::nullopt : std::optional(first.front());
}

template <class Row, class Key>
RowPage<Row> page_of(std::vector<Row> rows, int limit, const Key& key_of) {
    RowPage<Row> page{std::move(rows), std::nullopt};
    if (page.rows.size() <= static_cast<std::size_t>(limit)) return page;
    page.rows.resize(static_cast<std::size_t>(limit));
    const auto key = key_of(page.rows.back());
    page.next_cursor = fmt::format("{}:{}", key.first, key.second);
    return page;
}

std::string of_department(const std::string& department) {
    return department.empty() ? "%" : department + ":%";
}

}  // namespace

std::int64_t count_open(db::Session& session, const authz::BoundScope& scope, const std::string& region,
                        const std::string& group, const DueRange& range) {
    return count(session, scope, kOfGroup, range, region, group);
}

std::optional<std::int64_t> oldest_open(db::Session& session, const authz::BoundScope& scope, const std::string& region,
                                        const std::string& group) {
    return oldest(session, scope, kOfGroup, region, group);
}

std::int64_t count_held(db::Session& session, const authz::BoundScope& scope, const Person& person,
                        const DueRange& range) {
    return count(session, scope, kOfPerson, range, person.account_id, of_department(person.department));
}

std::optional<std::int64_t> oldest_held(db::Session& session, const authz::BoundScope& scope, const Person& person) {
    return oldest(session, scope, kOfPerson, person.account_id, of_department(person.department));
}

std::int64_t count_orders(db::Session& session, const authz::BoundScope& scope, const std::string& region,
                          const std::string& department, const DueRange& range) {
    return count(session, scope, kOrders, range, region, department, "open");
}

std::int64_t count_orders_of(db::Session& session, const authz::BoundScope& scope, const Person& person,
                             const DueRange& range) {
    return count(session, scope, kOrdersOfHolder, range, person.account_id);
}

RowPage<TaskRow> overseen_tasks(db::Session& session, const OverseenQuery& query) {
    const int limit = query.limit + 1;
    std::vector<TaskRow> rows;
    if (query.held == Held::by_one) {
        rows = rows_after<TaskRow>(session, query.scope, kOfPerson, query.range, query.cursor, limit,
                                   query.person.account_id, of_department(query.person.department));
    } else {
        const auto& list = query.held == Held::by_nobody ? kOfGroupFree : kOfGroup;
        for (const auto& region : query.overseen.regions) {
            const auto range = query.ranges.find(region);
            for (const auto& group : query.overseen.groups) {
                append(rows, rows_after<TaskRow>(session, query.scope, list,
                                                 range == query.ranges.end() ? DueRange{} : range->second, query.cursor,
                                                 limit, region, group));
            }
        }
    }
    const auto key_of = [](const TaskRow& row) { return std::pair(row.due_at_ms, row.task_id); };
    std::ranges::sort(rows, {}, key_of);
    return page_of(std::move(rows), query.limit, key_of);
}

RowPage<OrderRow> overseen_orders(db::Session& session, const OrdersQuery& query) {
    std::vector<OrderRow> rows;
    for (const auto& region : query.regions) {
        for (const auto& department : query.departments) {
            append(rows, rows_after<OrderRow>(session, query.scope, kOrders, query.range, query.cursor, query.limit + 1,
                                              region, department, query.state));
        }
    }
    const auto key_of = [](const OrderRow& row) { return std::pair(row.answer_due_at_ms, row.order_id); };
    std::ranges::sort(rows, {}, key_of);
    return page_of(std::move(rows), query.limit, key_of);
}

RowPage<WarningRow> overseen_warnings(db::Session& session, const WarningsQuery& query) {
    const auto from = read_cursor(query.cursor);
    const auto before_ms = from ? from->at_ms : std::numeric_limits<std::int64_t>::max();
    const std::set<std::string> departments(query.departments.begin(), query.departments.end());
    std::vector<WarningRow> rows;
    for (const auto& region : query.regions) {
        for (const auto& department : departments) {
            append(rows, authz::scoped_rows<WarningRow>(
                             session,
                             fmt::format("SELECT * FROM warnings WHERE {} AND region_code = ? AND audience = ? AND "
                                         "department = ? AND (warned_at_ms < ? OR (warned_at_ms = ? AND task_id < ?)) "
                                         "ORDER BY warned_at_ms DESC, task_id DESC LIMIT ?",
                                         query.scope.sql()),
                             query.scope, region, query.audience, department, before_ms, before_ms,
                             from ? from->id : "", query.limit + 1));
        }
    }
    const auto key_of = [](const WarningRow& row) { return std::pair(row.warned_at_ms, row.task_id); };
    std::ranges::sort(rows, std::greater{}, key_of);
    return page_of(std::move(rows), query.limit, key_of);
}

}  // namespace kaigong::approval::store
