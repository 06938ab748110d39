#include "modules/approval/inbox_view.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>

#include "modules/approval/clock_projection.hpp"
#include "modules/approval/commitments.hpp"
#include "modules/approval/own_day.hpp"
#include "modules/approval/store_cases.hpp"

namespace kaigong::approval {
namespace {

using boost::json::value;

/// What a list shows of the case beside the task.
struct CaseOfRow {
    std::string matter_name;
    clock::Reading reading;
    std::vector<store::OutsideOpinionsRow> outside;
};

using CasesOfRows = std::map<std::string, CaseOfRow>;

Result<CasesOfRows> cases_of(const Surroundings& surroundings, const std::vector<store::TaskRow>& rows,
                             std::int64_t now_ms) {
    std::vector<std::string> ids;
    ids.reserve(rows.size());
    std::map<std::string, std::string> regions;
    for (const auto& row : rows) {
        ids.push_back(row.application_id);
        regions[row.application_id] = row.region_code;
    }
    const auto calendar = surroundings.catalog.calendar();
    return surroundings.database.read([&](db::Session& session) -> Result<CasesOfRows> {
        const auto ledgers = store::clocks_of(session, ids);
        CasesOfRows cases;
        for (const auto& one : store::versions_of(session, ids)) {
            KAIGONG_TRY(matter, surroundings.catalog.load_matter(one.matter_code, one.catalog_version));
            const auto& days = calendar->days_in(regions.at(one.application_id));
            cases[one.application_id] = {
                matter->name(), read_statutory(*matter, ledgers.at(one.application_id), days, now_ms), {}};
        }
        for (auto& one : store::outside_opinions_of(session, ids, now_ms)) {
            cases[one.application_id].outside.push_back(std::move(one));
        }
        return cases;
    });
}

/// What came from outside, or did not, about the item that an open review is of.
store::OutsideOpinionsRow outside_opinions(const store::TaskRow& row, const CaseOfRow& its_case) {
    const auto found = std::ranges::find(its_case.outside, row.item, &store::OutsideOpinionsRow::item);
    const bool is_judged = row.state == "open" && row.kind == to_string(authz::Duty::review);
    return is_judged && found != its_case.outside.end() ? *found : store::OutsideOpinionsRow{};
}

value filled_or_null(const std::optional<std::string>& text) {
    return text && !text->empty() ? value(*text) : value(nullptr);
}

boost::json::object row_json(const store::TaskRow& row, const CaseOfRow& its_case, const operations::Officer& reader,
                             const calendar::Calendar& calendar, std::int64_t now_ms) {
    const auto reading =
        row.kind == kCommitmentCheck ? read_own_day(row.due_at_ms, calendar, now_ms) : its_case.reading;
    const bool runs = row.state == "open" && !reading.stopped;
    const auto outside = outside_opinions(row, its_case);
    return {{"task_id", row.task_id},
            {"application_id", row.application_id},
            {"application_number", row.application_number},
            {"matter_code", row.matter_code},
            {"matter_name", its_case.matter_name},
            {"works_name", row.works_name},
            {"owner_name", row.owner_name},
            {"region_code", row.region_code},
            {"step_name", row.name},
            {"kind", row.kind},
            {"department", row.candidate_group.substr(0, row.candidate_group.find(':'))},
            {"version", row.version},
            {"state", row.state},
            {"due_on", reading.due_on ? value(to_string(*reading.due_on)) : value(nullptr)},
            {"provisional", reading.provisional},
            {"paused", reading.paused},
            {"light", runs ? value(clock::to_string(reading.light)) : value(nullptr)},
            {"remaining_working_days", reading.remaining},
            {"assignee_name", filled_or_null(row.assignee_name)},
            {"assigned_to_me", row.assignee_id == reader.holder().account_id.text},
            {"instead_of", reader.instead_of ? value(reader.instead_of->called) : value(nullptr)},
            {"last_opinion", filled_or_null(row.last_opinion)},
            {"outcome_label", filled_or_null(row.outcome_label)},
            {"outside_answered", outside.answered},
            {"outside_overdue", outside.overdue},
            {"created_at_ms", row.created_at_ms},
            {"completed_at_ms", row.completed_at_ms ? value(*row.completed_at_ms) : value(nullptr)}};
}

}  // namespace

Result<boost::json::array> inbox_rows_json(const Surroundings& surroundings, const std::vector<store::TaskRow>& rows,
                                           const ReaderOf& reader_of, std::int64_t now_ms) {
    KAIGONG_TRY(cases, cases_of(surroundings, rows, now_ms));
    boost::json::array list;
    const auto calendar = surroundings.catalog.calendar();
    for (const auto& row : rows) {
        list.push_back(
            row_json(row, cases.at(row.application_id), reader_of(row), calendar->days_in(row.region_code), now_ms));
    }
    return list;
}

}  // namespace kaigong::approval
