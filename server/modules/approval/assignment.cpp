#include "modules/approval/assignment.hpp"

#include <algorithm>
#include <tuple>

#include "engine/bpmn/behaviors/variables.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/countersign.hpp"
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/person_rules.hpp"
#include "modules/approval/store_assignment.hpp"
#include "modules/approval/store_deputies.hpp"
#include "modules/approval/store_expedite_orders.hpp"

namespace kaigong::approval {
namespace {

constexpr const char* kNobodyToDo = "nobody_to_do";
/// Beside the steps of the ladder, which begin at one.
constexpr std::int64_t kNoStep = 0;

struct Named {
    std::string called;  ///< as the record names him
    std::optional<identity::Account> account;
    std::string how;
};

std::string lead_department(const catalog::Matter& matter, const store::TaskRow& task) {
    const auto* departments = matter.settings().if_contains("departments");
    if (departments == nullptr) return department_of(task);
    for (const auto& one : departments->as_array()) {
        if (one.at("lead").as_bool()) return std::string(one.at("department").as_string());
    }
    return department_of(task);
}

class NewTask {
  public:
    NewTask(db::Session& session, const Surroundings& around, CaseWork& work, const TaskModel& model,
            store::TaskRow& task, const boost::json::object& sees, std::int64_t now_ms)
        : session_(session),
          around_(around),
          work_(work),
          model_(model),
          task_(task),
          now_ms_(now_ms),
          sees_(sees),
          tasks_(store::tasks_of(session, task.application_id)),
          acts_(store::acts_of(session, task.application_id)),
          signers_(store::signers_of(session, task.application_id), tasks_),
          officers_(around.identity.find_officers(
              session, {.region_code = task.region_code, .limit = identity::kOfficersMax})) {}

    void give() {
        const auto chosen = chosen_before();
        const bool names = chosen || !model_.assignee.empty() || model_.assignee_expression;
        must_have_people();
        if (chosen) return give_to(*chosen);
        if (names) return give_to(named());
        if (model_.least_loaded) give_to_least_loaded();
    }

  private:
    std::optional<identity::Account> find(const std::string& account_id) const {
        const auto found = std::ranges::find(officers_, authz::AccountId{account_id}, &identity::Account::account_id);
        return found == officers_.end() ? std::nullopt : std::optional(*found);
    }

    static operations::Officer officer(const identity::Account& account) {
        return {identity::actor_of(account), account.display_name};
    }

    std::vector<identity::Account> people_of_group() const {
        auto people = officers_;
        std::erase_if(
            people, [&](const auto& one) { return !may_work_on(around_.permissions, identity::actor_of(one), task_); });
        return people;
    }

    /// A group without people is nobody's: then it is the fallback role's, and who leads is told where that has nobody.
    void must_have_people() {
        if (!people_of_group().empty()) return;
        const auto group = task_.candidate_group;
        if (!model_.fallback_role.empty()) {
            task_.candidate_group = department_of(task_) + ":" + model_.fallback_role;
            if (group != task_.candidate_group && !people_of_group().empty()) {
                work_.note("task_to_fallback_role", "“" + task_.name + "”的岗位在本地区没有人，改由流程指定的岗位办理",
                           "", false);
                return;
            }
        }
        task_.candidate_group = group;
        tell_who_leads();
    }

    void tell_who_leads() {
        const auto& procedure = work_.procedure();
        const store::WarningRow warning{task_.task_id,
                                        kNoStep,
                                        task_.application_id,
                                        task_.application_number,
                                        task_.works_name,
                                        task_.name,
                                        task_.region_code,
                                        lead_department(work_.matter(), task_),
                                        kNobodyToDo,
                                        "section_head",
                                        std::nullopt,
                                        procedure.due_on.value_or(to_string(office_date(task_.due_at_ms))),
                                        now_ms_};
        if (!store::insert_warning(session_, warning)) return;
        work_.note(kNobodyToDo, "“" + task_.name + "”的岗位在本地区没有人能办理，已告知牵头部门负责人",
                   "请安排人员到岗，或修改账号的岗位；在此之前本步骤不会自动通过。", false);
    }

    std::optional<Named> chosen_before() const {
        const auto* chosen = sees_.if_contains(chosen_variable(task_.element_id));
        if (chosen == nullptr || !chosen->is_string()) return std::nullopt;
        auto account = find(std::string(chosen->as_string()));
        auto called = account ? account->display_name : "前一环节选定的人";
        return Named{std::move(called), std::move(account), "由前一环节的办理人选定"};
    }

    Named named() const {
        auto name = model_.assignee;
        if (model_.assignee_expression) {
            const auto value = feel::evaluate(*model_.assignee_expression, feel::context_from_json(sees_));
            name = value.is(feel::Kind::string) ? std::string(value.as_string()) : std::string();
        }
        const auto found = std::ranges::find(officers_, name, &identity::Account::account_name);
        if (found == officers_.end()) return {name, std::nullopt, "流程指定"};
        return {found->display_name, *found, "流程指定"};
    }

