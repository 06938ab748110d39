// A point that could not be seen before: states.md A17, I5, I6; 行政许可法 32(4), 72.
#include "base/id.hpp"
#include "modules/approval/operations/episode_access.hpp"

namespace kaigong::approval::operations {

Result<void> request_late_correction(db::Session& session, const Surroundings& surroundings,
                                     const authz::Permissions& permissions, const Officer& officer, const OnItem& on,
                                     const LateCorrection& asked) {
    KAIGONG_TRY(loaded, load_item_to_lead(session, surroundings, permissions, officer, on));
    auto& work = loaded.work;
    KAIGONG_CHECK(must_say_why(asked.reason, "审查中要求补正"));
    if (asked.points.empty()) {
        return invalid_field("points", "approval.points_missing",
                             "请至少写明一条补正要求：哪里不对、怎样改正、依据是什么。");
    }
    KAIGONG_CHECK(must_not_be_on_hold(work.episodes()));
    if (loaded.task) KAIGONG_CHECK(must_be_undecided(*loaded.task));
    KAIGONG_CHECK(work.apply_item_event(on.item, "record_late_point"));
    for (const auto& point : asked.points) {
        store::insert_point(
            session, {new_uuid(on.now_ms), on.application_id, work.procedure().round, on.item,
                      loaded.item.department_name, point.field, point.material_code, point.what, point.how_to_mend,
                      point.legal_basis, "recorded", std::nullopt, officer.name, on.now_ms});
    }
    KAIGONG_CHECK(work.apply_application_event("request_late_correction"));
    record_on_case(session, work, officer, {.act = "request_late_correction", .reason = asked.reason}, on.now_ms);
    work.tell_letter("correction_notice");
    work.audit("approval.request_late_correction", loaded.item.name + "：审查中要求补正，理由：" + asked.reason);
    return work.save();
}

}  // namespace kaigong::approval::operations
