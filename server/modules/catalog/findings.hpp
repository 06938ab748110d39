// From what the decision `findings` gives to Finding values.
#pragma once

#include <string>
#include <string_view>

#include "engine/dmn/dmn.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/catalog/rule_explanation.hpp"

namespace kaigong::catalog {

/// The text under a name; empty where there is none or something else.
std::string context_text(const feel::Context& of, std::string_view name);

/// Sorts by severity, failures before what could not be checked; counts all three outcomes. What was explained is put
/// beside the findings that are listed, as far as the mask lets it be seen.
void read_findings(const Result<dmn::Outcome>& decided, const ReadMask& mask, Precheck& result);

}  // namespace kaigong::catalog
