// Which calendar the days of each running case were computed by: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"

namespace kaigong::approval::store {

/// Nothing for a case that does not run.
std::optional<std::int64_t> calendar_number_of(db::Session& session, const std::string& application_id);
void save_case_calendar(db::Session& session, const std::string& application_id, std::int64_t number, bool provisional);
void delete_case_calendar(db::Session& session, const std::string& application_id);

/// Locks the case as lock_procedure does, unless it is as new as that publication or does not run.
bool lock_outdated_procedure(db::Session& session, const std::string& application_id, std::int64_t number);

/// By id, after `after`.
std::vector<std::string> outdated_cases(db::Session& session, std::int64_t number, const std::string& after, int limit);
/// The same of those in a reader's scope.
std::vector<std::string> running_cases(db::Session& session, const authz::BoundScope& scope, const std::string& after,
                                       int limit);
std::vector<std::string> provisional_cases(db::Session& session, const authz::BoundScope& scope,
                                           const std::string& after, int limit);

/// Each stops counting at `count_max`.
std::int64_t count_outdated(db::Session& session, const authz::BoundScope& scope, std::int64_t number,
                            std::int64_t count_max);
std::int64_t count_running(db::Session& session, const authz::BoundScope& scope, std::int64_t count_max);
std::int64_t count_provisional(db::Session& session, const authz::BoundScope& scope, std::int64_t count_max);

}  // namespace kaigong::approval::store
