// Static checks of a decision model before publication: what is wrong or doubtful without evaluating anything. Only
// what is certain is reported; what cannot be known (a cell that calls a function, say) is left in peace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/dmn/dmn.hpp"

namespace kaigong::dmn {

/// One finding of the check, for people. `code` is stable: `dmn.overlapping_rules`.
struct CheckProblem {
    enum class Severity : std::uint8_t { error, warning };
    Severity severity = Severity::error;
    std::string code;
    std::string element;        // XML id of the cell, rule, table or decision; empty when the model gives none
    std::string decision;       // id of the decision or knowledge model it belongs to
    std::string decision_name;  // its name
    std::size_t rule = 0;       // row from 1; 0 = none
    std::size_t line = 0;       // within the expression, from 1; 0 = the whole
    std::size_t column = 0;
    std::string zh, en;
};

/// Never fails; a model with faults of XML fails in `parse` already. Errors before warnings within a decision are not
/// promised: problems stand in the order of the model.
std::vector<CheckProblem> check(const Model& model);

bool has_errors(const std::vector<CheckProblem>& problems);

}  // namespace kaigong::dmn
