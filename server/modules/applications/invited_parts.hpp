// Firms of the works that fill in or confirm their own part of somebody's application, and see nothing else of it
// (docs/adr/0032-invited-parts.md).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "modules/applications/applications.hpp"

namespace kaigong::applications {

class InvitedParts {
  public:
    InvitedParts() = default;
    InvitedParts(const InvitedParts&) = delete;
    InvitedParts& operator=(const InvitedParts&) = delete;
    virtual ~InvitedParts() = default;

    virtual std::vector<http::Endpoint> routes() = 0;
};

/// All must live longer.
std::unique_ptr<InvitedParts> make_invited_parts(Parts parts, Applications& applications, identity::Firms& firms);

/// Who invites, and what a firm may do with its part.
std::span<const authz::Grant> part_permissions();

}  // namespace kaigong::applications
