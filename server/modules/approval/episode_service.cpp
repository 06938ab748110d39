// Special procedures, holds, omissions and the like: which of them this officer may begin or end, and doing so.
#include <algorithm>

#include "base/chinese_format.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/operations/episode_access.hpp"
#include "modules/approval/operations/restriction.hpp"
#include "modules/approval/service.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// The acts on one case for one officer, each with the guard in its way.
class EpisodeView {
  public:
    EpisodeView(const authz::Permissions& permissions, const authz::Actor& actor,
                const std::vector<operations::Absent>& absent, const CaseSnapshot& snapshot,
                const catalog::Matter& matter)
        : permissions_(permissions), actor_(actor), absent_(absent), snapshot_(snapshot), matter_(matter) {}

    array operations(const calendar::Calendar& calendar, std::int64_t now_ms) {
        if (!has_ended(parse_application_state(snapshot_.procedure.state).value())) {
            for (const auto& item : snapshot_.items) add_item(item);
            add_case(calendar, now_ms);
        }
        for (const auto& one : snapshot_.episodes) {
            const bool may_order = one.kind == kOmission && is_open(one) && has(kHoldCase);
            if (may_order) add("order_supplement", one.material_code, must_be_overdue(one, now_ms));
        }
        return std::move(list_);
    }

  private:
    static Result<void> must_be_overdue(const store::EpisodeRow& omission, std::int64_t now_ms) {
        if (omission.result) {
            return error(Errc::conflict, "approval.supplement_not_possible",
                         "这份材料已经补交，正在核对，不用责令补充。");
        }
        if (to_string(office_date(now_ms)) > omission.due_on.value_or("")) return {};
        return error(Errc::conflict, "approval.supplement_too_early",
                     "补交期限是" + date_text(parse_date(omission.due_on.value_or("")).value()) +
                         "，过了期限仍未补交的才能责令补充。");
    }

    void add(const char* code, const std::string& subject, const Result<void>& guard) {
        list_.push_back({{"code", code},
                         {"subject", subject.empty() ? value(nullptr) : value(subject)},
                         {"blocked_because", guard ? value(nullptr) : value(guard.error().message)}});
    }

    bool has(std::string_view action) const {
        return permissions_.authorise(actor_, action, resource_of(snapshot_.procedure, snapshot_.items)).has_value();
    }

    Result<void> guard_item(const store::ItemRow& item, std::string_view event) const {
        KAIGONG_CHECK(must_not_be_on_hold(snapshot_.episodes));
        const auto next = next_state(parse_item_state(item.state).value(), event);
        return next ? Result<void>() : Result<void>(next.error());
    }

    /// 回避, of a deputy and of whom he stands in for.
    Result<void> must_be_suitable(const operations::Officer& who, const store::ItemRow& item) const {
        const auto task = operations::task_of_item(snapshot_.tasks, item.item, who.holder().account_id.text);
        return must_not_be_excluded(who, task.value(), {snapshot_.tasks, snapshot_.acts, snapshot_.applicant});
    }

    void add_item(const store::ItemRow& item) {
        const operations::ItemOfCase one{item, snapshot_.tasks, snapshot_.procedure};
        const auto who = conducting(permissions_, {actor_, ""}, absent_, one);
        const bool judges = operations::judges(permissions_, who.holder(), one);
        const bool leads = operations::may_lead(permissions_, actor_, one).has_value();
        if (item.state == "not_applicable" || (!judges && !leads)) return;
        const auto suitable = judges ? must_be_suitable(who, item) : Result<void>();
        if (item.state == to_string(ItemState::special_procedure)) {
            add("end_special_procedure", item.item, suitable ? must_not_be_on_hold(snapshot_.episodes) : suitable);
        } else {
            add("start_special_procedure", item.item,
                suitable ? guard_item(item, "start_special_procedure") : suitable);
        }
        if (!leads) return;
        add("request_late_correction", item.item, guard_item(item, "record_late_point"));
        add("reopen", item.item, guard_item(item, "reopen"));
    }

    void add_case(const calendar::Calendar& calendar, std::int64_t now_ms) {
        const auto state = bpmn::state_from_json(boost::json::parse(snapshot_.procedure.instance)).value();
        if (has(kHoldCase) && find_open(snapshot_.episodes, kHold) != nullptr) {
            add("resume", "", {});
        } else if (has(kHoldCase)) {
            add("hold", "", must_be_holdable(snapshot_.procedure, state, snapshot_.episodes));
        }
        if (has(kExtend)) {
            add("extend", "", must_be_extendable(snapshot_.procedure, matter_, snapshot_.ledger, calendar, now_ms));
        }
    }

    const authz::Permissions& permissions_;
    const authz::Actor& actor_;
    const std::vector<operations::Absent>& absent_;
    const CaseSnapshot& snapshot_;
    const catalog::Matter& matter_;
    array list_;
};

template <class Rows>
array names_of(const Rows& rows) {
    array list;
    for (const auto& row : rows) list.push_back({{"code", row.code}, {"name", row.zh}});
    return list;
}

