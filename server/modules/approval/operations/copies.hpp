// 抄送: a case is given to colleagues to read. It blocks nothing and gives nobody anything to do.
#pragma once

#include <string>
#include <vector>

#include "authz/exclusion.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_copies.hpp"

namespace kaigong::approval::operations {

inline constexpr std::size_t kCopiesAtOnce = 20;
inline constexpr std::size_t kCopiesMax = 200;

struct NewCopies {
    std::vector<Officer> people;
    std::string note;
};

/// Holds an open task of the case, or leads a department or the authority. Fails with authz.…, approval.not_found,
/// approval.copy_not_yours.
Result<void> may_copy(const authz::Permissions& permissions, const authz::Actor& actor,
                      const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items,
                      const std::vector<store::TaskRow>& tasks);

/// Any officer, of whatever region and department, but who has it already, whoever gives it, and who applied
/// or acts for who did (回避). Fails with approval.person_not_suitable, approval.copied_already.
Result<void> may_be_copied(const Officer& person, const authz::Actor& giver, const store::ProcedureRow& procedure,
                           const std::vector<store::CopyRow>& copies, const authz::Applicant& applicant);

/// Each may read this case from then on, and no other, and can't pass it on. Fails as may_copy and may_be_copied do,
/// and with approval.nobody_asked, approval.too_many_copies.
Result<void> copy_case(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                       const Officer& officer, const std::string& application_id, const NewCopies& copied,
                       std::int64_t now_ms);

/// 已读: the first time somebody opens what he was given; again changes nothing. Fails with approval.not_found.
Result<void> read_copy(db::Session& session, const authz::Actor& reader, const std::string& copy_id,
                       std::int64_t now_ms);

}  // namespace kaigong::approval::operations
