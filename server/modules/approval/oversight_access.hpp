// Actions of the supervisor's side (督办台); their lines stand in access.cpp.
#pragma once

#include <string>
#include <string_view>

#include "authz/permissions.hpp"

namespace kaigong::approval {

/// Sees load and lateness: a section head of his department, a leader of the authority.
inline constexpr std::string_view kOversee = "approval.oversee";
/// Sends an order to finish a task, which must be answered (督办单). letters.md.
inline constexpr std::string_view kExpedite = "approval.expedite";
/// Reads what the self-check found, and begins one (自查).
inline constexpr std::string_view kSelfCheck = "approval.self_check";

/// Sees and orders what concerns the whole authority, and not one department: its leader, and 督查.
inline bool oversees_authority(const authz::Actor& actor) {
    return actor.has(authz::Role::deciding_leader) || actor.has(authz::Role::supervisor);
}

}  // namespace kaigong::approval
