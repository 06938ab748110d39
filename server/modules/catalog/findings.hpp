// From what the decision `findings` gives to Finding values.
#pragma once

#include "engine/dmn/dmn.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

/// Sorts by severity, failures before what could not be checked; counts all three outcomes.
void read_findings(const Result<dmn::Outcome>& decided, Precheck& result);

}  // namespace kaigong::catalog
