// Lists of tasks: each page is a handful of index ranges (one for each group and region of the officer), merged, so
// that it costs the same at ten thousand cases and at a million. No total is ever counted past kCountMax. Whose rows
// they are the compiled scope says; groups and regions name the list, and where its index begins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"
#include "modules/approval/store.hpp"

namespace kaigong::approval {

enum class InboxView { todo, mine, done, all };

inline constexpr std::int64_t kCountMax = 300;

struct InboxQuery {
    InboxView view = InboxView::todo;
    std::string account_id;
    std::vector<std::string> groups;   ///< department:role
    std::vector<std::string> regions;  ///< the officer's, each with those below it
    authz::BoundScope scope;           ///< of the action that the list is for, over kScopeOfTasks
    std::string text;                  ///< beginning of the number, or part of the works' or owner's name
    std::string cursor;                ///< empty, or `next_cursor` of the page before
    int limit = 50;
    std::int64_t now_ms = 0;  ///< for what is overdue
};

struct InboxPage {
    std::vector<store::TaskRow> rows;
    std::optional<std::string> next_cursor;
};

/// Ordered by due instant; the newest first for `done`. A cursor that is not one of ours reads as the first page.
InboxPage inbox_page(db::Session& session, const InboxQuery& query);

/// At most kCountMax each.
struct InboxCounts {
    std::int64_t todo = 0;
    std::int64_t mine = 0;
    /// Of those that he holds, the most urgent kOutsideLookedAtMax: an opinion from outside (对外征求意见) is there and
    /// not taken yet, or did not come by its day.
    std::int64_t outside_answered = 0;
    std::int64_t outside_overdue = 0;
};
inline constexpr std::int64_t kOutsideLookedAtMax = 1'000;
InboxCounts inbox_counts(db::Session& session, const InboxQuery& query);

}  // namespace kaigong::approval
