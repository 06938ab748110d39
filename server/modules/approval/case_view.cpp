#include "modules/approval/case_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json_members.hpp"
#include "modules/applications/events.hpp"
#include "modules/approval/asides.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/events.hpp"
#include "modules/approval/section_review.hpp"
#include "modules/approval/states.hpp"
#include "modules/approval/store_paper_acts.hpp"

namespace kaigong::approval {
namespace {

std::string day_in_words(CivilDate date) {
    return fmt::format("{}月{}日", date.month, date.day);
}

std::string_view turn_of(const CaseSnapshot& snapshot) {
    if (has_ended(parse_application_state(snapshot.procedure.state).value())) return "nobody";
    if (snapshot.procedure.correction_opened_at_ms) return "applicant";
    return pause_of_case(false, snapshot.episodes) == kSpecialProcedure ? "third_party" : "authority";
}

/// 特别程序 and 暂停办理 have words of their own, as a correction has.
std::string state_name(const CaseSnapshot& snapshot) {
    const bool correcting = snapshot.procedure.correction_opened_at_ms.has_value();
    const auto pause = pause_of_case(correcting, snapshot.episodes);
    if (pause == kSpecialProcedure) return "特别程序";
    if (pause == kHold) return "暂停办理";
    return std::string(display_name(parse_application_state(snapshot.procedure.state).value(), correcting));
}

std::vector<authz::two_person::Proposal> paper_acts_of(db::Session& session, const std::string& application_id) {
    std::vector<authz::two_person::Proposal> proposals;
    for (const auto& row : store::paper_act_proposals_of(session, application_id)) {
        if (auto found = authz::two_person::find(session, row.proposal_id)) proposals.push_back(std::move(*found));
    }
    return proposals;
}

/// Departments that hold an open task, each once, in the order of the tasks.
std::vector<std::string> holders(const CaseSnapshot& snapshot) {
    std::vector<std::string> names;
    for (const auto& task : snapshot.tasks) {
        if (task.state != "open" || task.kind == "correct") continue;
        const auto item = std::ranges::find(snapshot.items, task.item, &store::ItemRow::item);
        const auto name = item == snapshot.items.end() ? "住房和城乡建设局" : item->department_name;
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    return names;
}

/// A paper that may come later is all that he has to do meanwhile.
std::string what_is_expected(const CaseSnapshot& snapshot, const catalog::Matter& matter) {
    std::vector<std::string> owed;
    for (const auto& one : owed_papers(snapshot.episodes)) {
        if (!one.due_on) continue;
        owed.push_back(fmt::format("在{}前补交{}", day_in_words(parse_date(*one.due_on).value()),
                                   material_name(matter, one.material_code)));
    }
    return owed.empty() ? "您不用做什么。" : fmt::format("请您{}。", fmt::join(owed, "，"));
}

std::string headline(const CaseSnapshot& snapshot, const catalog::Matter& matter, const clock::Reading& reading) {
    const auto state = parse_application_state(snapshot.procedure.state).value();
    if (has_ended(state)) return std::string(display_name(state, false)) + "。您现在不用做什么。";
    if (snapshot.procedure.correction_opened_at_ms) return "请您补正材料。补正期间不计入审批时限，补齐后我们继续办理。";
    if (find_open(snapshot.episodes, kHold) != nullptr) {
        return "本件暂停办理，事由见下面的经过。暂停期间不计入审批时限，恢复后我们继续办理；" +
               what_is_expected(snapshot, matter);
    }
    const auto names = holders(snapshot);
    const std::string who = names.empty() ? "系统" : fmt::format("{}", fmt::join(names, "、"));
    std::string text = fmt::format("现在由{}办理", who);
    if (reading.due_on) {
        text += fmt::format("，预计{}前办结{}", day_in_words(*reading.due_on),
                            reading.provisional ? "（放假安排未公布，日期为预计）" : "");
    }
    return text + "；" + what_is_expected(snapshot, matter);
}

boost::json::object clock_json(int promised_working_days, const Clocks& clocks) {
    const auto& reading = clocks.statutory;
    boost::json::array segments;
    for (const auto& segment : reading.segments) {
        segments.push_back({{"kind", clock::to_string(segment.kind)},
                            {"from_on", to_string(segment.from_on)},
                            {"through_on", to_string(segment.through_on)}});
    }
    const auto day = [](const auto& date) {
        return date ? boost::json::value(to_string(*date)) : boost::json::value(nullptr);
    };
    return {
        {"budget_working_days", clocks.budget_working_days},
        {"used_working_days", reading.used},
        {"remaining_working_days", reading.remaining},
        {"due_on", day(reading.due_on)},
        {"due_at_ms", or_null(reading.due_at_ms)},
        {"promised_working_days", promised_working_days},
        {"promised_due_on", day(clocks.promised.due_on)},
        {"provisional", reading.provisional},
        {"paused", reading.paused},
        {"light", reading.stopped ? boost::json::value(nullptr) : boost::json::value(clock::to_string(reading.light))},
        {"segments", std::move(segments)}};
}

boost::json::array timeline_json(const CaseSnapshot& snapshot, bool for_applicant) {
    boost::json::array list;
    for (const auto& entry : snapshot.timeline) {
        if (for_applicant && !entry.for_applicant) continue;
        list.push_back({{"at_ms", entry.at_ms},
                        {"kind", entry.kind},
                        {"title", entry.title},
                        {"detail", or_null(entry.detail)},
                        {"actor", for_applicant ? boost::json::value(nullptr) : or_null(entry.actor)}});
    }
    return list;
}

/// The department's own time within the whole.
boost::json::value item_clock_json(const CaseSnapshot& snapshot, const catalog::Item& item,
                                   const calendar::Calendar& calendar, std::int64_t now_ms) {
    const auto ledger = snapshot.item_clocks.find(item.item);
    if (ledger == snapshot.item_clocks.end()) return nullptr;
    const auto reading = read_item_clock(item.working_days, ledger->second, calendar, now_ms);
    if (!reading) return nullptr;
    const auto due_on = reading->due_on ? boost::json::value(to_string(*reading->due_on)) : boost::json::value(nullptr);
    const auto light =
        reading->stopped ? boost::json::value(nullptr) : boost::json::value(clock::to_string(reading->light));
    return boost::json::object{{"budget_working_days", item.working_days},
                               {"used_working_days", reading->used},
                               {"remaining_working_days", reading->remaining},
                               {"due_on", due_on},
                               {"provisional", reading->provisional},
                               {"paused", reading->paused},
                               {"light", light}};
}

boost::json::array episodes_json(const CaseSnapshot& snapshot, const catalog::Matter& matter, bool for_applicant) {
    boost::json::array list;
    for (const auto& one : snapshot.episodes) {
        list.push_back(episode_json(one, snapshot.items, matter, for_applicant));
    }
    return list;
}

boost::json::value withdrawal_asked(const CaseSnapshot& snapshot) {
    const auto found = std::ranges::find_if(
        snapshot.tasks, [](const auto& task) { return task.kind == kWithdrawal && task.state == "open"; });
    return found == snapshot.tasks.end() ? boost::json::value(nullptr) : boost::json::value(found->created_at_ms);
}

const store::SectionReviewRow* edit_of(const store::ItemRow& item, const std::vector<Section>& sections,
                                       const CaseSnapshot& snapshot) {
    const auto section = std::ranges::find(sections, item.item, &Section::section);
    return section == sections.end() ? nullptr : edit_of(snapshot.section_reviews, *section);
}

/// The department's, or the leader's wording of it.
boost::json::value opinion_that_counts(const store::ItemRow& item, const std::vector<Section>& sections,
                                       const CaseSnapshot& snapshot) {
    const auto* edit = edit_of(item, sections, snapshot);
    return edit == nullptr ? or_null(item.opinion) : boost::json::value(edit->wording);
}

/// What the department had written, and who changed it.
boost::json::value edited_json(const store::ItemRow& item, const std::vector<Section>& sections,
                               const CaseSnapshot& snapshot) {
    const auto* edit = edit_of(item, sections, snapshot);
    if (edit == nullptr) return nullptr;
    return boost::json::object{{"original", edit->original}, {"by", edit->actor_name}, {"at_ms", edit->at_ms}};
}

boost::json::array items_json(const CaseSnapshot& snapshot, const catalog::Matter& matter,
                              const calendar::Calendar& calendar, bool for_applicant, std::int64_t now_ms) {
    boost::json::array list;
    const bool ended = has_ended(parse_application_state(snapshot.procedure.state).value());
    const auto clock_of_item = [&](const std::string& name) -> boost::json::value {
        const auto found = std::ranges::find(matter.items(), name, &catalog::Item::item);
        return found == matter.items().end() ? nullptr : item_clock_json(snapshot, *found, calendar, now_ms);
    };
    const auto sections = sections_of(snapshot.items, snapshot.tasks);
    for (const auto& item : snapshot.items) {
        const bool show_opinion = !for_applicant || ended;
        list.push_back({{"item", item.item},
                        {"name", item.name},
                        {"department", item.department},
                        {"department_name", item.department_name},
                        {"state", item.state},
                        {"state_name", display_name(parse_item_state(item.state).value())},
                        {"outcome_label", show_opinion ? or_null(item.outcome_label) : nullptr},
                        {"opinion", show_opinion ? opinion_that_counts(item, sections, snapshot) : nullptr},
                        {"edited", for_applicant ? nullptr : edited_json(item, sections, snapshot)},
                        {"clock", clock_of_item(item.item)},
                        {"legal_basis", item.legal_basis}});
    }
    return list;
}

/// Officers read what is wrong and who mends it; the applicant that he need not do anything.
std::string incident_name(const std::string& what, bool for_applicant) {
    return for_applicant ? "系统处理遇到问题，工作人员会处理，您不用做什么" : what;
}

std::string_view news_name(const std::string& event_type) {
    if (event_type == kLetterDue) return "出具文书";
    if (event_type == kJobCreated) return "出具文书或制作证照";
    if (event_type == kMessageSent || event_type == kMessageAwaited) return "传递消息";
    if (event_type == kSignalThrown || event_type == kSignalDue) return "传递信号";
    if (event_type == applications::kApplicationResubmitted) return "接收补正";
    if (event_type == applications::kWithdrawalRequested) return "撤回申请";
    if (event_type == applications::kWithdrawalTakenBack) return "不再撤回";
    return "后台处理";
}

std::string failing_name(const events::FailingDelivery& failing) {
    const auto& why = failing.last_message.empty() ? failing.last_error : failing.last_message;
    // What is away is tried more often than it is counted.
    const auto* times = failing.parked ? "失败" : "失败至少";
    return fmt::format("“{}”{} {} 次，后面的步骤在等它。{} {}", news_name(failing.event_type), times, failing.failures,
                       why,
                       failing.parked ? "系统已停止重试，请联系系统管理员排除原因，再由科室负责人重试"
                                      : "系统还在重试，一直不好请联系系统管理员");
}

boost::json::object wait_json(std::string_view kind, const std::string& name, std::int64_t since_at_ms) {
    return {{"kind", kind}, {"name", name}, {"since_at_ms", since_at_ms}, {"incident", nullptr}};
}

boost::json::object incident_json(const std::string& name, std::int64_t since_at_ms, Reader reader,
                                  const std::string& incident) {
    auto json = wait_json("incident", incident_name(name, reader.is_applicant), since_at_ms);
    if (reader.may_repair && !incident.empty()) json["incident"] = incident;
    return json;
}

}  // namespace

boost::json::array waiting_json(const CaseSnapshot& snapshot, const std::vector<events::FailingDelivery>& failing,
                                Reader reader) {
    boost::json::array list;
    for (const auto& one : failing) {
        // What is still tried by itself needs nobody.
        const auto incident = one.parked ? one.subscriber + ":" + one.event_id : std::string();
        list.push_back(incident_json(failing_name(one), one.since_at_ms, reader, incident));
    }
    for (const auto& task : snapshot.tasks) {
        if (task.state != "open") continue;
        list.push_back(wait_json(task.kind == "correct" ? "applicant" : "person", task.name, task.created_at_ms));
    }
    const auto state = bpmn::state_from_json(boost::json::parse(snapshot.procedure.instance));
    if (!state) return list;
    const auto waiting = bpmn::waiting_for(*state);
    for (const auto& job : waiting.jobs) list.push_back(wait_json("job", job.element, job.since_ms));
    for (const auto& timer : waiting.timers) list.push_back(wait_json("timer", timer.element, timer.due_at_ms));
    for (const auto& one : waiting.subscriptions) {
        const auto since_at_ms =
            one.token == 0 ? snapshot.procedure.received_at_ms : state->tokens.at(one.token).since_ms;
        list.push_back(wait_json("event", one.name.empty() ? one.element : one.name, since_at_ms));
    }
    for (const auto& one : waiting.incidents) {
        list.push_back(incident_json(one.message, one.since_ms, reader, std::to_string(one.incident)));
    }
    return list;
}

namespace {

boost::json::value correction_json(const CaseSnapshot& snapshot) {
    if (!snapshot.procedure.correction_opened_at_ms) return nullptr;
    return boost::json::object{{"points", points_json(snapshot.points, true)},
                               {"opened_at_ms", *snapshot.procedure.correction_opened_at_ms}};
}

}  // namespace

CaseSnapshot read_case(db::Session& session, store::ProcedureRow procedure) {
    const std::string id = procedure.application_id;
    return {std::move(procedure),
            store::items_of(session, id),
            store::tasks_of(session, id),
            store::clock_of(session, id),
            store::points_of(session, id),
            store::timeline_of(session, id),
            store::returns_of(session, id),
            store::signers_of(session, id),
            store::acts_of(session, id),
            store::episodes_of(session, id),
            store::item_clocks_of(session, id),
            store::section_reviews_of(session, id),
            paper_acts_of(session, id),
            {}};
}

boost::json::array points_json(const std::vector<store::PointRow>& points, bool only_asked) {
    boost::json::array list;
    for (const auto& point : points) {
        if (only_asked && point.state != "asked") continue;
        list.push_back({{"point_id", point.point_id},
                        {"round", point.round},
                        {"item", point.item},
                        {"department_name", point.department_name},
                        {"field", text_or_null(point.field)},
                        {"material_code", text_or_null(point.material_code)},
                        {"what", point.what},
                        {"how_to_mend", point.how_to_mend},
                        {"legal_basis", point.legal_basis},
                        {"state", point.state},
                        {"answer", or_null(point.answer)}});
    }
    return list;
}

boost::json::object progress_json(const catalog::Matter& matter, const catalog::OfficeCalendar& calendar,
                                  const CaseSnapshot& snapshot, const std::vector<events::FailingDelivery>& failing,
                                  Reader reader, std::int64_t now_ms) {
    const auto& procedure = snapshot.procedure;
    const auto time = time_of(calendar, matter, procedure);
    const auto clocks = read_clocks(matter, snapshot.ledger, time, now_ms);
    return {{"application_id", procedure.application_id},
            {"application_number", procedure.application_number},
            {"works_name", procedure.works_name},
            {"state", procedure.state},
            {"state_name", state_name(snapshot)},
            {"turn", turn_of(snapshot)},
            {"round", procedure.round},
            {"headline", headline(snapshot, matter, clocks.statutory)},
            {"clock", clock_json(time.promised_working_days, clocks)},
            {"timeline", timeline_json(snapshot, reader.is_applicant)},
            {"items", items_json(snapshot, matter, time.days, reader.is_applicant, now_ms)},
            {"episodes", episodes_json(snapshot, matter, reader.is_applicant)},
            {"withdrawal_asked_at_ms", withdrawal_asked(snapshot)},
            {"correction", correction_json(snapshot)},
            {"waiting_for", waiting_json(snapshot, failing, reader)},
            {"decision_reason", text_or_null(procedure.decision_reason)},
            {"permit_number", or_null(procedure.permit_number)}};
}

}  // namespace kaigong::approval
