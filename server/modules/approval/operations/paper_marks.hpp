// 批注: marks on filed papers, answered by the applicant and accepted by the department that made them. They move
// nothing and block nobody. Each act is written down; neither marks nor acts are ever changed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "authz/exclusion.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/paper_mark_rules.hpp"

namespace kaigong::approval::operations {

/// Who reviews the case may mark its papers, while it runs. Fails with authz.…, approval.not_found, approval.ended.
Result<void> may_mark(const authz::Permissions& permissions, const authz::Actor& actor,
                      const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items,
                      const authz::Applicant& applicant);

/// The department that made it, while the case runs. Fails as may_mark does, and with approval.mark_not_yours.
Result<void> may_judge(const authz::Permissions& permissions, const authz::Actor& actor, const store::MarkRow& mark,
                       const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items,
                       const authz::Applicant& applicant);

/// The applicant, while the application is with him. Fails with authz.…, approval.not_found,
/// approval.mark_not_your_turn.
Result<void> may_answer(const authz::Permissions& permissions, const authz::Actor& actor,
                        const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items);

/// Asked under the lock of the case, so that nobody files meanwhile.
using PapersOf =
    std::function<std::vector<documents::Document>(db::Session& session, const std::string& application_id)>;

struct Marker {
    Officer officer;
    std::string department_name;
};

/// `mark` has its case, paper, place and words; the rest is set here. Gives its id. Fails as may_mark and
/// may_be_marked do, and with approval.mark_words_missing, approval.too_many_marks.
Result<std::string> mark_paper(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Marker& marker, store::MarkRow mark,
                               const PapersOf& papers_of, std::int64_t now_ms);

struct OnMark {
    std::string application_id;
    std::string mark_id;
    std::int64_t version = 0;
    std::string words;
};

/// 认可, 重新打开. Fails as may_judge and may_follow do, and with approval.mark_changed, which says by whom.
Result<void> judge_mark(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                        const Officer& officer, std::string_view act, const OnMark& on, const PapersOf& papers_of,
                        std::int64_t now_ms);

/// 回复. Fails as may_answer and may_follow do, with approval.mark_changed, and with approval.not_found for a mark of
/// which no letter told.
Result<void> answer_mark(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const authz::Actor& actor, const OnMark& on, const PapersOf& papers_of, std::int64_t now_ms);

}  // namespace kaigong::approval::operations
