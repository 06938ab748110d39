// Which parts of a form firms of the works are invited to fill in or confirm, as matter.json says under
// `invited_parts`.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kaigong::catalog {

/// One part: the firm's own row in the list of firms, or some fields of the form.
struct InvitedPart {
    std::string part;
    std::string title;
    std::string title_en;
    /// Of the firms that may be invited to it.
    std::vector<std::string> roles;
    /// Groups (`drawings`) or members of them (`safety.measures_provided`); empty: the firm's own row.
    std::vector<std::string> fields;
    /// Members of the own row that the firm sees and does not change.
    std::vector<std::string> fixed;
    /// Members of the own row that nobody types: its number, what the system fills. They stay, whatever is sent.
    std::vector<std::string> kept;
    /// Every firm of the roles must have confirmed before the form is filed; else only a warning says who has not.
    bool confirmation_required = false;

    bool is_own_row() const { return fields.empty(); }
    bool is_for(std::string_view role) const;
};

struct InvitedParts {
    /// The list of firms, and the members of its rows that say which firm it is.
    std::string rows;
    std::string credit_code;
    std::string role;
    std::string organisation_name;
    /// Code table of the roles; empty where the form has none.
    std::string role_table;
    int expires_after_days = 0;
    std::vector<InvitedPart> parts;  ///< none: nobody is invited to forms of this kind
    /// Members of the rows in which the rules read when the firm confirmed its own row, and how its invitation stands;
    /// empty: they do not ask.
    std::string confirmed_at = {};
    std::string standing = {};

    const InvitedPart* find(std::string_view part) const;
};

/// Fails with catalog.matter_malformed: a member that is missing, a path that the form does not have, a part that
/// stands twice, a confirmation in a member that people could send.
Result<InvitedParts> read_invited_parts(const boost::json::object& settings, const boost::json::object& form_schema);

}  // namespace kaigong::catalog
