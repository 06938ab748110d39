// Personal values inside a stored form: sealed at the paths that the form's schema marks, opened for those who may see
// the case, masked for everybody else.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "crypto/key_ring.hpp"

namespace kaigong::applications {

/// Replaces every text at the paths (`participants[].lead.id_number`) by its sealed form, bound to the row.
Result<void> seal_personal(const crypto::KeyRing& ring, const std::vector<std::string>& paths,
                           const std::string& row_id, boost::json::object& form);
Result<void> open_personal(const crypto::KeyRing& ring, const std::vector<std::string>& paths,
                           const std::string& row_id, boost::json::object& form);
/// Keeps the first and the last two characters of codes (`3***********02`), the first of names (`孙**`).
void mask_personal(const std::vector<std::string>& paths, boost::json::object& form);

/// JSON paths at which two forms differ, array elements by their index, at most `limit`.
std::vector<std::string> changed_paths(const boost::json::object& before, const boost::json::object& after,
                                       std::size_t limit = 500);

}  // namespace kaigong::applications
