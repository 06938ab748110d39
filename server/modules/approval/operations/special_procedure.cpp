// 特别程序: states.md A15, I7.
#include <fmt/format.h>

#include "modules/approval/operations/episode_access.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr int kWorkingDaysMax = 120;

void record(db::Session& session, const ItemWork& loaded, const Officer& officer, const OnItem& on, const Act& act) {
    if (!loaded.task) return record_on_case(session, loaded.work, officer, act, on.now_ms);
    record_act(session, *loaded.task, officer,
               {on.application_id, loaded.task->task_id, loaded.task->version, on.now_ms}, act);
}

Result<const ProcedureKind*> check(const SpecialProcedure& begun) {
    const auto* kind = find_procedure_kind(begun.procedure_kind);
    if (kind == nullptr) {
        return invalid_field("procedure_kind", "approval.procedure_unknown", "请从列表中选择一种特别程序。");
    }
    KAIGONG_CHECK(must_say_why(begun.reason, "开始特别程序"));
    if (begun.working_days < 1 || begun.working_days > kWorkingDaysMax) {
        return invalid_field("working_days", "approval.procedure_days_impossible",
                             fmt::format("预计时间请填 1 到 {} 个工作日，会写在告知书里。", kWorkingDaysMax));
    }
    return kind;
}

}  // namespace

Result<void> start_special_procedure(db::Session& session, const Surroundings& surroundings,
                                     const authz::Permissions& permissions, const Officer& officer, const OnItem& on,
                                     const SpecialProcedure& begun) {
    KAIGONG_TRY(loaded, load_item_to_conduct(session, surroundings, permissions, officer, on));
    auto& work = loaded.work;
    KAIGONG_TRY(kind, check(begun));
    KAIGONG_CHECK(must_not_be_on_hold(work.episodes()));
    if (loaded.task) KAIGONG_CHECK(must_be_undecided(*loaded.task));
    KAIGONG_CHECK(work.apply_item_event(on.item, "start_special_procedure"));
    const auto planned = work.calendar().add_working_days(office_date(on.now_ms), begun.working_days);
    store::EpisodeRow episode;
    episode.kind = kSpecialProcedure;
    episode.procedure_kind = kind->code;
    episode.item = on.item;
    episode.reason = begun.reason;
    episode.legal_basis = kind->legal_basis;
    episode.working_days = begun.working_days;
    episode.due_on = to_string(planned.value);
    const auto number = work.begin_episode(std::move(episode));
    record(session, loaded, officer, on, {.act = "start_special_procedure", .reason = begun.reason});
    work.tell_letter("special_procedure_notice", number);
    work.note("special_procedure_started", fmt::format("{}：开始{}", loaded.item.name, kind->zh),
              fmt::format("预计需要 {} 个工作日，{}计入审批时限。{}", begun.working_days, kind->counted ? "" : "不",
                          begun.reason),
              true);
    work.audit("approval.start_special_procedure", fmt::format("{}：开始{}", loaded.item.name, kind->zh));
    return work.save();
}

Result<void> end_special_procedure(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnItem& on,
                                   const std::string& result) {
    KAIGONG_TRY(loaded, load_item_to_conduct(session, surroundings, permissions, officer, on));
    auto& work = loaded.work;
    if (result.empty()) {
        return invalid_field("result", "approval.result_missing", "请写明特别程序的结果，例如专家意见、检测结论。");
    }
    const auto episodes = work.episodes();
    KAIGONG_CHECK(must_not_be_on_hold(episodes));
    const auto* episode = find_open(episodes, kSpecialProcedure, on.item);
    if (episode == nullptr) {
        return error(Errc::conflict, "approval.episode_over", "这项特别程序已经结束，请刷新页面查看结果。");
    }
    KAIGONG_CHECK(work.apply_item_event(on.item, "end_special_procedure"));
    work.end_episode(*episode, result);
    record(session, loaded, officer, on, {.act = "end_special_procedure", .reason = result});
    const auto* kind = find_procedure_kind(episode->procedure_kind);
    work.note("special_procedure_ended", fmt::format("{}：{}结束，继续审查", loaded.item.name, kind->zh), result, true);
    work.audit("approval.end_special_procedure", fmt::format("{}：{}结束", loaded.item.name, kind->zh));
    return work.save();
}

}  // namespace kaigong::approval::operations
