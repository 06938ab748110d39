#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>

#include "modules/approval/inbox.hpp"

namespace kaigong::approval {
namespace {

struct Position {
    std::int64_t at_ms = std::numeric_limits<std::int64_t>::min();
    std::string task_id;
};

/// `1764000000000:0190…`
Position read_cursor(const std::string& cursor) {
    Position position;
    const auto colon = cursor.find(':');
    if (colon == std::string::npos) return position;
    const auto [end, fault] = std::from_chars(cursor.data(), cursor.data() + colon, position.at_ms);
    if (fault != std::errc{} || end != cursor.data() + colon) return {};
    position.task_id = cursor.substr(colon + 1);
    return position;
}

/// `LIKE` pattern that finds the text anywhere; `%` finds everything.
std::string pattern_of(const std::string& text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!') pattern += '!';
        pattern += c;
    }
    return text.empty() ? "%" : pattern + "%";
}

constexpr std::string_view kWaiting =
    "region_code = ? AND candidate_group = ? AND state = 'open' AND (assignee_id IS NULL OR assignee_id = ?)";
constexpr std::string_view kAllOpen = "region_code = ? AND candidate_group = ? AND state = 'open'";
constexpr std::string_view kMine = "assignee_id = ? AND state = 'open'";
constexpr std::string_view kDone = "actor_id = ?";

/// By which instant a list goes, and in which direction.
struct Order {
    std::string_view instant;
    std::string_view beyond;
    std::string_view direction;
};
constexpr Order kByDue{"due_at_ms", ">", ""};
constexpr Order kNewestFirst{"completed_at_ms", "<", " DESC"};

void append(std::vector<store::TaskRow>& rows, std::vector<store::TaskRow> more) {
    std::ranges::move(more, std::back_inserter(rows));
}

/// A page in two steps, the rest of the cursor's own instant and then what lies beyond it, so that each is one range of
/// an index: thousands of tasks are due at the same midnight. A row value would say it in one, but MariaDB scans for
/// it.
template <class... Owner>
std::vector<store::TaskRow> rows_after(db::Session& session, const InboxQuery& query, std::string_view whose,
                                       const Order& order, const Position& from, int limit, const Owner&... owner) {
    constexpr std::string_view kStep =
        "SELECT * FROM tasks WHERE {} AND {} AND {} AND (works_name LIKE ? ESCAPE '!' OR owner_name LIKE ? ESCAPE '!' "
        "OR "
        "application_number LIKE ? ESCAPE '!') ORDER BY {} LIMIT ?";
    const auto& scope = query.scope;
    const auto pattern = pattern_of(query.text);
    std::vector<store::TaskRow> rows;
    if (!from.task_id.empty()) {
        const auto same = fmt::format("{} = ? AND task_id {} ?", order.instant, order.beyond);
        const auto by = fmt::format("task_id{}", order.direction);
        rows = authz::scoped_rows<store::TaskRow>(session, fmt::format(kStep, scope.sql(), whose, same, by), scope,
                                                  owner..., from.at_ms, from.task_id, pattern, pattern, pattern, limit);
    }
    const int rest = limit - static_cast<int>(rows.size());
    if (rest == 0) return rows;
    const auto beyond = fmt::format("{} {} ?", order.instant, order.beyond);
    const auto by = fmt::format("{0}{1}, task_id{1}", order.instant, order.direction);
    append(rows, authz::scoped_rows<store::TaskRow>(session, fmt::format(kStep, scope.sql(), whose, beyond, by), scope,
                                                    owner..., from.at_ms, pattern, pattern, pattern, rest));
    return rows;
}

template <class... Owner>
std::int64_t count(db::Session& session, const InboxQuery& query, std::string_view whose, const Owner&... owner) {
    const auto sql = fmt::format("SELECT count(*) FROM (SELECT 1 FROM tasks WHERE {} AND {} LIMIT ?) AS counted",
                                 query.scope.sql(), whose);
    return authz::scoped_row<std::int64_t>(session, sql, query.scope, owner..., kCountMax);
}

struct OutsideCounted {
    std::int64_t answered = 0;
    std::int64_t overdue = 0;
};

/// However much one person holds, so many rows are looked at: each costs one look into the index of its case.
void count_outside_opinions(db::Session& session, const InboxQuery& query, InboxCounts& counts) {
    constexpr std::string_view kCounted =
        "SELECT count(DISTINCT CASE WHEN c.state = 'answered' THEN t.task_id END), count(DISTINCT CASE WHEN c.state = "
        "'open' THEN t.task_id END) FROM (SELECT task_id, application_id, item FROM tasks WHERE {} AND {} AND kind = "
        "'review' ORDER BY due_at_ms LIMIT ?) AS t JOIN outside_consultations c ON c.application_id = t.application_id "
        "AND c.item = t.item WHERE c.closed_at_ms IS NULL AND (c.state = 'answered' OR (c.state = 'open' AND "
        "c.until_at_ms <= ?))";
    const auto counted =
        authz::scoped_row<OutsideCounted>(session, fmt::format(kCounted, query.scope.sql(), kMine), query.scope,
                                          query.account_id, kOutsideLookedAtMax, query.now_ms);
    counts.outside_answered = std::min(counted.answered, kCountMax);
    counts.outside_overdue = std::min(counted.overdue, kCountMax);
}

std::vector<store::TaskRow> open_rows(db::Session& session, const InboxQuery& query, const Position& from, int limit) {
    std::vector<store::TaskRow> rows;
    for (const auto& region : query.regions) {
        for (const auto& group : query.groups) {
            append(rows,
                   query.view == InboxView::all
                       ? rows_after(session, query, kAllOpen, kByDue, from, limit, region, group)
                       : rows_after(session, query, kWaiting, kByDue, from, limit, region, group, query.account_id));
        }
    }
    std::ranges::sort(rows, {}, [](const auto& row) { return std::pair(row.due_at_ms, row.task_id); });
    return rows;
}

std::vector<store::TaskRow> done_rows(db::Session& session, const InboxQuery& query, Position from, int limit) {
    if (from.task_id.empty()) from.at_ms = std::numeric_limits<std::int64_t>::max();
    return rows_after(session, query, kDone, kNewestFirst, from, limit, query.account_id);
}

/// `330106-2026-00421`, whole.
bool is_application_number(std::string_view text) {
    constexpr std::string_view kShape = "000000-0000-00000";
    if (text.size() < kShape.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i < kShape.size() && kShape[i] == '-';
        if (hyphen ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
    }
    return true;
}

bool is_listed(const InboxQuery& query, const Position& from, const store::TaskRow& row) {
    const auto is_one_of = [](const std::vector<std::string>& list, const std::string& value) {
        return std::ranges::find(list, value) != list.end();
    };
    if (query.view == InboxView::done) {
        const auto at = std::pair(row.completed_at_ms.value_or(0), row.task_id);
        return row.actor_id == query.account_id && row.completed_at_ms &&
               (from.task_id.empty() || at < std::pair(from.at_ms, from.task_id));
    }
    if (row.state != "open" || std::pair(row.due_at_ms, row.task_id) <= std::pair(from.at_ms, from.task_id)) {
        return false;
    }
    if (query.view == InboxView::mine) return row.assignee_id == query.account_id;
    const bool taken = row.assignee_id && *row.assignee_id != query.account_id;
    return is_one_of(query.regions, row.region_code) && is_one_of(query.groups, row.candidate_group) &&
           (query.view == InboxView::all || !taken);
}

/// The tasks of one case are few, so that its number is found in a list of any length.
std::vector<store::TaskRow> rows_of_number(db::Session& session, const InboxQuery& query, const Position& from) {
    constexpr int kTasksOfCaseMax = 1'000;
    auto rows = authz::scoped_rows<store::TaskRow>(
        session, fmt::format("SELECT * FROM tasks WHERE {} AND application_number = ? LIMIT ?", query.scope.sql()),
        query.scope, query.text, kTasksOfCaseMax);
    std::erase_if(rows, [&](const auto& row) { return !is_listed(query, from, row); });
    std::ranges::sort(rows, {}, [](const auto& row) { return std::pair(row.due_at_ms, row.task_id); });
    if (query.view == InboxView::done) {
        std::ranges::sort(rows, std::greater{},
                          [](const auto& row) { return std::pair(row.completed_at_ms, row.task_id); });
    }
    return rows;
}

}  // namespace

InboxPage inbox_page(db::Session& session, const InboxQuery& query) {
    const auto from = read_cursor(query.cursor);
    const int limit = query.limit + 1;
    InboxPage page;
    if (is_application_number(query.text)) {
        page.rows = rows_of_number(session, query, from);
    } else if (query.view == InboxView::done) {
        page.rows = done_rows(session, query, from, limit);
    } else if (query.view == InboxView::mine) {
        page.rows = rows_after(session, query, kMine, kByDue, from, limit, query.account_id);
    } else {
        page.rows = open_rows(session, query, from, limit);
    }
    if (page.rows.size() > static_cast<std::size_t>(query.limit)) {
        page.rows.resize(static_cast<std::size_t>(query.limit));
        const auto& last = page.rows.back();
        const auto at_ms = query.view == InboxView::done ? last.completed_at_ms.value_or(0) : last.due_at_ms;
        page.next_cursor = std::to_string(at_ms) + ":" + last.task_id;
    }
    return page;
}

InboxCounts inbox_counts(db::Session& session, const InboxQuery& query) {
    InboxCounts counts;
    for (const auto& region : query.regions) {
        for (const auto& group : query.groups) {
            counts.todo += count(session, query, kWaiting, region, group, query.account_id);
        }
    }
    counts.todo = std::min(counts.todo, kCountMax);
    counts.mine = count(session, query, kMine, query.account_id);
    count_outside_opinions(session, query, counts);
    return counts;
}

}  // namespace kaigong::approval
