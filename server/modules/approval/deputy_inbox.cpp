// The lists of who stands in for somebody: his own rows, and those of the absent, in one order.
#include <algorithm>
#include <set>

#include "modules/approval/access.hpp"
#include "modules/approval/deputies.hpp"
#include "modules/approval/list_scopes.hpp"

namespace kaigong::approval {
namespace {

InboxQuery query_for(const authz::Permissions& permissions, const InboxQuery& own, const operations::Absent& absent) {
    auto query = own;
    query.account_id = absent.actor.account_id.text;
    query.groups = groups_of(absent.actor);
    query.scope = scope_of(permissions, absent.actor, kWork, kScopeOfTasks);
    return query;
}

bool has_more(const std::vector<InboxPage>& pages) {
    return std::ranges::any_of(pages, [](const auto& page) { return page.next_cursor.has_value(); });
}

/// Each page begins behind the same cursor and follows the same order, so the first rows of all are the page of all.
InboxPage merged(std::vector<InboxPage> pages, int limit) {
    InboxPage all;
    std::set<std::string> seen;
    for (auto& page : pages) {
        for (auto& row : page.rows) {
            if (seen.insert(row.task_id).second) all.rows.push_back(std::move(row));
        }
    }
    std::ranges::sort(all.rows, {}, [](const auto& row) { return std::pair(row.due_at_ms, row.task_id); });
    const bool cut = all.rows.size() > static_cast<std::size_t>(limit);
    if (cut) all.rows.resize(static_cast<std::size_t>(limit));
    if (cut || has_more(pages)) {
        all.next_cursor = std::to_string(all.rows.back().due_at_ms) + ":" + all.rows.back().task_id;
    }
    return all;
}

}  // namespace

InboxPage Deputies::inbox_page(db::Session& session, const InboxQuery& own,
                               const std::vector<operations::Absent>& absent) const {
    const bool is_shared = own.view == InboxView::todo || own.view == InboxView::mine;
    if (absent.empty() || !is_shared) return approval::inbox_page(session, own);
    std::vector<InboxPage> pages{approval::inbox_page(session, own)};
    for (const auto& one : absent)
        pages.push_back(approval::inbox_page(session, query_for(parts_.permissions, own, one)));
    return merged(std::move(pages), own.limit);
}

InboxCounts Deputies::inbox_counts(db::Session& session, const InboxQuery& own,
                                   const std::vector<operations::Absent>& absent) const {
    auto counts = approval::inbox_counts(session, own);
    auto groups = own.groups;
    for (const auto& one : absent) {
        auto free = query_for(parts_.permissions, own, one);
        free.account_id.clear();
        std::erase_if(free.groups, [&](const auto& group) { return std::ranges::count(groups, group) > 0; });
        std::ranges::copy(free.groups, std::back_inserter(groups));
        const auto theirs = approval::inbox_counts(session, query_for(parts_.permissions, own, one));
        counts.todo += approval::inbox_counts(session, free).todo + theirs.mine;
        counts.mine += theirs.mine;
        counts.outside_answered += theirs.outside_answered;
        counts.outside_overdue += theirs.outside_overdue;
    }
    counts.todo = std::min(counts.todo, kCountMax);
    counts.mine = std::min(counts.mine, kCountMax);
    counts.outside_answered = std::min(counts.outside_answered, kCountMax);
    counts.outside_overdue = std::min(counts.outside_overdue, kCountMax);
    return counts;
}

}  // namespace kaigong::approval
