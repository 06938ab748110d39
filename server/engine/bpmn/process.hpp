// What a Definition holds. Internal to engine/bpmn.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn {

struct Process {
    std::string id;
    std::string name;
    int line = 0;
    std::vector<Element> elements;
    std::vector<Flow> flows;
    std::unordered_map<std::string, int> element_index;
    std::unordered_map<std::string, int> flow_index;
    int start = -1;
    /// False when an element was refused: what hangs on it is not judged, one cause is one problem.
    bool is_complete = true;
    std::vector<Problem> warnings;

    const Element& element(int index) const { return elements.at(static_cast<std::size_t>(index)); }
    const Flow& flow(int index) const { return flows.at(static_cast<std::size_t>(index)); }
};

}  // namespace kaigong::bpmn
