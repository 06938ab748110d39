// What changed between two rule models, cell by cell, in words.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/dmn/dmn.hpp"

namespace kaigong::catalog {

struct DifferenceLine {
    std::string kind;      ///< added, removed, changed
    std::string decision;  ///< id
    std::string decision_name;
    std::size_t rule = 0;     ///< row from 1, of the new table, or of the old one where it was removed; 0: no row
    std::string column_name;  ///< empty: the row or the decision as a whole
    std::string before;
    std::string after;
    std::string text;
};

/// Rows are the same row when their ids are; rows that only moved are not mentioned.
std::vector<DifferenceLine> difference(const dmn::Model& before, const dmn::Model& after);

/// Names of decisions that may answer differently: their own logic changed, or that of something they require.
std::set<std::string> decisions_that_differ(const dmn::Model& before, const dmn::Model& after);

/// Whether a decision of that name is in both with the same logic of its own, whatever it requires.
bool same_logic(const dmn::Model& before, const dmn::Model& after, std::string_view decision);

}  // namespace kaigong::catalog
