// Carrying out what a round means for each department's item (round_effects.hpp), shared by the answer before
// acceptance (states.md A9) and the one in the middle of the review (A17).
#pragma once

#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

/// An answer that came in, with the points that it was to answer.
struct Answered {
    const applications::RoundChanges& changes;
    std::vector<store::PointRow> points;
    std::int64_t now_ms = 0;
};

/// Items open once more, go on, or keep what they have; each with a record of which and why. An item that can't be
/// opened loses nothing: who leads its department is told. The caller saves the case.
Result<void> settle_items(db::Session& session, CaseWork& work, const Answered& answered);

/// Departments that are needed since an answer and could not be put beside the others then: those that can be now, once
/// another one waits for the rest. The caller saves the case.
Result<void> open_items_that_waited(db::Session& session, CaseWork& work);

/// What the process is told of the departments that it concerns now.
boost::json::array required_items_of(const CaseWork& work);

/// A department that had its chance names nothing more about what was not changed (states.md A8, product.md §2); what
/// it asked before and was not mended it may ask again. Fails with approval.point_on_unchanged,
/// approval.point_without_place.
Result<void> points_must_be_on_changes(db::Session& session, const CaseWork& work, const std::string& item,
                                       const std::vector<NewPoint>& points);

}  // namespace kaigong::approval::operations
