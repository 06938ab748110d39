// What pages show of a case, as JSON by openapi.yaml. Reads only.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "authz/exclusion.hpp"
#include "authz/permissions.hpp"
#include "authz/two_person.hpp"
#include "events/dispatcher.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_episodes.hpp"
#include "modules/approval/store_section_reviews.hpp"
#include "modules/approval/store_task_acts.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// Everything of one case, read on one snapshot.
struct CaseSnapshot {
    store::ProcedureRow procedure;
    std::vector<store::ItemRow> items;
    std::vector<store::TaskRow> tasks;
    std::vector<store::ClockRow> ledger;
    std::vector<store::PointRow> points;
    std::vector<store::TimelineRow> timeline;
    std::vector<store::ReturnRow> returns;
    std::vector<store::SignerRow> signers;
    std::vector<store::ActRow> acts;
    std::vector<store::EpisodeRow> episodes;
    std::map<std::string, std::vector<store::ClockRow>> item_clocks;
    std::vector<store::SectionReviewRow> section_reviews;
    /// 补录 that waits, or waited, for who is named in it; the newest first.
    std::vector<authz::two_person::Proposal> paper_acts;
    /// Of pages that offer acts, which ask who has to keep out of the case; not read with the rest.
    authz::Applicant applicant = {};
};
CaseSnapshot read_case(db::Session& session, store::ProcedureRow procedure);

/// For whom the progress is told.
struct Reader {
    bool is_applicant = false;  ///< leaves out what is between officers
    bool may_repair = false;    ///< gets the names by which incidents are tried again
};

/// Progress of contract.
boost::json::object progress_json(const catalog::Matter& matter, const catalog::OfficeCalendar& calendar,
                                  const CaseSnapshot& snapshot, const std::vector<events::FailingDelivery>& failing,
                                  Reader reader, std::int64_t now_ms);

/// What the case waits for, with what failed behind it.
boost::json::array waiting_json(const CaseSnapshot& snapshot, const std::vector<events::FailingDelivery>& failing,
                                Reader reader);

/// The points of the correction that is open, or was last.
boost::json::array points_json(const std::vector<store::PointRow>& points, bool only_asked);

}  // namespace kaigong::approval
