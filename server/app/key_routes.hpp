// What the security administrator sees and does about keys.
#pragma once

#include <span>

#include "authz/permissions.hpp"

namespace kaigong::app {

/// The lines of the authorisation table about keys.
std::span<const authz::Grant> key_permissions();

}  // namespace kaigong::app
