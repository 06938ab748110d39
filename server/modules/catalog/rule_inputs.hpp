// What the rules see: the form under its own names, and beside it the inputs that are not form fields (rules.md). What
// nobody can tell (a register that does not answer, values read from papers) is absent, and a rule over it is "could
// not be checked".
#pragma once

#include <boost/json.hpp>
#include <functional>

#include "engine/feel/value.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

/// What all matters share and rules look up.
struct SharedFacts {
    std::function<const Authority*(const std::string& region_code)> find_authority;
    /// {name, valid_from_on, valid_through_on} of GB/T 2260, or null.
    std::function<boost::json::value(const std::string& region_code)> find_division;
    /// Calendar years whose days off are published.
    std::function<boost::json::array()> published_years;
    /// `{<register>: {status, as_of_at_ms, source, …}}` of all registers (`register_list.hpp`).
    std::function<boost::json::object(const PrecheckInput& input)> ask_registers;
};

/// The FEEL context of the rules but for `materials`, which are worked out over it and put into it afterwards. An empty
/// text counts as no answer.
feel::Context rule_inputs(const PrecheckInput& input, const SharedFacts& shared, const std::string& region_code);

/// The input `materials`.
feel::Value materials_input(const std::vector<MaterialState>& materials);

/// Marks each person's list with the leads: `people`, one entry a person with `position`.
boost::json::array people_of(const boost::json::object& form);

}  // namespace kaigong::catalog
