#include <algorithm>
#include <charconv>
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

constexpr const char* kWaiting =
    "SELECT * FROM tasks WHERE region_code = ? AND candidate_group = ? AND state = 'open' AND due_at_ms >= ? AND "
    "(due_at_ms > ? OR task_id > ?) AND (assignee_id IS NULL OR assignee_id = ?) AND (works_name LIKE ? ESCAPE '!' OR "
    "owner_name LIKE ? ESCAPE '!' OR application_number LIKE ? ESCAPE '!') ORDER BY due_at_ms, task_id LIMIT ?";

constexpr const char* kAllOpen =
    "SELECT * FROM tasks WHERE region_code = ? AND candidate_group = ? AND state = 'open' AND due_at_ms >= ? AND "
    "(due_at_ms > ? OR task_id > ?) AND (works_name LIKE ? ESCAPE '!' OR owner_name LIKE ? ESCAPE '!' OR "
    "application_number LIKE ? ESCAPE '!') ORDER BY due_at_ms, task_id LIMIT ?";

constexpr const char* kMine =
    "SELECT * FROM tasks WHERE assignee_id = ? AND state = 'open' AND due_at_ms >= ? AND (due_at_ms > ? OR task_id > "
    "?) AND (works_name LIKE ? ESCAPE '!' OR owner_name LIKE ? ESCAPE '!' OR application_number LIKE ? ESCAPE '!') "
    "ORDER BY due_at_ms, task_id LIMIT ?";

constexpr const char* kDone =
    "SELECT * FROM tasks WHERE actor_id = ? AND completed_at_ms <= ? AND (completed_at_ms < ? OR task_id < ?) AND "
    "(works_name LIKE ? ESCAPE '!' OR owner_name LIKE ? ESCAPE '!' OR application_number LIKE ? ESCAPE '!') ORDER BY "
    "completed_at_ms DESC, task_id DESC LIMIT ?";

void append(std::vector<store::TaskRow>& rows, std::vector<store::TaskRow> more) {
    std::ranges::move(more, std::back_inserter(rows));
}

std::vector<store::TaskRow> open_rows(db::Session& session, const InboxQuery& query, const Position& from, int limit) {
    const auto pattern = pattern_of(query.text);
    std::vector<store::TaskRow> rows;
    for (const auto& region : query.regions) {
        for (const auto& group : query.groups) {
            append(rows,
                   query.view == InboxView::all
                       ? session.rows<store::TaskRow>(kAllOpen, region, group, from.at_ms, from.at_ms, from.task_id,
                                                      pattern, pattern, pattern, limit)
                       : session.rows<store::TaskRow>(kWaiting, region, group, from.at_ms, from.at_ms, from.task_id,
                                                      query.account_id, pattern, pattern, pattern, limit));
        }
    }
    std::ranges::sort(rows, {}, [](const auto& row) { return std::pair(row.due_at_ms, row.task_id); });
    return rows;
}

std::vector<store::TaskRow> done_rows(db::Session& session, const InboxQuery& query, Position from, int limit) {
    const auto pattern = pattern_of(query.text);
    if (from.task_id.empty()) from = {std::numeric_limits<std::int64_t>::max(), "~"};
    return session.rows<store::TaskRow>(kDone, query.account_id, from.at_ms, from.at_ms, from.task_id, pattern, pattern,
                                        pattern, limit);
}

}  // namespace

InboxPage inbox_page(db::Session& session, const InboxQuery& query) {
    const auto from = read_cursor(query.cursor);
    const int limit = query.limit + 1;
    InboxPage page;
    if (query.view == InboxView::done) {
        page.rows = done_rows(session, query, from, limit);
    } else if (query.view == InboxView::mine) {
        const auto pattern = pattern_of(query.text);
        page.rows = session.rows<store::TaskRow>(kMine, query.account_id, from.at_ms, from.at_ms, from.task_id, pattern,
                                                 pattern, pattern, limit);
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
            counts.todo += session.row<std::int64_t>(
                "SELECT count(*) FROM (SELECT 1 FROM tasks WHERE region_code = ? AND candidate_group = ? AND state = "
                "'open' AND (assignee_id IS NULL OR assignee_id = ?) LIMIT ?) AS counted",
                region, group, query.account_id, kCountMax);
        }
    }
    counts.todo = std::min(counts.todo, kCountMax);
    counts.mine = session.row<std::int64_t>(
        "SELECT count(*) FROM (SELECT 1 FROM tasks WHERE assignee_id = ? AND state = 'open' LIMIT ?) AS counted",
        query.account_id, kCountMax);
    return counts;
}

}  // namespace kaigong::approval
