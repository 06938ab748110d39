// Where a token is put when a case is sent back or goes on after that, and not where a flow leads.
#pragma once

#include <string>
#include <tuple>
#include <vector>

namespace kaigong::bpmn {

struct Place {
    /// Ids of the sub-processes and calls that are entered on the way, outermost first.
    std::vector<std::string> within;
    std::string element;
    /// Of a join: the flow that the token is taken to have come over. Empty for all others.
    std::string flow;
    /// Where the way goes on from there when that was sent back itself; empty: as the model says.
    std::vector<Place> then;
    static constexpr auto kMembers =
        std::tuple("within", &Place::within, "element", &Place::element, "flow", &Place::flow, "then", &Place::then);

    bool operator==(const Place&) const = default;
};

}  // namespace kaigong::bpmn
