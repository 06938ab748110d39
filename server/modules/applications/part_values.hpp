// The values of a part inside a form: taken out for the firm, put back by path, and a digest of what they say.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::applications {

/// Which firm of the list: one code may stand there in several roles.
struct PartFirm {
    std::string credit_code;
    std::string role;
};

/// The row of the firm; the first where it stands twice in one role. Nothing when it is not in the list (any more).
std::optional<std::size_t> row_of_firm(const catalog::InvitedParts& parts, const PartFirm& firm,
                                       const boost::json::object& form);

/// A form that holds the part and nothing else: `{"participants": [<its row>]}` or `{"drawings": {…}}`. Nothing when
/// the firm is not in the list: then it has no part.
std::optional<boost::json::object> part_of_form(const catalog::InvitedParts& parts, const catalog::InvitedPart& part,
                                                const PartFirm& firm, const boost::json::object& form);

/// Puts such a form in the place of the part; everything else of `form` stays. What the firm left out is no longer
/// answered; fixed members stay, also when they are left out.
/// Fails with applications.outside_part (every path at fault), applications.part_gone.
Result<void> put_part(const catalog::InvitedParts& parts, const catalog::InvitedPart& part, const PartFirm& firm,
                      const boost::json::object& values, boost::json::object& form);

/// Paths in an error of the whole form, as the firm wrote them: its row is the first of its own form.
Error in_part(Error error, const catalog::InvitedParts& parts, std::size_t row);

/// What the values say in one spelling: members in order; unanswered ones, numbers of rows and what the system fills
/// left out.
std::string part_text(const boost::json::object& values, const boost::json::object& form_schema);
/// SHA-256 in hex over that. Not for anybody's eyes: who knows the rest could try ID numbers against it.
std::string part_digest(const boost::json::object& values, const boost::json::object& form_schema);

}  // namespace kaigong::applications
