// 告知承诺 (优化营商环境条例 40; states.md A25, A26): materials that the applicant promises instead of proving them.
// Each is an episode: `chosen` with the filing, `open` from the acceptance on, `ended` when its check after the grant
// found it true, `failed` when false; no clock stands still for it. What has to be told in full is in the catalogue
// (materials.json, `commitment`).
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "modules/applications/applications.hpp"
#include "modules/approval/store_episodes.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

class CaseWork;

/// Kind of the episode.
inline constexpr std::string_view kCommitment = "commitment";
inline constexpr std::string_view kChosen = "chosen";
inline constexpr std::string_view kFailed = "failed";

/// Kind of the task beside the process by which a department checks it, and its outcomes (asides.hpp).
inline constexpr std::string_view kCommitmentCheck = "commitment_check";
inline constexpr std::string_view kCommitmentTrue = "commitment_true";
inline constexpr std::string_view kCommitmentFalse = "commitment_false";

/// What was told, as in materials.json; null where this material can't be promised.
const boost::json::object* find_terms(const catalog::Matter& matter, std::string_view material_code);
/// Within how many the paper must come after all when what was promised proved false.
int supplement_working_days(const catalog::Matter& matter);

/// Items of which a material is promised and not yet checked; `committed_items` of an outcome's `when`.
std::vector<std::string> items_with_commitments(const std::vector<store::EpisodeRow>& episodes);

/// Materials that a filing promises. Of papers that are asked: what nobody needs to prove nobody needs to promise.
std::vector<std::string> promised_materials(const applications::Submission& submission);

/// Takes over what this filing promises: a paper that came after all ends its promise. Of an accepted case new ones
/// begin at once.
void follow_filing(db::Session& session, CaseWork& work, const applications::Submission& submission);
/// With the acceptance: what was chosen is open, and the letter (告知承诺书) is due.
void begin_commitments(db::Session& session, CaseWork& work);
/// With the grant: the clock of each check begins (states.md §6 commitment_check_due_on), and its department has a
/// task.
void begin_commitment_checks(db::Session& session, CaseWork& work, std::int64_t now_ms);

}  // namespace kaigong::approval
