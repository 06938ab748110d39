// By which numbers people are found: the blind indexes of the ID and telephone numbers of a filed round.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "crypto/key_ring.hpp"

namespace kaigong::applications {

/// The one spelling of a number, however people write it: no spaces and hyphens, capitals; a telephone without +86.
std::string normalised_number(const std::string& kind, const std::string& text);

/// The indexes of a round's numbers under the current key, each once, and which key that was.
struct PersonIndexes {
    std::string key_id;
    std::vector<std::string> indexes;
};
/// `form` is in clear.
PersonIndexes person_indexes(const crypto::KeyRing& ring, const std::map<std::string, std::string>& kinds,
                             boost::json::object form);
/// The index of one number under every key, because rounds are carried over to a new key one after another.
std::vector<std::string> person_indexes_of(const crypto::KeyRing& ring, const std::string& kind,
                                           const std::string& number);

}  // namespace kaigong::applications