/// Officers of the region and those above it who know the case while it is restricted; the applicant knows his own.
array cleared_for(const authz::Permissions& permissions, const std::vector<identity::Account>& officers,
                  authz::Resource of_case) {
    of_case.confidentiality = authz::Confidentiality::restricted;
    array people;
    for (const auto& one : officers) {
        if (!permissions.authorise(identity::actor_of(one), "approval.read", of_case)) continue;
        people.push_back({{"name", one.display_name}, {"department_name", one.department_name}});
    }
    return people;
}

/// 限制知悉, and the lifting that waits for a second person.
object restriction_json(const store::ProcedureRow& procedure, const std::vector<authz::two_person::Proposal>& proposals,
                        const authz::Actor& actor, array cleared, std::int64_t now_ms) {
    const auto waits = [&](const auto& one) { return one.act == operations::kLiftRestriction && one.is_open(now_ms); };
    const auto found = std::ranges::find_if(proposals, waits);
    value lifting = nullptr;
    if (found != proposals.end()) {
        lifting = object{{"proposal_id", found->proposal_id},
                         {"reason", found->reason},
                         {"proposed_by", found->proposed_by},
                         {"proposed_by_me", found->proposed_by_id == actor.account_id.text},
                         {"proposed_at_ms", found->proposed_at_ms},
                         {"expires_at_ms", found->expires_at_ms}};
    }
    return {{"confidentiality", procedure.confidentiality},
            {"i_am_cleared", actor.clearance == authz::Confidentiality::restricted},
            {"cleared", std::move(cleared)},
            {"lifting", std::move(lifting)}};
}

}  // namespace

Result<object> ApprovalService::episodes(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    KAIGONG_TRY(matter, matter_of(snapshot.procedure));
    const auto settings = episode_settings(*matter);
    array omittable;
    for (const auto& code : settings.omittable_materials) {
        omittable.push_back({{"code", code}, {"name", material_name(*matter, code)}});
    }
    array procedures;
    for (const auto& kind : procedure_kinds()) {
        procedures.push_back({{"code", kind.code}, {"name", kind.zh}, {"counted", kind.counted}});
    }
    const auto absent = deputies_.absent_for(actor);
    EpisodeView view(parts_.permissions, actor, absent, snapshot, *matter);
    KAIGONG_TRY(proposals, parts_.database.read([&](db::Session& session) {
        return authz::two_person::of_subject(session, "application", application_id);
    }));
    const auto calendar = parts_.catalog.calendar();
    const auto of_case = resource_of(snapshot.procedure, snapshot.items);
    value restriction = nullptr;
    if (parts_.permissions.authorise(actor, kRestrict, of_case)) {
        KAIGONG_TRY(officers, parts_.identity.find_officers(
                                  {.region_code = of_case.region_code, .limit = identity::kOfficersMax}));
        restriction = restriction_json(snapshot.procedure, proposals, actor,
                                       cleared_for(parts_.permissions, officers, of_case), parts_.clock.now_ms());
    }
    return object{
        {"restriction", std::move(restriction)},
        {"operations", view.operations(calendar->days_in(snapshot.procedure.region_code), parts_.clock.now_ms())},
        {"procedure_kinds", std::move(procedures)},
        {"hold_grounds", names_of(hold_grounds())},
        {"omittable_materials", std::move(omittable)},
        {"omission_working_days_max", settings.omission_working_days_max},
        {"extension_working_days_max", settings.extension_working_days_max}};
}

Result<void> ApprovalService::may_ask(const authz::Actor& actor, const std::string& application_id,
                                      std::string_view action) {
    KAIGONG_CHECK(parts_.permissions.require(actor, action));
    return may_read(actor, application_id);
}

Result<operations::Officer> ApprovalService::officer_conducting(const authz::Actor& actor,
                                                                const std::string& application_id,
                                                                const std::string& item) {
    auto who = officer(actor);
    const auto absent = item.empty() ? std::vector<operations::Absent>() : deputies_.absent_for(actor);
    if (absent.empty()) return who;
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    const auto found = std::ranges::find(snapshot.items, item, &store::ItemRow::item);
    if (found == snapshot.items.end()) return who;
    return conducting(parts_.permissions, who, absent, {*found, snapshot.tasks, snapshot.procedure});
}

Result<object> ApprovalService::act_on_case(const authz::Actor& actor, const std::string& application_id,
                                            const Retryable& request, const CaseAct& act,
                                            const std::string& conducted_item) {
    KAIGONG_TRY(who, officer_conducting(actor, application_id, conducted_item));
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(command_once(actor, request, now_ms, [&](db::Session& session) {
        return act(session, surroundings_, parts_.permissions, who, now_ms);
    }));
    return progress(actor, application_id);
}

std::vector<std::string> ApprovalService::owed_materials(db::Session& session, const std::string& application_id) {
    std::vector<std::string> codes;
    for (const auto& one : owed_papers(store::episodes_of(session, application_id))) codes.push_back(one.material_code);
    return codes;
}

}  // namespace kaigong::approval
