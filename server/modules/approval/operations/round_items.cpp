#include "modules/approval/operations/round_items.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "engine/bpmn/returning.hpp"
#include "modules/approval/operations/reopening.hpp"
#include "modules/approval/round_effects.hpp"
#include "modules/approval/store_round_effects.hpp"
#include "modules/approval/store_task_acts.hpp"
#include "modules/approval/take_back_rules.hpp"

namespace kaigong::approval::operations {
namespace {

using enum RoundEffect;

constexpr const char* kNeeded = "needed";

bool is_named(const std::vector<std::string>& items, const std::string& item) {
    return std::ranges::find(items, item) != items.end();
}

/// What the point is about, asked or to be asked.
bool is_on_change(const catalog::InputChanges& changes, const auto& point) {
    return (!point.field.empty() && changes.touch_field(point.field)) ||
           (!point.material_code.empty() && changes.touch_material(point.material_code));
}

/// One of its points was answered by a change of what the point is about.
bool is_point_answered(const Answered& answered, const catalog::InputChanges& changes, const std::string& item) {
    return std::ranges::any_of(answered.points,
                               [&](const auto& point) { return point.item == item && is_on_change(changes, point); });
}

std::string reason_of(const Answered& answered, const catalog::ItemChange& change) {
    return fmt::format("第 {} 轮补正改动了：{}", answered.changes.round, changes_in_words(change.inputs));
}

/// Something stands before this step, so that it is done again by itself: one department after the other.
bool comes_again(const CaseWork& work, const std::string& element) {
    return std::ranges::any_of(work.state().tokens, [&](const auto& token) {
        return is_named(bpmn::elements_behind(work.process(), token.second.element), element);
    });
}

/// Back to the task by which it was concluded, where the process still can.
Result<RoundEffect> reopen(db::Session& session, CaseWork& work, const Answered& answered,
                           const catalog::ItemChange& change) {
    const OnItem on{work.procedure().application_id, change.item, answered.now_ms};
    const auto concluded = concluding_task(session, on);
    if (!concluded) return not_reopened;
    const auto plan = plan_reopening(work, *concluded);
    if (!plan) return comes_again(work, concluded->element_id) ? reopened : not_reopened;
    if (!work.would_run(plan->move, Writer::office)) return not_reopened;
    KAIGONG_CHECK(open_again(work, on, *plan));
    const auto by = system_performer();
    const auto reason = reason_of(answered, change);
    mark_reopened(session, *concluded, {concluded->task_id, concluded->name, by.name, reason}, answered.now_ms);
    store::append_act(session, {on.application_id,
                                0,
                                concluded->task_id,
                                concluded->version,
                                "reopen",
                                by.account_id,
                                by.name,
                                {},
                                {},
                                {},
                                {},
                                reason,
                                answered.now_ms,
                                {},
                                {},
                                {}});
    return reopened;
}

/// The tasks by which this item is judged.
std::vector<const bpmn::Element*> reviews_of(const CaseWork& work, const std::string& item) {
    std::vector<const bpmn::Element*> found;
    for (const auto& element : work.process().elements()) {
        const auto model =
            element.kind == bpmn::Kind::user_task ? read_task_model(element) : Result<TaskModel>(Error{});
        if (model && model->kind == "review" && model->item == item) found.push_back(&element);
    }
    return found;
}

/// All others have concluded: back to it from the step that the case stands at now.
std::optional<bpmn::MoveTokens> way_back_to(const CaseWork& work, const std::string& item) {
    for (const auto* review : reviews_of(work, item)) {
        const auto token = standing_behind(work.process(), work.state(), review->id);
        if (!token) continue;
        auto move = bpmn::plan_return(work.process(), work.state(), *token, review->id, bpmn::Onward::again, kNeeded);
        if (move && work.would_run(*move, Writer::office)) return std::move(*move);
    }
    return std::nullopt;
}

/// The branch of another department waits at a join behind it: that one stays joined, and the way begins once more at
/// the task.
std::optional<bpmn::MoveTokens> way_into(const CaseWork& work, const std::string& item) {
    for (const auto* review : reviews_of(work, item)) {
        const auto& element = *review;
        const auto behind = bpmn::elements_behind(work.process(), element.id);
        for (const auto& [number, token] : work.state().tokens) {
            if (token.phase != bpmn::Phase::joining || !is_named(behind, token.element)) continue;
            bpmn::MoveTokens move{{number}, element.id, kNeeded, {token.flow}, {}};
            if (work.would_run(move, Writer::office)) return move;
        }
    }
    return std::nullopt;
}

/// Before acceptance the process begins it by itself; later only where it can still be put beside the others.
Result<RoundEffect> open_new(CaseWork& work, const std::string& item) {
    if (work.application_state() == ApplicationState::submitted) {
        KAIGONG_CHECK(work.apply_item_event(item, "become_needed"));
        return opened;
    }
    KAIGONG_CHECK(work.apply_item_event(item, "become_needed"));
    const auto way = way_into(work, item);
    if (!way) return not_opened;
    KAIGONG_CHECK(work.run(*way, Writer::office));
    return opened;
}

Result<RoundEffect> carry_out(db::Session& session, CaseWork& work, const Answered& answered,
                              const catalog::ItemChange& change, RoundEffect effect) {
    switch (effect) {
        case reopened: return reopen(session, work, answered, change);
        case opened: return open_new(work, change.item);
        case no_longer_needed: KAIGONG_CHECK(work.apply_item_event(change.item, "mark_not_applicable")); break;
        case review_resumed:
        case answered_in_words: KAIGONG_CHECK(work.apply_item_event(change.item, "points_answered")); break;
        default: break;
    }
    return effect;
}

/// One line of the timeline for all items with the same effect, which officers read.
void tell(CaseWork& work, RoundEffect effect, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    work.note("round_" + std::string(to_string(effect)), std::string(words_of(effect)),
              fmt::format("{}", fmt::join(lines, "\n")), false);
}

/// In plain words for the applicant: who looks again, and who does not.
void tell_applicant(CaseWork& work, const std::vector<std::string>& again, const std::vector<std::string>& kept) {
    std::vector<std::string> said;
    if (!again.empty()) said.push_back(fmt::format("需要看改动的：{}。", fmt::join(again, "；")));
    if (!kept.empty()) said.push_back(fmt::format("没有改动与它有关的内容、不用重新看的：{}。", fmt::join(kept, "、")));
    if (said.empty()) return;
    work.note("round_effects", "您的补正涉及哪些部门", fmt::format("{}", fmt::join(said, "\n")), true);
}

std::string json_of(const std::vector<std::string>& list) {
    return boost::json::serialize(boost::json::value_from(list));
}

std::vector<std::string> list_of(const std::string& json) {
    return boost::json::value_to<std::vector<std::string>>(boost::json::parse(json));
}

/// It is needed since this round: its department looks for the first time.
bool is_new_to_case(db::Session& session, const store::ProcedureRow& procedure, const std::string& item) {
    return std::ranges::any_of(store::round_effects_of(session, procedure.application_id),
                               [&](const store::RoundEffectRow& one) {
                                   return one.round == procedure.round && one.item == item &&
                                          (one.effect == to_string(opened) || one.effect == to_string(not_opened));
                               });
}

/// The department asked for this place before, and the answer did not change it: asking again is nothing new.
bool is_told_before(const std::vector<store::PointRow>& told, const std::string& item, const NewPoint& point) {
    return std::ranges::any_of(told, [&](const store::PointRow& before) {
        return before.state == "answered" && before.item == item &&
               ((!point.field.empty() && before.field == point.field) ||
                (!point.material_code.empty() && before.material_code == point.material_code));
    });
}

}  // namespace

Result<void> settle_items(db::Session& session, CaseWork& work, const Answered& answered) {
    const auto& id = work.procedure().application_id;
    const auto changes = answered.changes.inputs();
    store::insert_round_changes(
        session, {id, answered.changes.round, json_of(changes.fields), json_of(changes.materials), answered.now_ms});
    const bool is_accepted = work.application_state() != ApplicationState::submitted;
    std::map<RoundEffect, std::vector<std::string>> told;
    std::vector<std::string> again;
    std::vector<std::string> kept;
    for (const auto& change : work.matter().item_changes(changes)) {
        const auto item = std::ranges::find(work.items(), change.item, &store::ItemRow::item);
        if (item == work.items().end()) continue;
        const auto name = item->name;
        const bool is_changed = !change.inputs.empty() || is_point_answered(answered, changes, change.item);
        const auto wanted = effect_on({parse_item_state(item->state).value(), is_accepted, is_changed,
                                       is_named(answered.changes.items_needed, change.item),
                                       is_named(answered.changes.items_not_needed, change.item)});
        if (!wanted) continue;
        KAIGONG_TRY(effect, carry_out(session, work, answered, change, *wanted));
        store::insert_round_effect(session, {id, answered.changes.round, change.item, std::string(to_string(effect))});
        const auto why = change.inputs.empty() ? name : name + "：" + changes_in_words(change.inputs);
        told[effect].push_back(why);
        if (is_changed) again.push_back(why);
        if (effect == conclusion_kept || effect == unchanged_before_review) kept.push_back(name);
    }
    for (const auto& [effect, lines] : told) tell(work, effect, lines);
    tell_applicant(work, again, kept);
    return {};
}

Result<void> open_items_that_waited(db::Session& session, CaseWork& work) {
    for (auto effect : work.items_not_opened()) {
        const bool all_concluded = work.application_state() == ApplicationState::awaiting_decision;
        const auto way = all_concluded ? way_back_to(work, effect.item) : way_into(work, effect.item);
        if (!way) continue;
        if (all_concluded) KAIGONG_CHECK(work.apply_application_event("return_to_item"));
        KAIGONG_CHECK(work.run(*way, Writer::office));
        effect.effect = to_string(opened);
        store::change_round_effect(session, effect);
        const auto item = std::ranges::find(work.items(), effect.item, &store::ItemRow::item);
        work.note("round_opened", std::string(words_of(opened)), item->name, false);
    }
    return {};
}

boost::json::array required_items_of(const CaseWork& work) {
    boost::json::array list;
    for (const auto& item : work.items()) {
        if (item.state != to_string(ItemState::not_applicable)) list.emplace_back(item.item);
    }
    return list;
}

Result<void> points_must_be_on_changes(db::Session& session, const CaseWork& work, const std::string& item,
                                       const std::vector<NewPoint>& points) {
    const auto& procedure = work.procedure();
    if (points.empty() || procedure.round < 2 || is_new_to_case(session, procedure, item)) return {};
    const auto row = store::find_round_changes(session, procedure.application_id, procedure.round);
    if (!row) return {};
    const catalog::InputChanges changes{list_of(row->fields), list_of(row->materials)};
    const auto told = store::points_of(session, procedure.application_id);
    for (const auto& point : points) {
        if (point.field.empty() && point.material_code.empty()) {
            return invalid_field("points", "approval.point_without_place",
                                 fmt::format("“{}”没有指明字段或材料：第 {} 轮只能就改动过的内容提要求，请选择它涉及的"
                                             "字段或材料。",
                                             point.what, procedure.round));
        }
        if (is_on_change(changes, point) || is_told_before(told, item, point)) continue;
        return invalid_field(
            "points", "approval.point_on_unchanged",
            fmt::format("“{}”涉及的内容在第 {} 轮补正中没有改动：已经一次告知过，不能再提新的要求（行政许可法 "
                        "32(4)）。确实当时看不出的，请部门负责人在审查中要求补正并写明理由。",
                        point.what, procedure.round));
    }
    return {};
}

}  // namespace kaigong::approval::operations
