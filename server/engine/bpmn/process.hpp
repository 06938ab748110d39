// What a Definition holds. Internal to engine/bpmn.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn {

struct Process {
    std::string id;
    std::string name;
    /// The process itself is the first.
    std::vector<Element> elements;
    std::vector<Flow> flows;
    std::unordered_map<std::string, int> element_index;
    std::unordered_map<std::string, int> flow_index;
    /// By the id under which it is called.
    std::map<std::string, int, std::less<>> called;
    /// False when an element was refused: what hangs on it is not judged, one cause is one problem.
    bool is_complete = true;
    std::vector<Problem> warnings;

    Element& element(int index) { return elements.at(static_cast<std::size_t>(index)); }
    const Element& element(int index) const { return elements.at(static_cast<std::size_t>(index)); }
    const Flow& flow(int index) const { return flows.at(static_cast<std::size_t>(index)); }
    int find(const std::string& element_id) const {
        const auto found = element_index.find(element_id);
        return found == element_index.end() ? -1 : found->second;
    }
};

}  // namespace kaigong::bpmn
