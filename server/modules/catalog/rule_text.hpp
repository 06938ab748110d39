// Parts of a decision model as text, so that two of them can be compared and shown.
#pragma once

#include <string>

#include "engine/dmn/elements.hpp"

namespace kaigong::catalog {

/// The whole logic; two texts are equal when the logic is.
std::string boxed_text(const dmn::Boxed& boxed);
/// An element's logic with its names, types and what it requires; `model` is its own.
std::string element_text(const dmn::ModelData& model, const dmn::Element& element);
/// Columns and hit policy.
std::string table_head_text(const dmn::DecisionTable& table);
/// `starts with(?, "33"), - → 200000000, true`
std::string row_text(const dmn::TableRule& rule);

}  // namespace kaigong::catalog
