// Filed cases as the rules see them, for trying changed rules on them.
#include "modules/applications/personal_fields.hpp"
#include "modules/applications/service.hpp"
#include "modules/applications/stored_lists.hpp"

namespace kaigong::applications {
namespace {

std::vector<std::string> committed_in(const std::string& materials) {
    std::vector<std::string> codes;
    const auto parsed = boost::json::parse(materials);
    for (const auto& one : parsed.as_array()) {
        if (one.at("committed").as_bool()) codes.emplace_back(one.at("material_code").as_string());
    }
    return codes;
}

}  // namespace

Result<std::int64_t> ApplicationService::count_filed(const std::string& matter_code, std::int64_t since_ms) {
    return parts_.database.read(
        [&](db::Session& session) { return store::count_filed(session, matter_code, since_ms); });
}

/// What rules ask about an open correction is not kept with a round: those two rules see none.
Result<catalog::PastCase> ApplicationService::past_case(const store::FiledRow& row) {
    KAIGONG_TRY(matter, parts_.catalog.load_matter(row.matter_code, row.catalog_version));
    const auto filed_on = office_date(row.submitted_at_ms);
    catalog::PastCase past{row.application_id, row.application_number, row.works_name,
                           row.owner_name,     to_string(filed_on),    {}};
    auto& input = past.input;
    input.form = boost::json::parse(row.form).as_object();
    KAIGONG_CHECK(
        open_personal(parts_.key_ring, matter->personal_paths(), round_row(row.application_id, row.round), input.form));
    input.today = filed_on;
    input.round = static_cast<int>(row.round);
    input.applicant_credit_code = row.credit_code;
    input.applicant_is_owner_himself = is_owner_himself(*matter, input.form, row.account_id);
    input.region_code = row.region_code;
    input.committed = committed_in(row.materials);
    input.changed_fields = list_of_text(row.changed_fields);
    return past;
}

Result<std::vector<catalog::PastCase>> ApplicationService::filed_cases(const std::string& matter_code,
                                                                       std::int64_t since_ms, const std::string& after,
                                                                       int limit) {
    std::vector<Papers> papers;
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        auto page = store::filed_page(session, matter_code, since_ms, after, limit);
        papers.clear();
        for (const auto& row : page) papers.push_back(parts_.documents.documents_of(session, row.application_id));
        return page;
    }));
    std::vector<catalog::PastCase> cases;
    cases.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        KAIGONG_TRY(past, past_case(rows[i]));
        for (const auto& paper : papers[i]) {
            // Those of a round that is open now were not filed yet.
            if (paper.superseded || paper.round == 0) continue;
            past.input.files.push_back({paper.material_code, paper.file_name, paper.sha256});
        }
        cases.push_back(std::move(past));
    }
    return cases;
}

}  // namespace kaigong::applications
