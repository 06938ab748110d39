#include "modules/approval/episodes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/json_members.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/commitments.hpp"

namespace kaigong::approval {
namespace {

constexpr std::string_view kArticle45 = "行政许可法 45";

constexpr std::array kProcedureKinds{
    ProcedureKind{"hearing", "听证", false, "行政许可法 45、46–48"},
    ProcedureKind{"expert_review", "专家评审", false, kArticle45},
    ProcedureKind{"testing", "检测", false, kArticle45},
    ProcedureKind{"inspection", "检验", false, kArticle45},
    ProcedureKind{"quarantine", "检疫", false, kArticle45},
    ProcedureKind{"appraisal", "鉴定", false, kArticle45},
    ProcedureKind{"site_check", "现场勘验", true, "行政许可法 34"},
    ProcedureKind{"public_notice", "公示", true, "行政许可法 46"},
};

constexpr std::array kHoldGrounds{
    HoldGround{"court", "人民法院裁定或者协助执行"},
    HoldGround{"police", "公安、监察机关立案，要求暂停办理"},
    HoldGround{"dispute", "权属、规划等争议待有权机关处理"},
    HoldGround{"force_majeure", "不可抗力"},
    HoldGround{"superior", "上级机关书面要求"},
};

template <class Rows>
auto* find_code(const Rows& rows, std::string_view code) {
    const auto found = std::ranges::find(rows, code, [](const auto& row) { return row.code; });
    return found == rows.end() ? nullptr : &*found;
}

std::vector<std::string> texts_at(const boost::json::object& of, std::string_view name) {
    std::vector<std::string> texts;
    const auto* list = of.if_contains(name);
    if (list == nullptr || !list->is_array()) return texts;
    for (const auto& one : list->get_array()) texts.emplace_back(one.as_string());
    return texts;
}

int days_at(const boost::json::object& of) {
    const auto* days = of.if_contains("working_days_max");
    return days == nullptr ? 0 : static_cast<int>(days->as_int64());
}

std::string name_of_item(const std::vector<store::ItemRow>& items, const std::string& item) {
    const auto found = std::ranges::find(items, item, &store::ItemRow::item);
    return found == items.end() ? item : found->name;
}

std::string_view name_of_kind(const store::EpisodeRow& episode) {
    if (episode.kind == kSpecialProcedure) return find_procedure_kind(episode.procedure_kind)->zh;
    if (episode.kind == kHold) return "暂停办理";
    if (episode.kind == kSupplement) return "责令补充材料";
    if (episode.kind == kCommitment) return "告知承诺";
    return episode.kind == kOmission ? "容缺受理" : "延长审批期限";
}

bool is_concluded(const store::ItemRow& item) {
    const auto state = parse_item_state(item.state).value();
    return state != ItemState::not_started && state != ItemState::waiting_prerequisite &&
           state != ItemState::in_review && state != ItemState::needs_correction &&
           state != ItemState::special_procedure;
}

}  // namespace

std::span<const ProcedureKind> procedure_kinds() {
    return kProcedureKinds;
}

const ProcedureKind* find_procedure_kind(std::string_view code) {
    return find_code(kProcedureKinds, code);
}

std::span<const HoldGround> hold_grounds() {
    return kHoldGrounds;
}

const HoldGround* find_hold_ground(std::string_view code) {
    return find_code(kHoldGrounds, code);
}

EpisodeSettings episode_settings(const catalog::Matter& matter) {
    EpisodeSettings settings;
    if (const auto* omissions = matter.settings().if_contains("tolerated_omission")) {
        settings.omittable_materials = texts_at(omissions->as_object(), "materials");
        settings.omission_working_days_max = days_at(omissions->as_object());
    }
    settings.no_extension_because = "本事项没有设定可以延长的期限";
    if (const auto* extension = matter.settings().if_contains("decision_extension")) {
        settings.extension_working_days_max = days_at(extension->as_object());
        const auto* why_not = extension->as_object().if_contains("not_allowed_because");
        if (why_not != nullptr) settings.no_extension_because = std::string(why_not->as_string());
    }
    return settings;
}

bool is_open(const store::EpisodeRow& episode) {
    return episode.state == "open";
}

const store::EpisodeRow* find_open(const std::vector<store::EpisodeRow>& episodes, std::string_view kind,
                                   std::string_view item) {
    const auto found = std::ranges::find_if(episodes, [&](const store::EpisodeRow& one) {
        return is_open(one) && one.kind == kind && (item.empty() || one.item == item);
    });
    return found == episodes.end() ? nullptr : &*found;
}

std::vector<store::EpisodeRow> owed_papers(const std::vector<store::EpisodeRow>& episodes) {
    std::vector<store::EpisodeRow> owed;
    for (const auto& omission : episodes) {
        if (omission.kind != kOmission || !is_open(omission)) continue;
        const auto order = std::ranges::find_if(episodes, [&](const store::EpisodeRow& one) {
            return one.kind == kSupplement && is_open(one) && one.material_code == omission.material_code;
        });
        const auto& asks = order == episodes.end() ? omission : *order;
        if (!asks.result) owed.push_back(asks);
    }
    for (const auto& order : episodes) {
        const bool follows_omission = std::ranges::any_of(episodes, [&](const store::EpisodeRow& one) {
            return one.kind == kOmission && is_open(one) && one.material_code == order.material_code;
        });
        if (order.kind == kSupplement && is_open(order) && !order.result && !follows_omission) owed.push_back(order);
    }
    return owed;
}

std::string_view pause_of_case(bool correction_open, const std::vector<store::EpisodeRow>& episodes) {
    if (correction_open) return kCorrectionPause;
    if (find_open(episodes, kHold) != nullptr) return kHold;
    const bool not_counted = std::ranges::any_of(episodes, [](const store::EpisodeRow& one) {
        return is_open(one) && one.kind == kSpecialProcedure && !find_procedure_kind(one.procedure_kind)->counted;
    });
    return not_counted ? kSpecialProcedure : "";
}

std::string_view pause_of_item(ItemState state, std::string_view pause_of_its_case,
                               const std::vector<store::EpisodeRow>& episodes, std::string_view item) {
    if (state == ItemState::needs_correction) return kCorrectionPause;
    if (state == ItemState::special_procedure) {
        const auto* episode = find_open(episodes, kSpecialProcedure, item);
        const bool counted = episode != nullptr && find_procedure_kind(episode->procedure_kind)->counted;
        return counted ? std::string_view() : kSpecialProcedure;
    }
    if (state != ItemState::in_review) return kConcludedPause;
    return pause_of_its_case == kHold ? kHold : std::string_view();
}

Result<void> must_be_holdable(const store::ProcedureRow& procedure, const bpmn::State& state,
                              const std::vector<store::EpisodeRow>& episodes) {
    KAIGONG_CHECK(must_not_be_on_hold(episodes));
    const auto its = parse_application_state(procedure.state).value();
    const bool correcting = procedure.correction_opened_at_ms.has_value();
    if (its != ApplicationState::accepted || correcting) {
        return error(Errc::conflict, "approval.event_not_possible",
                     fmt::format("当前是“{}”，只有审查中的办件可以暂停办理。", display_name(its, correcting)));
    }
    // What is being made now would find nobody to give it to.
    if (bpmn::waiting_for(state).jobs.empty()) return {};
    return error(Errc::conflict, "approval.work_under_way", "系统正在出具文书，几秒后再试一次即可。");
}

Result<void> must_be_extendable(const store::ProcedureRow& procedure, const catalog::Matter& matter,
                                const std::vector<store::ClockRow>& ledger, const calendar::Calendar& calendar,
                                std::int64_t now_ms) {
    const auto settings = episode_settings(matter);
    if (settings.extension_working_days_max == 0) {
        return error(Errc::conflict, "approval.extension_not_allowed",
                     fmt::format("本事项的审批期限不能延长：{}。", settings.no_extension_because));
    }
    const auto state = parse_application_state(procedure.state).value();
    if (state != ApplicationState::accepted && state != ApplicationState::awaiting_decision) {
        return error(Errc::conflict, "approval.event_not_possible", "受理之后、作出决定之前才能延长审批期限。");
    }
    if (std::ranges::find(ledger, kExtendEntry, &store::ClockRow::kind) != ledger.end()) {
        return error(Errc::conflict, "approval.extended_before", "审批期限只能延长一次，本件已经延长过。");
    }
    if (read_statutory(matter, ledger, calendar, now_ms).overdue) {
        return error(Errc::conflict, "approval.extension_too_late", "法定期限已经届满，不能再延长。请尽快作出决定。");
    }
    return {};
}

std::vector<std::string> missing_prerequisites(const store::ItemRow& item, const std::vector<store::ItemRow>& items,
                                               const catalog::Matter& matter) {
    std::vector<std::string> missing;
    const auto found = std::ranges::find(matter.items(), item.item, &catalog::Item::item);
    if (found == matter.items().end()) return missing;
    for (const auto& other : items) {
        const bool comes_first = std::ranges::find(found->prerequisites, other.item) != found->prerequisites.end();
        if (comes_first && !is_concluded(other)) missing.push_back(other.name);
    }
    return missing;
}

Result<void> must_not_wait(const store::ItemRow& item, const std::vector<store::ItemRow>& items,
                           const std::vector<store::EpisodeRow>& episodes, const catalog::Matter& matter) {
    const auto waits = [](std::string text) { return error(Errc::conflict, "approval.item_waits", std::move(text)); };
    const auto state = parse_item_state(item.state).value();
    if (state == ItemState::special_procedure) {
        const auto* episode = find_open(episodes, kSpecialProcedure, item.item);
        return waits(fmt::format("{}还没有结束，不能作出结论。请先登记结果，再结束特别程序。",
                                 episode == nullptr ? "特别程序" : name_of_kind(*episode)));
    }
    if (state == ItemState::needs_correction) return waits("正在等申请人补正，收到后才能作出结论。");
    if (state == ItemState::waiting_prerequisite) {
        return waits(fmt::format("要等“{}”审查结束后才能作出结论。",
                                 fmt::join(missing_prerequisites(item, items, matter), "”“")));
    }
    return {};
}

Result<void> must_not_be_on_hold(const std::vector<store::EpisodeRow>& episodes) {
    const auto* hold = find_open(episodes, kHold);
    if (hold == nullptr) return {};
    return error(Errc::conflict, "approval.on_hold",
                 fmt::format("本件已由{}暂停办理（{}）。恢复办理后再进行这一步。", hold->begun_by,
                             find_hold_ground(hold->procedure_kind)->zh));
}

std::string material_name(const catalog::Matter& matter, const std::string& material_code) {
    for (const auto& one : matter.material_list()) {
        const auto& material = one.as_object();
        if (material.at("material_code").as_string() == material_code)
            return std::string(material.at("name").as_string());
    }
    return material_code;
}

boost::json::object episode_json(const store::EpisodeRow& episode, const std::vector<store::ItemRow>& items,
                                 const catalog::Matter& matter, bool for_applicant) {
    const auto* procedure = find_procedure_kind(episode.procedure_kind);
    const auto* ground = find_hold_ground(episode.procedure_kind);
    const bool beside = episode.kind == kOmission || episode.kind == kCommitment;
    const bool counted = beside || (procedure != nullptr && procedure->counted);
    boost::json::object json{
        {"episode_no", episode.episode_no},
        {"kind", episode.kind},
        {"name", name_of_kind(episode)},
        {"procedure_kind", text_or_null(episode.procedure_kind)},
        {"ground", ground == nullptr ? boost::json::value(nullptr) : boost::json::value(ground->zh)},
        {"counted", counted},
        {"item", text_or_null(episode.item)},
        {"item_name",
         episode.item.empty() ? boost::json::value(nullptr) : boost::json::value(name_of_item(items, episode.item))},
        {"material_code", text_or_null(episode.material_code)},
        {"material_name", episode.material_code.empty()
                              ? boost::json::value(nullptr)
                              : boost::json::value(material_name(matter, episode.material_code))},
        {"reason", episode.reason},
        {"legal_basis", episode.legal_basis},
        {"working_days", episode.working_days},
        {"due_on", or_null(episode.due_on)},
        {"state", episode.state},
        {"begun_at_ms", episode.begun_at_ms},
        {"begun_by", for_applicant ? boost::json::value(nullptr) : boost::json::value(episode.begun_by)},
        {"ended_at_ms", or_null(episode.ended_at_ms)},
        {"ended_by", for_applicant ? boost::json::value(nullptr) : or_null(episode.ended_by)},
        {"result", or_null(episode.result)}};
    if (const auto* terms = find_terms(matter, episode.material_code);
        terms != nullptr && episode.kind == kCommitment) {
        json["terms"] = *terms;
    }
    return json;
}

}  // namespace kaigong::approval
