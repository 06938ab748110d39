#include <algorithm>

#include "modules/approval/clock_projection.hpp"
#include "modules/approval/event_texts.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {
namespace {

store::ProcedureRow new_procedure(const applications::Filing& filing, const IntakeDue& intake,
                                  int promised_working_days) {
    store::ProcedureRow row;
    row.application_id = filing.application_id.text;
    row.application_number = filing.application_number;
    row.matter_code = filing.matter_code;
    row.catalog_version = filing.catalog_version;
    row.region_code = filing.region_code;
    row.applicant_account_id = filing.applicant_account_id;
    row.owner_credit_code = filing.owner_credit_code;
    row.owner_name = filing.owner_name;
    row.works_name = filing.works_name;
    row.state = to_string(ApplicationState::submitted);
    row.round = filing.round;
    row.received_at_ms = filing.received_at_ms;
    row.intake_due_at_ms = intake.at_ms;
    row.promised_working_days = promised_working_days;
    return row;
}

void insert_items(db::Session& session, const catalog::Matter& matter, const applications::Filing& filing) {
    for (const auto& item : matter.items()) {
        const bool required = std::ranges::find(filing.required_items, item.item) != filing.required_items.end();
        const auto state = required ? ItemState::not_started : ItemState::not_applicable;
        store::insert_item(session, {filing.application_id.text,
                                     item.item,
                                     item.name,
                                     item.department,
                                     item.department_name,
                                     item.legal_basis,
                                     std::string(to_string(state)),
                                     {},
                                     {},
                                     {},
                                     {},
                                     {}});
    }
}

}  // namespace

Result<void> open_procedure(db::Session& session, const Surroundings& surroundings, const applications::Filing& filing,
                            std::int64_t now_ms) {
    KAIGONG_TRY(matter, surroundings.catalog.load_matter(filing.matter_code, filing.catalog_version));
    const auto calendar = surroundings.catalog.calendar();
    const auto intake = intake_due(*matter, calendar->days_in(filing.region_code), filing.received_at_ms);
    // What was promised when it was filed: later promises are those of later applications.
    const int promised = surroundings.catalog.promised_working_days(*matter, filing.region_code);
    if (!store::insert_procedure(session, new_procedure(filing, intake, promised))) return {};
    insert_items(session, *matter, filing);
    store::insert_clock(session, filing.application_id.text,
                        {1, std::string(clock::to_string(clock::Act::start)), "receipt", filing.received_at_ms});
    KAIGONG_TRY(work, open_case(session, surroundings, filing.application_id.text, system_performer(), now_ms));
    const auto text = text_of_event("submit");
    work.note("submit", std::string(text.title), std::string(text.detail), true);
    boost::json::array items;
    for (const auto& item : filing.required_items) items.emplace_back(item);
    boost::json::array rules;
    for (const auto& rule : filing.blocking_rules) rules.emplace_back(rule);
    KAIGONG_CHECK(work.run(bpmn::Start{{{"application_id", filing.application_id.text},
                                        {"region_code", filing.region_code},
                                        {"required_items", std::move(items)},
                                        {"findings_block", std::move(rules)},
                                        {"intake_due_at", office_instant(intake.at_ms)}}},
                           Writer::office));
    work.audit("approval.open_procedure", "收到申请，流程开始");
    return work.save();
}

}  // namespace kaigong::approval::operations
