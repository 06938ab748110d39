// What pages show of invited parts; never a digest.
#pragma once

#include <boost/json.hpp>

#include "modules/applications/part_standing.hpp"

namespace kaigong::applications {

/// An invitation with who confirmed it, as both sides see it.
boost::json::object part_json(const StandingPart& part, const catalog::InvitedParts& kinds,
                              const catalog::Matter& matter, identity::Identity& identity);
/// A line of the firm's list.
boost::json::object part_list_json(const store::PartListRow& row, const catalog::Matter& matter, std::int64_t now_ms);
/// How a part stood when a round was filed.
boost::json::object filed_part_json(const store::FiledPartRow& row, const catalog::InvitedParts& kinds,
                                    const catalog::Matter& matter, identity::Identity& identity);
/// Which firms of the form may be invited to what.
boost::json::array invitable_json(const catalog::InvitedParts& kinds, const LoadedDraft& draft,
                                  const authz::Actor& applicant);

/// Paths of the form that the part is made of, and those of them that the firm does not change.
boost::json::array part_fields_json(const catalog::InvitedParts& kinds, const catalog::InvitedPart& kind);
boost::json::array part_fixed_json(const catalog::InvitedParts& kinds, const catalog::InvitedPart& kind);

}  // namespace kaigong::applications
