// Personal values inside a stored form: sealed at the paths that the form's schema marks, opened for those who may see
// the case, masked for everybody else.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <set>
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
/// The same values under the current key. Fails as `open_personal`.
Result<void> reseal_personal(const crypto::KeyRing& ring, const std::vector<std::string>& paths,
                             const std::string& row_id, boost::json::object& form);
/// How many of a stored form's values each key has sealed; the form stays as it is. What stands outside the paths is
/// not looked at: somebody may have typed what looks sealed.
std::map<std::string, std::int64_t> personal_keys(const std::vector<std::string>& paths, boost::json::object& form);

struct PersonalValue {
    std::string kind;
    std::string text;
};
/// Every value at the paths with its kind; the form stays as it is.
std::vector<PersonalValue> personal_values(const std::map<std::string, std::string>& kinds, boost::json::object& form);

/// By the kind of each path (catalog::Matter::personal_kinds): `330***********1234`, `138****1234`, `****1234` of an
/// account, `孙**`. Kinds in `clear` stay.
void mask_personal(const std::map<std::string, std::string>& kinds, const std::set<std::string>& clear,
                   boost::json::object& form);

/// JSON paths at which two forms differ, array elements by their index, at most `limit`.
std::vector<std::string> changed_paths(const boost::json::object& before, const boost::json::object& after,
                                       std::size_t limit = 500);

}  // namespace kaigong::applications
