// Cases as officers worked on them, for trying a changed process on them, and those that are named to nobody then; see
// PastProcedures and RestrictedCases in catalog.hpp.
#include <array>

#include "base/civil_date.hpp"
#include "modules/approval/approval.hpp"
#include "modules/approval/store_past.hpp"

namespace kaigong::approval {
namespace {

using catalog::PastProcedure;

/// Nobody writes these again, so a case still has them as it began.
constexpr std::array<std::string_view, 5> kGivenAtStart{"application_id", "region_code", "required_items",
                                                        "findings_block", "intake_due_at"};

boost::json::object variables_at_start(const std::string& instance) {
    boost::json::object given;
    const auto json = boost::json::parse(instance);
    const auto* variables = json.as_object().if_contains("variables");
    if (variables == nullptr || !variables->is_object()) return given;
    for (const auto name : kGivenAtStart) {
        if (const auto* held = variables->get_object().if_contains(name)) given[name] = *held;
    }
    return given;
}

class PastInTables final : public catalog::PastProcedures {
  public:
    explicit PastInTables(db::Database& database) : database_(database) {}

    Result<std::int64_t> count(const std::string& matter_code, std::int64_t since_ms) override {
        return database_.read([&](db::Session& session) { return store::count_past(session, matter_code, since_ms); });
    }

    Result<std::vector<PastProcedure>> page(const std::string& matter_code, std::int64_t since_ms,
                                            const std::string& after, int limit) override {
        return database_.read([&](db::Session& session) {
            std::vector<PastProcedure> cases;
            for (const auto& row : store::past_page(session, matter_code, since_ms, after, limit)) {
                cases.push_back(past_of(session, row));
            }
            return cases;
        });
    }

  private:
    static PastProcedure past_of(db::Session& session, const store::PastRow& row) {
        PastProcedure past{row.application_id,
                           row.application_number,
                           row.works_name,
                           row.owner_name,
                           to_string(office_date(row.received_at_ms)),
                           row.received_at_ms,
                           variables_at_start(row.instance),
                           {}};
        for (auto& step : store::past_steps(session, row.application_id)) {
            past.steps.push_back({std::move(step.element_id), std::move(step.outcome)});
        }
        return past;
    }

    db::Database& database_;
};

class RestrictedInTables final : public catalog::RestrictedCases {
  public:
    explicit RestrictedInTables(db::Database& database) : database_(database) {}

    Result<std::vector<std::string>> of_matter(const std::string& matter_code) override {
        return database_.read([&](db::Session& session) { return store::restricted_of(session, matter_code); });
    }

  private:
    db::Database& database_;
};

}  // namespace

std::unique_ptr<catalog::RestrictedCases> make_restricted_cases(db::Database& database) {
    return std::make_unique<RestrictedInTables>(database);
}

std::unique_ptr<catalog::PastProcedures> make_past_procedures(db::Database& database) {
    return std::make_unique<PastInTables>(database);
}

}  // namespace kaigong::approval