    void give_to(const Named& named) {
        const auto why_not = why_unsuitable(named);
        if (!why_not) return hand(*named.account, named.how);
        const auto title = named.called.empty() ? "“" + task_.name + "”没有算出指定的办理人"
                                                : "“" + task_.name + "”指定由" + named.called + "办理，未能交给他";
        work_.note("task_not_given", title, *why_not + "现由本岗位人员领取办理。", false);
    }

    std::optional<std::string> why_unsuitable(const Named& named) const {
        if (named.called.empty()) return "流程中的表达式没有给出账号。";
        if (!named.account) return "本地区没有这个工作人员账号。";
        const auto person = officer(*named.account);
        if (const auto may = may_do(around_.permissions, person, of_case()); !may) return may.error().message;
        if (has_voted(person)) return person.name + "在这次会签中已有一票。";
        if (is_absent(*named.account) && !has_deputy(*named.account)) return person.name + "外出，代理人已不能代理。";
        return std::nullopt;
    }

    TaskOfCase of_case() const { return {task_, tasks_, signers_, acts_, work_.applicant()}; }

    /// One vote each: by what he did, and by what he holds.
    bool has_voted(const operations::Officer& person) const {
        const auto& id = person.actor.account_id.text;
        if (!model_.countersign) return false;
        if (!must_not_have_voted(model_, work_.process(), work_.state(), task_, {id})) return true;
        return holds_another(id);
    }

    bool holds_another(const std::string& account_id) const {
        return std::ranges::any_of(tasks_, [&](const store::TaskRow& one) {
            return one.state == "open" && one.element_id == task_.element_id && one.assignee_id == account_id;
        });
    }

    std::vector<store::DeputyshipRow> absences_of(const identity::Account& account) const {
        return store::absences_within(session_, account.account_id.text, now_ms_, now_ms_ + 1);
    }
    bool is_absent(const identity::Account& account) const { return !absences_of(account).empty(); }
    bool has_deputy(const identity::Account& account) const {
        return std::ranges::any_of(absences_of(account), [&](const store::DeputyshipRow& row) {
            const auto deputy = find(row.deputy_id);
            return deputy && may_stand_in(officer(*deputy), officer(account));
        });
    }

    void give_to_least_loaded() {
        std::vector<Available> people;
        for (const auto& one : people_of_group()) {
            const auto person = officer(one);
            const auto& id = one.account_id.text;
            const bool fits = may_do(around_.permissions, person, of_case()).has_value() && !has_voted(person);
            if (!fits || holds_another(id) || is_absent(one)) continue;
            people.push_back(
                {id, one.account_name, store::open_tasks_of(session_, id), store::last_turn_of(session_, id)});
        }
        const auto least = least_loaded_of(people);
        if (!least) {
            work_.note("task_not_given", "“" + task_.name + "”没有可以自动交给的人",
                       "本岗位人员都已外出、需要回避或已经参加。现由本岗位人员领取办理。", false);
            return;
        }
        store::take_turn(session_, least->account_id, now_ms_);
        hand(find(least->account_id).value(), "本岗位在办最少，" + std::to_string(least->open_tasks) + " 件");
    }

    void hand(const identity::Account& account, const std::string& how) {
        const Performer to{account.account_id.text, account.department_name.empty()
                                                        ? account.display_name
                                                        : account.display_name + "（" + account.department_name + "）"};
        task_.assignee_id = to.account_id;
        task_.assignee_name = to.name;
        const auto system = system_performer();
        operations::record_act(session_, task_, {.actor = {.account_id = {system.account_id}}, .name = system.name},
                               {task_.application_id, task_.task_id, task_.version, now_ms_},
                               {.act = "given", .reason = how, .to = to});
        work_.note("task_given", "“" + task_.name + "”交给" + to.name, how, false);
    }

    db::Session& session_;
    const Surroundings& around_;
    CaseWork& work_;
    const TaskModel& model_;
    store::TaskRow& task_;
    std::int64_t now_ms_;
    const boost::json::object& sees_;
    std::vector<store::TaskRow> tasks_;
    std::vector<store::ActRow> acts_;
    Signers signers_;
    std::vector<identity::Account> officers_;
};

}  // namespace

std::optional<Available> least_loaded_of(const std::vector<Available>& people) {
    const auto found = std::ranges::min_element(people, {}, [](const Available& one) {
        return std::tie(one.open_tasks, one.last_turn_at_ms, one.account_name);
    });
    return found == people.end() ? std::nullopt : std::optional(*found);
}

void give_new_task(db::Session& session, const Surroundings& surroundings, CaseWork& work, const TaskModel& model,
                   store::TaskRow& task, std::int64_t now_ms) {
    if (model.is_for_applicant()) return;
    const auto sees = bpmn::visible_variables(work.process(), work.state(), task.token);
    const auto* chosen = sees.if_contains(chosen_variable(task.element_id));
    const bool says_who = !model.assignee.empty() || model.assignee_expression || model.least_loaded ||
                          (chosen != nullptr && chosen->is_string());
    const bool says_role = !model.fallback_role.empty() && !model.role_expression;
    if (says_who || says_role) NewTask(session, surroundings, work, model, task, sees, now_ms).give();
}

}  // namespace kaigong::approval
