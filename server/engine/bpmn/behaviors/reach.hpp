// Where a token can still come to. Internal to engine/bpmn.
#pragma once

#include <vector>

#include "engine/bpmn/definition.hpp"
#include "engine/bpmn/state.hpp"

namespace kaigong::bpmn {

inline constexpr int kNoElement = -1;

/// The flows by which a token can leave an element: its own, those of the events on its edge, those behind a link.
std::vector<int> ways_from(const Definition& definition, const Element& element);

/// The flows that lie directly before a token: its own while it has only arrived, else those of its element and of the
/// events on its edge.
std::vector<int> flows_ahead(const Definition& definition, const Token& token);

/// For each flow whether it is one of `from` or lies behind one, on ways that do not pass `through_not`.
std::vector<bool> flows_reached(const Definition& definition, std::vector<int> from, int through_not);

}  // namespace kaigong::bpmn
