// Lists of colleagues, each with what excludes him.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <vector>

#include "modules/approval/operations/operations.hpp"
#include "modules/identity/identity.hpp"

namespace kaigong::approval {

/// Whoever looks for more has to type more of the name.
inline constexpr std::size_t kCandidatesMax = 50;

/// `complete` is false where there may be more than `limit`.
boost::json::object candidates_json(const std::vector<identity::Account>& people, std::size_t limit,
                                    const std::function<Result<void>(const operations::Officer&)>& may);

}  // namespace kaigong::approval
