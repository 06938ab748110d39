// Who sees what of the personal values of a case (docs/adr/0027-field-protection.md).
#pragma once

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>

#include "authz/actor.hpp"

namespace kaigong::applications {

/// The kinds of personal values that somebody who may see the case sees whole: the applicant's side all of them,
/// officers who work on it names, because papers and the certificate bear them; everybody else none.
std::set<std::string> kinds_in_clear(const authz::Actor& actor);

/// Masks in place what the actor does not see whole.
void mask_for(const authz::Actor& actor, const std::map<std::string, std::string>& kinds, boost::json::object& form);

}  // namespace kaigong::applications
