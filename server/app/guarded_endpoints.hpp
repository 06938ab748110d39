// What holds for every route that wants a session, whatever its handler does: a role without the action is refused
// before anything is looked up, and what is not there is answered in the words of what is not one's own. A handler that
// asked in another order, or said "no such task" where another says "no such thing", would tell strangers what exists.
// Whether the row at hand is in scope is still the service's own question.
#pragma once

#include <vector>

#include "authz/permissions.hpp"
#include "http/router.hpp"

namespace kaigong::app {

/// The same endpoints with their handlers wrapped; `permissions` has to outlive them.
std::vector<http::Endpoint> guarded(std::vector<http::Endpoint> endpoints, const authz::Permissions& permissions);

}  // namespace kaigong::app
