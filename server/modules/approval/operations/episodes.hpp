// The commands on what lies over a case's state (episodes.hpp), one file each: states.md A12, A15–A17, A22, A23, A26,
// I7, I15. As in operations.hpp each runs in the caller's transaction and leaves a record.
#pragma once

#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

struct OnCase {
    std::string application_id;
    std::int64_t now_ms = 0;
};

struct OnItem {
    std::string application_id;
    std::string item;
    std::int64_t now_ms = 0;
};

struct SpecialProcedure {
    std::string procedure_kind;
    std::string reason;
    /// How long it is expected to take; told to the applicant (行政许可法 45).
    int working_days = 0;
};

/// 特别程序: who judges the item, or leads its department, begins a hearing, an expert review … The item waits, and
/// what 行政许可法 45 names is not counted. Fails with approval.procedure_unknown, approval.reason_missing,
/// approval.event_not_possible, approval.on_hold, and as loading does.
Result<void> start_special_procedure(db::Session& session, const Surroundings& surroundings,
                                     const authz::Permissions& permissions, const Officer& officer, const OnItem& on,
                                     const SpecialProcedure& begun);

/// Its result is written down, and the item goes on. Fails with approval.result_missing, approval.episode_over.
Result<void> end_special_procedure(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnItem& on,
                                   const std::string& result);

struct Hold {
    std::string ground;  ///< one of hold_grounds()
    std::string reason;  ///< which paper of whom
};

/// 挂起: nothing goes on, no timer fires, the time is not counted. Fails with approval.ground_unknown,
/// approval.reason_missing, approval.on_hold, approval.event_not_possible.
Result<void> hold_case(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                       const Officer& officer, const OnCase& on, const Hold& hold);

/// 恢复. Fails with approval.not_on_hold, approval.reason_missing.
Result<void> resume_case(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnCase& on, const std::string& reason);

struct Extension {
    int working_days = 0;
    std::string reason;
};

/// 延长审批期限 (行政许可法 42): once, before the due day, at most ten working days, where the matter allows it. Fails
/// with approval.extension_not_allowed, approval.extended_before, approval.extension_too_late,
/// approval.extension_too_long.
Result<void> extend_decision(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                             const Extension& extension);

struct LateCorrection {
    /// Why it could not be seen before (行政许可法 32(4)); counted.
    std::string reason;
    std::vector<NewPoint> points;
};

/// A point that was not visible at intake, asked for during the review by who leads the department; its item waits for
/// the answer, the others go on. Fails with approval.reason_missing, approval.points_missing,
/// approval.event_not_possible.
Result<void> request_late_correction(db::Session& session, const Surroundings& surroundings,
                                     const authz::Permissions& permissions, const Officer& officer, const OnItem& on,
                                     const LateCorrection& asked);

struct SupplementOrder {
    std::string material_code;
    std::string reason;
};

/// 责令补充材料: a paper that was tolerated to be missing did not come in time; also after the permit. Fails with
/// approval.supplement_not_possible, approval.supplement_too_early.
Result<void> order_supplement(db::Session& session, const Surroundings& surroundings,
                              const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                              const SupplementOrder& order);

/// 督办改正: who leads the department has a concluded item judged once more; what stands behind it is done again, what
/// other departments did stays. Fails with approval.item_not_concluded, approval.reason_missing,
/// approval.reopen_impossible, approval.return_before_acceptance.
Result<void> reopen_item(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnItem& on, const std::string& reason);

}  // namespace kaigong::approval::operations
