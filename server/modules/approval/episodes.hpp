// What lies over the states of a case (states.md): special procedures (特别程序), holds (挂起), tolerated omissions
// (容缺), extensions of the limit (延长审批期限), a withdrawal that waits for the clerk (撤件), late corrections. Here
// is what they mean for the clock and for who may go on; beginning and ending them is in operations/.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "modules/approval/states.hpp"
#include "modules/approval/store_episodes.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// Kinds of episodes.
inline constexpr std::string_view kSpecialProcedure = "special_procedure";
inline constexpr std::string_view kHold = "hold";
inline constexpr std::string_view kOmission = "tolerated_omission";
inline constexpr std::string_view kSupplement = "supplement";
inline constexpr std::string_view kExtension = "decision_extension";

/// Why a clock stands, beside the kinds above: the applicant corrects (补正), or a department has said what it thinks.
inline constexpr std::string_view kCorrectionPause = "correction";
inline constexpr std::string_view kConcludedPause = "concluded";

/// 特别程序. What 行政许可法 45 names is not counted; a check of the site or a public notice is.
struct ProcedureKind {
    std::string_view code;
    std::string_view zh;
    bool counted = false;
    std::string_view legal_basis;
};
std::span<const ProcedureKind> procedure_kinds();
const ProcedureKind* find_procedure_kind(std::string_view code);

/// Why a hold may stop a case: 法院裁定 and the like.
struct HoldGround {
    std::string_view code;
    std::string_view zh;
};
std::span<const HoldGround> hold_grounds();
const HoldGround* find_hold_ground(std::string_view code);

/// What the catalogue allows (matter.json).
struct EpisodeSettings {
    /// Papers that may come later; never one of a condition of 建筑法 8.
    std::vector<std::string> omittable_materials;
    int omission_working_days_max = 0;
    /// 行政许可法 42; 0 where the law sets a limit of its own that may not be extended.
    int extension_working_days_max = 0;
    std::string no_extension_because;
};
EpisodeSettings episode_settings(const catalog::Matter& matter);

bool is_open(const store::EpisodeRow& episode);
const store::EpisodeRow* find_open(const std::vector<store::EpisodeRow>& episodes, std::string_view kind,
                                   std::string_view item = "");

/// Why the clock of the case stands, as the ledger writes it; empty while it runs. `correction` and `special_procedure`
/// are the two colours of the timeline, a hold is of the second.
std::string_view pause_of_case(bool correction_open, const std::vector<store::EpisodeRow>& episodes);
/// The same of a department's item that is in this state.
std::string_view pause_of_item(ItemState state, std::string_view pause_of_its_case,
                               const std::vector<store::EpisodeRow>& episodes, std::string_view item);

/// Fails with approval.item_waits, saying for what.
Result<void> must_not_wait(const store::ItemRow& item, const std::vector<store::ItemRow>& items,
                           const std::vector<store::EpisodeRow>& episodes, const catalog::Matter& matter);
/// Fails with approval.on_hold.
Result<void> must_not_be_on_hold(const std::vector<store::EpisodeRow>& episodes);

/// Whether a running case may be held, and whether it is extendable; as the acts check it. Fail with
/// approval.event_not_possible, approval.on_hold, approval.work_under_way · approval.extension_not_allowed,
/// approval.event_not_possible, approval.extended_before, approval.extension_too_late.
Result<void> must_be_holdable(const store::ProcedureRow& procedure, const bpmn::State& state,
                              const std::vector<store::EpisodeRow>& episodes);
Result<void> must_be_extendable(const store::ProcedureRow& procedure, const catalog::Matter& matter,
                                const std::vector<store::ClockRow>& ledger, const calendar::Calendar& calendar,
                                std::int64_t now_ms);

/// Items without which this one can't be judged and that have no conclusion yet; names for people.
std::vector<std::string> missing_prerequisites(const store::ItemRow& item, const std::vector<store::ItemRow>& items,
                                               const catalog::Matter& matter);

/// Papers that were tolerated to be missing and that the applicant has not handed in: the supplement order where there
/// is one, else the omission itself.
std::vector<store::EpisodeRow> owed_papers(const std::vector<store::EpisodeRow>& episodes);

/// Its name in the catalogue, or the code itself.
std::string material_name(const catalog::Matter& matter, const std::string& material_code);

boost::json::object episode_json(const store::EpisodeRow& episode, const std::vector<store::ItemRow>& items,
                                 const catalog::Matter& matter, bool for_applicant);

}  // namespace kaigong::approval
