#include "modules/approval/act_guards.hpp"

#include "modules/approval/access.hpp"
#include "modules/approval/countersign.hpp"
#include "modules/approval/return_rules.hpp"
#include "modules/approval/section_review.hpp"
#include "modules/approval/take_back_rules.hpp"
#include "modules/approval/task_rules.hpp"
#include "modules/approval/urge_rules.hpp"

namespace kaigong::approval {
namespace {

class Guards {
  public:
    explicit Guards(const TaskInCase& one) : one_(one), account_id_(one.reader.holder().account_id.text) {}

    std::vector<Guard> take() && { return std::move(list_); }

    Guards& add(std::string_view code, std::string says, const Result<void>& met) {
        list_.push_back({std::string(code), std::move(says), met ? std::nullopt : std::optional(met.error().message)});
        return *this;
    }
    Guards& add(std::string_view code, std::string says, std::optional<std::string> because) {
        list_.push_back({std::string(code), std::move(says), std::move(because)});
        return *this;
    }

    Guards& open_and_mine() {
        add("your_task", "这一步由您的岗位办理", may_work_on(one_.permissions, one_.reader.holder(), one_.task));
        add("open", "任务还没有办结", must_be_open(one_.task));
        return *this;
    }
    Guards& free_to_act() {
        add("not_held_by_other", "没有被别人领取", must_be_free_or_held_by(one_.task, account_id_));
        return not_excluded().undecided();
    }
    Guards& not_excluded() {
        return add("not_excluded", "您不须回避",
                   must_not_be_excluded(one_.reader, one_.task,
                                        {one_.snapshot.tasks, one_.snapshot.acts, one_.snapshot.applicant}));
    }
    Guards& undecided() { return add("undecided", "还没有作出决定", must_be_undecided(one_.task)); }
    Guards& held() { return add("held", "您已领取这个任务", must_be_held_by(one_.task, account_id_)); }
    Guards& not_asked() {
        return add("holder", "您是主办人，不是被征求意见的人", must_be_of_the_process(one_.task, one_.signers));
    }
    Guards& signed_before() {
        return add("signed_before", "在您之前的加签、委派已有答复", must_not_wait_for_signers(one_.task, one_.signers));
    }
    Guards& not_voted() {
        if (!one_.model.countersign) return *this;
        return add("not_voted", "您还没有表决过",
                   must_not_have_voted(one_.model, one_.process, one_.state, one_.task, one_.reader.accounts()));
    }
    Guards& sections_complete(const Outcome& outcome) {
        const SectionReviews reviews(one_.snapshot.section_reviews, one_.task.element_id);
        const bool applies = outcome.said != Said::none && has_sections(one_.process, one_.task.element_id) &&
                             one_.signers.question_of(one_.task.task_id) == nullptr;
        if (!applies || !reviews.were_begun()) return *this;
        return add("sections", "各部分都已审签，没有要退回的",
                   reviews.must_be_complete(sections_of(one_.snapshot.items, one_.snapshot.tasks)));
    }
    Guards& has_targets() {
        const bool can =
            one_.task.state == "open" && !return_targets_of(one_.process, one_.state, one_.task.token).empty();
        return add("earlier_step", "前面有可以退回的步骤",
                   can ? std::nullopt : std::optional<std::string>("前面没有可以退回的步骤。"));
    }

  private:
    const TaskInCase& one_;
    std::string account_id_;
    std::vector<Guard> list_;
};

std::vector<Guard> guards_of_take_back(const TaskInCase& one) {
    const auto how = may_take_back(one.process, one.state, one.reader.actor.account_id.text, one.task,
                                   one.snapshot.tasks, one.signers);
    Guards guards(one);
    guards.add("not_acted_on", "由您办结，后面还没有人办理，也没有告知申请人",
               how ? Result<void>() : Result<void>(how.error()));
    return std::move(guards).take();
}

}  // namespace

std::vector<Guard> guards_of(const TaskInCase& one, const Outcome& outcome) {
    Guards guards(one);
    guards.open_and_mine().free_to_act().signed_before().not_voted();
    if (outcome.when) {
        guards.add(
            "condition", "这一结果的条件已满足",
            why_blocked(outcome, one.state.variables, one.snapshot.items, one.snapshot.points, one.snapshot.episodes));
    }
    guards.sections_complete(outcome);
    return std::move(guards).take();
}

std::vector<Guard> guards_of(const TaskInCase& one, std::string_view operation) {
    if (operation == "take_back") return guards_of_take_back(one);
    Guards guards(one);
    if (operation == "assign") {
        guards.add("leads", "您负责这个部门或机关", may_assign(one.permissions, one.reader.actor, one.task))
            .undecided();
    } else if (operation == "urge") {
        guards.add("may_urge", "您可以催办本地区的任务", may_urge(one.permissions, one.reader.actor, one.task))
            .add("urged_enough", "任务在别人手里，没有催过太多次",
                 may_urge_now(one.reader.actor.account_id.text, one.task, one.snapshot.acts, one.now_ms));
    } else if (operation == "enter_paper_act") {
        guards.not_excluded().undecided().signed_before();
    } else if (operation == "return") {
        guards.open_and_mine().free_to_act().not_asked().has_targets();
    } else if (operation == "transfer") {
        guards.open_and_mine().free_to_act().held();
    } else if (operation == "delegate" || operation == "add_signer_before") {
        guards.open_and_mine().free_to_act().held().not_asked();
        if (operation == "delegate") guards.signed_before();
    } else if (operation == "add_signer_after") {
        guards.open_and_mine().free_to_act().held().not_asked().add("rejectable", "这一步能以“不同意”结束",
                                                                    must_be_rejectable(one.model));
    }
    return std::move(guards).take();
}

}  // namespace kaigong::approval
