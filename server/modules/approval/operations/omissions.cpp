#include "modules/approval/operations/omissions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/chinese_format.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/asides.hpp"
#include "modules/approval/operations/asides.hpp"
#include "modules/approval/operations/episode_access.hpp"

namespace kaigong::approval::operations {
namespace {

Error impossible(std::string message) {
    return invalid_field("omissions", "approval.omission_impossible", std::move(message));
}

Result<void> check(const EpisodeSettings& settings, const Omission& omission,
                   const std::vector<store::EpisodeRow>& episodes) {
    if (std::ranges::find(settings.omittable_materials, omission.material_code) == settings.omittable_materials.end()) {
        return impossible("这份材料不能容缺：建筑法第八条规定的条件必须在受理时具备，其他材料以事项设定为准。");
    }
    if (omission.working_days < 1 || omission.working_days > settings.omission_working_days_max) {
        return impossible(fmt::format("补交时间请填 1 到 {} 个工作日。", settings.omission_working_days_max));
    }
    const bool twice = std::ranges::any_of(episodes, [&](const auto& one) {
        return one.kind == kOmission && is_open(one) && one.material_code == omission.material_code;
    });
    return twice ? Result<void>(impossible("同一份材料只能容缺一次。")) : Result<void>();
}

const store::EpisodeRow* find_owed(const std::vector<store::EpisodeRow>& episodes, std::string_view kind,
                                   const std::string& material_code) {
    const auto found = std::ranges::find_if(episodes, [&](const auto& one) {
        return one.kind == kind && is_open(one) && one.material_code == material_code;
    });
    return found == episodes.end() ? nullptr : &*found;
}

constexpr const char* kHandedIn = "已补交，等待核对";

}  // namespace

Result<void> tolerate(CaseWork& work, const std::vector<Omission>& omissions) {
    const auto settings = episode_settings(work.matter());
    for (const auto& omission : omissions) {
        KAIGONG_CHECK(check(settings, omission, work.episodes()));
        store::EpisodeRow episode;
        episode.kind = kOmission;
        episode.material_code = omission.material_code;
        episode.reason = omission.reason;
        episode.working_days = omission.working_days;
        episode.due_on = to_string(work.calendar().add_working_days(work.today(), omission.working_days).value);
        const auto due_on = *episode.due_on;
        const auto number = work.begin_episode(std::move(episode));
        work.tell_letter("tolerated_omission_notice", number);
        work.note("omission_tolerated", "容缺受理：" + material_name(work.matter(), omission.material_code),
                  fmt::format("请在{}前补交。审查照常进行。{}", date_weekday_text(parse_date(due_on).value()),
                              omission.reason),
                  true);
    }
    return {};
}

Result<void> take_owed_paper(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                             const std::string& material_code, std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, application_id, {"applicant", "申请人"}, now_ms));
    auto owed = owed_papers(work.episodes());
    const auto episode = std::ranges::find(owed, material_code, &store::EpisodeRow::material_code);
    // Delivered again, or somebody was content with what came on paper.
    if (episode == owed.end()) return work.save();
    episode->result = kHandedIn;
    store::save_episode(session, *episode);
    open_aside(session, work, kOwedPaper, episode->episode_no, now_ms);
    work.note("owed_paper_handed_in", "申请人补交了" + material_name(work.matter(), material_code), "", true);
    work.audit("approval.take_owed_paper", "申请人补交容缺材料：" + material_code);
    return work.save();
}

Result<void> order_supplement(db::Session& session, const Surroundings& surroundings,
                              const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                              const SupplementOrder& order) {
    KAIGONG_TRY(work, load_case(session, surroundings, permissions, officer, on, kHoldCase));
    KAIGONG_CHECK(must_say_why(order.reason, "责令补充材料"));
    const auto episodes = work.episodes();
    const auto* omission = find_owed(episodes, kOmission, order.material_code);
    if (omission == nullptr || find_owed(episodes, kSupplement, order.material_code) != nullptr) {
        return error(Errc::conflict, "approval.supplement_not_possible",
                     "这份材料没有容缺，或者已经责令补充过，请刷新页面查看。");
    }
    if (omission->result) {
        return error(Errc::conflict, "approval.supplement_not_possible", "这份材料已经补交，正在核对，不用责令补充。");
    }
    if (to_string(office_date(on.now_ms)) <= *omission->due_on) {
        return error(Errc::conflict, "approval.supplement_too_early",
                     fmt::format("补交期限是{}，过了期限仍未补交的才能责令补充。",
                                 date_text(parse_date(*omission->due_on).value())));
    }
    const auto days = episode_settings(work.matter()).omission_working_days_max;
    store::EpisodeRow episode;
    episode.kind = kSupplement;
    episode.material_code = order.material_code;
    episode.reason = order.reason;
    episode.legal_basis = "行政许可法 69";
    episode.working_days = days;
    episode.due_on = to_string(work.calendar().add_working_days(office_date(on.now_ms), days).value);
    const auto number = work.begin_episode(std::move(episode));
    record_on_case(session, work, officer, {.act = "order_supplement", .reason = order.reason}, on.now_ms);
    work.tell_letter("supplement_order", number);
    work.note("supplement_ordered", "责令补充材料：" + material_name(work.matter(), order.material_code), order.reason,
              true);
    work.audit("approval.order_supplement", "责令补充材料：" + order.material_code);
    return work.save();
}

}  // namespace kaigong::approval::operations
