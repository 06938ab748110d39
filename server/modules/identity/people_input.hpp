// What administrators of people send: bodies and filters, read and judged before anything is looked up.
#pragma once

#include <string>
#include <vector>

#include "base/json_reader.hpp"
#include "http/request.hpp"
#include "modules/identity/store.hpp"

namespace kaigong::identity {

struct Rights {
    std::vector<authz::Role> roles;
    std::vector<std::string> matters;
    authz::Confidentiality clearance = authz::Confidentiality::normal;
};
Result<Rights> read_rights(const http::Request& request);
/// 三员分立: one account is one of the three at most, and no officer is an administrator.
/// Fails with identity.roles_refused.
Result<void> check_roles(authz::AccountKind kind, const std::vector<authz::Role>& roles);
bool is_administrators(authz::Role role);

struct PersonWanted {
    store::Place place;
    std::string display_name;
};
/// Officers work in a department and an area; administrators may have an area.
Result<PersonWanted> read_person(JsonReader& reader, authz::AccountKind kind);

/// 2, 4 or 6 digits of the area that an administrator administers; empty: everywhere. One whose area is not a region
/// administers nothing.
std::string area_of(const authz::Actor& administrator);
Result<store::PeopleQuery> read_people_query(const http::Request& request);
/// `<region>/<account name>` of the last one of the page before.
Result<void> read_cursor(const std::string& cursor, store::PeopleQuery& query);

}  // namespace kaigong::identity
