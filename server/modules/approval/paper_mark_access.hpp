// The actions of marks on papers in the table of permissions.
#pragma once

#include <string_view>

namespace kaigong::approval {

/// Marks papers of a case (批注).
inline constexpr std::string_view kMarkPapers = "approval.mark_papers";
/// Answers marks that a letter told of.
inline constexpr std::string_view kAnswerMarks = "approval.answer_marks";

}  // namespace kaigong::approval
