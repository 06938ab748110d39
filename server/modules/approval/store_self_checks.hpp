// Tables of the self-check: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"

namespace kaigong::approval::store {

struct CheckRow {
    std::string check_id;
    std::optional<std::string> night;
    std::string started_by;
    std::int64_t started_at_ms = 0;
    std::string state;  ///< running, done
    std::int64_t page_no = 0;
    std::string after_id;
    std::int64_t case_count = 0;
    std::int64_t looked_at = 0;
    std::int64_t found = 0;
    std::optional<std::int64_t> ended_at_ms;
};

struct FindingRow {
    std::string check_id;
    std::string finding_id;
    std::string application_id;
    std::string application_number;
    std::string works_name;
    std::string region_code;
    std::string kind;  ///< nobody_in_group, holder_left, task_missing, waits_for_nothing
    std::optional<std::string> task_id;
    std::optional<std::string> task_name;
    std::optional<std::string> department;
    std::optional<std::string> role;
    std::optional<std::string> holder_name;
};

/// False when there is one of that night.
[[nodiscard]] bool insert_check(db::Session& session, const CheckRow& row);
bool has_check_of_night(db::Session& session, const std::string& night);
std::optional<CheckRow> running_check(db::Session& session);
std::optional<CheckRow> find_check(db::Session& session, const std::string& check_id);
/// The newest first.
std::vector<CheckRow> checks_before(db::Session& session, std::int64_t before_ms, int limit);
/// Living cases, counted no further than `count_max`.
std::int64_t count_living(db::Session& session, std::int64_t count_max);
/// Cases that run, or should: those that wait for nothing among them, and those with a commitment still to be checked.
std::vector<std::string> living_cases(db::Session& session, const std::string& after, int limit);
/// Writes a page: false, and nothing is changed, when somebody else wrote that page.
bool write_page(db::Session& session, const CheckRow& before, const CheckRow& after);
/// What a check found, as far as the scope goes.
std::int64_t count_findings(db::Session& session, const authz::BoundScope& scope, const std::string& check_id);
void insert_finding(db::Session& session, const FindingRow& row);
/// In the order of their ids.
std::vector<FindingRow> findings_after(db::Session& session, const authz::BoundScope& scope,
                                       const std::string& check_id, const std::string& after, int limit);

}  // namespace kaigong::approval::store
