// Who may call which route, as one page for people: docs/security/route-matrix.md. The build compares the page with
// what the program says of itself and stops when they differ, so that no route and no grant comes in without being
// read.
#pragma once

#include <span>
#include <string>

#include "authz/permissions.hpp"
#include "base/result.hpp"
#include "http/router.hpp"

namespace kaigong::app {

/// One line a route, by path: who gets to the handler at all, and which role passes with which scope.
std::string route_rights_page(std::span<const http::Endpoint> endpoints, std::span<const authz::Grant> grants);

/// Fails with app.route_rights_differ, which names the first lines that one of both lacks; app.file_missing,
/// app.file_unreadable.
Result<void> check_route_rights(const std::string& file, const std::string& page);

}  // namespace kaigong::app
